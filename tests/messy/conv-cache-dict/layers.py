import numpy as np


class Cache:
    def __init__(self, *parts):
        self.parts = parts


def conv_forward(x, w, b, conv_param):
    s, p = conv_param['stride'], conv_param['pad']
    N, C, H, W = x.shape
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    out = np.zeros((N, F, 1 + (H + 2 * p - HH) // s, 1 + (W + 2 * p - WW) // s))
    for n in range(N):
        for f in range(F):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    out[n, f, i, j] = np.sum(xp[n, :, i*s:i*s+HH, j*s:j*s+WW] * w[f]) + b[f]
    return [out, Cache(x, w, b, conv_param)]


def conv_backward(dout, cache):
    x, w, b, conv_param = cache.parts
    s, p = conv_param['stride'], conv_param['pad']
    xp = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)), mode='constant')
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros_like(b)
    for n, f, i, j in np.ndindex(*dout.shape):
        patch = np.s_[n, :, i*s:i*s+w.shape[2], j*s:j*s+w.shape[3]]
        dw[f] += xp[patch] * dout[n, f, i, j]
        db[f] += dout[n, f, i, j]
        dxp[patch] += w[f] * dout[n, f, i, j]
    return dxp[:, :, p:p+x.shape[2], p:p+x.shape[3]], dw, db
