"""He et al., Deep Residual Learning (2016), and Goodfellow 8.2.5: what a skip connection does to a gradient."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from itertools import combinations
from math import prod
from typing import Any

import numpy as np

from problem_bank.exact import matmul, transpose
from problem_bank.exercise import Exercise, Rule
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import tex
from problem_bank.values import Matrix, Number, Vector, whole

SIZES = ((1, 2), (1, 3), (2, 3), (1, 4), (3, 4), (1, 5), (2, 5), (3, 5))
SLOPES = tuple(Fraction(sign * over, under) for over, under in SIZES for sign in (1, -1))

PROMPT = r"""
{% if "residual" in ask %}
A network passes one number through {{ slopes | length }} blocks. At the current input, the functions inside the
blocks have the slopes $a = {{ slopes }}$. A **plain** block hands on $h_l = f_l(h_{l-1})$, a **residual** block
$h_l = h_{l-1} + f_l(h_{l-1})$, with the same slopes $f_l' = a_l$.
{% endif %}
{% if "jacobian" in ask %}

{{ "A second" if "residual" in ask else "A" }} network passes vectors of two entries through two residual blocks
$h_l = h_{l-1} + f_l(h_{l-1})$, where $f_l$ has the Jacobian $J_l$ (row $i$ holds the derivatives of output $i$):
$${% for j in jacobians %}J_{{ loop.index }} = {{ j }}{{ "." if loop.last else ", \\quad " }}{% endfor %}$$
{% endif %}

