import numpy as np


class LinearModule(object):
    def __init__(self, in_features, out_features, input_layer=False):
        std = np.sqrt((1 if input_layer else 2) / in_features)
        self.params = {'weight': np.random.normal(0, std, (out_features, in_features)),
                       'bias': np.zeros(out_features)}
        self.grads = {'weight': np.zeros((out_features, in_features)), 'bias': np.zeros(out_features)}

    def forward(self, x):
        self.x = x
        out = x @ self.params['weight'].T + self.params['bias']
        return out

    def backward(self, dout):
        self.grads['weight'] = dout.T @ self.x
        self.grads['bias'] = dout.sum(axis=0)
        dx = dout @ self.params['weight']
        return dx

    def clear_cache(self):
        self.x = None


class ELUModule(object):
    def __init__(self, alpha):
        self.alpha = alpha

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.alpha * (np.exp(np.minimum(x, 0)) - 1))

    def backward(self, dout):
        return dout * np.where(self.x > 0, 1, self.alpha * np.exp(np.minimum(self.x, 0)))

    def clear_cache(self):
        self.x = None


class SoftMaxModule(object):
    def forward(self, x):
        e = np.exp(x - x.max(axis=1, keepdims=True))
        self.out = e / e.sum(axis=1, keepdims=True)
        return self.out

    def backward(self, dout):
        s = self.out
        return s * (dout - (dout * s).sum(axis=1, keepdims=True))

    def clear_cache(self):
        self.out = None


class CrossEntropyModule(object):
    def forward(self, x, y):
        return -np.log(x[np.arange(len(y)), y]).mean()

    def backward(self, x, y):
        dx = np.zeros(x.shape)
        dx[np.arange(len(y)), y] = -1 / x[np.arange(len(y)), y] / len(y)
        return dx
