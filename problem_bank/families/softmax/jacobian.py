"""Goodfellow et al., Deep Learning, section 6.2.2.3: the softmax and its Jacobian."""

from fractions import Fraction
from functools import cache
from itertools import permutations
from typing import Any

import numpy as np

from problem_bank.algebra.indices import Values
from problem_bank.answers import Array, IndexExpression
from problem_bank.exact import matvec, times
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.softmax._exactly import derivatives, fractions, softmax
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Matrix, Vector

NUMBERS = range(1, 10)
NAMES = tuple("fghopqrstuvwxyFGHPQRSUVXY")
LETTERS = ("ij", "ab", "pq", "kl", "rs", "jk", "uv", "ik")

PROMPT = r"""
The softmax turns logits $z$ into ${{ s }} = \mathrm{softmax}(z)$ with ${{ s }}_i = e^{z_i} / \sum_m e^{z_m}$.
{% if a %}
Take $z = ({{ logits }})$, natural logarithms. All answers are exact: write fractions.
{% endif %}
""".strip()

SOLUTION = r"""
By the quotient rule, $\partial {{ s }}_i / \partial z_j$ is ${{ s }}_i - {{ s }}_i^2$ for $i = j$, and
$-{{ s }}_i {{ s }}_j$ for $i \neq j$, so
$$ \frac{\partial {{ s }}_i}{\partial z_j} = {{ s }}_i (\delta_{ij} - {{ s }}_j), \qquad
J = \mathrm{diag}({{ s }}) - {{ s }} {{ s }}^T. $$
{% if a %}
Here $e^{z_i}$ are the numbers ${{ numbers }}$, with the sum {{ total }}. So ${{ s }} = {{ outputs }}$ and
$$ J = {{ jacobian }}. $$
Each row sums to 0, because the outputs always sum to 1; and $J$ is symmetric.
{% endif %}
{% if change %}
The change is $J u = {{ change }}$; its entries sum to 0 as well.
{% endif %}
""".strip()


@family(
    topic="softmax",
    source="Goodfellow 6.2.2.3",
    minutes=8,
    version=2,
    levels={
        "easy": {"ask": ("output", "J")},
        "medium": {},
        "hard": {"ask": ("entry", "output", "J", "change"), "size": 4},
    },
)
def jacobian(rng: Rng, *, ask: tuple[str, ...] = ("entry", "output", "J"), size: int = 3) -> Exercise:
    """Differentiate the softmax, entry by entry and in numbers."""
    name, letters = rng.choice("s", NAMES), rng.choice("letters", LETTERS)
    rng.require(name not in letters, "no index bears the name of the outputs")
    given: dict[str, Any] = {"s": name, "letters": letters, "ask": ask, "size": size}
    if ask == ("entry",):
        return Exercise(given=given, shown={"a": None, "change": None}, prompt=PROMPT, parts=[_entry(name, letters)],
                        solution=SOLUTION)  # fmt: skip
    a = rng.each("a", [tuple(permutations(NUMBERS, size))])
    u = rng.sample("u", range(-2, 3), size)
    at = _Point(a[0])
    change = matvec(at.jacobian, u)
    rng.require("change" not in ask or all(change), "no change is zero")
    parts = {"output": _outputs(at), "J": _matrix(at), "change": _change(at, u), "entry": _entry(name, letters)}
    return Exercise(
        given={**given, "a": a, "u": u},
        shown={"numbers": at.a, "logits": _logits(at.a), "total": at.total, "outputs": at.s, "jacobian": at.jacobian,
               "change": change if "change" in ask else None},
        prompt=PROMPT,
        parts=[parts[part] for part in ask],
        solution=SOLUTION,
        work=float(size * (size + 1) + (2 * size if "change" in ask else 0)),
    )  # fmt: skip


class _Point:
    """The softmax at logits ln(a), and its Jacobian."""

    def __init__(self, a: Vector) -> None:
        self.a, self.total = a, sum(a)
        self.s = tuple(Fraction(v, self.total) for v in a)
        self.jacobian = _jacobian(self.s)


def _logits(a: Vector) -> str:
    return r",\, ".join(rf"\ln {v}" if v > 1 else "0" for v in a)


def _outputs(at: _Point) -> Part:
    a, total, size = at.a, at.total, len(at.a)
    slips = [
        Slip("not_normalised", a, "These are the exponentials; divide them by their sum."),
        Slip("divided_by_count", tuple(Fraction(v, size) for v in a),
             "Divide by the sum of the exponentials, not by how many there are."),
        Slip("divided_by_largest", tuple(Fraction(v, max(a)) for v in a),
             "Subtracting the largest logit is fine, but the sum still divides."),
        Slip("odds", tuple(Fraction(v, total - v) for v in a), "The sum below the line includes the entry itself."),
    ]  # fmt: skip
    return Part("output", "Write ${{ s }}$.", Array(at.s), misconceptions=slips)


