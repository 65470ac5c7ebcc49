"""Goodfellow et al., Deep Learning, sections 8.3 and 8.5: the update rules of SGD, momentum and Adam, in letters."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from problem_bank.algebra import Node, apply, symbol
from problem_bank.answers import Expression
from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.optimisation._update_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps

ASK = ("sgd", "v", "momentum", "s", "r", "s_hat", "r_hat", "adam")
RATES, PARAMETERS = ("epsilon", "eta", "kappa"), ("theta", "w", "x")
FRICTIONS, GRADIENTS = ("alpha", "mu", "nu"), ("g", "d")
MEANS = tuple((f"{decay}_1", f"{decay}_2", *pair) for decay in ("rho", "beta", "gamma") for pair in ("sr", "mn", "ab"))
NAMES = ("rate", "parameter", "friction", "g", "decay1", "decay2", "s", "r")


@family(
    topic="optimisation",
    source="Goodfellow 8.3, 8.5",
    minutes=8,
    levels={"easy": {"ask": ASK[:5]}, "medium": {}, "hard": {"ask": ASK[3:]}},
)
def update_rules(rng: Rng, *, ask: tuple[str, ...] = ASK) -> Exercise:
    """Write the update rules of SGD, momentum and Adam."""
    if not set(ask) <= set(ASK):
        raise BadGiven(f"ask: give some of {', '.join(ASK)}")
    letters = (
        rng.choice("rate", RATES), rng.choice("parameter", PARAMETERS), rng.choice("friction", FRICTIONS),
        rng.choice("gradient", GRADIENTS), *MEANS[rng.choice("means", range(len(MEANS)))],
    )  # fmt: skip
    t, keep = rng.int("t", 2, 9), rng.choice("gathers", ("steps", "gradients"))
    steps = Steps(SAID)
    for name in ask:
        wrong = _wrong(name, letters, t, keep)
        steps.ask(name, PART[name], _right(name, letters, t, keep), wrong, kind=_expression(letters))
    texts = dict(zip(NAMES, (letter.replace("_", "") for letter in letters), strict=True))
    return Exercise(
        given={**rng.drawn, "ask": ask},
        shown={"letters": {name: symbol(letter) for name, letter in zip(NAMES, letters, strict=True)}, "typed": texts,
               "keys": {name: _right(name, letters, t, keep)({}) for name in ASK}},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )  # fmt: skip


def _expression(letters: tuple[str, ...]) -> Any:
    means, positive = letters[-2:], {*RATES, letters[-1], "q", "delta"}
    domains = {name: "positive" if name in positive else "real" for name in (*letters, "v", "p", "q", "delta")}
    aliases = {f"{mean}{hat}": short for mean, short in zip(means, "pq", strict=True) for hat in ("_hat", "hat")}
    return lambda key: Expression(key, domains, aliases)


def _right(name: str, letters: tuple[str, ...], t: int, keep: str) -> Rule:
    """The rule of a part, from what was answered before."""
    rate, theta, friction, g, first, second, s, r = map(symbol, letters)
    v, p, q, delta = map(symbol, ("v", "p", "q", "delta"))
    sign = keep == "steps"
    velocity = friction * v - rate * g if sign else friction * v + g

    def moved(earlier: Earlier) -> Node:
        own: Node = earlier.get("v", velocity)
        return theta + own if sign else theta - rate * own

    rules: Mapping[str, Rule] = {
        "sgd": lambda e: theta - rate * g,
        "v": lambda e: velocity,
        "momentum": moved,
        "s": lambda e: first * s + (1 - first) * g,
        "r": lambda e: second * r + (1 - second) * g**2,
        "s_hat": lambda e: _over(s, 1 - first**t),
        "r_hat": lambda e: _over(r, 1 - second**t),
        "adam": lambda e: theta - _over(rate * p, apply("sqrt", q) + delta),
    }
    return rules[name]


def _over(above: Node, below: Node) -> Node:
    return above * apply("inv", below)


def _wrong(name: str, letters: tuple[str, ...], t: int, keep: str) -> dict[str, Any]:
    rate, theta, friction, g, first, second, s, r = map(symbol, letters)
    v, p, q, delta = map(symbol, ("v", "p", "q", "delta"))
    average = (1 - friction) * g
    turned = friction * v + rate * g if keep == "steps" else friction * v - g
    wrong: dict[str, dict[str, Any]] = {
        "sgd": {"ascent": theta + rate * g, "no_rate": theta - g, "change_alone": -(rate * g)},
        "v": {"sign": turned, "averaged": friction * v - rate * average if keep == "steps" else friction * v + average},
        "momentum": {"old_velocity": theta + v if keep == "steps" else theta - rate * v, "plain": theta - rate * g},
        "s": {"not_averaged": first * s + g, "weights_swapped": (1 - first) * s + first * g},
        "r": {"not_squared": second * r + (1 - second) * g, "weights_swapped": (1 - second) * r + second * g**2,
              "not_averaged": second * r + g**2},
        "s_hat": {"no_power": _over(s, 1 - first), "multiplied": s * (1 - first**t), "power_alone": _over(s, first**t)},
        "r_hat": {"no_power": _over(r, 1 - second), "multiplied": r * (1 - second**t),
                  "first_decay": _over(r, 1 - first**t)},
        "adam": {"no_root": theta - _over(rate * p, q + delta),
                 "ascent": theta + _over(rate * p, apply("sqrt", q) + delta),
                 "gradient": theta - _over(rate * g, apply("sqrt", q) + delta)},
    }  # fmt: skip
    return wrong[name]


@update_rules.oracle
def by_minimising(ask: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """Every rule as the minimum of a quadratic: a linear loss plus a distance, or a weighted mean."""
    import sympy

    letters = *(given[name] for name in ("rate", "parameter", "friction", "gradient")), *MEANS[given["means"]]
    named = dict(zip(sympy.symbols(NAMES), sympy.symbols(letters), strict=True))
    told = _solved(given["t"], given["gathers"] == "steps")
    return {name: value.xreplace(named) for name, value in told.items() if name.partition(".")[0] in ask}


@cache
def _solved(t: int, steps: bool) -> dict[str, Any]:
    """All rules and misconceptions, in letters of their own."""
    import sympy

    epsilon, theta, alpha, g, rho1, rho2, s, r = sympy.symbols(NAMES)
    v, p, q, delta, new = sympy.symbols("v p q delta new")

    def least(cost: Any) -> Any:
        """Where the slope of a quadratic in `new` is 0: one Newton step from 0, which is exact."""
        slope = sympy.diff(cost, new)
        return -slope.subs(new, 0) / sympy.diff(slope, new)

    def step(slope: Any, at: Any = theta, size: Any = epsilon) -> Any:
        """The minimum of a linear loss plus the squared distance over twice the step size."""
        return least(slope * new + (new - at) ** 2 / (2 * size))

    def mean(old: Any, value: Any, weight: Any) -> Any:
        return least(weight * (new - old) ** 2 + (1 - weight) * (new - value) ** 2)

    def total(weight: Any) -> Any:
        """What the weights of t averaged values add up to."""
        return sum((1 - weight) * weight**i for i in range(t))

    gathered = step(g, alpha * v) if steps else step(-g, alpha * v, 1)
    root = sympy.sqrt(q) + delta
    return {
        "sgd": step(g), "sgd.ascent": step(-g), "sgd.no_rate": step(g, size=1), "sgd.change_alone": step(g) - theta,
        "v": gathered, "v.sign": 2 * alpha * v - gathered,
        "v.averaged": alpha * v + (1 - alpha) * (gathered - alpha * v),
        "momentum": step(g, theta + alpha * v) if steps else step(gathered),
        "momentum.old_velocity": theta + v if steps else step(v), "momentum.plain": step(g),
        "s": mean(s, g, rho1), "s.not_averaged": rho1 * s + g, "s.weights_swapped": mean(g, s, rho1),
        "r": mean(r, g**2, rho2), "r.not_squared": mean(r, g, rho2), "r.weights_swapped": mean(g**2, r, rho2),
        "r.not_averaged": rho2 * r + g**2,
        "s_hat": s / total(rho1), "s_hat.no_power": s / (1 - rho1), "s_hat.multiplied": s * total(rho1),
        "s_hat.power_alone": s / (1 - total(rho1)),
        "r_hat": r / total(rho2), "r_hat.no_power": r / (1 - rho2), "r_hat.multiplied": r * total(rho2),
        "r_hat.first_decay": r / total(rho1),
        "adam": step(p, size=epsilon / root), "adam.no_root": step(p, size=epsilon / (q + delta)),
        "adam.ascent": step(-p, size=epsilon / root), "adam.gradient": step(g, size=epsilon / root),
    }  # fmt: skip
