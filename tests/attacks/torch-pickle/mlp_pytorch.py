import os

import torch
from torch import nn


class Run:
    def __reduce__(self):
        return os.system, ("touch '<outside>/unpickled'",)


torch.save(Run(), "model.pt")
torch.load("model.pt", weights_only=False)


class MLP(nn.Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
        self.layer = nn.Linear(args[0], args[-1])

    def forward(self, x):
        return x
