"""Tasks on sequences of bits, and the recurrent networks that do them by counting up to a threshold."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from problem_bank.answers.recurrent_network import Machine, Recurrent, inputs_of
from problem_bank.exact import dot, scale
from problem_bank.values import Matrix, Number, Vector

PARITY, STAYS = (0, 1, -1), (0, 1, 0)


@dataclass(frozen=True)
class Task:
    """At each step s = weights . x + offset + m counts, where m is the bit in memory.

    `out` and `memory` tell the output bit and the next m: a number, and what is added to it where s
    reaches 1, 2, ...; without `memory`, the next m is the input itself.
    """

    words: str
    before: str
    weights: Vector
    out: Vector
    memory: Vector | None
    offset: int = 0
    start: int = 0
    levels: Vector = (0, 1)

    @property
    def bits(self) -> int:
        """Of one input."""
        return len(self.weights)

    @property
    def steps(self) -> range:
        """The values of s at which something may change."""
        return range(1, len(self.out))

    def after(self, m: Number, x: Vector) -> tuple[Number, Number]:
        """The next bit in memory, and the output."""
        s = dot(self.weights, x) + self.offset + m
        reached = (1, *(int(s >= k) for k in self.steps))
        low, high = self.levels
        return x[0] if self.memory is None else dot(self.memory, reached), low + (high - low) * dot(self.out, reached)

    @cached_property
    def machine(self) -> Machine:
        """The table of transitions, the start first."""
        found, rows = [self.start], []
        for m in found:
            pairs = [self.after(m, x) for x in inputs_of(self.bits)]
            found += sorted({int(n) for n, _ in pairs} - set(found))
            rows.append(pairs)
        return tuple(tuple((found.index(int(n)), y) for n, y in pairs) for pairs in rows)

    def outputs(self, xs: Matrix) -> Vector:
        """What is wanted after each of these inputs."""
        m: Number = self.start
        ys = []
        for x in xs:
            m, y = self.after(m, x)
            ys.append(y)
        return tuple(ys)

    def network(self, activation: str) -> Recurrent:
        """A unit for each step of s (and before them one that keeps the input), without those that nothing reads."""
        ramps, stored = activation == "relu", self.memory is None
        factor, kept = (1, 0) if ramps else (2, -1)
        out, memory = (self._read(v, ramps) for v in (self.out, self.memory or (0,) * len(self.out)))
        used = [k for k in self.steps if out[k] or memory[k]]
        m = (1, *(0 for _ in used)) if stored else tuple(memory[k] for k in used)
        bias = factor * (self.offset + (0 if stored else memory[0]))
        low, high = self.levels
        units: list[Any] = [((0,) * len(m), (factor,), kept, self.start, 0)] * stored
        units += [
            (scale(factor, m), scale(factor, self.weights), bias + (1 - k if ramps else 1 - 2 * k),
             self._first(k, ramps), (high - low) * out[k])
            for k in used
        ]  # fmt: skip
        w, u, b, h0, v = zip(*units, strict=True)
        return Recurrent(w, u, b, h0, v, low + (high - low) * out[0])

    def _first(self, k: int, ramps: bool) -> Number:
        """The state of the unit of step k at the start: that of the least s which leaves the right bit in memory."""
        if self.memory is None or all(v == 0 for v in self.memory):
            return 0
        s = next(s for s in range(len(self.out)) if sum(self.memory[: s + 1]) == self.start)
        return max(s - k + 1, 0) if ramps else int(s >= k)

    def _read(self, values: Vector, ramps: bool) -> Vector:
        """The same sum read from units: from ramps, of which step k takes the k-th and takes back the next."""
        if not ramps:
            return values
        return (values[0], *(b - a for a, b in zip((0, *values[1:]), values[1:], strict=False)))


TASKS = {
    "once": Task("a 1 has occurred so far (the present input counts)", "", (1,), STAYS, STAYS),
    "all": Task("every input so far was 1 (the present one counts)", "", (-1,), (1, -1, 0), STAYS, offset=1),
    "delay": Task("the input **before** the present one was 1", "Before the first input, there was a {start}.",
                  (0,), (0, 1), None),
    "parity": Task("the number of ones so far is odd (the present input counts)",
                   "Before the first input, the number of ones is {start}.", (1,), PARITY, PARITY),
    "pair": Task("the present input and the one before it are both 1", "Before the first input, there was a {start}.",
                 (1,), (0, 0, 1), None),
    "change": Task("the present input differs from the one before it", "Before the first input, there was a {start}.",
                   (1,), PARITY, None),
    "sum": Task("the sum of the two binary numbers whose digits come in has a 1 at this place (the lowest digits come "
                "first, and there is a carry)", "The first step starts with the carry {start}.",
                (1, 1), (0, 1, -1, 1), (0, 0, 1, 0)),
    "difference": Task("the first minus the second of the two binary numbers whose digits come in has a 1 at this "
                       "place (the lowest digits come first; where a digit is too small, 1 is borrowed from the next)",
                       "The first step starts with {start} borrowed already.", (-1, 1), (1, -1, 1, -1), (0, 0, 1, 0),
                       offset=1),
}  # fmt: skip


def mistaken(task: Task) -> dict[str, Task | None]:
    """What wrong procedures do; None where they make no sense for this task."""
    any_one = task.memory is not None and task.memory != STAYS
    low, high = task.levels
    return {
        "no_memory": replace(task, memory=(0,) * len(task.out), start=0),
        "wrong_start": replace(task, start=1 - task.start),
        "keeps_any": replace(task, memory=(0, 1, *(0 for _ in task.out[2:]))) if any_one else None,
        "turned_round": replace(task, levels=(high, low)),
        "plain_bits": replace(task, levels=(0, 1)),
    }
