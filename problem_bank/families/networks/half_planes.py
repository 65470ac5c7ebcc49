"""Bishop, Pattern Recognition and Machine Learning, section 5.1: step units as half-planes, joined to a polygon."""

from collections import Counter
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np

from problem_bank.answers import Array, Network, TwoLayer
from problem_bank.exact import add, affine, matvec, scale
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import unless_right
from problem_bank.values import Matrix, Number, Vector

SIDE = 6
AROUND = ((1, 0), (2, 1), (1, 1), (0, 1), (-1, 2), (-1, 1), (-1, 0), (-2, -1), (-1, -1), (0, -1), (1, -2), (1, -1))
"""Directions of sides, in the order of their angles."""
SAID = {
    "any_side": "Your network says 1 wherever one unit is on. Inside, all of them are: put the threshold just below "
    "their number.",
    "all_but_one": "Your threshold is one too low: a point may lie beyond one side and still count as inside.",
    "outside": "Your network says 1 outside and 0 inside; turn the sign of W2 and adapt b2.",
    "turned_sides": "Your network says class 0 everywhere. Either its units are on beyond the sides: one is on where "
    "its sum is positive, so take b − a · x. Or the output bias is so low that all units together do not get above "
    "1/2.",
    "bias_sign": "The bias has the wrong sign: a · x < b means −a · x + b > 0.",
}
PROMPT = r"""
A point $x = (x_1, x_2)$ belongs to class 1 if all of these hold, and to class 0 otherwise (so also on the border):
{% for line in lines %}

- ${{ line }}$
{% endfor %}


A network with at most {{ width }} hidden units computes $f(x) = W_2\, g(W_1 x + b_1) + b_2$ with
$g(z) = 1$ for $z > 0$ and $0$ for $z \le 0$, entry by entry. It says class 1 where $f(x) > \frac{1}{2}$, else class 0.
""".strip()
SOLUTION = r"""
One step unit for each side: $a \cdot x < b$ means $-a \cdot x + b > 0$, so the weights are $-a$ and the bias is $b$. On
the border the sum is 0 and the unit is off, as it has to be. At the points above the units are ${{ on }}$, row by row.

Inside, all {{ width }} units are on; outside, at least one is off. So add them up and take away
{{ width - 1 }}: the output is 1 if all are on, and at most 0 if not. One such network is $$ {{ example }}. $$
""".strip()


@family(
    topic="networks",
    source="Bishop PRML 5.1",
    minutes=7,
    levels={"easy": {"sides": 3}, "medium": {}, "hard": {"sides": 5}},
)
def half_planes(rng: Rng, *, sides: int = 4) -> Exercise:
    """Build a network of step units that is 1 inside a polygon."""
    normals, centre = rng.choice("normals", _closed(sides)), rng.ints("centre", 2, -2, 2)
    room = rng.ints("room", sides, 1, 5)  # between the centre and each side
    offsets = add(matvec(normals, centre), room)
    right = TwoLayer(_rows_times(-1, normals), offsets, (1,) * sides, 1 - sides)
    wrong = _mistakes(right)
    reader = Network((), 2, tuple(range(-SIDE, SIDE + 1)), "step", "threshold", sides, (right, *wrong.values()))
    conditions = [(a, b, c) for (a, b), c in zip(normals, offsets, strict=True)]
    patterns = Counter(tuple([int(a * x + b * y < c) for a, b, c in conditions]) for x, y in reader.grid)
    rng.require(all(patterns[_without(i, sides)] for i in range(sides)), "every side matters")
    rng.require(8 <= patterns[(1,) * sides] <= 50, "the polygon is neither a speck nor all there is")
    answer = reader.keyed(reader.table(right))
    points = rng.sample("points", reader.grid, 3)
    units = tuple(right.hidden(x, "step") for x in points)
    rng.require(len(set(units)) == 3, "the points lie differently")
    tables = {name: reader.table(net) for name, net in wrong.items()}
    return Exercise(
        given={**rng.drawn, "sides": sides},
        shown={"lines": [_line(a, b) for a, b in zip(normals, offsets, strict=True)], "width": sides,
               "on": units, "example": right.tex()},
        prompt=PROMPT,
        parts=[
            Part("units", f"Let unit $i$ be 1 where condition $i$ holds, else 0. Write the units, one row for each of "
                 f"the points {', '.join(f'${p}$' for p in points)}.", Array(units), points=1,
                 misconceptions=_wrong_units(right, points, units)),
            Part("network", "Give $W_1$, $b_1$, $W_2$ and $b_2$. (It is run on all points with whole coordinates from "
                 f"${-SIDE}$ to ${SIDE}$.)", answer, points=4,
                 misconceptions=[Slip(name, None if table == answer.key else table, SAID[name])
                                 for name, table in tables.items()]),
        ],
        solution=SOLUTION,
        work=float(sides),
    )  # fmt: skip


