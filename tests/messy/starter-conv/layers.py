import numpy as np


def conv_forward(x, w, b, conv_param):
    '''Naive forward pass.'''
    return out, cache


def conv_backward(dout, cache):
    return dx, dw, db
