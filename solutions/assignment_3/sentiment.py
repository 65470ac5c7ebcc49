"""A text to a class: the mean of its word vectors, then a multi-layer perceptron.

Goodfellow et al., Deep Learning, sections 6.3 and 12.4.
"""

import numpy as np
import torch
from torch import nn

ACTIVATIONS = {"sigmoid": nn.Sigmoid, "tanh": nn.Tanh, "relu": nn.ReLU}


def featurize(text, embeddings):
    """The mean vector of the text's words, shape (embed_dim,), or None where none of them has a vector.

    Words are separated by white space and looked up in lower case. A word without a vector does not
    count: a zero in its place would pull texts with rare words towards the origin.
    """
    vectors = [embeddings[word] for word in text.lower().split() if word in embeddings]
    if not vectors:
        return None
    return torch.tensor(np.mean(vectors, axis=0), dtype=torch.float32)


def featurize_all(texts, embeddings):
    """The mean vectors of those texts that have one, shape (S, embed_dim), and the places of these texts in the list.

    Labels have to be taken at the same places: `labels[kept]`.
    """
    features = [featurize(text, embeddings) for text in texts]
    kept = [place for place, feature in enumerate(features) if feature is not None]
    return torch.stack([features[place] for place in kept]), kept


class SentimentClassifier(nn.Module):
    """Linear and activation for every hidden layer, then a linear layer to the classes: scores, no softmax."""

    def __init__(self, embed_dim, num_classes, hidden_dims, activation):
        """`hidden_dims` lists the hidden layers' widths, [] for a single linear layer; `activation` is a name."""
        super().__init__()
        layers, width = [], embed_dim
        for units in hidden_dims:
            layers += [nn.Linear(width, units), ACTIVATIONS[activation]()]
            width = units
        self.layers = nn.Sequential(*layers, nn.Linear(width, num_classes))

    def forward(self, x):
        """Scores of shape (S, num_classes) for x of shape (S, embed_dim)."""
        return self.layers(x)
