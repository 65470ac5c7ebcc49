from modules import *


class MLP(object):
    def __init__(self, n_inputs, n_hidden, n_classes):
        sizes = [n_inputs] + n_hidden + [n_classes]
        self.modules = []
        for i in range(len(sizes) - 1):
            self.modules.append(LinearModule(sizes[i], sizes[i + 1], i == 0))
            if i < len(sizes) - 2:
                self.modules.append(ELUModule(1.0))
        self.modules.append(SoftMaxModule())

    def forward(self, x):
        out = x.reshape(x.shape[0], -1)
        for layer in self.modules:
            out = layer.forward(out)
        return out

    def backward(self, dout):
        for layer in self.modules[::-1]:
            dout = layer.backward(dout)

    def clear_cache(self):
        for layer in self.modules:
            layer.clear_cache()
