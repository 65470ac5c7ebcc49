from torch import nn


class LinearModule(nn.Linear):
    def backward(self, dout):
        return dout
