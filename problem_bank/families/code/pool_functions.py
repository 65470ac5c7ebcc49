"""Goodfellow et al., Deep Learning, section 9.3: max pooling and its gradient as two functions."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import check, close, numeric
from problem_bank.exercise import Exercise, Part
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import function, results, unchanged
from problem_bank.subjects.pooling_checks import Pooling, gradient_slips, maximum_slips, pooling, tied, ties_shared

Draw = np.random.Generator
SECONDS = 10.0  # loops over pixels are slow and right


@check(points=2, seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """`max_pool_forward` returns the largest pixel of every window, channel by channel."""
    case = pooling(rng, (2, 2), 2)
    close(_forward(student, case)[0], case.out, what="out", slips=maximum_slips(case))


@check(points=2, seconds=SECONDS)
def windows(student: Any, rng: Draw) -> None:
    """Windows may be rectangular and overlap; what is left over at the edge is not used."""
    for size, stride in (((2, 3), 1), ((3, 2), 2)):
        case = pooling(rng, size, stride)
        what = f"out for windows of {size[0]} by {size[1]} and stride {stride}"
        close(_forward(student, case)[0], case.out, what=what, slips=maximum_slips(case))


@check(points=3, seconds=SECONDS)
def gradient(student: Any, rng: Draw) -> None:
    """`max_pool_backward` takes every entry of dout to the largest pixel of its window."""
    case = pooling(rng, (2, 2), 2)
    close(_backward(student, case), case.dx, what="dx", slips=gradient_slips(case))


@check(points=2, requires=["gradient"], seconds=SECONDS)
def overlapping_gradient(student: Any, rng: Draw) -> None:
    """A pixel that is largest in several windows gets the sum; windows may be rectangular."""
    case = pooling(rng, (3, 2), 1)
    close(_backward(student, case), case.dx, what="dx for windows that overlap", slips=gradient_slips(case))


@check(points=1, requires=["gradient"], seconds=SECONDS)
def ties(student: Any, rng: Draw) -> None:
    """Where several pixels of a window are largest, what they get adds up to dout."""
    case = tied(rng)
    dx = numeric(_backward(student, case), "dx")
    close(dx.shape, case.x.shape, what="The shape of dx")
    ties_shared(case, dx)


@check(points=1, requires=["forward"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """One image with negative pixels only, and arguments that stay as they are."""
    case = pooling(rng, (2, 2), 2, samples=1)
    case = Pooling(case.x - case.x.max() - 1, case.size, case.stride, case.dout)
    call = function(student, "max_pool_forward")
    value = unchanged(student, call, "max_pool_forward", case.x, more=(case.param,))
    out, cache = results(value, "max_pool_forward", "out", "cache")
    close(out, case.out, what="out for negative pixels")
    back = function(student, "max_pool_backward")
    close(unchanged(student, back, "max_pool_backward", case.dout, more=(cache,)), case.dx, what="dx for one image")


def _forward(student: Any, case: Pooling) -> list[Any]:
    """The student's out and cache."""
    value = function(student, "max_pool_forward")(case.x, case.param)
    return results(value, "max_pool_forward", "out", "cache")


def _backward(student: Any, case: Pooling) -> Any:
    """The student's dx."""
    return function(student, "max_pool_backward")(case.dout, _forward(student, case)[1])


CORE, FULL = (forward, windows, gradient), (overlapping_gradient, ties)


@family(
    topic="code",
    source="Goodfellow 9.3",
    minutes=35,
    levels={"easy": {"overlap": False, "careful": False}, "medium": {"careful": False}, "hard": {}},
)
def pool_functions(rng: Rng, *, overlap: bool = True, careful: bool = True) -> Exercise:
    """Write max pooling in NumPy: the forward pass and its gradient, as functions."""
    c, rows, columns = rng.int("c", 2, 6), rng.int("rows", 6, 12), rng.int("columns", 6, 12)
    height, width = rng.int("height", 2, 3), rng.int("width", 2, 4)
    rng.require(rows != columns, "the image is no square")
    checks = CORE + FULL * overlap + (edge_cases,) * careful
    given = {"c": c, "rows": rows, "columns": columns, "height": height, "width": width}
    return Exercise(
        given=given | {"overlap": overlap, "careful": careful},
        shown={"down": (rows - height) // 2 + 1, "right": (columns - width) // 2 + 1},
        prompt="Write in `layers.py`, with NumPy alone, the function `max_pool_forward(x, pool_param)`, which returns "
        "`(out, cache)`. `x` has shape `(S, C, H, W)`: samples, channels, height, width. `pool_param` is a dict with "
        'the entries `"pool_height"`, `"pool_width"` and `"stride"`: the size of the window, and by how many pixels it '
        "moves in both directions. Windows may overlap; those that would reach beyond the image are left out. `out` "
        "holds the largest pixel of every window, for every channel by itself. `cache` is whatever "
        "`max_pool_backward(dout, cache)` needs, which gets $dL/d\\mathrm{out}$ and returns $dL/d\\mathrm{x}$ in the "
        "shape of `x`. Where several pixels of a window are equally large, give dout to one of them, or share it "
        "among them: it counts once. The arguments stay as they are. Loops are allowed. Compute in float64.\n\n"
        "For example, windows of {{ height }} by {{ width }} with stride 2 turn {{ c }} channels of {{ rows }} by "
        "{{ columns }} pixels into {{ c }} channels of {{ down }} by {{ right }}.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="layers.py"), points=c.points) for c in checks],
        solution=r"There are $\lfloor ({{ rows }} - {{ height }}) / 2 \rfloor + 1 = {{ down }}$ windows below each "
        r"other and $\lfloor ({{ columns }} - {{ width }}) / 2 \rfloor + 1 = {{ right }}$ beside each other. Keep the "
        "place of each maximum (`argmax`); going back, add each entry of dout there, and leave all other pixels at 0. "
        "Both functions are in `solutions/cnn_layers/layers.py`.",
    )


@pool_functions.oracle
def names(overlap: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "forward windows gradient" + " overlapping_gradient ties" * overlap + " edge_cases" * careful
    return {part: (part,) for part in parts.split()}
