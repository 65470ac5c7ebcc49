"""The layers of a convolutional network, as pairs of functions, in NumPy.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""


def batchnorm_forward(x, gamma, beta, bn_param):
    """Return (out, cache): every feature normalised, scaled by gamma and shifted by beta.

    x: shape (S, n), one sample per row; gamma, beta: shape (n,)
    bn_param: {"mode": "train" or "test", "eps": ..., "momentum": ..., "running_mean": ..., "running_var": ...}
    In training: normalise with the batch's mean and variance (divided by S), and set, in bn_param,
        running = momentum * running + (1 - momentum) * batch   for the mean and for the same variance.
    In testing: normalise with the running mean and variance, and leave them as they are.
    cache: whatever batchnorm_backward needs
    """
    raise NotImplementedError


def batchnorm_backward(dout, cache):
    """Return (dx, dgamma, dbeta) after a pass in training; x is in its mean and its variance as well."""
    raise NotImplementedError
