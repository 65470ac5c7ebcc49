"""A small convolutional network in PyTorch.

Goodfellow et al., Deep Learning, chapter 9.
"""

from torch import nn


class CNN(nn.Module):
    """Convolution, ReLU, max pooling for every block, then a linear layer to the classes: scores, no softmax."""

    def __init__(self, in_channels, n_filters, n_classes, image_size, kernel_size=3, global_pooling=False):
        """`n_filters` lists the blocks' output channels; images are square, the kernel size is odd.

        A convolution keeps the size of the image, a pooling halves it and drops what is left over. With
        `global_pooling` the mean of each map takes the place of its pixels, and images of any size will do.
        """
        super().__init__()
        layers, channels = [], in_channels
        for filters in n_filters:
            layers += [nn.Conv2d(channels, filters, kernel_size, padding=kernel_size // 2), nn.ReLU(), nn.MaxPool2d(2)]
            channels = filters
            image_size //= 2
        self.features = nn.Sequential(*layers)
        self.global_pooling = global_pooling
        self.classifier = nn.Linear(channels if global_pooling else channels * image_size**2, n_classes)

    def forward(self, x):
        """Scores of shape (S, n_classes) for images of shape (S, in_channels, image_size, image_size)."""
        maps = self.features(x)
        return self.classifier(maps.mean(dim=(2, 3)) if self.global_pooling else maps.flatten(1))
