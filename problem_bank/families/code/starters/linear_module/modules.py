"""The building blocks of a multi-layer perceptron, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


class LinearModule:
    """Y = X Wᵀ + b for a batch X of S samples, one per row.

    self.params["weight"]  W, shape (out_features, in_features)
    self.params["bias"]    b, shape (out_features,)
    self.grads["weight"], self.grads["bias"]  gradients of the loss, in the same shapes
    """

    def __init__(self, in_features, out_features, input_layer=False):
        """Set up params and grads.

        Weights: normal with mean 0 and variance 2 / in_features, or 1 / in_features if input_layer is true.
        Bias and both gradients: zeros.
        """
        raise NotImplementedError

    def forward(self, x):
        """Return the output, shape (S, out_features), for x of shape (S, in_features).

        Keep what backward needs; leave x as it is.
        """
        raise NotImplementedError

    def backward(self, dout):
        """Set both gradients and return the gradient with respect to x, shape (S, in_features).

        dout is the gradient of the loss with respect to the output, shape (S, out_features). If the
        loss is a mean over the batch, dout holds the factor 1/S already. New gradients replace old ones.
        """
        raise NotImplementedError

    def clear_cache(self):
        """Forget what forward kept for backward."""
        raise NotImplementedError
