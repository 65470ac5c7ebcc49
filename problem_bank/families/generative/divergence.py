"""Goodfellow et al., Deep Learning, section 3.13: divergences of two discrete and of two normal distributions."""

from fractions import Fraction
from math import log
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.generative._divergence_steps import Normals, ask_both, ask_mixture
from problem_bank.families.generative._divergence_texts import NORMAL, NORMAL_SOLUTION, SAID, TABLE, TABLE_SOLUTION
from problem_bank.families.generative._entrywise import each, total
from problem_bank.families.generative._tables import draw_table, tables
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps, bracketed
from problem_bank.values import Vector, whole

TWENTIETHS = tuple(Fraction(n, 20) for n in range(1, 18))
TABLES, COARSE = tables(50, least=2), tables(20)
FULL: tuple[Vector, ...] = tuple((*p[:2], v, p[2] - v) for p in COARSE for v in TWENTIETHS if v < p[2])
GAPPED: tuple[Vector, ...] = tuple((*p[:i], 0, *p[i:]) for p in COARSE for i in range(4))
MEANS = tuple(whole(Fraction(n, 2)) for n in range(-6, 7) if n)
DEVIATIONS = tuple(whole(Fraction(n, 2)) for n in range(1, 9) if n != 2)


@family(
    topic="generative",
    source="Goodfellow 3.13",
    minutes=8,
    levels={"easy": {"kind": "both"}, "medium": {"kind": "mixture"}, "hard": {"kind": "normal"}},
)
def divergence(rng: Rng, *, kind: str = "mixture") -> Exercise:
    """Compute divergences of two distributions, and see that they have a direction."""
    if kind not in ("both", "mixture", "normal"):
        raise BadGiven(f"kind: {kind}; write both, mixture or normal")
    steps = Steps(SAID, tolerance=0.0 if kind == "normal" else 1e-3)
    shown = _normal(rng, steps) if kind == "normal" else _table(rng, steps, kind)
    return Exercise(
        given={**rng.drawn, "kind": kind},
        shown={**shown, **{name: value for name, value in steps.keys.items() if name not in shown}},
        prompt=NORMAL if kind == "normal" else TABLE,
        parts=steps.parts,
        solution=NORMAL_SOLUTION if kind == "normal" else TABLE_SOLUTION,
        work=float(len(steps.parts)),
    )


def _table(rng: Rng, steps: Steps, kind: str) -> dict[str, Any]:
    """Two discrete distributions, of which the first has a gap where the mixture is asked for."""
    pools = (TABLES, TABLES) if kind == "both" else (GAPPED, FULL)
    p, q = (draw_table(rng, name, pool) for name, pool in zip("PQ", pools, strict=True))
    if len(p) != len(q):
        raise BadGiven(f"P, Q: {len(p)} and {len(q)} outcomes; give both as many")
    rng.require(total(lambda a, b: abs(a - b), p, q) >= Fraction(2, 5), "the distributions differ")
    pairs = list(zip(p, q, strict=True))
    if kind == "mixture":
        ask_mixture(steps, p, q)
        return {"pairs": pairs, "gap": p.index(0) + 1, "mixed": each(float, steps.keys["mixture"])}
    ask_both(steps, p, q)
    return {"pairs": pairs, "entropies": each(lambda a: -a * log(a), p),
            "crosses": each(lambda a, b: -a * log(b), p, q)}  # fmt: skip


def _normal(rng: Rng, steps: Steps) -> dict[str, Any]:
    """Two normal distributions, of which the second is given by letters first."""
    mean, a = rng.choice("mean", MEANS), rng.choice("a", MEANS)
    sd, b = rng.choice("sd", DEVIATIONS), rng.choice("b", DEVIATIONS)
    rng.require(mean != a and sd != b, "the distributions differ in both parameters")
    Normals(mean, sd, a, b).ask(steps)
    return {"variance": sd * sd, "bracketed": bracketed(float(mean)), "a_bracketed": bracketed(float(a))}


@divergence.oracle
def by_integration(kind: str, **given: Any) -> dict[str, Any]:
    """Sums of logarithms in NumPy, and Gauss-Hermite quadrature of log-densities; formulas from expanded squares."""
    if kind == "normal":
        return _quadrature(*(float(given[name]) for name in ("mean", "sd", "a", "b")))
    p, q = (np.array(given[name], dtype=float) for name in "PQ")
    return _mixture(p, q) if kind == "mixture" else _both(p, q)


