"""Neural networks by hand, in NumPy."""

from solutions.numpy_nn.linear import LinearModule

__all__ = ["LinearModule"]
