"""A network with one hidden layer and one output: how it is run, read and shown."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from operator import mul
from typing import Any

from problem_bank.answers.named import Names, by, flat, matrix, numbers
from problem_bank.errors import Unreadable
from problem_bank.exact import affine, relu
from problem_bank.tex import tex
from problem_bank.values import Matrix, Number, Vector, shape, whole

NAMES = ("W1", "b1", "W2", "b2")


@dataclass(frozen=True)
class TwoLayer:
    """f(x) = W2 . h(W1 x + b1) + b2 with W1 of shape (width, inputs), b1 and W2 (width,), b2 a number."""

    W1: Matrix
    b1: Vector
    W2: Vector
    b2: Number

    def hidden(self, x: Vector, activation: str) -> Vector:
        """The hidden vector h; "relu", or "step": 1 where W1 x + b1 > 0, else 0."""
        z = affine(self.W1, x, self.b1)
        return relu(z) if activation == "relu" else step(z)

    def output(self, x: Vector, activation: str) -> Number:
        """f(x), exactly. One loop, for networks are run on whole grids: several times as fast as vector by vector."""
        value, ramps = self.b2, activation == "relu"
        for w, b, v in zip(self.W1, self.b1, self.W2, strict=True):
            z = b + sum(map(mul, w, x))
            if z > 0:
                value += v * z if ramps else v
        return whole(value) if isinstance(value, Fraction) else value

    def outputs(self, xs: Matrix, activation: str) -> Vector:
        """f(x) for each of these inputs."""
        return tuple(self.output(x, activation) for x in xs)

    def pieces(self) -> dict[str, Any]:
        """The parameters by name."""
        return {name: getattr(self, name) for name in NAMES}

    def show(self) -> str:
        """Text that `read` reads back."""
        return ", ".join(f"{name} = {flat(value)}" for name, value in self.pieces().items())

    def tex(self) -> str:
        """LaTeX, without dollars."""
        return rf"W_1 = {tex(self.W1)},\; b_1 = {tex(self.b1)},\; W_2 = {tex(self.W2)},\; b_2 = {tex(self.b2)}"


def step(z: Vector) -> Vector:
    """1 where an entry is positive, else 0."""
    return tuple(int(entry > 0) for entry in z)


def read(raw: Any, inputs: int) -> TwoLayer:
    """The network of a table or a text, once all sizes fit. Raises Unreadable.

    W1 with a single row may come without its outer brackets, and so may a single column.
    """
    pieces = Names(NAMES).split(raw)
    w1 = matrix("W1", pieces.pop("W1"), inputs)
    values, width = {name: numbers(name, value, 1) for name, value in pieces.items()}, len(w1)
    if shape(w1) != (width, inputs):
        turned = " It looks transposed." if shape(w1) == (inputs, len(values["b1"])) else ""
        raise Unreadable(
            f"W1 is {by(w1)}, but needs one row of {inputs} entries for each hidden unit.{turned} Write {hint(inputs)}"
        )
    for name, wanted in (("b1", width), ("W2", width), ("b2", 1)):
        if len(values[name]) != wanted:
            raise Unreadable(
                f"{name} has {len(values[name])} entries; with {width} hidden units (rows of W1) it needs {wanted}"
            )
    return TwoLayer(w1, values["b1"], values["W2"], values["b2"][0])


def hint(inputs: int) -> str:
    """What to type."""
    row = [1, -3, 2, 4, -1][:inputs] + [0] * (inputs - 5)
    rows = [[1], [-3]] if inputs == 1 else [row, row[::-1]]
    return f"W1 = {rows}, b1 = [2, 0], W2 = [3, 1], b2 = -5 (one row of W1 for each hidden unit)"


def written(net: TwoLayer) -> tuple[Any, ...]:
    """Some ways to write this network."""
    shown, table = net.show(), net.pieces()
    column = {**table, "W2": [[w] for w in net.W2], "b2": [net.b2]}
    return (shown, table, column, {**table, "W2": [net.W2]}, shown.replace(", b", "\nb"), shown.lower())


def malformed(net: TwoLayer) -> tuple[Any, ...]:
    """Raw answers that no network can be read from."""
    shown, table = net.show(), net.pieces()
    ragged = {**table, "b1": [1] * (len(net.b1) + 1)}
    return ("", "xor", shown.partition(", W2")[0], f"{shown}, b2 = 7", ragged, {**table, "W1": "x"}, True, [1, 2])
