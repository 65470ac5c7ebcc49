"""The layers of a convolutional network, as pairs of functions, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


def max_pool_forward(x, pool_param):
    """Return (out, cache): the largest pixel of every window of every channel.

    x: images, shape (S, C, H, W)
    pool_param: {"pool_height": ..., "pool_width": ..., "stride": pixels between two windows}
    out: shape (S, C, rows, columns), with rows = (H - pool_height) // stride + 1
    cache: whatever max_pool_backward needs
    """
    raise NotImplementedError


def max_pool_backward(dout, cache):
    """Return dx in the shape of x. Where pixels of a window tie, dout counts once."""
    raise NotImplementedError
