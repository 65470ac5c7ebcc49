"""A linear layer of the student's beside ours, with the same random parameters."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from problem_bank.checks import CheckFailed, StudentError
from problem_bank.subjects.layer_checks import Array, entry, make, sizes
from problem_bank.subjects.module_checks import FORGETFUL, agrees, member
from solutions.numpy_nn import LinearModule


@dataclass
class Trial:
    """The student's layer and the reference with the same random parameters, and fresh inputs for both."""

    layer: Any
    reference: LinearModule
    x: Array
    dout: Array
    flipped: bool  # the student stores weights as (in, out)
    rtol: float  # what the precision of the student's parameters allows

    def backward(self) -> tuple[Any, Array]:
        """A forward and a backward pass of both: what `backward` returns, the student's first."""
        self.layer.forward(self.x)
        self.reference.forward(self.x)
        return self.layer.backward(self.dout), self.reference.backward(self.dout)

    def stored(self, weights: Array) -> Array:
        """An array like W in the student's orientation."""
        return weights.T if self.flipped else weights

    def gradient(self) -> Array:
        """The student's weight gradient."""
        return entry(self.layer, "grads", "weight")

    def forgets(self, rng: np.random.Generator) -> None:
        """After `clear_cache`, `backward` must not know the x of the pass before; it may raise. Raises CheckFailed."""
        member(self.layer, "clear_cache", "LinearModule")()
        dout = rng.normal(size=self.dout.shape)
        try:
            self.layer.backward(dout)
        except StudentError:
            return  # nothing is there to work with, as it should be
        if agrees(self.gradient(), self.stored(dout.T @ self.x)):
            raise CheckFailed(FORGETFUL, "cache_kept")


def trial(student: Any, rng: np.random.Generator, samples: int | None = None) -> Trial:
    """A layer of three different sizes, or with this many samples."""
    s, n, m = sizes(rng, 3)
    s = samples or s
    layer, reference = make(student.LinearModule, m, n), LinearModule(m, n)
    own, bias = entry(layer, "params", "weight"), entry(layer, "params", "bias")
    single = any(array.dtype.itemsize < 8 for array in (own, bias))
    x, dout = rng.normal(size=(s, m)), rng.normal(size=(s, n))
    made = Trial(layer, reference, x, dout, own.shape == (m, n), 1e-5 if single else 1e-9)
    layer.params["weight"] = made.stored(rng.normal(size=(n, m))).copy()
    layer.params["bias"] = rng.normal(size=bias.shape)
    # What the layer holds now may have been rounded: ours is to hold the same.
    reference.params["weight"] = made.stored(entry(layer, "params", "weight").astype(float))
    reference.params["bias"] = entry(layer, "params", "bias").astype(float).reshape(n)
    return made


def input_layer(student: Any, m: int, n: int) -> Any:
    """A layer with the flag set, by its name or by its place. Raises CheckFailed where there is none."""
    try:
        return make(student.LinearModule, m, n, input_layer=True)
    except StudentError as error:
        try:
            return student.LinearModule(m, n, True)
        except StudentError:
            if error.type != "TypeError":
                raise error from None
        raise CheckFailed(
            "LinearModule takes no third argument input_layer; it decides the variance.", "no_flag"
        ) from error
