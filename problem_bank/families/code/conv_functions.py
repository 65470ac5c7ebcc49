"""Goodfellow et al., Deep Learning, sections 9.1 and 9.5: a convolution and its gradients as two functions."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import check, close
from problem_bank.exercise import Exercise, Part
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.convolution_checks import (
    Convolution,
    bias_slips,
    convolution,
    input_slips,
    output_slips,
    weight_slips,
)
from problem_bank.subjects.function_checks import function, results, unchanged, vector
from problem_bank.subjects.layer_checks import Array

Draw = np.random.Generator
SECONDS = 10.0  # loops over pixels are slow and right


@check(points=3, seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """`conv_forward` lays every filter on the images as it is, and adds the bias."""
    case = convolution(rng)
    close(_forward(student, case)[0], case.out, what="out", slips=output_slips(case))


@check(points=2, seconds=SECONDS)
def stride_and_padding(student: Any, rng: Draw) -> None:
    """`conv_forward` moves the filters by the stride, over images with zeros around them."""
    for stride, pad in ((1, 1), (2, 0), (2, 1)):
        case = _plain(convolution(rng, stride=stride, pad=pad, left_over=stride > 1))
        what = f"out for stride {stride} and pad {pad}"
        close(_forward(student, case)[0], case.out, what=what, slips=output_slips(case))


@check(points=3, seconds=SECONDS)
def input_gradient(student: Any, rng: Draw) -> None:
    """`conv_backward` returns dx, the derivative of the loss with respect to the images."""
    case = convolution(rng, kernel=(3, 3), pad=1)
    (dx, _, _), case = _backward(student, case)
    close(dx, case.gradients[0], what="dx", slips=input_slips(case))


@check(points=3, seconds=SECONDS)
def weight_gradient(student: Any, rng: Draw) -> None:
    """`conv_backward` returns dw, the derivative of the loss with respect to the filters."""
    case = convolution(rng, pad=1)
    (_, dw, _), case = _backward(student, case)
    close(dw, case.gradients[1], what="dw", slips=weight_slips(case))


@check(points=1, seconds=SECONDS)
def bias_gradient(student: Any, rng: Draw) -> None:
    """`conv_backward` returns db, the derivative of the loss with respect to the bias."""
    case = convolution(rng)
    (_, _, db), case = _backward(student, case)
    close(vector(db, len(case.b), "db"), case.gradients[2], what="db", slips=bias_slips(case))


@check(points=2, requires=["input_gradient", "weight_gradient"], seconds=SECONDS)
def strided_gradients(student: Any, rng: Draw) -> None:
    """dx and dw are right for other strides as well, and where the last row and column are under no window."""
    for pad in (0, 1):
        case = convolution(rng, stride=2, pad=pad, left_over=True)
        (dx, dw, _), case = _backward(student, case)
        close(dx, case.gradients[0], what=f"dx for stride 2 and pad {pad}", slips=input_slips(case))
        close(dw, case.gradients[1], what=f"dw for stride 2 and pad {pad}", slips=weight_slips(case))


@check(points=1, requires=["forward"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """One image works, and so does a filter as large as the image; arguments stay as they are."""
    case = convolution(rng, samples=1)
    call = function(student, "conv_forward")
    value = unchanged(student, call, "conv_forward", case.x, case.w, case.b, more=(case.param,))
    out, cache = results(value, "conv_forward", "out", "cache")
    close(out, case.out, what="out for one image")
    value = unchanged(student, function(student, "conv_backward"), "conv_backward", case.dout, more=(cache,))
    close(results(value, "conv_backward", "dx", "dw", "db")[0], case.gradients[0], what="dx for one image")
    x = rng.normal(size=(2, 3, 4, 5))
    w, b = rng.normal(size=(2, *x.shape[1:])), rng.normal(size=2)
    whole = Convolution(x, w, b, 1, 0, rng.normal(size=(2, 2, 1, 1)))
    close(_forward(student, whole)[0], whole.out, what="out with filters as large as the image")


def _forward(student: Any, case: Convolution) -> list[Any]:
    """The student's out and cache."""
    value = function(student, "conv_forward")(case.x, case.w, case.b, case.param)
    return results(value, "conv_forward", "out", "cache")


