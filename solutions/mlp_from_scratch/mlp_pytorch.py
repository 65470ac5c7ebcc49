"""A multi-layer perceptron in PyTorch.

Goodfellow et al., Deep Learning, chapter 6; batch normalisation: section 8.7.1.
"""

from torch import nn


class MLP(nn.Module):
    """Linear, [batch normalisation,] ELU for every hidden layer, then a linear layer to the classes.

    The output are scores (logits): `nn.CrossEntropyLoss` takes the softmax itself, and does so without overflow.
    """

    def __init__(self, n_inputs, n_hidden, n_classes, use_batch_norm=False):
        """`n_hidden` lists the hidden layers' widths; an empty list makes a multinomial logistic regression."""
        super().__init__()
        layers, width = [], n_inputs
        for units in n_hidden:
            layers.append(_linear(width, units, input_layer=not layers))
            if use_batch_norm:
                layers.append(nn.BatchNorm1d(units))
            layers.append(nn.ELU())
            width = units
        layers.append(_linear(width, n_classes, input_layer=not layers))
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        """Scores of shape (S, n_classes) for x of shape (S, n_inputs), or images of as many numbers."""
        return self.layers(x.flatten(1))

    @property
    def device(self):
        """Where the parameters are."""
        return next(self.parameters()).device


def _linear(in_features, out_features, input_layer):
    """A linear layer with Kaiming's normal weights; nothing that halves the variance comes before the first one."""
    layer = nn.Linear(in_features, out_features)
    nn.init.kaiming_normal_(layer.weight, nonlinearity="linear" if input_layer else "relu")
    nn.init.zeros_(layer.bias)
    return layer
