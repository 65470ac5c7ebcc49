"""Goodfellow et al., Deep Learning, section 9.3: max pooling as a class."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import check, close, numeric
from problem_bank.exercise import Exercise, Part
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import unchanged
from problem_bank.subjects.layer_checks import make
from problem_bank.subjects.pooling_checks import Pooling, gradient_slips, maximum_slips, pooling, tied, ties_shared

Draw = np.random.Generator
SECONDS = 10.0  # loops over pixels are slow and right


@check(points=2, seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """`forward` returns the largest pixel of every window, channel by channel."""
    case = pooling(rng, (2, 2), 2)
    close(_layer(student, case).forward(case.x), case.out, what="forward(x)", slips=maximum_slips(case))


@check(points=1, seconds=SECONDS)
def strides(student: Any, rng: Draw) -> None:
    """Windows lie side by side without a stride, and may overlap with one."""
    case = pooling(rng, (3, 3), 3)
    side = make(student.MaxPool2d, 3).forward(case.x)
    close(side, case.out, what="forward(x) of MaxPool2d(3)", slips=maximum_slips(case))
    case = pooling(rng, (3, 3), 2)
    out = _layer(student, case).forward(case.x)
    close(out, case.out, what="forward(x) of MaxPool2d(3, 2)", slips=maximum_slips(case))


@check(points=3, seconds=SECONDS)
def gradient(student: Any, rng: Draw) -> None:
    """`backward` takes every entry of dout to the largest pixel of its window."""
    case = pooling(rng, (2, 2), 2)
    close(_backward(student, case), case.dx, what="backward(dout)", slips=gradient_slips(case))


@check(points=2, requires=["gradient"], seconds=SECONDS)
def overlapping_gradient(student: Any, rng: Draw) -> None:
    """A pixel that is largest in several windows gets the sum."""
    case = pooling(rng, (3, 3), 1)
    what = "backward(dout) for windows that overlap"
    close(_backward(student, case), case.dx, what=what, slips=gradient_slips(case))


@check(points=1, requires=["gradient"], seconds=SECONDS)
def ties(student: Any, rng: Draw) -> None:
    """Where several pixels of a window are largest, what they get adds up to dout."""
    case = tied(rng)
    dx = numeric(_backward(student, case), "backward(dout)")
    close(dx.shape, case.x.shape, what="The shape of backward(dout)")
    ties_shared(case, dx)


@check(points=1, requires=["gradient"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """Negative pixels, a second pass with one image, and arguments that stay as they are."""
    case = pooling(rng, (2, 2), 2)
    layer = _layer(student, case)
    layer.forward(case.x)
    layer.backward(case.dout)
    case = Pooling(-case.x[:1] - 9, case.size, case.stride, case.dout[:1])
    close(unchanged(student, layer.forward, "forward", case.x), case.out, what="forward(x) for negative pixels")
    dx = unchanged(student, layer.backward, "backward", case.dout)
    close(dx, case.dx, what="backward(dout) of a second pass with one image")


def _layer(student: Any, case: Pooling) -> Any:
    return make(student.MaxPool2d, case.size[0], case.stride)


def _backward(student: Any, case: Pooling) -> Any:
    """The student's dx."""
    layer = _layer(student, case)
    layer.forward(case.x)
    return layer.backward(case.dout)


CORE, FULL = (forward, strides, gradient), (overlapping_gradient, ties)


@family(
    topic="code",
    source="Goodfellow 9.3",
    minutes=35,
    levels={"easy": {"overlap": False, "careful": False}, "medium": {"careful": False}, "hard": {}},
)
def pool_module(rng: Rng, *, overlap: bool = True, careful: bool = True) -> Exercise:
    """Write max pooling in NumPy as a class: the forward pass and its gradient."""
    c, size, k = rng.int("c", 2, 6), rng.int("size", 7, 16), rng.int("k", 2, 4)
    stride = rng.int("stride", 1, 3)
    checks = CORE + FULL * overlap + (edge_cases,) * careful
    return Exercise(
        given={"c": c, "size": size, "k": k, "stride": stride, "overlap": overlap, "careful": careful},
        shown={"side": (size - k) // stride + 1},
        prompt="Write the class `MaxPool2d(kernel_size, stride=None)` in `modules.py`, with NumPy alone. `forward(x)` "
        "gets images of shape `(S, C, H, W)` and returns the largest pixel of every window of `kernel_size` by "
        "`kernel_size` pixels, for every channel by itself. The windows move by `stride` pixels in both directions, "
        "or by `kernel_size` if no stride is given; those that would reach beyond the image are left out. "
        "`backward(dout)` gets $dL/d\\mathrm{out}$ and returns $dL/dx$ in the shape of `x`. Where several pixels of a "
        "window are equally large, give dout to one of them, or share it among them: it counts once. Neither changes "
        "the array it is given. Loops are allowed. Compute in float64.\n\n"
        "For example, `MaxPool2d({{ k }}, {{ stride }})` turns {{ c }} channels of {{ size }} by {{ size }} pixels "
        "into {{ c }} channels of {{ side }} by {{ side }}.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="modules.py"), points=c.points) for c in checks],
        solution=r"There are $\lfloor ({{ size }} - {{ k }}) / {{ stride }} \rfloor + 1 = {{ side }}$ windows along "
        "each side. Keep the place of each maximum (`argmax`); going back, add each entry of dout there, and leave "
        "all other pixels at 0. The class is in `solutions/cnn_layers/modules.py`.",
    )


@pool_module.oracle
def names(overlap: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "forward strides gradient" + " overlapping_gradient ties" * overlap + " edge_cases" * careful
    return {part: (part,) for part in parts.split()}
