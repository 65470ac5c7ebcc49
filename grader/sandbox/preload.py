"""What a process has loaded before it meets student code, by profile.

Nothing here computes with tensors: that would start threads, which a fork loses.
"""

from __future__ import annotations

import importlib

_NUMPY = ("numpy", "numpy.random", "numpy.linalg", "numpy.fft")
# torch.optim imports torch._dynamo when the first optimiser is made: half of what torch costs
_TORCH = ("torch", "torch.nn", "torch.optim", "torch.utils.data", "torch._dynamo")
PROFILES: dict[str, tuple[str, ...]] = {"numpy": _NUMPY, "torch": (*_NUMPY, *_TORCH)}


def preload(profile: str) -> None:
    """Import the libraries of a profile. Raises ImportError where one is not installed."""
    for name in PROFILES[profile]:
        importlib.import_module(name)
