"""Goodfellow et al., Deep Learning, section 6.5: backpropagation through functions that are known by name."""

from dataclasses import dataclass
from fractions import Fraction
from math import log, log1p, log2
from typing import Any

from problem_bank.answers import Number as Rounded
from problem_bank.errors import BadGiven
from problem_bank.exact import dot, elementwise, matvec, scale, transpose
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.backpropagation import _dual_forms as duals
from problem_bank.families.backpropagation._named_forms_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.log_units import power, times_log
from problem_bank.subjects.steps import Steps, products
from problem_bank.tex import decimal
from problem_bank.values import Matrix, Vector

POWERS = tuple(
    (base, n) for base in (2, 3, 5, 6, 7) for n in (-2, -1, 1, 2) if base**n <= 9
)  # base and exponent of exp(s)


@family(
    topic="backpropagation",
    source="Goodfellow 6.5",
    minutes=9,
    levels={"easy": {"form": "norm"}, "medium": {}, "hard": {"form": "softplus"}},
)
def named_forms(rng: Rng, *, form: str = "logistic") -> Exercise:
    """Go forward and backward through a logistic neuron, a squared norm, or a softplus unit with a max gate."""
    if form not in PROMPT:
        raise BadGiven(f"form: {form!r} is none of {', '.join(PROMPT)}")
    steps = Steps(SAID)
    shown = _norm(rng, steps) if form == "norm" else _neuron(rng, steps, form)
    return Exercise(
        given={**rng.drawn, "form": form},
        shown={"keys": steps.keys, **shown},
        prompt=PROMPT[form].strip(),
        parts=steps.parts,
        solution=SOLUTION[form].strip(),
    )


def _norm(rng: Rng, steps: Steps) -> dict[str, Any]:
    """The squared length of W x; returns what the texts need."""
    w = rng.int_matrix("W", 2, 2, -4, 5, exclude=(0,))
    x = rng.ints("x", 2, -4, 5, exclude=(0, 1, -1))
    q: Any = matvec(w, x)
    rng.require(0 not in q and abs(q[0]) != abs(q[1]) and max(map(abs, q)) <= 15, "the product is small and not 0")
    rng.require(w[0][1] != w[1][0] and abs(x[0]) != abs(x[1]), "a transpose shows")

    def outer(u: Vector, v: Vector) -> Matrix:
        return tuple(scale(entry, v) for entry in u)

    steps.ask("q", PART["q"], lambda e: q, {"columns": matvec(transpose(w), x)})
    steps.ask("f", PART["f"], lambda e: dot(e["q"], e["q"]), {"sum_squared": lambda e: sum(e["q"]) ** 2})
    steps.ask("dq", PART["dq"], lambda e: scale(2, e["q"]), {"two_lost": lambda e: e["q"]})
    steps.ask("dW", PART["dW"], lambda e: outer(e["dq"], x), {
        "transposed": lambda e: outer(x, e["dq"]), "no_upstream": outer((1, 1), x),
    }, points=3)  # fmt: skip
    steps.ask("dx", PART["dx"], lambda e: matvec(transpose(w), e["dq"]), {
        "untransposed": lambda e: matvec(w, e["dq"]), "no_upstream": tuple(map(sum, zip(*w, strict=True))),
    }, points=2)  # fmt: skip
    return {}


def _neuron(rng: Rng, steps: Steps, form: str) -> dict[str, Any]:
    """The logistic neuron or the softplus unit; returns what the texts need."""
    gated = form == "softplus"
    w, x = rng.ints("w", 2, -4, 4, exclude=(0, 1, -1)), rng.ints("x", 3 if gated else 2, -4, 5, exclude=(0, 1))
    base, n = rng.choice("power", POWERS)
    entering = (x[0], max(x[1:])) if gated else x
    rng.require(len({*x}) == len(x) and all(a != b for a, b in zip(w, entering, strict=True)), "factors differ")
    neuron = _Neuron(w, entering, x, power(base, n), dot(w, entering))
    rng.require(neuron.rest != 0, "the sum of the products is not 0")
    (neuron.ask_softplus if gated else neuron.ask_logistic)(steps)
    rest = -neuron.rest
    shown = {
        "bias": rf"{times_log(n, base)} {'+' if rest > 0 else '-'} {abs(rest)}", "log": times_log(n, base),
        "products": products(w, entering), "m": entering[-1], "shown_d": 1 + Fraction(steps.keys["e"]),
    }  # fmt: skip
    return {**shown, **_decimals(n * log(base), rest, steps.keys)} if Fraction(base).denominator > 1 else shown


def _decimals(s: float, rest: Any, keys: Earlier) -> dict[str, Any]:
    """What the texts show where the base that was given is e, to 16 digits: then s is a plain number."""
    values = {name: elementwise(float, value) for name, value in keys.items()}
    return {"bias": decimal(s + float(rest), 12), "log": decimal(s, 12), "keys": values, "shown_d": 1 + values["e"]}