Give exact values.
""".strip()

SOLUTION = r"""
{% if "residual" in ask %}
- Plain blocks multiply the gradient by $a_l$ each: ${{ plain_terms }} = {{ keys.plain }}$.
- A residual block has the slope $1 + a_l$: ${{ residual_terms }} = {{ keys.residual }}$. Even where all $a_l$ are
small, the $1$ keeps the gradient alive.
{% endif %}
{% if "paths" in ask %}
- Multiplied out, $\prod_l (1 + a_l)$ has one term for each way through the blocks: the $1$ takes the skip, $a_l$ the
function. Through exactly {{ through }} functions lead the terms with {{ through }} factors; they add up to
${{ keys.paths }}$.
{% endif %}
{% if "jacobian" in ask %}
- A residual block has the Jacobian $I + J_l$, and the last block stands on the left:
$${% for j in factors %}{{ j }}{% endfor %} = {{ keys.jacobian }}.$$
{% endif %}
""".strip()

PART = {
    "plain": "The derivative of the last value by the first, through **plain** blocks.",
    "residual": "The derivative of the last value by the first, through **residual** blocks.",
    "paths": "Multiply out the product for residual blocks. What do the terms that pass through exactly "
    "{{ through }} of the functions add up to?",
    "jacobian": "The Jacobian of the last vector by the first.",
}

SAID = {
    "added": "You added the slopes; by the chain rule they are multiplied.",
    "skips_counted": "You added 1 to every slope; a plain block has no skip connection.",
    "one_block_less": "You left a block out.",
    "no_skip": "That is the gradient through plain blocks: the skip adds 1 to the slope of every block.",
    "one_skip": "You added a single 1 for all blocks; each block has a skip of its own.",
    "sum": "You kept the terms of first order only; multiply the factors 1 + a.",
    "all_paths": "This is the sum over all ways through the blocks.",
    "other_number": "Your terms skip this many functions; they should pass through this many.",
    "no_identity": "The skip is missing: every block has the Jacobian I + J.",
    "one_identity": "You added the identity once, to the product; each block has a skip of its own.",
    "wrong_order": "Matrices do not commute: the Jacobian of the last block stands on the left.",
    "ones_everywhere": "You added 1 to every entry; the skip adds the identity matrix.",
    "transposed": "You multiplied the transposes; row i holds the derivatives of output i.",
}


@family(
    topic="backpropagation",
    source="Goodfellow 8.2.5",
    minutes=6,
    levels={
        "easy": {"blocks": 4, "ask": ("plain", "residual")},
        "medium": {},
        "hard": {"ask": ("plain", "residual", "paths", "jacobian")},
    },
)
def residual(rng: Rng, *, blocks: int = 4, ask: tuple[str, ...] = ("plain", "residual", "jacobian")) -> Exercise:
    """Compare the gradient through plain and through residual blocks."""
    slopes = rng.choices("slopes", SLOPES, blocks)
    rng.require(len(set(slopes)) == blocks, "the slopes differ")
    jacobians = tuple(rng.int_matrix(f"J{i}", 2, 2, -2, 3) for i in (1, 2))
    rng.require(all(j != transpose(j) for j in jacobians), "no Jacobian is its own transpose")
    through = rng.int("through", 1, blocks - 1)
    steps, network = Steps(SAID), Blocks(slopes, jacobians, through)
    for name in ask:
        right, wrong = network.rules(name)
        steps.ask(name, PART[name], right, wrong, points=2 if name == "jacobian" else 1)
    return Exercise(
        given={**rng.drawn, "blocks": blocks, "ask": ask},
        shown={"keys": {name: network.rules(name)[0]({}) for name in PART}, "jacobians": jacobians,
               "factors": [with_skip(j) for j in reversed(jacobians)],
               "plain_terms": r" \cdot ".join(f"({tex(a)})" for a in slopes),
               "residual_terms": r" \cdot ".join(f"(1 + ({tex(a)}))" for a in slopes)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(blocks + 8 * ("jacobian" in ask)),
    )  # fmt: skip


@dataclass(frozen=True)
class Blocks:
    """Slopes of the functions in the scalar blocks, Jacobians of those in the others, and a number of functions."""

    slopes: Vector
    jacobians: tuple[Matrix, ...]
    through: int

    def rules(self, name: str) -> tuple[Rule, dict[str, Any]]:
        """How a part is answered, and the misconceptions."""
        return {"plain": self._plain, "residual": self._residual, "paths": self._paths, "jacobian": self._jacobian}[
            name
        ]()

    def _plain(self) -> tuple[Rule, dict[str, Any]]:
        wrong = {
            "added": sum(self.slopes),
            "skips_counted": _product(1 + a for a in self.slopes),
            "one_block_less": _product(self.slopes[:-1]),
        }
        return lambda e: _product(self.slopes), wrong

    def _residual(self) -> tuple[Rule, dict[str, Any]]:
        wrong = {
            "no_skip": lambda e: e.get("plain", _product(self.slopes)),
            "one_skip": lambda e: 1 + e.get("plain", _product(self.slopes)),
            "sum": 1 + sum(self.slopes),
        }
        return lambda e: _product(1 + a for a in self.slopes), wrong

    def _paths(self) -> tuple[Rule, dict[str, Any]]:
        wrong = {
            "all_paths": lambda e: e.get("residual", _product(1 + a for a in self.slopes)),
            "other_number": None if 2 * self.through == len(self.slopes)
            else self._through(len(self.slopes) - self.through),
        }  # fmt: skip
        return lambda e: self._through(self.through), wrong

    def _through(self, count: int) -> Number:
        """The terms with so many factors: a coefficient of prod (1 + a_l x), multiplied out one factor at a time."""
        coefficients: list[Number] = [1]
        for a in self.slopes:
            shifted = [0, *(a * c for c in coefficients)]
            coefficients = [c + s for c, s in zip([*coefficients, 0], shifted, strict=True)]
        return whole(Fraction(coefficients[count]))

    def _jacobian(self) -> tuple[Rule, dict[str, Any]]:
        first, second = map(with_skip, self.jacobians)
        plain = matmul(self.jacobians[1], self.jacobians[0])
        ones = [tuple(tuple(v + 1 for v in row) for row in j) for j in self.jacobians]
        wrong = {
            "no_identity": plain,
            "one_identity": with_skip(plain),
            "wrong_order": matmul(first, second),
            "ones_everywhere": matmul(ones[1], ones[0]),
            "transposed": matmul(transpose(second), transpose(first)),
        }
        return lambda e: matmul(second, first), wrong


def with_skip(j: Matrix) -> Matrix:
    """I + J"""
    return tuple(tuple(v + (r == c) for c, v in enumerate(row)) for r, row in enumerate(j))


def _product(factors: Iterable[Number]) -> Number:
    return whole(Fraction(prod(factors, start=Fraction(1))))


@residual.oracle
def over_paths(slopes: Vector, J1: Matrix, J2: Matrix, through: int) -> dict[str, Any]:
    """A sum over all ways through the blocks: each takes the function of some blocks and the skip of the others."""
    blocks = len(slopes)

    def paths(count: int) -> Fraction:
        ways = combinations(slopes, count)
        return sum((reduce(lambda so_far, a: so_far * a, way, Fraction(1)) for way in ways), Fraction(0))

    every = sum(paths(count) for count in range(blocks + 1))
    one, two, eye = np.array(J1, dtype=object), np.array(J2, dtype=object), np.eye(2, dtype=int).astype(object)
    jacobian = two @ one + one + two + eye
    ones = np.ones((2, 2), dtype=int).astype(object)
    return {
        "plain": paths(blocks),
        "plain.added": paths(1),
        "plain.skips_counted": every,
        "plain.one_block_less": paths(blocks) / slopes[-1],
        "residual": every,
        "residual.no_skip": paths(blocks),
        "residual.one_skip": paths(0) + paths(blocks),
        "residual.sum": paths(0) + paths(1),
        "paths": paths(through),
        "paths.all_paths": every,
        "paths.other_number": None if 2 * through == blocks else paths(blocks - through),
        "jacobian": jacobian,
        "jacobian.no_identity": two @ one,
        "jacobian.one_identity": two @ one + eye,
        "jacobian.wrong_order": jacobian - two @ one + one @ two,
        "jacobian.ones_everywhere": (two + ones) @ (one + ones),
        "jacobian.transposed": (one @ two).T + one.T + two.T + eye,
    }
