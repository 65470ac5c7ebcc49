"""The layers of a convolutional network, as classes, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


class MaxPool2d:
    """The largest pixel of every window of kernel_size by kernel_size pixels, channel by channel."""

    def __init__(self, kernel_size, stride=None):
        """Without a stride the windows lie side by side."""
        raise NotImplementedError

    def forward(self, x):
        """Return the maxima, shape (S, C, rows, columns), for x of shape (S, C, H, W)."""
        raise NotImplementedError

    def backward(self, dout):
        """Return the gradient with respect to x. Where pixels of a window tie, dout counts once."""
        raise NotImplementedError
