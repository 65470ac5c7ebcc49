"""Goodfellow et al., Deep Learning, section 4.3.1, equations 4.8 to 4.10: Taylor approximations and the best step."""

from fractions import Fraction
from itertools import product
from math import comb, exp, factorial
from typing import Any

from problem_bank.answers import Number
from problem_bank.errors import BadGiven
from problem_bank.exact import add, dot, matvec
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.curvature._surface import Surface
from problem_bank.families.curvature._taylor_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import decimal, tex
from problem_bank.values import Matrix, Vector, entries, whole

STEPS = tuple(Fraction(n, 10) for n in (-5, -2, -1, 1, 2, 5))
CUBES = ((3, 0), (2, 1), (1, 2), (0, 3))
SECOND = [(m, n) for m in range(3) for n in range(3 - m)]  # powers up to the second order
ORDERS = ("gradient", "hessian", "first", "second")


@family(
    topic="curvature",
    source="Goodfellow 4.3.1",
    minutes=10,
    levels={
        "easy": {},
        "medium": {"ask": (*ORDERS, "true", "best")},
        "hard": {"ask": (*ORDERS, "true", "best"), "exponential": True},
    },
)
def taylor(rng: Rng, *, ask: tuple[str, ...] = ORDERS, exponential: bool = False) -> Exercise:
    """Approximate a function of two variables to first and second order, and find the best step downhill."""
    if not set(ORDERS) <= set(ask) <= set(PART):
        raise BadGiven(f"ask: {', '.join(ask)}; write {', '.join(ORDERS)} and perhaps true, best")
    quadratic = rng.ints("quadratic", 3, -3, 4, exclude=(0,))
    linear, (cube, size) = rng.ints("linear", 2, -4, 4), (rng.choice("cube", CUBES), rng.choice("size", (-2, -1, 1, 2)))
    point = rng.ints("point", 2, -2, 3, exclude=(0,))
    step = rng.each("step", (STEPS, STEPS))
    wave = rng.ints("wave", 3, -2, 3, exclude=(0,)) if exponential else (0, 0, 0)
    powers = zip((size, *quadratic, *linear), (cube, (2, 0), (1, 1), (0, 2), (1, 0), (0, 1)), strict=True)
    f = Surface(tuple((c, *power) for c, power in powers), wave, point)
    g, h = f.gradient(point), f.hessian(point)
    gg, ghg = dot(g, g), dot(g, matvec(h, g))
    rng.require(all(g) and all(entries(h)), "no derivative is 0")
    rng.require(g[0] != g[1] and abs(step[0]) != abs(step[1]), "x and y differ")
    rng.require(max(map(abs, entries((g, h)))) <= 30, "the numbers stay small")
    rng.require("best" not in ask or (ghg > 0 and Fraction(gg, ghg).denominator <= 120), "the best step is a short one")
    steps = Steps(SAID)
    expand(steps, f, point, step, ask)
    return Exercise(
        given={**rng.drawn, "ask": ask, "exponential": exponential},
        shown=_shown(f, point, step, steps.keys),
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask) + sum(c != 0 for c in linear) / 2),
    )


def expand(steps: Steps, f: Surface, point: Vector, delta: Vector, ask: tuple[str, ...]) -> None:
    """Append the parts."""
    new, start = add(point, delta), f.derivative(point)

    def own(e: Earlier) -> tuple[Vector, Matrix]:
        return e["gradient"], e["hessian"]

    def form(h: Matrix) -> Any:
        return dot(delta, matvec(h, delta))

    def second(e: Earlier, half: Any = Fraction(1, 2), first: Any = 1, value: Any = start) -> Any:
        g, h = own(e)
        return whole(Fraction(value + first * dot(g, delta) + half * form(h)))

    def mixed_once(e: Earlier) -> Any:
        return second(e) - e["hessian"][0][1] * delta[0] * delta[1] / 2

    def best(e: Earlier, factor: int | Fraction = 1) -> Any:
        g, h = own(e)
        return whole(Fraction(factor * dot(g, g)) / dot(g, matvec(h, g)))

    waves = f.wave[0] != 0
    (a, b), (_, d) = f.hessian(point)
    rules: dict[str, tuple[Any, dict[str, Any]]] = {
        "gradient": (f.gradient(point), {
            "swapped": f.gradient(point)[::-1],
            **({"chain_forgotten": f.gradient(point, chain=False)} if waves else {"at_new_point": f.gradient(new)}),
        }),
        "hessian": (f.hessian(point), {
            "mixed_lost": ((a, 0), (0, d)),
            "diagonal_halved": ((Fraction(a, 2), b), (b, Fraction(d, 2))),
            **({"chain_forgotten": f.hessian(point, chain=False)} if waves else {}),
        }),
        "first": (lambda e: whole(Fraction(start + dot(e["gradient"], delta))), {
            "no_start": lambda e: dot(e["gradient"], delta),
            "point_for_step": lambda e: start + dot(e["gradient"], new),
        }),
        "second": (second, {
            "no_half": lambda e: second(e, half=1),
            "mixed_once": mixed_once,
            "no_gradient": lambda e: second(e, first=0),
            "no_start": lambda e: second(e, value=0),
        }),
        "true": (f.derivative(new), {"old_value": start, "approximated": lambda e: e["second"]}),
        "best": (best, {
            "inverted": lambda e: 1 / Fraction(best(e)),
            "doubled": lambda e: best(e, 2),
            "halved": lambda e: best(e, Fraction(1, 2)),
        }),
    }  # fmt: skip
    for name in ask:
        right, wrong = rules[name]
        kind = Number if name == "true" and waves else None
        steps.ask(name, PART[name], right, wrong, points=2 if name in ("hessian", "second") else 1, kind=kind)


