"""Montúfar et al. 2014 and Goodfellow et al., Deep Learning, section 6.4.1: linear regions of ReLU networks."""

from fractions import Fraction
from functools import cache
from itertools import combinations
from math import comb
from typing import Any

import numpy as np

from problem_bank.answers import Integer
from problem_bank.exercise import Exercise
from problem_bank.families.expressiveness._regions_texts import ASKED, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Vector

POINTS = {"line": 1, "plane": 4, "space": 4, "points": 2, "drawn": 1, "deep": 2}


@family(
    topic="expressiveness",
    source="Goodfellow 6.4.1; Montúfar et al. 2014",
    minutes=7,
    version=2,
    levels={
        "easy": {"ask": ("line", "plane")},
        "medium": {},
        "hard": {"ask": ("space", "points", "drawn", "deep")},
    },
)
def region_count(
    rng: Rng, *, ask: tuple[str, ...] = ("plane", "points", "drawn"), counts: tuple[int, ...] = (7, 8, 9)
) -> Exercise:
    """Count the linear regions that ReLU units cut."""
    units, plane = rng.int("units", 7, 90), rng.int("units_plane", 6, 120)
    space, dimension = rng.int("units_space", 7, 30), rng.int("dimension", 3, 5)
    layers, teeth = rng.int("layers", 3, 6), rng.int("teeth", 2, 15)
    count = rng.choice("count", counts)
    lines = rng.each("lines", [LINES] * count)
    crossings = _crossings(lines)
    more = sum(len(through) > 2 for through in crossings.values())
    points = (len(crossings) - more, more)
    parallel = any(_parallel(p, q) for p, q in combinations(lines, 2))
    rng.require(len(set(map(_normal, lines))) == count, "the lines are different")
    rng.require(parallel and 0 < more < points[0], "two lines are parallel, and three meet in a point")
    rng.require(max(map(len, crossings.values()), default=0) <= 3, "no four lines meet in a point")
    extra = sum(len(through) - 1 for through in crossings.values())
    pairs, n = comb(count, 2), count
    rules: dict[str, Any] = {
        "line": (lambda e: units + 1, {"one_less": units, "patterns": 2**units, "doubled": 2 * units}),
        "plane": (lambda e: 1 + plane + comb(plane, 2), {
            "no_crossings": plane + 1, "patterns": 2**plane, "one_missing": plane + comb(plane, 2),
            "last_term": comb(plane, 2), "doubled": 2 * plane,
        }),
        "space": (lambda e: _bound(space, dimension), {
            "patterns": 2**space, "too_deep": _bound(space, dimension + 1), "last_term": comb(space, dimension),
            "one_missing": _bound(space, dimension) - 1,
        }),
        "points": (lambda e: points, {
            "pairs": (pairs, 0), "all_two": (points[0] + 3 * more, 0), "swapped": points[::-1],
        }),
        "drawn": (lambda e: 1 + n + e["points"][0] + 2 * e["points"][1], {
            "general": 1 + n + pairs, "patterns": 2**n, "no_crossings": n + 1,
            "one_missing": lambda e: n + e["points"][0] + 2 * e["points"][1],
        }),
        "deep": (lambda e: teeth**layers, {
            "added": teeth * layers, "one_layer_less": teeth ** (layers - 1), "base_and_exponent": layers**teeth,
        }),
    }  # fmt: skip
    steps = Steps(SAID)
    for name in ask:
        steps.ask(name, ASKED[name], *rules[name], kind=None if name == "points" else Integer,
                  points=POINTS[name])  # fmt: skip
    return Exercise(
        given={**rng.drawn, "ask": ask, "counts": counts},
        shown={"keys": steps.keys, "equations": [_shown(line) for line in lines], "extra": extra,
               "crossings": list(crossings.items()), "terms": [comb(space, j) for j in range(dimension + 1)]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )  # fmt: skip


LINES = tuple((a, b, c) for a in (0, 1, 2) for b in (-2, -1, 0, 1, 2) for c in range(-3, 4) if a or b > 0)


def _bound(units: int, inputs: int) -> int:
    """Zaslavsky's count for hyperplanes in general position."""
    return sum(comb(units, j) for j in range(inputs + 1))


def _normal(line: Vector) -> Vector:
    """The same for every multiple of an equation."""
    first = next(v for v in line if v)
    return tuple(Fraction(v) / first for v in line)


def _parallel(p: Vector, q: Vector) -> bool:
    return p[0] * q[1] == p[1] * q[0]


def _crossings(lines: Matrix) -> dict[Vector, set[int]]:
    """The points where lines a x + b y + c = 0 meet, and the numbers of the lines through each."""
    points: dict[Vector, set[int]] = {}
    for (i, (a, b, c)), (j, (d, e, f)) in combinations(enumerate(lines, start=1), 2):
        if det := a * e - b * d:
            at = (Fraction(b * f - c * e) / det, Fraction(c * d - a * f) / det)
            points.setdefault(at, set()).update((i, j))
    return points


def _shown(line: Vector) -> str:
    """2x - y + 3"""
    a, b, c = line
    terms = [(a, "x"), (b, "y"), (c, "")]
    text = ""
    for factor, letter in terms:
        if factor:
            size = "" if abs(factor) == 1 and letter else str(abs(factor))
            text += f" {'-' if factor < 0 else '+'} {size}{letter}"
    return text.removeprefix(" + ").replace(" - ", "-", 1) if text.startswith(" - ") else text.removeprefix(" + ")


@region_count.oracle
def by_patterns(lines: Matrix, **given: Any) -> dict[str, Any]:
    """Regions as the on-off patterns that occur around the crossings; bounds by adding one hyperplane after another."""
    a = np.array(lines, dtype=float)
    count, n = len(a), len(lines)
    around, counted = set(), []
    angles = np.deg2rad(np.arange(0, 360, 2) + 0.37)  # lines with coefficients up to 2 are further apart
    for i, j in combinations(range(count), 2):
        if abs(np.linalg.det(a[[i, j], :2])) > 1e-9:
            x, y = np.linalg.solve(a[[i, j], :2], -a[[i, j], 2])
            counted.append((round(x, 6), round(y, 6), int((np.abs(a @ [x, y, 1]) < 1e-9).sum())))
            near = np.column_stack([x + 1e-3 * np.cos(angles), y + 1e-3 * np.sin(angles), np.ones(180)])
            around |= {tuple(row) for row in (near @ a.T > 0).tolist()}

    two, more = (sum(test(through) for *_, through in set(counted)) for test in ((2).__eq__, (2).__lt__))
    units, plane, space, d = given["units"], given["units_plane"], given["units_space"], given["dimension"]
    pieces = 1
    for _ in range(given["layers"]):
        pieces *= given["teeth"]
    values = {
        "line": most(units, 1), "line.one_less": units, "line.patterns": 1 << units, "line.doubled": units + units,
        "plane": most(plane, 2), "plane.no_crossings": most(plane, 1), "plane.patterns": 1 << plane,
        "plane.one_missing": most(plane, 2) - 1, "plane.last_term": most(plane, 2) - most(plane, 1),
        "plane.doubled": plane + plane,
        "space": most(space, d), "space.patterns": 1 << space, "space.too_deep": most(space, d + 1),
        "space.last_term": most(space, d) - most(space, d - 1), "space.one_missing": most(space, d) - 1,
        "points": (two, more), "points.pairs": (most(n, 2) - most(n, 1), 0), "points.all_two": (two + 3 * more, 0),
        "points.swapped": (more, two),
        "drawn": len(around), "drawn.general": most(n, 2), "drawn.patterns": 1 << n, "drawn.no_crossings": most(n, 1),
        "drawn.one_missing": len(around) - 1,
        "deep": pieces, "deep.added": sum([given["teeth"]] * given["layers"]),
        "deep.one_layer_less": pieces // given["teeth"], "deep.base_and_exponent": given["layers"] ** given["teeth"],
    }  # fmt: skip
    return values


@cache
def most(units: int, inputs: int) -> int:
    """The most regions of so many units: a new one cuts every region of what it meets."""
    return most(units - 1, inputs) + most(units - 1, inputs - 1) if units and inputs else 1
