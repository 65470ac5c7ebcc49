"""A recurrent network that the student builds: any one that gives the wanted outputs is right, whatever its weights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, product
from typing import Any, ClassVar, NamedTuple, TypeAlias

from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.named import Names, brief, by, flat, matrix, numbers, row
from problem_bank.answers.two_layer import step
from problem_bank.errors import Unreadable
from problem_bank.exact import add, affine, dot, matvec, relu
from problem_bank.tex import tex
from problem_bank.values import Matrix, Number, Vector, shape, whole

PAIRS = 1_500  # of states, after which a network that meets ever new ones is believed
DIGITS = 2_000  # binary ones of a number, beyond which no more sequences are run
SHOWN = 6  # states in a message
NAMES = ("W", "U", "b", "h0", "V", "c")
Machine: TypeAlias = tuple[tuple[tuple[int, Number], ...], ...]
"""For each state and each input, in the order of `inputs_of`: the next state, and the output. It starts in state 0."""


@dataclass(frozen=True)
class Recurrent:
    """h_t = g(W h_{t-1} + U x_t + b), y_t = V . h_t + c; W is (width, width), U (width, bits), c a number."""

    W: Matrix
    U: Matrix
    b: Vector
    h0: Vector
    V: Vector
    c: Number

    def next(self, h: Vector, x: Vector, activation: str) -> Vector:
        """The state after the input x."""
        z = add(affine(self.W, h, self.b), matvec(self.U, x))
        return relu(z) if activation == "relu" else step(z)

    def output(self, h: Vector) -> Number:
        """The output that goes with a state."""
        value = dot(self.V, h) + self.c
        return whole(value) if isinstance(value, Fraction) else value

    def pieces(self) -> dict[str, Any]:
        """The parameters by name."""
        return {name: getattr(self, name) for name in NAMES}

    def show(self) -> str:
        """Text that reads back."""
        return ", ".join(f"{name} = {flat(value)}" for name, value in self.pieces().items())

    def tex(self) -> str:
        """LaTeX, without dollars."""
        return r",\; ".join(f"{'h_0' if name == 'h0' else name} = {tex(v)}" for name, v in self.pieces().items())


class Run(NamedTuple):
    """One sequence of inputs, the states after each of them, and the machine's wanted last output."""

    inputs: tuple[Vector, ...]
    states: tuple[Vector, ...]
    wanted: Number


