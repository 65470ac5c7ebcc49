"""Goodfellow et al., Deep Learning, section 7.12: inverted dropout as a class."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, close, numeric
from problem_bank.exercise import Exercise, Part
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects import dropout_checks as judge
from problem_bank.subjects.function_checks import unchanged

Draw = np.random.Generator
SECONDS = 5.0


@check(points=1, seconds=SECONDS)
def share(student: Any, rng: Draw) -> None:
    """In training, `forward` sets entries to 0 with probability p."""
    x, p = judge.batch(rng)
    judge.dropped_share(judge.kept(student.Dropout(p).forward(x), x, "forward(x)"), p)


@check(points=1, seconds=SECONDS)
def scaling(student: Any, rng: Draw) -> None:
    """In training, the entries that are left are divided by 1 - p."""
    x, p = judge.batch(rng)
    out = student.Dropout(p).forward(x)
    judge.kept_values(out, x, judge.kept(out, x, "forward(x)"), p, "forward(x)")


@check(points=1, seconds=SECONDS)
def masks(student: Any, rng: Draw) -> None:
    """Every pass draws anew which entries are dropped, each by itself."""
    x, p = judge.batch(rng)
    layer = student.Dropout(p)
    judge.independent(*(judge.kept(layer.forward(x), x, "forward(x)") for _ in range(2)))


@check(points=1, seconds=SECONDS)
def evaluation(student: Any, rng: Draw) -> None:
    """After `eval()` nothing happens, forward and backward; `train()` leads back."""
    x, p = judge.batch(rng)
    layer = student.Dropout(p)
    before = judge.kept(layer.forward(x), x, "forward(x)")
    layer.eval()
    judge.evaluation(layer.forward(x), x, p, "forward(x) in evaluation")
    judge.evaluation(layer.backward(x), x, p, "backward(dout) in evaluation")
    layer.train()
    after = judge.kept(layer.forward(x), x, "forward(x)")
    if after.all() and not before.all():
        raise CheckFailed("After eval() and train() nothing is dropped any more.", "no_way_back")


@check(points=1, seconds=SECONDS)
def gradient(student: Any, rng: Draw) -> None:
    """`backward` uses the mask and the factor of the forward pass."""
    x, p = judge.batch(rng)
    dout, _ = judge.batch(rng)
    layer = student.Dropout(p)
    out = layer.forward(x)
    mask = judge.kept(out, x, "forward(x)")
    judge.backward(layer.backward(dout), dout, mask, judge.factor(out, x))


@check(points=1, requires=["share"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """With p = 0 nothing is dropped, images work as well, and the arguments stay as they are."""
    x, p = judge.batch(rng)
    close(student.Dropout(0.0).forward(x), x, what="forward(x) for p = 0")
    images = x.reshape(10, 3, 10, 10)
    close(numeric(student.Dropout(p).forward(images), "forward(x)").shape, images.shape, what="The shape for images")
    layer = student.Dropout(p)
    for mode in (layer.train, layer.eval):
        mode()
        unchanged(student, layer.forward, "forward", x)
        unchanged(student, layer.backward, "backward", x)


CORE, BACK = (share, scaling, masks, evaluation), (gradient,)


@family(
    topic="code",
    source="Goodfellow 7.12",
    minutes=15,
    levels={"easy": {"careful": False, "back": False}, "medium": {"careful": False}, "hard": {}},
)
def dropout(rng: Rng, *, back: bool = True, careful: bool = True) -> Exercise:
    """Write inverted dropout in NumPy as a class: training, evaluation, gradient."""
    n, samples, percent = rng.int("n", 3, 12), rng.int("samples", 3, 12), rng.int("percent", 10, 45)
    checks = CORE + BACK * back + (edge_cases,) * careful
    return Exercise(
        given={"n": n, "samples": samples, "percent": percent, "back": back, "careful": careful},
        shown={"kept": 100 - percent},
        prompt="Write the class `Dropout(p=0.5)` in `modules.py`, with NumPy alone; **p is the probability to drop an "
        "entry**, $0 \\le p < 1$. `train()` and `eval()` switch between training, in which a new layer is, and "
        "evaluation. In training `forward(x)` sets each entry of `x`, by itself and anew in every pass, to 0 with "
        "probability $p$, and divides the others by $1 - p$ (inverted dropout). In evaluation nothing happens. "
        "`backward(dout)` gets $dL/d\\mathrm{out}$ and returns $dL/dx$ of the latest forward pass. `x` may have any "
        "shape; the arguments stay as they are, and the random numbers are not seeded in your code.\n\n"
        "For example, `Dropout(0.{{ percent }})` leaves about {{ kept }} % of the entries of an `x` of shape "
        "`({{ samples }}, {{ n }})`.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="modules.py"), points=c.points) for c in checks],
        solution="The mask holds 0 with probability $p$ and $1/(1 - p)$ otherwise, so that every entry keeps its "
        "expectation. It multiplies `x` on the way forward and dout on the way back. For an `x` of shape "
        "`({{ samples }}, {{ n }})` it is `(np.random.random(({{ samples }}, {{ n }})) >= p) / (1 - p)`. The class is "
        "in `solutions/cnn_layers/modules.py`.",
    )


dropout.oracle(judge.names)
