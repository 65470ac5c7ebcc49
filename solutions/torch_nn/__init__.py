"""The same networks in PyTorch. The only package here that needs it: pip install "markscheme[torch]"."""

from solutions.torch_nn.cnn import CNN
from solutions.torch_nn.mlp import MLP
from solutions.torch_nn.sentiment import SentimentClassifier, featurize

__all__ = ["CNN", "MLP", "SentimentClassifier", "featurize"]
