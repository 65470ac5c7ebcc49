"""A multi-layer perceptron in PyTorch.

Write the bodies; keep the names and signatures. `pytest` in this folder shows how far you are.
"""

from torch import nn


class MLP(nn.Module):
    """Linear, [batch normalisation,] ELU for every hidden layer, then a linear layer to the classes.

    The output are scores (logits): no activation and no softmax after the last layer.
    """

    def __init__(self, n_inputs, n_hidden, n_classes, use_batch_norm=False):
        """n_hidden lists the widths of the hidden layers; it may be empty.

        With use_batch_norm there is an nn.BatchNorm1d between each hidden linear layer and its activation.
        """
        super().__init__()
        raise NotImplementedError

    def forward(self, x):
        """Return the scores, shape (S, n_classes), for x of shape (S, n_inputs) or images of as many numbers."""
        raise NotImplementedError

    @property
    def device(self):
        """Where the parameters are."""
        return next(self.parameters()).device
