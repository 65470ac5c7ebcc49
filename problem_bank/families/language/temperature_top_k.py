"""Bishop, Deep Learning: Foundations and Concepts, section 12.3.2, and Holtzman et al. (2020): sampling a token."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import log
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Rule
from problem_bank.families.language._sampling_texts import ASK, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.softmax import logs, shares
from problem_bank.subjects.steps import Steps
from problem_bank.tex import decimal
from problem_bank.values import Number, Vector

TEMPERATURES: tuple[Number, ...] = (Fraction(1, 2), 2)
MASSES = tuple(Fraction(n, 20) for n in range(10, 20))
RATIOS: tuple[Number, ...] = (Fraction(5, 4), Fraction(3, 2), 2, Fraction(5, 2), 3)
CLOSE = 1e-9
Filter = Callable[[Sequence[Any]], list[int]]  # from probabilities to the places that are kept


@family(
    topic="language",
    source="Bishop DL 12.3.2",
    minutes=7,
    levels={
        "easy": {"ask": ("tempered", "top_k")},
        "medium": {},
        "hard": {"words": 6, "ask": ("tempered", "nucleus", "both", "temperature")},
    },
)
def temperature_top_k(rng: Rng, *, words: int = 5, ask: tuple[str, ...] = ("tempered", "top_k", "nucleus")) -> Exercise:
    """Sharpen or flatten a softmax by its temperature, cut its tail, and normalise again."""
    a, t = rng.sample("a", range(1, 13), words), rng.choice("T", TEMPERATURES)
    k, mass, ratio = rng.int("k", words // 2, words - 2), rng.choice("P", MASSES), rng.choice("r", RATIOS)
    p, plain = _tempered(a, t), tuple(map(float, shares(a)))
    likely, nucleus = _likeliest(k), _nucleus(mass)
    rng.require(sorted(likely(p)) != list(range(k)), "the likeliest tokens are not listed first")
    shortened = _cut(p, likely(p))
    sums = [float(sum(sorted(q)[-n:])) for q in (p, plain, shortened) for n in range(1, words)]
    if min(abs(s - mass) for s in sums) < CLOSE and not rng.free:
        raise BadGiven(f"P: {decimal(mass)} is the sum of some probabilities, so rounding decides; give another mass")
    rng.require(min(abs(s - mass) for s in sums) > 0.01, "no sum is near the threshold")
    rng.require("nucleus" not in ask or 1 < len(nucleus(p)) < words, "the nucleus cuts something")
    rng.require("both" not in ask or 1 < len(nucleus(shortened)) < k, "both filters cut something")
    first, second = sorted(a, reverse=True)[:2]
    odds = Fraction(first, second)
    other = log(odds) / log(ratio)
    rng.require("temperature" not in ask or 0.3 < other < 3, "the asked temperature is neither tiny nor huge")
    rules: dict[str, tuple[Any, dict[str, Any]]] = {
        "tempered": (p, {
            "multiplied": _tempered(a, 1 / Fraction(t)), "no_temperature": plain,
            "probabilities_divided": tuple(v / float(t) for v in plain),
            "not_normalised": tuple(v ** (1 / float(t)) for v in a),
        }),
        "top_k": _filtered(likely, {
            "by_place": lambda q: list(range(k)), "least": lambda q: _ranked(q)[-k:], "one_more": _likeliest(k + 1),
        }),
        "nucleus": _filtered(nucleus, {
            "below": lambda q: nucleus(q)[:-1], "before_temperature": lambda q: nucleus(plain),
        }),
        "both": _filtered(lambda q: nucleus(_cut(q, likely(q))), {
            "nucleus_of_all": lambda q: [i for i in nucleus(q) if i in likely(q)], "top_k_only": likely,
        }),
        "temperature": (other, {
            "inverse": log(ratio) / log(odds), "no_logarithms": float(odds / ratio), "odds": float(odds),
        }),
    }  # fmt: skip
    steps = Steps(SAID, tolerance=1e-3)
    for name in ask:
        steps.ask(name, ASK[name], *rules[name], points=1 if name == "temperature" else 2)
    return Exercise(
        given={**rng.drawn, "words": words, "ask": ask},
        shown={"logits": logs(a), "keys": steps.keys, "best": first, "second": second, "odds": odds,
               "powers": tuple(v ** (1 / float(t)) for v in a), "sums": sums[:words],
               "kept": [i + 1 for i in nucleus(p)], "top": [i + 1 for i in likely(p)], "shortened": shortened},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(words * len(ask)),
    )  # fmt: skip


def _tempered(a: Vector, t: Number) -> tuple[float, ...]:
    """The softmax of ln a / t: shares of a to the power 1 / t."""
    powers = [float(v) ** (1 / float(t)) for v in a]
    return tuple(power / sum(powers) for power in powers)


def _ranked(q: Sequence[Any]) -> list[int]:
    """Places by falling probability."""
    return sorted(range(len(q)), key=lambda i: -q[i])


def _likeliest(k: int) -> Filter:
    return lambda q: _ranked(q)[:k]


def _nucleus(mass: Number) -> Filter:
    """The fewest of the likeliest tokens whose sum reaches the mass."""

    def kept(q: Sequence[Any]) -> list[int]:
        ranked = _ranked(q)
        return ranked[: 1 + sum(sum(q[i] for i in ranked[:n]) < mass for n in range(1, len(q)))]

    return kept


def _cut(q: Sequence[Any], kept: list[int], *, normalise: bool = True) -> tuple[float, ...]:
    total = float(sum(q[i] for i in kept)) if normalise else 1.0
    return tuple(float(v) / total if i in kept else 0.0 for i, v in enumerate(q))


def _filtered(right: Filter, wrong: dict[str, Filter]) -> tuple[Rule, dict[str, Any]]:
    """Rules on the own tempered probabilities; a wrong filter that keeps the same tokens does not apply."""

    def told(keep: Filter) -> Rule:
        def rule(e: Any) -> Any:
            kept = keep(e["tempered"])
            return _cut(e["tempered"], kept) if set(kept) != set(right(e["tempered"])) else None

        return rule

    slips: dict[str, Any] = {name: told(keep) for name, keep in wrong.items()}
    slips["not_renormalised"] = lambda e: _cut(e["tempered"], right(e["tempered"]), normalise=False)
    return (lambda e: _cut(e["tempered"], right(e["tempered"]))), slips


@temperature_top_k.oracle
def by_masked_logits(**given: Any) -> dict[str, Any]:
    """Logits of minus infinity and a new softmax in place of cut probabilities; sums by NumPy's running ones."""
    z, t, k, mass = np.log(np.array(given["a"], dtype=float)), float(given["T"]), given["k"], float(given["P"])

    def softmax(logits: Any) -> Any:
        return np.exp(logits - np.logaddexp.reduce(logits))

    def top(q: Any, k: int) -> Any:
        return q >= np.partition(q, -k)[-k]

    def reach(q: Any, *, less: int = 0) -> Any:
        return top(q, int(np.searchsorted(np.cumsum(np.sort(q)[::-1]), mass)) + 1 - less)

    def masked(keep: Any) -> Any:
        return softmax(np.where(keep, z / t, -np.inf))

    def unless(keep: Any, right: Any) -> Any:
        return None if (keep == right).all() else masked(keep)

    p, plain, places = softmax(z / t), softmax(z), np.arange(len(z))
    few, core = top(p, k), reach(p)
    both = reach(masked(few))
    odds = np.diff(np.sort(z))[-1]
    values = {
        "tempered": p, "tempered.multiplied": softmax(z * t), "tempered.no_temperature": plain,
        "tempered.probabilities_divided": plain / t, "tempered.not_normalised": np.exp(z / t),
        "top_k": masked(few), "top_k.by_place": unless(places < k, few), "top_k.least": unless(top(-p, k), few),
        "top_k.one_more": masked(top(p, k + 1)), "top_k.not_renormalised": p * few,
        "nucleus": masked(core), "nucleus.below": masked(reach(p, less=1)) if core.sum() > 1 else None,
        "nucleus.before_temperature": unless(reach(plain), core), "nucleus.not_renormalised": p * core,
        "both": masked(both), "both.nucleus_of_all": unless(core & few, both), "both.top_k_only": unless(few, both),
        "both.not_renormalised": p * both,
        "temperature": odds / np.log(float(given["r"])), "temperature.inverse": np.log(float(given["r"])) / odds,
        "temperature.no_logarithms": np.exp(odds) / float(given["r"]), "temperature.odds": np.exp(odds),
    }  # fmt: skip
    return values
