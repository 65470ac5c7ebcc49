"""Goodfellow et al., Deep Learning, section 6.1: what a single linear unit can tell apart, with proof either way."""

from functools import cache
from typing import Any

import numpy as np

from problem_bank.answers import Array, Certificate, Multipliers, Separator
from problem_bank.errors import BadGiven
from problem_bank.exact import dot
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.separability._search import circuits, constraints, failing, proof
from problem_bank.family import family
from problem_bank.figures.points import Border, Points
from problem_bank.rng import Rng
from problem_bank.values import Matrix, Vector

SIDE = 5
GRID = tuple((i, j) for i in range(SIDE) for j in range(SIDE))
FAULTS = {
    "on_line": "Your line goes through a point. Separating is strict: move the line away from that point by its bias.",
    "one_class": "One class lies where it should, the other does not. Check the inequality for points of both classes.",
    "swapped": "Your line has both classes on the wrong side: class +1 must get positive values. Change all signs.",
    "zero": "Multipliers that are all 0 prove nothing: 0 times any constraint is 0 = 0. One must be positive.",
    "negative": "An inequality keeps its direction only when it is multiplied by a number that is not negative.",
    "no_labels": "You added up the points without their labels. In a constraint of class −1 all signs are changed.",
    "no_bias": "The weights cancel, but the bias does not: a term with b is left, so this is no contradiction yet.",
}
PROMPT = r"""
| point | $x_1$ | $x_2$ | class $y$ |
|---|---|---|---|
{% for x, y in rows %}
| $p_{{ loop.index }}$ | {{ x[0] }} | {{ x[1] }} | ${{ "+1" if y > 0 else "-1" }}$ |
{% endfor %}

{{ figure("points") }}

A line $w_1 x_1 + w_2 x_2 + b = 0$ separates the classes if every point $p_i$ with its class $y_i$ meets the constraint
$$C_i: \quad y_i\,(w \cdot p_i + b) > 0.$$
""".strip()
SOLUTION = r"""
{% for name, line, _ in named %}
- $C_{{ name }}: \; {{ line }} > 0$
{% endfor %}

{% if separable %}
All of them hold for ${{ certificate }}$, where the left sides are, in this order, ${{ beside }}$: the classes are
linearly separable. (There are many such lines; any is right.)

{{ figure("line") }}
{% else %}
Multiply
{% for name, _, m in named if m %}
$C_{{ name }}$ by ${{ m }}$,
{% endfor %}
and add. In the sum the coefficients of $w_1$, $w_2$ and $b$ are all 0, so it reads $0 > 0$. Hence no $w$ and $b$ meet
all the constraints: the classes are not linearly separable, as ${{ certificate }}$ certifies.
{% endif %}
""".strip()


@family(
    topic="separability",
    source="Goodfellow 6.1",
    minutes=8,
    version=2,
    levels={"easy": {}, "medium": {"count": 6}, "hard": {"count": 7}},
)
def certificate(rng: Rng, *, count: int = 5) -> Exercise:
    """Separate two classes by a line, or prove that no line does."""
    labels = rng.choices("labels", (1, -1), count)
    rng.require(1 < sum(y > 0 for y in labels) < count - 1, "each class has two points or more")
    points = rng.sample("points", GRID, count)
    rows = constraints(points, labels)
    dependent = circuits(rows)
    rng.require(bool(dependent), "the points do not all lie on one line")
    _check(points, labels, dependent)
    example = proof(points, labels, dependent)
    answer = Certificate(example, points, labels)
    slips, named = failing(answer, dependent), _named(rows, example)
    return Exercise(
        given={"labels": labels, "points": points, "count": count},
        shown={"rows": list(zip(points, labels, strict=True)), "named": named,
               "separable": isinstance(example, Separator), "certificate": answer.tex(example),
               "beside": tuple(value for *_, value in named)},
        figures=_pictures(points, labels, example),
        prompt=PROMPT,
        parts=[
            Part("constraints", "Write the coefficients of $w_1$, $w_2$ and $b$ in the left sides of the constraints, "
                 "one row for each point.", Array(rows), points=3, misconceptions=_wrong_rows(points, labels)),
            Part("certificate", "If a line separates the classes, give $w$ and $b$. If none does, prove it by "
                 r"multipliers $\lambda_i \ge 0$, not all 0, with which the constraints add up to $0 > 0$: "
                 r"$\sum_i \lambda_i\, y_i\, (p_i, 1) = (0, 0, 0)$.", answer, points=3,
                 misconceptions=[Slip(name, slips[name], text) for name, text in FAULTS.items()]),
        ],
        solution=SOLUTION,
        work=float(count),
    )  # fmt: skip


def _pictures(points: Matrix, labels: Vector, example: Separator | Multipliers) -> dict[str, Points]:
    """The points, and a line between the classes where there is one."""
    pictures = {"points": Points("The points of both classes", points, labels)}
    if isinstance(example, Separator):
        pictures["line"] = Points("A line between the classes", points, labels, (Border("", example.w, example.b),))
    return pictures


def _check(points: Matrix, labels: Vector, dependent: list[Vector]) -> None:
    """Are these pinned values fit for a question?"""
    if set(labels) != {1, -1}:
        raise BadGiven(f"labels: give +1 and -1, both of them; got {labels}")
    if len(set(points)) < len(points) or not dependent:
        raise BadGiven(f"points: give at least four, all different and not all on one line; got {points}")