@dataclass(frozen=True)
class _Neuron:
    """Two weights, what they multiply, all inputs, the exponential of the sum, and the sum without the last weight."""

    w: Vector
    entering: Vector
    x: Vector
    k: Any
    rest: Any

    def ask_logistic(self, steps: Steps) -> None:
        """1 / (1 + exp(-s)), gate by gate."""
        e = 1 / Fraction(self.k)
        steps.ask("e", PART["e"], lambda _: e, {"sign_of_exponent": self.k})
        steps.ask(
            "f", PART["f"], lambda e: 1 / (1 + Fraction(e["e"])), {"odds": lambda e: 1 - 1 / (1 + Fraction(e["e"]))}
        )
        steps.ask("dd", PART["dd"], lambda e: -Fraction(e["f"]) ** 2, {
            "sign": lambda e: Fraction(e["f"]) ** 2, "not_squared": lambda e: -e["f"],
        })  # fmt: skip
        steps.ask("ds", PART["ds"], lambda e: -e["dd"] * e["e"], {
            "sign_of_exponent": lambda e: e["dd"] * e["e"], "exponential_lost": lambda e: -e["dd"],
            "no_upstream": lambda e: -e["e"],
        })  # fmt: skip
        self._ask_leaves(steps)

    def ask_softplus(self, steps: Steps) -> None:
        """ln(1 + exp(s)) behind a max gate."""
        steps.ask("e", PART["e"], lambda _: self.k, {"sign_of_exponent": 1 / Fraction(self.k)})
        steps.ask("f", PART["f"], lambda e: log1p(e["e"]), {
            "one_forgotten": lambda e: log(e["e"]), "base_two": lambda e: log2(1 + e["e"]),
        }, kind=lambda key: Rounded(key, floor=1e-3))  # fmt: skip
        steps.ask("ds", PART["ds"], lambda e: e["e"] / (1 + Fraction(e["e"])), {
            "exponential_lost": lambda e: 1 / (1 + Fraction(e["e"])), "no_upstream": lambda e: e["e"],
        })  # fmt: skip
        self._ask_leaves(steps)

    def _ask_leaves(self, steps: Steps) -> None:
        steps.ask("dw", PART["dw"], lambda e: scale(e["ds"], (*self.entering, 1)), {
            "own_factor": lambda e: scale(e["ds"], (*self.w, 1)),
            "no_one": lambda e: scale(e["ds"], (*self.entering, 0)),
            "no_upstream": (*self.entering, 1),
        }, points=2)  # fmt: skip
        wrong: dict[str, Any] = {"no_upstream": self._spread(self.w)}
        if len(self.x) > 2:
            wrong["both_of_max"] = lambda e: scale(e["ds"], (*self.w, self.w[1]))
            wrong["smaller_of_max"] = lambda e: scale(e["ds"], self._spread(self.w, larger=False))
        else:
            wrong["own_factor"] = lambda e: scale(e["ds"], self.x)
        steps.ask("dx", PART["dx"], self._inputs, wrong, points=2)

    def _inputs(self, e: Earlier) -> Vector:
        return scale(e["ds"], self._spread(self.w))

    def _spread(self, v: Vector, *, larger: bool = True) -> Vector:
        """What each input gets of v: behind a max gate the larger one alone (or, wrongly, the smaller one)."""
        if len(self.x) == 2:
            return v
        first = (self.x[1] > self.x[2]) == larger
        return (v[0], v[1] * first, v[1] * (not first))


@named_forms.oracle
def dual_numbers(*, form: str, **given: Any) -> dict[str, Any]:
    """Forward mode: one sweep of dual numbers for each weight and each input."""
    x = given["x"]
    if form == "norm":
        return _norm_values(given["W"], x)
    (w0, w1), (base, n) = given["w"], given["power"]
    k, entering = Fraction(base) ** n, (x[0], x[1] if form == "logistic" else sorted(x[1:])[1])
    d = duals.tangents(getattr(duals, form)(k), (w0, w1, 0, *x))
    dw, dx, ds = d[:3], d[3:], d[2]
    values = {"dw": dw, "dw.own_factor": [ds * w0, ds * w1, ds], "dw.no_one": [*dw[:2], 0],
              "dw.no_upstream": [*entering, 1], "dx": dx, "dx.no_upstream": [v / ds for v in dx], "ds": ds}  # fmt: skip
    if form == "logistic":
        f = k / (k + 1)
        return values | {"e": 1 / k, "e.sign_of_exponent": k, "f": f, "f.odds": 1 - f, "dd": ds - f,
                         "dd.sign": f * f, "dd.not_squared": -f, "ds.sign_of_exponent": -ds,
                         "ds.exponential_lost": ds * k, "ds.no_upstream": -1 / k,
                         "dx.own_factor": [ds * v for v in x]}  # fmt: skip
    return values | {
        "e": k, "e.sign_of_exponent": 1 / k, "f": log(1 + k), "f.one_forgotten": n * log(base),
        "f.base_two": log(1 + k) / log(2), "ds.exponential_lost": 1 - ds, "ds.no_upstream": k,
        "dx.both_of_max": [dx[0], dx[1] + dx[2], dx[1] + dx[2]], "dx.smaller_of_max": [dx[0], dx[2], dx[1]],
    }  # fmt: skip


def _norm_values(w: Matrix, x: Vector) -> dict[str, Any]:
    (a, b), (c, d) = w
    q = [a * x[0] + b * x[1], c * x[0] + d * x[1]]
    by = duals.tangents(duals.squared_length, (a, b, c, d, *x))
    return {
        "q": q, "q.columns": [a * x[0] + c * x[1], b * x[0] + d * x[1]],
        "f": q[0] ** 2 + q[1] ** 2, "f.sum_squared": (q[0] + q[1]) ** 2, "dq": [2 * v for v in q], "dq.two_lost": q,
        "dW": [by[:2], by[2:4]], "dW.transposed": [[by[0], by[2]], [by[1], by[3]]], "dW.no_upstream": [x, x],
        "dx": by[4:], "dx.untransposed": [2 * (a * q[0] + b * q[1]), 2 * (c * q[0] + d * q[1])],
        "dx.no_upstream": [a + c, b + d],
    }  # fmt: skip