def _shown(f: Surface, point: Vector, step: Vector, keys: dict[str, Any]) -> dict[str, Any]:
    """What the texts need besides the given values."""
    g, h = keys["gradient"], keys["hessian"]
    gg, ghg = dot(g, g), dot(g, matvec(h, g))
    true = f.derivative(add(point, step))
    errors = [abs(float(true) - float(keys[name])) for name in ("first", "second")]
    best = keys.get("best", 0)
    return {
        "formula": f.tex(), "slopes": (f.tex(1, 0), f.tex(0, 1)), "new": add(point, step), "value": f.derivative(point),
        "moved": dot(g, step), "squared": dot(step, matvec(h, step)),
        "closer": "closer" if errors[1] < errors[0] else "no closer",
        "keys": keys | {"true": decimal(true) if isinstance(true, float) else true}, "gg": gg, "ghg": ghg,
        "best": f" = {tex(best)}" if tex(best) != rf"\frac{{{gg}}}{{{ghg}}}" else "",
    }  # fmt: skip


@taylor.oracle
def by_binomials(point: Vector, step: Vector, **given: Any) -> dict[str, Any]:
    """No derivative at all: the function multiplied out in powers of the step (u, v), by the binomial theorem."""
    size, (i, j), (a, b, c), (d, e) = (given[name] for name in ("size", "cube", "quadratic", "linear"))
    monomials = {(2, 0): a, (1, 1): b, (0, 2): c, (1, 0): d, (0, 1): e, (i, j): size}
    k, p, q = given.get("wave", (0, 0, 0))

    def around(where: Any) -> dict[tuple[int, int], Any]:
        """The coefficient of each u^m v^n, without the exponential."""
        found: dict[tuple[int, int], Any] = {}
        for (r, s), size in monomials.items():
            for m, n in product(range(r + 1), range(s + 1)):
                term = size * comb(r, m) * comb(s, n) * where[0] ** (r - m) * where[1] ** (s - n)
                found[m, n] = found.get((m, n), 0) + term
        return found

    rest = around(point)
    near = {(m, n): rest.get((m, n), 0) + Fraction(k * p**m * q**n, factorial(m) * factorial(n)) for m, n in SECOND}

    def model(way: Any, orders: Any = (0, 1, 2)) -> Any:
        return sum(c * way[0] ** m * way[1] ** n for (m, n), c in near.items() if m + n in orders)

    g, h = [near[1, 0], near[0, 1]], [[2 * near[2, 0], near[1, 1]], [near[1, 1], 2 * near[0, 2]]]
    new = [v + w for v, w in zip(point, step, strict=True)]
    down, up = (model([sign * v for v in g]) for sign in (-1, 1))
    bend = (down + up) / 2 - model((0, 0))
    best, cross = (up - down) / 2 / (2 * bend) if bend else 1, near[1, 1] * step[0] * step[1]
    true = sum(c * step[0] ** m * step[1] ** n for (m, n), c in rest.items())
    return {
        "gradient": g, "gradient.swapped": g[::-1],
        "gradient.at_new_point": None if k else [around(new)[1, 0], around(new)[0, 1]],
        "gradient.chain_forgotten": [rest[1, 0] + k, rest[0, 1] + k],
        "hessian": h, "hessian.mixed_lost": [[h[0][0], 0], [0, h[1][1]]],
        "hessian.diagonal_halved": [[near[2, 0], h[0][1]], [h[1][0], near[0, 2]]],
        "hessian.chain_forgotten": [[2 * rest[2, 0] + k, rest[1, 1] + k], [rest[1, 1] + k, 2 * rest[0, 2] + k]],
        "first": model(step, (0, 1)), "first.no_start": model(step, (1,)),
        "first.point_for_step": model(new, (0, 1)),
        "second": model(step), "second.no_half": model(step) + model(step, (2,)),
        "second.mixed_once": model(step) - cross / 2, "second.no_gradient": model(step, (0, 2)),
        "second.no_start": model(step, (1, 2)),
        "true": float(true) + k * exp(p * step[0] + q * step[1]) if k else true, "true.old_value": model((0, 0)),
        "true.approximated": model(step),
        "best": best, "best.inverted": 1 / best, "best.doubled": 2 * best, "best.halved": best / 2,
    }  # fmt: skip
