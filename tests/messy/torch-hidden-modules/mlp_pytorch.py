import torch
import torch.nn as nn


class MLP(nn.Module):
    def __init__(self, n_inputs, n_hidden, n_classes, use_batch_norm=False):
        super(MLP, self).__init__()
        sizes = [n_inputs] + n_hidden
        layers = []
        for m, n in zip(sizes[:-1], sizes[1:]):
            layer = nn.Linear(m, n)
            nn.init.kaiming_normal_(layer.weight)
            layers += [layer] + ([nn.BatchNorm1d(n)] if use_batch_norm else []) + [nn.ELU()]
        layers += [nn.Linear(sizes[-1], n_classes)]
        self.modules = layers
        for i, layer in enumerate(layers):
            self.add_module(str(i), layer)

    def forward(self, x):
        out = x.reshape(x.shape[0], -1)
        for layer in self.modules:
            out = layer(out)
        return out

    @property
    def device(self):
        return next(self.parameters()).device
