"""Goodfellow et al., Deep Learning, section 9.5: the gradients of a convolution."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exact import add, correlate, flip, pad, scale, transpose
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.convolution._backward_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Number, entries, whole

RATES = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 10))
POINTS = {"dK": 3, "db": 1, "dX": 3, "new": 2}


@family(
    topic="convolution",
    source="Goodfellow 9.5",
    minutes=10,
    levels={"easy": {"ask": ("dK", "db", "new")}, "medium": {}, "hard": {"size": 4, "ask": ("dK", "db", "dX", "new")}},
)
def backward(rng: Rng, *, size: int = 3, k: int = 2, ask: tuple[str, ...] = ("dK", "db", "dX")) -> Exercise:
    """Send a gradient back through a convolution: to its kernel, its bias and its image."""
    rows, columns = rng.sample("sides", (size, size + 1), 2)
    x, w = rng.int_matrix("x", rows, columns, -2, 3), rng.int_matrix("w", k, k, -2, 3)
    if not k <= min(rows, columns):
        raise BadGiven(f"k: a kernel of {k} must fit into an image of {rows} x {columns}")
    g = rng.int_matrix("g", rows - k + 1, columns - k + 1, -3, 5)
    few = all(3 * sum(v == 0 for v in entries(values)) <= len(list(entries(values))) for values in (x, w, g))
    rng.require(few and sum(entries(g)) != 0, "few entries are zero, and the gradients do not cancel")
    given: dict[str, Any] = {"x": x, "w": w, "g": g, "sides": (rows, columns), "size": size, "k": k, "ask": ask}
    if "new" in ask:
        given["rate"] = rng.choice("rate", RATES)
    steps = Steps(SAID)
    for name in ask:
        right, wrong = _rules(x, w, g, given.get("rate", 1))[name]
        steps.ask(name, PART[name], right, wrong, points=POINTS[name])
    return Exercise(
        given=given,
        shown={**{name: rules[0]({}) for name, rules in _rules(x, w, g, given.get("rate", 1)).items()},
               "around": pad(g, k - 1), "flipped": flip(w), "window": tuple(row[: len(g[0])] for row in x[: len(g)])},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(sum({"dK": k * k, "db": 1, "dX": rows * columns, "new": 1}[name] for name in ask)),
    )  # fmt: skip


def _rules(x: Matrix, w: Matrix, g: Matrix, rate: Number) -> dict[str, tuple[Rule, dict[str, Any]]]:
    """How each gradient is found, and what goes wrong with it."""
    d_kernel, d_bias, k = correlate(x, g), sum(entries(g)), len(w)
    counted = len(g) * len(g[0])
    fits = k <= min(len(g), len(g[0]))

    def stepped(sign: int) -> Rule:
        return lambda e: _moved(w, e, sign * rate, d_kernel)

    return {
        "dK": (lambda e: d_kernel,
               {"kernel_flipped": flip(d_kernel), "averaged": _times(Fraction(1, counted), d_kernel),
                "transposed": transpose(d_kernel)}),
        "db": (lambda e: d_bias, {"mean": whole(Fraction(d_bias) / counted), "positions": counted}),
        "dX": (lambda e: correlate(pad(g, k - 1), flip(w)),
               {"unflipped": correlate(pad(g, k - 1), w), "valid": correlate(g, flip(w)) if fits else None,
                "kernel_transposed": correlate(pad(g, k - 1), flip(transpose(w)))}),
        "new": (stepped(-1), {"ascent": stepped(1), "no_rate": lambda e: _moved(w, e, -1, d_kernel)}),
    }  # fmt: skip


def _moved(w: Matrix, earlier: Earlier, factor: Number, d_kernel: Matrix) -> Matrix:
    """The kernel plus so many times its gradient, the student's own where there is one."""
    gradient = earlier.get("dK", d_kernel)
    return tuple(add(row, line) for row, line in zip(w, _times(factor, gradient), strict=True))


def _times(factor: Number, a: Matrix) -> Matrix:
    return tuple(tuple(whole(Fraction(v)) for v in scale(factor, row)) for row in a)


@backward.oracle
def by_differences(x: Matrix, w: Matrix, g: Matrix, **given: Any) -> dict[str, Any]:
    """The loss is linear in each entry of image, kernel and bias: a difference is its derivative."""
    X, K, G, rate = (np.array(v, dtype=object) for v in (x, w, g, given.get("rate", 1)))

    def loss(image: Any, kernel: Any, bias: int = 0) -> Any:
        windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
        return (G * ((windows * kernel).sum((2, 3)) + bias)).sum()

    def gradient(at: Any, function: Any) -> Any:
        told = np.zeros(at.shape, dtype=object)
        for place in np.ndindex(at.shape):
            moved = at.copy()
            moved[place] += 1
            told[place] = function(moved) - function(at)
        return told

    d_kernel, d_bias = gradient(K, lambda kernel: loss(X, kernel)), loss(X, K, 1) - loss(X, K)
    kernels = {"dX": K, "dX.unflipped": K[::-1, ::-1], "dX.kernel_transposed": K.T}
    d_x = {name: gradient(X, lambda image, used=used: loss(image, used)) for name, used in kernels.items()}
    inner = d_x["dX"][len(K) - 1 : len(X) - len(K) + 1, len(K) - 1 : len(X[0]) - len(K) + 1]
    return d_x | {
        "dK": d_kernel,
        "dK.kernel_flipped": d_kernel[::-1, ::-1],
        "dK.averaged": d_kernel * Fraction(1, G.size),
        "dK.transposed": d_kernel.T,
        "db": d_bias,
        "db.mean": Fraction(d_bias, G.size),
        "db.positions": len(list(np.ndindex(G.shape))),
        "dX.valid": inner if inner.size else None,  # what full and valid have in common
        "new": K - rate * d_kernel,
        "new.ascent": K + rate * d_kernel,
        "new.no_rate": K - d_kernel,
    }
