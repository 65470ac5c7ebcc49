"""A small convolutional network in PyTorch.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""

from torch import nn


class CNN(nn.Module):
    """Convolution, ReLU, max pooling for every block, then a linear layer to the classes: scores, no softmax."""

    def __init__(self, in_channels, n_filters, n_classes, image_size, kernel_size=3):
        """n_filters lists the output channels of the blocks; images are square, the kernel size is odd.

        A convolution keeps the size of the image; a pooling halves it and drops what is left over.
        """
        super().__init__()
        raise NotImplementedError

    def forward(self, x):
        """Return the scores, shape (S, n_classes), for images of shape (S, in_channels, image_size, image_size)."""
        raise NotImplementedError
