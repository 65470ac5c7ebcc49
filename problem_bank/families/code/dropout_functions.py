"""Goodfellow et al., Deep Learning, section 7.12: inverted dropout as two functions."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import check, close, numeric
from problem_bank.exercise import Exercise, Part
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects import dropout_checks as judge
from problem_bank.subjects.function_checks import function, results, unchanged
from problem_bank.subjects.layer_checks import Array

Draw = np.random.Generator
SECONDS = 5.0


@check(points=1, seconds=SECONDS)
def share(student: Any, rng: Draw) -> None:
    """In training, `dropout_forward` sets entries to 0 with probability p."""
    x, p = judge.batch(rng)
    judge.dropped_share(judge.kept(_forward(student, x, p)[0], x, "out"), p)


@check(points=1, seconds=SECONDS)
def scaling(student: Any, rng: Draw) -> None:
    """In training, the entries that are left are divided by 1 - p."""
    x, p = judge.batch(rng)
    out = _forward(student, x, p)[0]
    judge.kept_values(out, x, judge.kept(out, x, "out"), p, "out")


@check(points=1, seconds=SECONDS)
def masks(student: Any, rng: Draw) -> None:
    """Every pass draws anew which entries are dropped, each by itself."""
    x, p = judge.batch(rng)
    judge.independent(*(judge.kept(_forward(student, x, p)[0], x, "out") for _ in range(2)))


@check(points=1, seconds=SECONDS)
def evaluation(student: Any, rng: Draw) -> None:
    """In testing nothing happens, forward and backward."""
    x, p = judge.batch(rng)
    out, cache = _forward(student, x, p, "test")
    judge.evaluation(out, x, p, "out in testing")
    judge.evaluation(function(student, "dropout_backward")(x, cache), x, p, "dx in testing")


@check(points=1, seconds=SECONDS)
def gradient(student: Any, rng: Draw) -> None:
    """`dropout_backward` uses the mask and the factor of the forward pass."""
    x, p = judge.batch(rng)
    dout, _ = judge.batch(rng)
    out, cache = _forward(student, x, p)
    dx = function(student, "dropout_backward")(dout, cache)
    judge.backward(dx, dout, judge.kept(out, x, "out"), judge.factor(out, x))


@check(points=1, requires=["share"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """With p = 0 nothing is dropped, images work as well, and the arguments stay as they are."""
    x, p = judge.batch(rng)
    close(_forward(student, x, 0.0)[0], x, what="out for p = 0")
    images = x.reshape(10, 3, 10, 10)
    close(numeric(_forward(student, images, p)[0], "out").shape, images.shape, what="The shape of out for images")
    call = function(student, "dropout_forward")
    for mode in ("train", "test"):
        value = unchanged(student, call, "dropout_forward", x, more=({"mode": mode, "p": p},))
        cache = results(value, "dropout_forward", "out", "cache")[1]
        unchanged(student, function(student, "dropout_backward"), "dropout_backward", x, more=(cache,))


def _forward(student: Any, x: Array, p: float, mode: str = "train") -> list[Any]:
    """The student's out and cache."""
    value = function(student, "dropout_forward")(x, {"mode": mode, "p": p})
    return results(value, "dropout_forward", "out", "cache")


CORE, BACK = (share, scaling, masks, evaluation), (gradient,)


@family(
    topic="code",
    source="Goodfellow 7.12",
    minutes=15,
    levels={"easy": {"back": False, "careful": False}, "medium": {"careful": False}, "hard": {}},
)
def dropout_functions(rng: Rng, *, back: bool = True, careful: bool = True) -> Exercise:
    """Write inverted dropout in NumPy: the forward pass and its gradient, as functions."""
    n, samples, percent = rng.int("n", 3, 12), rng.int("samples", 3, 12), rng.int("percent", 10, 45)
    checks = CORE + BACK * back + (edge_cases,) * careful
    return Exercise(
        given={"n": n, "samples": samples, "percent": percent, "back": back, "careful": careful},
        shown={"kept": 100 - percent},
        prompt="Write in `layers.py`, with NumPy alone, the functions `dropout_forward(x, dropout_param)`, which "
        "returns `(out, cache)`, and `dropout_backward(dout, cache)`, which gets $dL/d\\mathrm{out}$ and returns "
        '$dL/d\\mathrm{x}$. `dropout_param` is a dict with the entries `"mode"` and `"p"`; **p is the probability to '
        'drop an entry**, $0 \\le p < 1$. If the mode is `"train"`, each entry of `x`, by itself and anew in every '
        "pass, is set to 0 with probability $p$, and the others are divided by $1 - p$ (inverted dropout). If it is "
        '`"test"`, nothing happens. `cache` is whatever `dropout_backward` needs. `x` may have any shape; the '
        "arguments stay as they are, and the random numbers are not seeded in your code.\n\n"
        "For example, with p = {{ percent }} % about {{ kept }} % of the entries of an `x` of shape "
        "`({{ samples }}, {{ n }})` are left.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="layers.py"), points=c.points) for c in checks],
        solution="The mask holds 0 with probability $p$ and $1/(1 - p)$ otherwise, so that every entry keeps its "
        "expectation. It multiplies `x` on the way forward and dout on the way back. For an `x` of shape "
        "`({{ samples }}, {{ n }})` it is `(np.random.random(({{ samples }}, {{ n }})) >= p) / (1 - p)`. Both "
        "functions are in `solutions/cnn_layers/layers.py`.",
    )


dropout_functions.oracle(judge.names)
