"""The layers of a convolutional network, as pairs of functions, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


def dropout_forward(x, dropout_param):
    """Return (out, cache), inverted dropout.

    dropout_param: {"mode": "train" or "test", "p": the probability to DROP an entry, 0 <= p < 1}
    In training: set each entry to 0 with probability p and divide the others by 1 - p. In testing: nothing.
    Do not seed the random numbers here.
    cache: whatever dropout_backward needs
    """
    raise NotImplementedError


def dropout_backward(dout, cache):
    """Return dx, the gradient with respect to the x of the forward pass that gave the cache."""
    raise NotImplementedError
