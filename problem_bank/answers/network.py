"""A network that the student builds: any one that computes the target is right, whatever its weights."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, ClassVar

from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.kinks import form_of, telling_point
from problem_bank.answers.named import brief, row
from problem_bank.answers.two_layer import NAMES, TwoLayer, hint, malformed, read, written
from problem_bank.values import Matrix, Number, Vector


@dataclass(frozen=True)
class Network(Answer):
    """The outputs wanted for all inputs, in the order of `grid`; answered by a TwoLayer that gives them.

    An input is a tuple of `inputs` numbers, each one of `values`. With the decision "exact" the
    output itself is compared, with "threshold" its class: 1 where the output is above 1/2, else 0.
    With "everywhere" (ReLU units only) the output is compared for all real inputs, and the key is
    the form of the wanted function (see `kinks`).
    `examples` are networks by which a table of outputs (the key, a misconception) can be shown.
    """

    kind: ClassVar[str] = "network"
    private: ClassVar[tuple[str, ...]] = ("key", "examples")
    fields: ClassVar[tuple[str, ...]] = NAMES
    key: Any
    inputs: int = 2
    values: tuple[int, ...] = (0, 1)
    activation: str = "relu"
    decision: str = "exact"
    width: int = 8
    examples: tuple[TwoLayer, ...] = ()

    def __post_init__(self) -> None:
        known = self.activation in ("relu", "step") and self.decision in ("exact", "threshold", "everywhere")
        if not known or (self.decision == "everywhere" and self.activation != "relu"):
            raise ValueError(
                f"no network has activation {self.activation!r} and decision {self.decision!r}; "
                "use relu or step, and exact or threshold (relu also: everywhere)"
            )

    @property
    def grid(self) -> Matrix:
        """All inputs, the last entry changing fastest: (0, 0), (0, 1), (1, 0), (1, 1)."""
        return _grid(self.values, self.inputs)

    def table(self, net: TwoLayer) -> Any:
        """What is compared with the key: the network's output, or its class, for every input; or its form."""
        if self.decision == "everywhere":
            return form_of(net)
        return tuple(map(self.decide, _outputs(net, self.values, self.inputs, self.activation)))

    def decide(self, output: Number) -> Number:
        """An output as it is compared: itself, or its class."""
        return int(output > Fraction(1, 2)) if self.decision == "threshold" else output

    def parse(self, raw: Any) -> TwoLayer:
        return read(raw, self.inputs)

    def compare(self, value: TwoLayer) -> Match:
        everywhere = self.decision == "everywhere"
        basis = "equal for all real inputs" if everywhere else f"run on all {len(self.grid)} inputs"
        if len(value.b1) > self.width:
            return Match(0, f"Your network has {len(value.b1)} hidden units; at most {self.width} are allowed.", basis)
        got = self.table(value)
        if got == self.key:
            return Match(1, basis=basis)
        x = telling_point(got, self.key) if everywhere else self._first_wrong(got)
        return Match(0, self._failure(value, x) if x else "Far from 0 its output is wrong.", basis)

    def _first_wrong(self, got: Vector) -> Vector:
        return next(x for x, mine, wanted in zip(self.grid, got, self.key, strict=True) if mine != wanted)

    def agrees(self, key: Any) -> bool:
        return tuple(key) == tuple(self.key)

    def show(self, value: TwoLayer | Vector) -> str:
        return self.network_for(value).show()

    def tex(self, value: TwoLayer | Vector) -> str:
        return self.network_for(value).tex()

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
        return hint(self.inputs)

    def samples(self) -> Samples:
        net = self.network_for(self.key)
        wrong = tuple(TwoLayer(net.W1, net.b1, net.W2, net.b2 + d).show() for d in (1, -1))
        return Samples(written(net), wrong, malformed(net))

    def _failure(self, net: TwoLayer, x: Vector) -> str:
        hidden, output = net.hidden(x, self.activation), net.output(x, self.activation)
        said = f"For x = {row(x)} the hidden vector is {row(hidden)} and the output {brief(output)}"
        return f"{said}, class {self.decide(output)}; wrong." if self.decision == "threshold" else f"{said}; wrong."


@lru_cache(maxsize=64)
def _grid(values: tuple[int, ...], inputs: int) -> Matrix:
    return tuple(product(values, repeat=inputs))


@lru_cache(maxsize=256)
def _outputs(net: TwoLayer, values: tuple[int, ...], inputs: int, activation: str) -> Vector:
    """The outputs on the whole grid; remembered, for one network is compared with the key and all misconceptions."""
    return net.outputs(_grid(values, inputs), activation)