def _apart(p: Any, q: Any) -> Any:
    """E_p[ln p - ln q] over the outcomes that p has."""
    return p[p > 0] @ (np.log(p[p > 0]) - np.log(q[p > 0]))


def _both(p: Any, q: Any) -> dict[str, Any]:
    entropy, other, cross, back = (-a @ np.log(b) for a, b in ((p, p), (q, q), (p, q), (q, p)))
    forward, reverse = _apart(p, q), _apart(q, p)
    bits = np.log2(np.e)
    return {
        "entropy": entropy, "entropy.base_two": entropy * bits, "entropy.sign": -entropy,
        "entropy.entropy_of_q": other,
        "entropy.unweighted": -np.log(p).mean(),
        "cross": cross, "cross.base_two": cross * bits, "cross.cross_of_q": back, "cross.unweighted": -np.log(q).mean(),
        "forward": forward, "forward.sign": -forward, "forward.direction": reverse, "forward.entropy_kept": cross,
        "reverse": reverse, "reverse.sign": -reverse, "reverse.direction": forward, "reverse.entropy_kept": back,
        "reverse.base_two": reverse * bits,
    }  # fmt: skip


def _mixture(p: Any, q: Any) -> dict[str, Any]:
    m, bits = np.mean([p, q], axis=0), np.log2(np.e)
    first, second, forward = _apart(p, m), _apart(q, m), _apart(p, q)
    on = p > 0
    return {
        "forward": forward, "forward.base_two": forward * bits, "forward.sign": -forward,
        "forward.entropy_kept": forward - p[on] @ np.log(p[on]),
        "mixture": m, "mixture.summed": 2 * m, "mixture.product": np.einsum("i,i->i", p, q),
        "p_to_m": first, "p_to_m.base_two": first * bits, "p_to_m.entropy_kept": first - p[on] @ np.log(p[on]),
        "q_to_m": second, "q_to_m.gap_skipped": second - q[~on].sum() * np.log(2), "q_to_m.direction": _apart(m, q),
        "q_to_m.entropy_kept": second - q @ np.log(q),
        "js": (first + second) / 2, "js.summed": first + second,
        "js.roots": np.hypot(*np.sqrt([first / 2, second / 2])),
        "js.one_sided": first,
    }  # fmt: skip


def _quadrature(mean: float, sd: float, a: float, b: float) -> dict[str, Any]:
    """Numbers as E_p[ln p - ln q], exact since the integrand is quadratic; formulas with the square expanded."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(4)

    def apart(first: tuple[float, float], second: tuple[float, float]) -> float:
        z = first[0] + first[1] * nodes
        logs = (-(((z - m) / s) ** 2) / 2 - np.log(s) for m, s in (first, second))
        return float((next(logs) - next(logs)) @ weights / weights.sum())

    def formula(square: str, sd: float, rest: str) -> str:
        return f"({sd * sd} + {square})/b^2/2 - ln({sd}/b) + {rest}"

    p, q, wide = (mean, sd), (a, b), (mean, sd * sd)
    square = f"a^2 - 2*({mean})*a + {mean * mean}"
    return {
        "formula": formula(square, sd, "-0.5"), "formula.no_half": formula(square, sd, "0"),
        "formula.direction": f"(b^2 + {square})/{2 * sd * sd} + ln({sd}/b) - 0.5",
        "formula.sd_for_variance": formula(square, sd * sd, "-0.5"),
        "formula.log_turned": formula(square, sd, f"2*ln({sd}/b) - 0.5"),
        "formula.means_forgotten": formula("0", sd, "-0.5"),
        "at": apart(p, q), "at.direction": apart(q, p), "at.sd_for_variance": apart(wide, q),
        "at.means_forgotten": apart((0, sd), (0, b)),
        "back": apart(q, p), "back.direction": apart(p, q), "back.sd_for_variance": apart(q, wide),
        "back.sign": -apart(q, p),
        "best": float((mean + sd * nodes - a) ** 2 @ weights / weights.sum()),
        "best.own_variance": sd**2, "best.its_root": float(np.hypot(sd, mean - a)),
        "best.distance_alone": (mean - a) ** 2, "best.sd_for_variance": sd**4 + (mean - a) ** 2,
    }  # fmt: skip
