"""A network that the student builds: any one that computes the target is right, whatever its weights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.array import Array
from problem_bank.errors import Unreadable
from problem_bank.exact import affine, dot, relu
from problem_bank.tex import tex
from problem_bank.values import Matrix, Number, Vector, shape, whole

NAMES = ("W1", "b1", "W2", "b2")
_NAME = re.compile(r"""["']?\b([WwBb])\s{0,2}[_^]?\s{0,2}[({\[]{0,2}\s?([12])\s?[)}\]]{0,2}["']?\s{0,3}[=:]""")
_WRAPPER = re.compile(r"\b(?:np|numpy|torch)\.(?:array|tensor|asarray)\b|\band\b")


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
        return relu(z) if activation == "relu" else tuple(int(entry > 0) for entry in z)

    def output(self, x: Vector, activation: str) -> Number:
        """f(x), exactly."""
        value = dot(self.W2, self.hidden(x, activation)) + self.b2
        return whole(value) if isinstance(value, Fraction) else value

    def outputs(self, xs: Matrix, activation: str) -> Vector:
        """f(x) for each of these inputs."""
        return tuple(self.output(x, activation) for x in xs)


@dataclass(frozen=True)
class Network(Answer):
    """The outputs wanted for all inputs, in the order of `grid`; answered by a TwoLayer that gives them.

    An input is a tuple of `inputs` numbers, each one of `values`. With the decision "exact" the
    output itself is compared, with "threshold" its class: 1 where the output is above 1/2, else 0.
    `examples` are networks by which a table of outputs (the key, a misconception) can be shown.
    """

    kind: ClassVar[str] = "network"
    private: ClassVar[tuple[str, ...]] = ("key", "examples")
    fields: ClassVar[tuple[str, ...]] = NAMES
    key: Vector
    inputs: int = 2
    values: tuple[int, ...] = (0, 1)
    activation: str = "relu"
    decision: str = "exact"
    width: int = 8
    examples: tuple[TwoLayer, ...] = ()

    def __post_init__(self) -> None:
        if self.activation not in ("relu", "step") or self.decision not in ("exact", "threshold"):
            raise ValueError(
                f"no network has activation {self.activation!r} and decision {self.decision!r}; "
                "use relu or step, and exact or threshold"
            )

    @property
    def grid(self) -> Matrix:
        """All inputs, the last entry changing fastest: (0, 0), (0, 1), (1, 0), (1, 1)."""
        return tuple(product(self.values, repeat=self.inputs))

    def table(self, net: TwoLayer) -> Vector:
        """What is compared with the key: the network's output, or its class, for every input."""
        return tuple(map(self.decide, net.outputs(self.grid, self.activation)))

    def decide(self, output: Number) -> Number:
        """An output as it is compared: itself, or its class."""
        return output if self.decision == "exact" else int(output > Fraction(1, 2))

    def parse(self, raw: Any) -> TwoLayer:
        return self._sized(*(_numbers(name, value) for name, value in _split(raw).items()))

    def compare(self, value: TwoLayer) -> Match:
        basis = f"run on all {len(self.grid)} inputs"
        if len(value.b1) > self.width:
            return Match(0, f"Your network has {len(value.b1)} hidden units; at most {self.width} are allowed.", basis)
        for x, got, wanted in zip(self.grid, self.table(value), self.key, strict=True):
            if got != wanted:
                return Match(0, self._failure(value, x), basis)
        return Match(1, basis=basis)

    def agrees(self, key: Any) -> bool:
        return tuple(key) == tuple(self.key)

    def show(self, value: TwoLayer | Vector) -> str:
        net = self.network_for(value)
        shown = {name: getattr(net, name) for name in NAMES}
        return ", ".join(f"{n} = {_flat.show(v) if isinstance(v, tuple) else v}" for n, v in shown.items())

    def tex(self, value: TwoLayer | Vector) -> str:
        net = self.network_for(value)
        return rf"W_1 = {tex(net.W1)},\; b_1 = {tex(net.b1)},\; W_2 = {tex(net.W2)},\; b_2 = {tex(net.b2)}"

    def network_for(self, value: TwoLayer | Vector) -> TwoLayer:
        """The network itself, or the example that computes this table; LookupError where there is none."""
        if isinstance(value, TwoLayer):
            return value
        for net in self.examples:
            if self.table(net) == tuple(value):
                return net
        raise LookupError(f"no example network computes {value}; give one in `examples`")

    @property
    def hint(self) -> str:
        row = [1, -3, 2, 4, -1][: self.inputs] + [0] * (self.inputs - 5)
        return f"W1 = [{row}, {row[::-1]}], b1 = [2, 0], W2 = [3, 1], b2 = -5 (one row of W1 for each hidden unit)"

    def samples(self) -> Samples:
        net = self.network_for(self.key)
        table = {name: getattr(net, name) for name in NAMES}
        column = {**table, "W2": [[w] for w in net.W2], "b2": [net.b2]}
        shown, ragged = self.show(net), {**table, "b1": [1] * (len(net.b1) + 1)}
        right = (shown, table, column, {**table, "W2": [net.W2]}, shown.replace(", b", "\nb"), shown.lower())
        wrong = tuple(self.show(TwoLayer(net.W1, net.b1, net.W2, net.b2 + d)) for d in (1, -1))
        malformed = (
            "",
            "xor",
            shown.partition(", W2")[0],
            f"{shown}, b2 = 7",
            ragged,
            {**table, "W1": "x"},
            True,
            [1, 2],
        )
        return Samples(right, wrong, malformed)

    def _sized(self, w1: Any, b1: Any, w2: Any, b2: Any) -> TwoLayer:
        """The network, once all sizes fit; W1 with a single row may come without its outer brackets."""
        w1 = (w1,) if len(shape(w1)) == 1 else w1
        width = len(w1)
        if shape(w1) != (width, self.inputs):
            turned = " It looks transposed." if shape(w1) == (self.inputs, len(b1)) else ""
            raise Unreadable(
                f"W1 is {_by(w1)}, but needs one row of {self.inputs} entries for each hidden unit.{turned} "
                f"Write {self.hint}"
            )
        for name, vector, wanted in (("b1", b1, width), ("W2", w2, width), ("b2", b2, 1)):
            if len(vector) != wanted:
                raise Unreadable(
                    f"{name} has {len(vector)} entries; with {width} hidden units (rows of W1) it needs {wanted}"
                )
        return TwoLayer(w1, b1, w2, b2[0])

    def _failure(self, net: TwoLayer, x: Vector) -> str:
        hidden, output = net.hidden(x, self.activation), net.output(x, self.activation)
        said = f"For x = {_row(x)} the hidden vector is {_row(hidden)} and the output {output}"
        return f"{said}, class {self.decide(output)}; wrong." if self.decision == "threshold" else f"{said}; wrong."


_flat = Array((), ndim=1)
_grid = Array((), ndim=2)


def _split(raw: Any) -> dict[str, Any]:
    """The raw W1, b1, W2, b2, in this order, from a table or a text."""
    pairs = _from_table(raw) if isinstance(raw, Mapping) else _from_text(raw)
    for name in NAMES:
        given = [value for key, value in pairs if key == name]
        if len(given) != 1:
            raise Unreadable(f"{name} is {'given twice' if given else 'missing'}; write W1, b1, W2 and b2 once each")
    return {name: dict(pairs)[name] for name in NAMES}


def _from_table(raw: Mapping[Any, Any]) -> list[tuple[str, Any]]:
    return [(_tidy(found) if (found := _NAME.fullmatch(f"{key}=")) else str(key), value) for key, value in raw.items()]


def _from_text(raw: Any) -> list[tuple[str, Any]]:
    """Split "W1 = ..., b1 = ..., ..." at the names."""
    if not isinstance(raw, str) or len(raw) > reading.LONGEST:
        said = f"a {reading.kind_of(raw)}" if not isinstance(raw, str) else "a text too long to read"
        raise Unreadable(f"{said} stands where W1, b1, W2 and b2 are expected")
    found = list(_NAME.finditer(raw))
    if not found:
        raise Unreadable(
            f"{reading.clip(raw)} names none of W1, b1, W2 and b2; write W1 = ..., b1 = ..., W2 = ..., b2 = ..."
        )
    ends = [match.start() for match in found[1:]] + [len(raw)]
    return [(_tidy(match), _clean(raw[match.end() : end])) for match, end in zip(found, ends, strict=True)]


def _clean(piece: str) -> str:
    """One value without the separators around it, and without the bracket that closes the whole table."""
    tidy = piece.strip(" \t\r\n,;$").rstrip(".")
    return tidy.removesuffix("}") if tidy.count("}") > tidy.count("{") else tidy


def _tidy(match: re.Match[str]) -> str:
    letter = match[1]
    return (letter.upper() if letter in "wW" else letter.lower()) + match[2]


def _numbers(name: str, raw: Any) -> Any:
    """A matrix for W1, otherwise a vector: a row, a column or a bare number."""
    reader = _grid if name == "W1" else _flat
    try:
        value = reader.parse(_WRAPPER.sub(" ", raw) if isinstance(raw, str) else raw)
    except Unreadable as error:
        raise Unreadable(f"{name}: {error}") from None
    while len(shape(value)) > reader.ndim and len(value) == 1:  # brackets around brackets
        value = value[0]
    if len(shape(value)) > reader.ndim:
        raise Unreadable(f"{name} is {_by(value)}; write {reader.hint}")
    return value


def _by(value: Any) -> str:
    return " by ".join(map(str, shape(value)))


def _row(vector: Vector) -> str:
    return f"({', '.join(map(str, vector))})"
