"""The layers of a convolutional network, as classes, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


class BatchNorm1d:
    """Every feature of a batch normalised, scaled by gamma and shifted by beta.

    self.params["weight"], self.params["bias"]  gamma (ones at first) and beta (zeros), shape (num_features,)
    self.grads["weight"], self.grads["bias"]    gradients of the loss, zeros at first
    self.running_mean, self.running_var         zeros and ones at first, shape (num_features,)
    """

    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        """A new layer is in training."""
        raise NotImplementedError

    def train(self):
        """From now on use the batch's statistics and update the running ones."""
        raise NotImplementedError

    def eval(self):
        """From now on use the running statistics."""
        raise NotImplementedError

    def forward(self, x):
        """Return the output for x of shape (S, num_features).

        In training: normalise with the batch's mean and variance (divided by S), and set
            running = (1 - momentum) * running + momentum * batch, with the variance divided by S - 1.
        """
        raise NotImplementedError

    def backward(self, dout):
        """Set both gradients and return the gradient with respect to x."""
        raise NotImplementedError