def _matrix(at: _Point) -> Part:
    wrong = [
        ("diagonal_only", lambda p, q, same: p * (1 - p) * same,
         "Every output depends on every logit through the sum: the entries beside the diagonal are not zero."),
        ("plus", lambda p, q, same: p * (same + q), "The sum stands below the line: its derivative has a minus."),
        ("factor_lost", lambda p, q, same: same - q, "You lost the factor in front: the output itself."),
        ("everywhere", lambda p, q, same: p * (1 - p),
         "This rule holds on the diagonal only; elsewhere the logit stands in the sum alone."),
        ("second_term_lost", lambda p, q, same: p * same, "You lost the second term: the sum depends on every logit."),
    ]  # fmt: skip
    slips = [Slip(name, lambda e, rule=rule: _grid(e.get("output", at.s), rule), text) for name, rule, text in wrong]
    prompt = r"Write the Jacobian $J$, with $J_{ij} = \partial {{ s }}_i / \partial z_j$."
    return Part("J", prompt, Array(at.jacobian), points=3, misconceptions=slips,
                follow=lambda e: _jacobian(e.get("output", at.s)))  # fmt: skip


def _change(at: _Point, u: Vector) -> Part:
    prompt = (
        "The logits move by $h u$ with $u = {{ u }}$ and a small $h$. "
        "To first order, ${{ s }}$ moves by $h$ times which vector?"
    )
    slips = [
        Slip("diagonal_only", lambda e: times(_diagonal(e.get("J", at.jacobian)), u),
             "Each output moves with all logits: multiply with whole rows of $J$."),
        Slip("scaled", lambda e: times(e.get("output", at.s), u),
             "You multiplied the outputs with $u$ entry by entry; the change is $J u$."),
        Slip("unchanged", lambda e: u, "The logits move by $u$; the outputs move by $J u$."),
    ]  # fmt: skip
    return Part("change", prompt, Array(matvec(at.jacobian, u)), misconceptions=slips,
                follow=lambda e: matvec(e.get("J", at.jacobian), u))  # fmt: skip


def _jacobian(s: Vector) -> Matrix:
    return _grid(s, lambda p, q, same: p * (same - q))


def _diagonal(j: Matrix) -> Vector:
    return tuple(row[i] for i, row in enumerate(j))


def _grid(s: Vector, rule: Any) -> Matrix:
    """Rule(s_i, s_j, is i equal to j?) for all i and j."""
    return tuple(tuple(rule(p, q, int(i == j)) for j, q in enumerate(s)) for i, p in enumerate(s))


@cache
def _entry(name: str, letters: str) -> Part:
    """The derivative in index notation."""
    i, j = letters[0], letters[1]
    one, delta, reason = f"{name}_{i}", f"delta_{letters}", "the sum depends on every logit"
    slips = [
        Slip("diagonal_only", f"{one} (1 - {one}) {delta}", f"Where the indices differ it is not zero: {reason}."),
        Slip("plus", f"{one} ({delta} + {name}_{j})", "The sum stands below the line: its derivative has a minus."),
        Slip("factor_lost", f"{delta} - {name}_{j}", "You lost the factor in front: the output itself."),
        Slip("everywhere", f"{one} (1 - {one})", "This holds for equal indices only; use a delta."),
        Slip("second_term_lost", f"{one} {delta}", f"You lost the second term: {reason}."),
    ]
    prompt = (
        rf"Write $\partial {name}_{i} / \partial z_{j}$ with entries of ${name}$ and Kronecker's "
        rf"$\delta_{{{letters}}}$ (1 for equal indices, else 0). Type `{one}` and `{delta}`."
    )
    key = IndexExpression(f"{one} ({delta} - {name}_{j})", {name: ("K",)}, {i: "K", j: "K"}, {name: "unit"})
    return Part("entry", prompt, key, misconceptions=slips)


@jacobian.oracle
def by_complex_steps(ask: tuple[str, ...], s: str, **numbers: Any) -> dict[str, Any]:
    """Derivatives by complex steps; the wrong rules as array arithmetic. Fractions are recognised at the end."""
    found = dict(_in_letters(s)) if "entry" in ask else {}
    return {**found, **_in_numbers(np.array(numbers["a"][0]), np.array(numbers["u"]))} if "a" in numbers else found


def _in_numbers(a: Any, u: Any) -> dict[str, Any]:
    s = softmax(np.log(a))
    j = derivatives(softmax, np.log(a)).T
    values = {
        "output": s, "J": j, "J.diagonal_only": np.diag(np.diag(j)), "J.plus": 2 * np.diag(s) - j,
        "J.factor_lost": j / s[:, None], "J.everywhere": np.outer(np.diag(j), np.ones_like(s)),
        "J.second_term_lost": np.diag(s), "change": j @ u, "change.diagonal_only": np.diag(j) * u,
        "change.scaled": s * u, "change.unchanged": u, "output.not_normalised": a,
    }  # fmt: skip
    total, size, largest = int(a.sum()), len(a), int(max(a))
    return {
        **{name: fractions(value, total**2) for name, value in values.items()},
        "output.divided_by_count": fractions(a / size, size),
        "output.divided_by_largest": fractions(a / largest, largest),
        "output.odds": fractions(s / (1 - s), int(np.prod(total - a))),
    }


@cache
def _in_letters(name: str) -> dict[str, Values]:
    """The same Jacobians for the two index forms, at outputs whose fractions are known."""
    a = np.array([1, 2, 4, 9])
    numbers = _in_numbers(a, a)
    arrays = {name: numbers["output"]}
    return {part.replace("J", "entry"): Values(arrays, value) for part, value in numbers.items() if part[0] == "J"}
