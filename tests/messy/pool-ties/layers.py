import numpy as np


def max_pool_forward(x, pool_param):
    h, w, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - h) // s, 1 + (W - w) // s))
    for n, c, i, j in np.ndindex(*out.shape):
        out[n, c, i, j] = x[n, c, i*s:i*s+h, j*s:j*s+w].max()
    return out, (x, pool_param)


def max_pool_backward(dout, cache):
    x, pool_param = cache
    h, w, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        window = x[n, c, i*s:i*s+h, j*s:j*s+w]
        dx[n, c, i*s:i*s+h, j*s:j*s+w] += (window == window.max()) * dout[n, c, i, j]
    return dx
