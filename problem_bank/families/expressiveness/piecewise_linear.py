"""Goodfellow et al., Deep Learning, section 6.4.1: the joints and slopes of a small ReLU network."""

from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from problem_bank.exact import dot, relu, times
from problem_bank.exercise import Exercise
from problem_bank.families.expressiveness._piecewise_texts import ASKED, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.figures.plot import Curve, Plot
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps, bracketed, products
from problem_bank.values import Number, Vector


@family(
    topic="expressiveness",
    source="Goodfellow 6.4.1",
    minutes=8,
    levels={"easy": {"count": 2}, "medium": {}, "hard": {"count": 4, "ask": tuple(ASKED)}},
)
def piecewise_linear(rng: Rng, *, count: int = 3, ask: tuple[str, ...] = ("joints", "slopes", "value")) -> Exercise:
    """Find the joints, the slopes and values of a ReLU network with one input."""
    w, b = rng.ints("w", count, -3, 3, exclude=(0,)), rng.ints("b", count, -6, 6, exclude=(0,))
    v, c, x0 = rng.ints("v", count, -3, 3, exclude=(0,)), rng.int("c", -4, 4, exclude=(0,)), rng.int("x0", -4, 4)
    joints = tuple(-Fraction(n) / m for n, m in zip(b, w, strict=True))
    rng.require(len(set(joints)) == count and x0 not in joints, "the joints differ")
    rng.require(min(w) < 0 < max(w), "units face both ways")
    net = _Network(w, b, v, c)
    rng.require(len({*net.slopes(joints)}) > count - 1 and any(net.sums(x0)), "the slopes of the pieces differ")
    rng.require(0 < sum(s > 0 for s in net.sums(x0)) < count, "at the point, some units are on and some off")
    steps = Steps(SAID)
    asked = {"joints": net.ask_joints, "slopes": net.ask_slopes, "value": net.ask_value, "corner": net.ask_corner}
    for name in ask:
        right, wrong = asked[name](joints, x0)
        apart = {slip: value for slip, value in wrong.items() if value != right}
        steps.ask(name, ASKED[name], right, apart, points=1 if name == "value" else 2)
    return Exercise(
        given={**rng.drawn, "count": count, "ask": ask},
        shown={"formula": net.formula(), "units": net.units(joints), "keys": steps.keys, "sums": net.sums(x0),
               "parts": relu(net.sums(x0)), "terms": f"{products(v, relu(net.sums(x0)))} + {bracketed(c)}"},
        figures={"graph": net.picture(joints)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(count * len(ask)),
    )  # fmt: skip


class _Network:
    """f(x) = v . relu(w x + b) + c, and how often it is misread."""

    def __init__(self, *weights: Any) -> None:
        self.w, self.b, self.v, self.c = weights

    def sums(self, x: Number) -> Vector:
        """w x + b"""
        return tuple(m * x + n for m, n in zip(self.w, self.b, strict=True))

    def at(self, x: Number) -> Number:
        """f(x)"""
        value: Number = dot(self.v, relu(self.sums(x))) + self.c
        return value

    def slopes(self, joints: Vector, steepness: Vector | None = None, turned: bool = True) -> Vector:
        """The slope of every piece: what the units add that are on there."""
        edges = sorted(joints)
        inner = [(p + q) / Fraction(2) for p, q in pairwise(edges)]
        units = list(zip(joints, self.w, steepness or times(self.v, self.w), strict=True))

        def on(x: Number, joint: Number, m: Number) -> bool:
            return x > joint if m > 0 or not turned else x < joint

        middles = (edges[0] - 1, *inner, edges[-1] + 1)
        return tuple(sum((s for joint, m, s in units if on(x, joint, m)), 0) for x in middles)

    def picture(self, joints: Vector) -> Plot:
        """The graph from two units left of all joints to two units right of them."""
        inner = tuple((x, self.at(x)) for x in sorted(joints))
        ends = [(x, self.at(x)) for x in (inner[0][0] - 2, inner[-1][0] + 2)]
        return Plot("The graph of f", (Curve("f", (ends[0], *inner, ends[1])),), inner)

    def ask_joints(self, joints: Vector, x0: Number) -> tuple[Vector, dict[str, Any]]:
        """The joints, and misconceptions."""
        over = tuple(-Fraction(m) / n for n, m in zip(self.b, self.w, strict=True))
        wrong = {"sign": [-j for j in joints], "bias": [-n for n in self.b], "upside_down": over}
        return tuple(sorted(joints)), {name: tuple(sorted(value)) for name, value in wrong.items()}

    def ask_slopes(self, joints: Vector, x0: Number) -> tuple[Vector, dict[str, Any]]:
        """The slopes, and misconceptions."""
        sizes = tuple(p * abs(q) for p, q in zip(self.v, self.w, strict=True))
        order = sorted(zip(joints, times(self.v, self.w), strict=True))
        return self.slopes(joints), {
            "all_right": self.slopes(joints, turned=False),
            "no_direction": self.slopes(joints, sizes),
            "outer_only": self.slopes(joints, self.v),
            "not_summed": (0, *(s for _, s in order)),
        }

    def ask_value(self, joints: Vector, x0: Number) -> tuple[Number, dict[str, Any]]:
        """f(x0), and misconceptions."""
        on = relu(self.sums(x0))
        return self.at(x0), {
            "no_offset": dot(self.v, on),
            "no_relu": dot(self.v, self.sums(x0)) + self.c,
            "offset_inside": dot(self.v, on) + self.c * len(on),
            "outer_lost": sum(on) + self.c,
        }

    def ask_corner(self, joints: Vector, x0: Number) -> tuple[Vector, dict[str, Any]]:
        """The values at the joints, and misconceptions."""
        edges = sorted(joints)
        return tuple(map(self.at, edges)), {
            "no_offset": tuple(self.at(x) - self.c for x in edges),
            "no_relu": tuple(dot(self.v, self.sums(x)) + self.c for x in edges),
        }

    def formula(self) -> str:
        """LaTeX of f."""
        terms = [(n, self.inner(i)) for i, n in enumerate(self.v)]
        sizes = [f"{abs(n)}\\," if abs(n) > 1 else "" for n in self.v]
        text = "".join(
            rf" {'-' if n < 0 else '+'} {size}\mathrm{{ReLU}}({inner})"
            for size, (n, inner) in zip(sizes, terms, strict=True)
        )
        return text.removeprefix(" + ").strip() + (f" - {-self.c}" if self.c < 0 else f" + {self.c}")

    def inner(self, i: int) -> str:
        """LaTeX of the sum of a unit: 2x - 3."""
        m, n = self.w[i], self.b[i]
        size = {1: "", -1: "-"}.get(int(m), str(m))
        return f"{size}x {'-' if n < 0 else '+'} {abs(n)}"

    def units(self, joints: Vector) -> list[dict[str, Any]]:
        """The numbers of every unit in the worked solution."""
        return [
            {"sum": self.inner(i), "joint": joint, "side": "right" if m > 0 else "left", "v": bracketed(n),
             "w": bracketed(m), "slope": n * m}
            for i, (joint, m, n) in enumerate(zip(joints, self.w, self.v, strict=True))
        ]  # fmt: skip


STEP = 12  # grid points per unit: every joint is a multiple of 1/6


@piecewise_linear.oracle
def by_grid(x0: int, **given: Any) -> dict[str, Any]:
    """The function on a fine grid of whole numbers, with joints where its second difference is not 0."""
    w, b, v = (np.array(given[name])[:, None] for name in ("w", "b", "v"))
    x = np.arange(-8 * STEP, 8 * STEP + 1)  # in twelfths, as are all sums
    sums = w * x + STEP * b
    f = (v * np.clip(sums, 0, None)).sum(axis=0) + STEP * given["c"]
    places = np.flatnonzero(np.diff(f, 2)) + 1

    def slopes(values: Any) -> Any:
        return np.diff(values)[[0, *places]]

    def exact(values: Any, divisor: int = STEP) -> list[Fraction]:
        return [Fraction(int(n), divisor) for n in values]

    joints, ramps = exact(x[places]), np.maximum(x * w**2 + STEP * b * w, 0)  # w^2 times max(0, x - joint)
    order = np.argsort(-b[:, 0] / w[:, 0])
    plain = (v * sums).sum(axis=0) + STEP * given["c"]
    here, count = int(np.searchsorted(x, STEP * x0)), len(w)
    values = {
        "joints": joints, "joints.sign": [-j for j in joints[::-1]], "joints.bias": np.sort(-b[:, 0]),
        "joints.upside_down": sorted(1 / j for j in joints),
        "slopes": slopes(f), "slopes.not_summed": [0, *(v * w)[order, 0]],
        "slopes.all_right": exact(slopes((36 * v * ramps // w).sum(axis=0)), 36),
        "slopes.no_direction": slopes((v * np.sign(w) * np.clip(sums, 0, None)).sum(axis=0)),
        "slopes.outer_only": exact(slopes((36 * v * np.clip(sums, 0, None) // w).sum(axis=0)), 36),
        "value": Fraction(int(f[here]), STEP), "value.no_offset": Fraction(int(f[here]), STEP) - given["c"],
        "value.no_relu": Fraction(int(plain[here]), STEP),
        "value.offset_inside": Fraction(int(f[here]), STEP) + (count - 1) * given["c"],
        "value.outer_lost": Fraction(int(np.clip(sums, 0, None).sum(axis=0)[here]), STEP) + given["c"],
        "corner": exact(f[places]), "corner.no_offset": exact(f[places] - STEP * given["c"]),
        "corner.no_relu": exact(plain[places]),
    }  # fmt: skip
    return values
