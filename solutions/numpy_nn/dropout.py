"""Inverted dropout: units are dropped and the others scaled up in training, and nothing happens in evaluation.

Goodfellow et al., Deep Learning, section 7.12; Srivastava et al. 2014, JMLR 15.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class DropoutModule:
    """Each entry is set to 0 with probability p, and the kept ones are divided by 1 − p.

    The division keeps the expectation of every unit as it is without dropout, so that evaluation
    needs no factor at all.
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator | None = None) -> None:
        """`p` is the probability to drop. Raises ValueError outside 0 ≤ p < 1; `training` is true at first."""
        if not 0 <= p < 1:
            raise ValueError(f"the probability to drop lies in 0 <= p < 1; got {p}")
        self.p, self.training = p, True
        self._rng = rng or np.random.default_rng()
        self._factor: Array | None = None

    def train(self) -> None:
        """From now on drop entries."""
        self.training = True

    def eval(self) -> None:
        """From now on pass everything on."""
        self.training = False

    def forward(self, x: Array) -> Array:
        """The thinned batch, in the shape of x; keeps the mask for `backward`."""
        if self.training:
            kept = self._rng.random(x.shape) >= self.p
            self._factor = (kept / (1 - self.p)).astype(x.dtype)
        else:
            self._factor = np.ones_like(x)
        return x * self._factor

    def backward(self, dout: Array) -> Array:
        """The gradient through the same mask and factor. Raises RuntimeError without a `forward` before it."""
        if self._factor is None:
            raise RuntimeError("backward needs the mask of a forward pass; call forward first")
        return dout * self._factor

    def clear_cache(self) -> None:
        """Forget the mask."""
        self._factor = None