def _wrong_rows(points: Matrix, labels: Vector) -> list[Slip]:
    signed = constraints(points, labels)
    return [
        Slip("no_labels", tuple((*x, 1) for x in points),
             "You left the labels out: for class −1 the left side is −(w · x + b), so all its signs change."),
        Slip("bias_unsigned", tuple((*row[:2], 1) for row in signed),
             "The label multiplies the bias as well: for class −1 its coefficient is −1."),
        Slip("no_bias", tuple(row[:2] for row in signed),
             "You left the bias out: it is an unknown of every constraint, with the coefficient y."),
    ]  # fmt: skip


def _named(rows: Matrix, example: Separator | Multipliers) -> list[tuple[int, str, Any]]:
    """For each constraint its number, its left side, and its multiplier or (of a line) its value."""
    if isinstance(example, Multipliers):
        beside = example.values
    else:
        beside = tuple(dot(row, (*example.w, example.b)) for row in rows)
    return [(i, linear(row), value) for i, (row, value) in enumerate(zip(rows, beside, strict=True), 1)]


def linear(row: Vector) -> str:
    """The sum of w1, w2 and b with these coefficients, as LaTeX."""
    terms = zip(row, ("w_1", "w_2", "b"), strict=True)
    signed = [f"{'-' if c < 0 else '+'} {'' if abs(c) == 1 else abs(c)}{name}" for c, name in terms if c]
    first = signed[0].removeprefix("+ ").replace("- ", "-")
    return " ".join([first, *signed[1:]])


@certificate.oracle
def by_elimination(points: Matrix, labels: Vector) -> dict[str, Any]:
    """Try all lines of a grid, which holds the widest strips; else eliminate w1, w2 and b from the inequalities."""
    y = np.array(labels)
    plain: Any = np.column_stack([np.array(points), np.ones(len(y), dtype=int)])
    rows = plain * y[:, None]
    margins = rows @ _lines().T  # shape (points, lines)
    low = margins.min(0)
    one_class = (margins[y > 0].min(0) > 0) & (low < 0)
    negative = [-v if v.min() >= 0 else v for v in _kernel(rows)]
    return {
        "constraints": rows,
        "constraints.no_labels": plain,
        "constraints.bias_unsigned": np.column_stack([rows[:, :2], plain[:, 2]]),
        "constraints.no_bias": rows[:, :2],
        "certificate": _line(low > 0) or _multipliers(_contradictions(rows)),
        "certificate.on_line": _line(low == 0),
        "certificate.one_class": _line(one_class),
        "certificate.swapped": _line(margins.max(0) < 0),
        "certificate.zero": _multipliers([0 * y]),
        "certificate.negative": _multipliers(negative),
        "certificate.no_labels": _multipliers([v for v in _kernel(plain) if any(v @ rows)]),
        "certificate.no_bias": _multipliers([m for m in _contradictions(rows[:, :2]) if m @ y]),
    }


@cache
def _lines() -> Any:
    """All w != 0 with even entries up to 2 (SIDE - 1) and every b: one (w1, w2, b) in each row, as floats for speed."""
    even, reach = 2 * np.arange(1 - SIDE, SIDE), 4 * (SIDE - 1) ** 2 + 1  # no 2 w . x exceeds reach - 1
    every = np.array(np.meshgrid(even, even, np.arange(-reach, reach + 1))).reshape(3, -1).T
    return every[np.any(every[:, :2] != 0, axis=1)].astype(float)


def _line(fits: Any) -> Separator | None:
    """The first of the lines that fit."""
    at = fits.argmax()
    w1, w2, b = map(int, _lines()[at])
    return Separator((w1, w2), b) if fits[at] else None


def _multipliers(found: Any) -> Multipliers | None:
    """The first of these vectors."""
    return Multipliers(tuple(found[0].tolist())) if len(found) else None


def _contradictions(rows: Any) -> Any:
    """Multipliers with which the constraints row . v > 0 add up to 0 > 0, by Fourier-Motzkin elimination.

    Each row keeps, beside its coefficients, how it was added up from the first ones.
    """
    n, unknowns = rows.shape
    held = np.hstack([rows, np.eye(n, dtype=int)])
    for column in range(unknowns):
        sign = np.sign(held[:, column])
        above, below = held[sign > 0], held[sign < 0]
        pairs = above[:, None] * -below[:, None, column].T[..., None] + below * above[:, None, None, column]
        held = np.vstack([held[sign == 0], pairs.reshape(-1, held.shape[1])])
        held = held // np.gcd.reduce(held, axis=1, keepdims=True)
    return held[:, unknowns:]


def _kernel(rows: Any) -> list[Any]:
    """Whole vectors v with v . rows = 0 that span all of them, by Gauss-Jordan elimination on [rows | identity]."""
    n, unknowns = rows.shape
    left = np.hstack([rows, np.eye(n, dtype=int)])
    for column in range(unknowns):
        (nonzero,) = left[:, column].nonzero()
        if len(nonzero):
            pivot = left[nonzero[0]]
            left = np.delete(left * pivot[column] - np.outer(left[:, column], pivot), nonzero[0], axis=0)
    return list(left[:, unknowns:])