def _backward(student: Any, case: Convolution) -> tuple[list[Any], Convolution]:
    """The student's dx, dw and db, and the case that they belong to."""
    out, cache = _forward(student, case)
    value = function(student, "conv_backward")(case.dout, cache)
    gradients = results(value, "conv_backward", "dx", "dw", "db")
    return gradients, case.behind(out, *gradients[:2])


def _plain(case: Convolution) -> Convolution:
    """Filters that look the same when they are flipped, and no bias: only stride and padding matter then."""
    w: Array = case.w + case.w[:, :, ::-1, ::-1]
    return Convolution(case.x, w, np.zeros_like(case.b), case.stride, case.pad, case.dout)


FORWARD, GRADIENTS = (forward, stride_and_padding), (input_gradient, weight_gradient, bias_gradient)


@family(
    topic="code",
    source="Goodfellow 9.5",
    minutes=60,
    levels={"easy": {"gradients": False, "careful": False}, "medium": {"careful": False}, "hard": {}},
)
def conv_functions(rng: Rng, *, gradients: bool = True, careful: bool = True) -> Exercise:
    """Write a convolution of images in NumPy: the forward pass and all gradients, as functions."""
    c, f, size = rng.int("c", 2, 4), rng.int("f", 5, 9), rng.int("size", 8, 15)
    k, pad = rng.int("k", 2, 4), rng.int("pad", 0, 1)
    side = size + 2 * pad - k + 1
    checks = FORWARD + (*GRADIENTS, strided_gradients) * gradients + (edge_cases,) * (gradients and careful)
    return Exercise(
        given={"c": c, "f": f, "size": size, "k": k, "pad": pad, "gradients": gradients, "careful": careful},
        shown={"side": side},
        prompt="Write in `layers.py`, with NumPy alone, the function `conv_forward(x, w, b, conv_param)`, which "
        "returns `(out, cache)`. `x` has shape `(S, C, H, W)`: samples, channels, height, width; the filters `w` have "
        'shape `(F, C, k_h, k_w)` and the bias `b` has shape `(F,)`. `conv_param` is a dict: `"pad"` zeros are put on '
        'all four sides of every image, and the filters move by `"stride"` pixels in both directions. As everywhere in '
        "deep learning, the filters are not flipped: each output is the sum of the products of `w[f]`, as it lies, "
        "with the patch of all channels under it, plus `b[f]`. `out` has shape `(S, F, rows, columns)` with "
        r"$\lfloor (H + 2\,\mathrm{pad} - k_h) / \mathrm{stride} \rfloor + 1$ rows, and columns likewise."
        "{% if gradients %} `cache` is whatever `conv_backward(dout, cache)` needs, which gets $dL/d\\mathrm{out}$ and "
        "returns `(dx, dw, db)`, in the shapes of `x`, `w` and `b`. A mean over the batch is part of $L$, so do not "
        "divide again.{% endif %} The arguments stay as they are. Loops are allowed. Compute in float64.\n\n"
        "For example, {{ f }} filters of {{ k }} by {{ k }} turn images with {{ c }} channels of {{ size }} by "
        "{{ size }} pixels, with pad {{ pad }} and stride 1, into {{ f }} channels of {{ side }} by {{ side }}.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="layers.py"), points=c.points) for c in checks],
        solution="Each filter has ${{ c }} \\cdot {{ k }}^2$ weights. Laid out as a row, it meets every patch, laid "
        "out as a column (im2col), in one matrix product. $d\\mathrm{w}$ is dout times the patches, summed over "
        "samples and positions; $d\\mathrm{x}$ takes every dout back along the same filter to the pixels of its "
        "patch, where the shares add up; $d\\mathrm{b}$ is the sum of dout over samples and positions. Both functions "
        "are in `solutions/cnn_layers/layers.py`.",
    )


@conv_functions.oracle
def names(gradients: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "forward stride_and_padding"
    if gradients:
        parts += " input_gradient weight_gradient bias_gradient strided_gradients" + " edge_cases" * careful
    return {part: (part,) for part in parts.split()}
