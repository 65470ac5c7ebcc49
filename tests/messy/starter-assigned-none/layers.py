import numpy as np


def conv_forward(x, w, b, conv_param):
    out = None
    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward(dout, cache):
    dx, dw, db = None, None, None
    return dx, dw, db
