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
