import numpy as np


class CrossEntropyModule(object):
    def forward(self, x, y):
        t = np.eye(y.max() + 1)[y]
        return -(t * np.log(x)).sum() / len(y)

    def backward(self, x, y):
        dx = np.zeros(x.shape)
        dx[np.arange(len(y)), y] = -1 / x[np.arange(len(y)), y] / len(y)
        return dx
