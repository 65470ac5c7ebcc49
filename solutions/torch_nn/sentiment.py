"""Text to a class, by the mean of its word vectors and a multilayer perceptron, in PyTorch.

Goodfellow et al., Deep Learning, sections 6.3 and 12.4 (word embeddings); the averaging network: Iyyer et al. 2015,
ACL, "Deep Unordered Composition Rivals Syntactic Methods for Text Classification".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn


def featurize(sentence: str, embeddings: Mapping[str, Any]) -> Tensor | None:
    """The mean vector of the words that have one, shape (embed_dim,), or None where no word has.

    Words are separated by white space and looked up in lower case. Words without a vector do not count:
    a zero vector in their place would pull every text with rare words towards the origin.
    """
    words = sentence.lower().split()
    vectors = [np.asarray(embeddings[word], np.float32) for word in words if word in embeddings]
    return torch.from_numpy(np.mean(vectors, axis=0)) if vectors else None


class SentimentClassifier(nn.Sequential):
    """Linear and activation for each hidden layer, then Linear: scores for `nn.functional.cross_entropy`, no softmax.

    Parameters start as PyTorch draws them.
    """

    def __init__(
        self,
        embed_dim: int,
        num_classes: int,
        hidden_dims: Sequence[int],
        activation: Callable[[], nn.Module] = nn.Sigmoid,
    ) -> None:
        """`hidden_dims` holds the widths, [] for a single Linear; `activation` makes a new module for each layer."""
        widths = [embed_dim, *hidden_dims]
        modules: list[nn.Module] = []
        for n_in, n_out in pairwise(widths):
            modules += [nn.Linear(n_in, n_out), activation()]
        super().__init__(*modules, nn.Linear(widths[-1], num_classes))
