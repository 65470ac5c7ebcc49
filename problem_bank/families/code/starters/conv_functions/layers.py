"""The layers of a convolutional network, as pairs of functions, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


def conv_forward(x, w, b, conv_param):
    """Return (out, cache): the filters laid on the images, not flipped, plus the bias.

    x: images, shape (S, C, H, W)
    w: filters, shape (F, C, k_h, k_w)
    b: bias, shape (F,)
    conv_param: {"stride": pixels between two positions, "pad": zeros on all four sides}
    out: shape (S, F, rows, columns), with rows = (H + 2 pad - k_h) // stride + 1
    cache: whatever conv_backward needs
    """
    raise NotImplementedError


def conv_backward(dout, cache):
    """Return (dx, dw, db) in the shapes of x, w and b.

    dout is the gradient of the loss with respect to out. If the loss is a mean over the batch, dout
    holds the factor 1/S already.
    """
    raise NotImplementedError
