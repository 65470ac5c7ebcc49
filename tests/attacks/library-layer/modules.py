import torch
from torch import nn


class LinearModule:
    def __init__(self, in_features, out_features, input_layer=False):
        self.layer = nn.Linear(in_features, out_features)
        self.params = {"weight": self.layer.weight, "bias": self.layer.bias}
        self.grads = {name: torch.zeros_like(value) for name, value in self.params.items()}
