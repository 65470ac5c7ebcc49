"""The layers of a convolutional network, as classes, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


class Dropout:
    """In training, each entry is 0 with probability p and divided by 1 - p otherwise; in evaluation, nothing."""

    def __init__(self, p=0.5):
        """p is the probability to DROP an entry, 0 <= p < 1. A new layer is in training."""
        raise NotImplementedError

    def train(self):
        """From now on drop entries."""
        raise NotImplementedError

    def eval(self):
        """From now on pass everything on."""
        raise NotImplementedError

    def forward(self, x):
        """Return the output in the shape of x; keep the mask. Do not seed the random numbers here."""
        raise NotImplementedError

    def backward(self, dout):
        """Return the gradient with respect to x, through the mask of the forward pass."""
        raise NotImplementedError
