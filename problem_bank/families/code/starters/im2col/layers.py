"""The layers of a convolutional network, as pairs of functions, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


def im2col(x, kernel, stride=1, pad=0):
    """Return every patch under the kernel as a column, shape (S, C * k_h * k_w, positions).

    x has shape (S, C, H, W); kernel is (k_h, k_w). pad zeros are put on all four sides. Rows of the result:
    channel after channel, each channel's patch row by row. Columns: positions in reading order.
    """
    raise NotImplementedError


def col2im(columns, shape, kernel, stride=1, pad=0):
    """Add every column back to the pixels that it came from; return an array of `shape`, (S, C, H, W)."""
    raise NotImplementedError