def _rows_times(c: int, rows: Matrix) -> Matrix:
    """Every row times c."""
    return tuple(scale(c, row) for row in rows)


def _mistakes(net: TwoLayer) -> dict[str, TwoLayer]:
    turned = _rows_times(-1, net.W1)
    return {
        "any_side": TwoLayer(net.W1, net.b1, net.W2, 0),
        "all_but_one": TwoLayer(net.W1, net.b1, net.W2, net.b2 + 1),
        "outside": TwoLayer(net.W1, net.b1, scale(-1, net.W2), 1 - net.b2),
        "turned_sides": TwoLayer(turned, scale(-1, net.b1), net.W2, net.b2),
        "bias_sign": TwoLayer(net.W1, scale(-1, net.b1), net.W2, net.b2),
    }


def _wrong_units(net: TwoLayer, points: Matrix, units: Matrix) -> list[Slip]:
    """The units on the other side, and on the border as well."""
    sums = [affine(net.W1, x, net.b1) for x in points]
    values = {
        "turned_sides": tuple(tuple(int(z < 0) for z in row) for row in sums),
        "border": tuple(tuple(int(z >= 0) for z in row) for row in sums),
    }
    said = {"turned_sides": "You wrote 1 where a condition fails.",
            "border": "On the border a condition with < does not hold: the unit is 0 there."}  # fmt: skip
    return [Slip(name, None if value == units else value, said[name]) for name, value in values.items()]


def _without(i: int, sides: int) -> tuple[int, ...]:
    """The units at a point that only one side keeps out."""
    return tuple(int(j != i) for j in range(sides))


@cache
def _closed(sides: int) -> tuple[Matrix, ...]:
    """The directions of so many sides of a polygon that is closed: each turns by less than half a circle."""
    found = []
    for normals in combinations(AROUND, sides):
        turns = zip(normals, (*normals[1:], normals[0]), strict=True)
        if all(a * d - b * c > 0 for (a, b), (c, d) in turns):
            found.append(normals)
    return tuple(found)


def _line(a: Vector, b: Number) -> str:
    """LaTeX of a . x < b."""
    terms = [f"{'-' if c < 0 else '+'} {'' if abs(c) == 1 else abs(c)}x_{i}" for i, c in enumerate(a, 1) if c]
    return f"{' '.join(terms).removeprefix('+ ')} < {b}"


@half_planes.oracle
def by_comparing(normals: Matrix, centre: Vector, room: Vector, points: Matrix, sides: int) -> dict[str, Any]:
    """Each condition compared on NumPy's grid; the mistakes as conditions on how many hold."""
    grid = np.stack(np.meshgrid(*[np.arange(-SIDE, SIDE + 1)] * 2, indexing="ij"), -1).reshape(-1, 2)
    a = np.array(normals)
    b = a @ centre + room
    kept, beyond, at = (grid @ a.T < b), (grid @ a.T > b), np.array(points) @ a.T
    held = kept.sum(1)
    wrong = {
        "any_side": held > 0, "all_but_one": held >= sides - 1, "outside": held < sides,
        "turned_sides": beyond.all(1), "bias_sign": (grid @ a.T < -b).all(1),
    }  # fmt: skip
    told = {"network": held == sides, **{f"network.{name}": table for name, table in wrong.items()},
            "units": at < b, "units.turned_sides": at > b, "units.border": at <= b}  # fmt: skip
    return unless_right({name: table.astype(int) for name, table in told.items()})
