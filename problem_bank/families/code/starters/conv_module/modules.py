"""The layers of a convolutional network, as classes, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


class Conv2d:
    """Filters laid on images, not flipped, plus a bias.

    self.params["weight"]  shape (out_channels, in_channels, kernel_size, kernel_size)
    self.params["bias"]    shape (out_channels,)
    self.grads["weight"], self.grads["bias"]  gradients of the loss, in the same shapes
    """

    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        """Set up params and grads.

        Weights: normal with mean 0 and variance 2 / (in_channels * kernel_size ** 2). All else: zeros.
        """
        raise NotImplementedError

    def forward(self, x):
        """Return the output, shape (S, out_channels, rows, columns), for x of shape (S, in_channels, H, W).

        rows = (H + 2 padding - kernel_size) // stride + 1. Keep what backward needs; leave x as it is.
        """
        raise NotImplementedError

    def backward(self, dout):
        """Set both gradients and return the gradient with respect to x, in its shape.

        If the loss is a mean over the batch, dout holds the factor 1/S already. New gradients replace old ones.
        """
        raise NotImplementedError