@dataclass(frozen=True)
class RecurrentNetwork(Answer):
    """A machine to imitate, answered by a Recurrent network that gives its output after every input.

    Network and machine are run side by side, shortest sequences first, until no new pair of states is met:
    that proves the network for sequences of any length, and always happens with step units. ReLU units may
    count for ever; then all sequences of at least `length` inputs of `bits` bits are run, and longer ones as long as
    there are few pairs and their numbers stay short. `examples` are networks by which machines can be shown.
    """

    kind: ClassVar[str] = "recurrent_network"
    private: ClassVar[tuple[str, ...]] = ("key", "examples")
    fields: ClassVar[tuple[str, ...]] = NAMES
    key: Machine
    bits: int = 1
    activation: str = "relu"
    width: int = 3
    length: int = 6
    examples: tuple[Recurrent, ...] = ()

    def parse(self, raw: Any) -> Recurrent:
        pieces = Names(NAMES).split(raw)
        vectors = {name: numbers(name, pieces[name], 1) for name in ("b", "h0", "V", "c")}
        units = len(vectors["b"])
        for name, wanted in (("h0", units), ("V", units), ("c", 1)):
            if len(vectors[name]) != wanted:
                raise Unreadable(
                    f"{name} has {len(vectors[name])} entries; with {units} hidden units (entries of b) "
                    f"it needs {wanted}"
                )
        w, u = (_sized(name, pieces[name], units, columns) for name, columns in (("W", units), ("U", self.bits)))
        return Recurrent(w, u, vectors["b"], vectors["h0"], vectors["V"], vectors["c"][0])

    def compare(self, value: Recurrent) -> Match:
        if len(value.b) > self.width:
            said = f"Your network has {len(value.b)} hidden units; at most {self.width} are allowed."
            return Match(0, said, "number of units")
        basis = ""
        for run in self.sequences(value):
            if run is None:
                basis = "run on all sequences: it meets only a few states"
                break
            basis = f"run on all sequences of up to {len(run.inputs)} inputs"
            if value.output(run.states[-1]) != run.wanted:
                return Match(0, _failure(value, run), basis)
        return Match(1, basis=basis)

    def sequences(self, net: Recurrent) -> Iterator[Run | None]:
        """The shortest sequence to every pair of states that is met; None at the end if there are no more at all."""
        waiting: list[tuple[int, Vector, Run]] = [(0, net.h0, Run((), (), 0))]
        seen = {(0, net.h0)}
        for inputs in count(1):
            following = []
            for state, h, run in waiting:
                for x, (then, wanted) in zip(inputs_of(self.bits), self.key[state], strict=True):
                    after = net.next(h, x, self.activation)
                    longer = Run((*run.inputs, x), (*run.states, after), wanted)
                    yield longer
                    if (then, after) not in seen:
                        seen.add((then, after))
                        following.append((then, after, longer))
            waiting = following
            if not waiting:
                yield None
            if not waiting or (inputs >= self.length and (len(seen) > PAIRS or any(_long(h) for _, h, _ in waiting))):
                return

    def agrees(self, key: Any) -> bool:
        """Do both machines give the same outputs for all sequences?"""
        seen, waiting = {(0, 0)}, [(0, 0)]
        while waiting:
            mine, other = waiting.pop()
            for (a, y), (b, z) in zip(self.key[mine], key[other], strict=True):
                if y != z:
                    return False
                if (a, b) not in seen:
                    seen.add((a, b))
                    waiting.append((a, b))
        return True

    def network_for(self, value: Recurrent | Machine) -> Recurrent:
        """The network itself, or the example that imitates this machine; LookupError where there is none."""
        if isinstance(value, Recurrent):
            return value
        for net in self.examples:
            if self.keyed(value).compare(net).right:
                return net
        raise LookupError("no example network imitates this machine; give one in `examples`")

    def show(self, value: Recurrent | Machine) -> str:
        return self.network_for(value).show()

    def tex(self, value: Recurrent | Machine) -> str:
        return self.network_for(value).tex()

    @property
    def hint(self) -> str:
        u = [[3] * self.bits, [1] * self.bits]
        return f"W = [[1, 0], [2, -1]], U = {u}, b = [0, 4], h0 = [0, 1], V = [5, 1], c = -2 (for two hidden units)"

    def samples(self) -> Samples:
        net = self.network_for(self.key)
        shown, table = net.show(), net.pieces()
        right = (shown, table, {**table, "V": [net.V], "c": [net.c]}, shown.replace(", ", ",\n"), shown.lower())
        wrong = tuple(Recurrent(net.W, net.U, net.b, net.h0, net.V, net.c + d).show() for d in (1, -1))
        short = {**table, "h0": [0] * (len(net.b) + 1)}
        cut = shown.partition(", V")[0]
        malformed = ("", "parity", cut, f"{shown}, c = 7", short, {**table, "W": "x"}, {**table, "U": [[]]}, True, [1])
        return Samples(right, wrong, malformed)


def inputs_of(bits: int) -> tuple[Vector, ...]:
    """All inputs of one step, the last bit changing fastest."""
    return tuple(product((0, 1), repeat=bits))


def _sized(name: str, raw: Any, rows: int, columns: int) -> Matrix:
    value: Matrix = matrix(name, raw, columns)
    if shape(value) != (rows, columns):
        raise Unreadable(f"{name} is {by(value)}; with {rows} hidden units (entries of b) it needs {rows} by {columns}")
    return value


def _long(h: Vector) -> bool:
    """Do the numbers of this state grow beyond use?"""
    return any(entry.numerator.bit_length() > DIGITS or entry.denominator.bit_length() > DIGITS for entry in h)


def _failure(net: Recurrent, run: Run) -> str:
    """What a student reads about the first sequence that fails; of a long one, the end."""
    said = "" if len(run.inputs) <= SHOWN else f"After {len(run.inputs) - SHOWN} other inputs. "
    inputs, states = (
        ", ".join(row(v) if len(v) > 1 else brief(v[0]) for v in vs[-SHOWN:]) for vs in (run.inputs, run.states)
    )
    output = brief(net.output(run.states[-1]))
    return f"{said}For the inputs {inputs} the states are {states} and the last output is {output}; wrong."
