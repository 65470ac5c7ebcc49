from modules import *


class MLP(object):
    def __init__(self, n_inputs, n_hidden, n_classes):
        assert isinstance(n_inputs, int) and all(type(n) is int for n in n_hidden)
        sizes = [n_inputs] + n_hidden + [n_classes]
        self.layers = []
        for i in range(len(sizes) - 1):
            self.layers.append(LinearModule(sizes[i], sizes[i + 1], i == 0))
            if i < len(sizes) - 2:
                self.layers.append(ELUModule(1.0))
        self.layers.append(SoftMaxModule())

    def forward(self, x):
        out = x.reshape(x.shape[0], -1)
        for layer in self.layers:
            out = layer.forward(out)
        return out

    def backward(self, dout):
        for layer in self.layers[::-1]:
            dout = layer.backward(dout)

    def clear_cache(self):
        for layer in self.layers:
            layer.clear_cache()
