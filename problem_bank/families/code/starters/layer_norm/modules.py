"""The layers of a convolutional network, as classes, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


class LayerNorm:
    """Every sample normalised over its features, scaled by gamma and shifted by beta.

    self.params["weight"], self.params["bias"]  gamma (ones at first) and beta (zeros), shape (num_features,)
    self.grads["weight"], self.grads["bias"]    gradients of the loss, zeros at first
    """

    def __init__(self, num_features, eps=1e-5):
        raise NotImplementedError

    def forward(self, x):
        """Return the output for x of shape (S, num_features)."""
        raise NotImplementedError

    def backward(self, dout):
        """Set both gradients and return the gradient with respect to x."""
        raise NotImplementedError
