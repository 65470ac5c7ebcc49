"""Goodfellow et al., Deep Learning, sections 9.1 and 9.5: a convolution layer as a class."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, close
from problem_bank.exercise import Exercise, Part, Slip
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
from problem_bank.subjects.function_checks import like, unchanged, vector
from problem_bank.subjects.layer_checks import drawn, entry, make

Draw = np.random.Generator
SECONDS = 10.0  # loops over pixels are slow and right


@check(points=1, seconds=SECONDS)
def interface(student: Any, rng: Draw) -> None:
    """`params` and `grads` have entries "weight" and "bias" of fitting shapes."""
    layer = make(student.Conv2d, 2, 4, 3)
    for table in ("params", "grads"):
        shape = entry(layer, table, "weight").shape
        if shape != (4, 2, 3, 3):
            raise CheckFailed(f'{table}["weight"] of Conv2d(2, 4, 3) has shape {shape}; expected (4, 2, 3, 3).')
        if entry(layer, table, "bias").size != 4:
            raise CheckFailed(f'{table}["bias"] of Conv2d(2, 4, 3) needs one entry per filter: shape (4,).')


@check(points=3, requires=["interface"], seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """`forward` lays every filter on the images as it is, and adds the bias."""
    trial = _trial(student, rng)
    close(trial.forward(), trial.case.out, what="forward(x)", slips=output_slips(trial.case))


@check(points=2, requires=["interface"], seconds=SECONDS)
def stride_and_padding(student: Any, rng: Draw) -> None:
    """`forward` moves the filters by the stride, over images with zeros around them."""
    for stride, pad in ((1, 1), (2, 0), (2, 1)):
        trial = _trial(student, rng, stride, pad)
        what = f"forward(x) for stride {stride} and padding {pad}"
        close(trial.forward(), trial.case.out, what=what, slips=output_slips(trial.case))


@check(points=3, requires=["interface"], seconds=SECONDS)
def input_gradient(student: Any, rng: Draw) -> None:
    """`backward` returns the derivative of the loss with respect to the images."""
    trial = _trial(student, rng, pad=1)
    actual = trial.backward()
    close(actual, trial.case.gradients[0], what="backward(dout)", slips=input_slips(trial.case))


@check(points=3, requires=["interface"], seconds=SECONDS)
def weight_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["weight"]` to the derivative of the loss with respect to the filters."""
    trial = _trial(student, rng, pad=1)
    trial.backward()
    slips, gradient = weight_slips(trial.case), trial.case.gradients[1]
    close(entry(trial.layer, "grads", "weight"), gradient, what='grads["weight"]', slips=slips)


@check(points=1, requires=["interface"], seconds=SECONDS)
def bias_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["bias"]` to the derivative of the loss with respect to the bias."""
    trial = _trial(student, rng)
    trial.backward()
    value = vector(entry(trial.layer, "grads", "bias"), len(trial.case.b), 'grads["bias"]')
    close(value, trial.case.gradients[2], what='grads["bias"]', slips=bias_slips(trial.case))


@check(points=2, requires=["input_gradient", "weight_gradient"], seconds=SECONDS)
def strided_gradients(student: Any, rng: Draw) -> None:
    """The gradients are right for other strides as well, and where the last row and column are under no window."""
    for pad in (0, 1):
        trial = _trial(student, rng, 2, pad)
        actual, steps = trial.backward(), f"for stride 2 and padding {pad}"
        dx, dw, _ = trial.case.gradients
        close(actual, dx, what=f"backward(dout) {steps}", slips=input_slips(trial.case))
        value = entry(trial.layer, "grads", "weight")
        close(value, dw, what=f'grads["weight"] {steps}', slips=weight_slips(trial.case))


@check(points=1, requires=["interface"], seconds=SECONDS)
def initialisation(student: Any, rng: Draw) -> None:
    """Weights start with mean 0 and variance 2/(in_channels * k * k); bias and gradients start with zeros."""
    inside, outside, k = 60, 75, 3
    layer = make(student.Conv2d, inside, outside, k)
    drawn(entry(layer, "params", "weight"), 2 / (inside * k * k), {
        "unscaled": (1, "The weights have variance 1; scale them down by the number of inputs."),
        "area_forgotten": (2 / inside,
                           "A filter sees in_channels * k * k pixels; the variance counts the channels only."),
        "fan_out": (2 / (outside * k * k), "The variance uses the number of filters; use that of the input channels."),
        "no_gain": (1 / (inside * k * k), "The variance is 1/fan-in; behind a ReLU it is 2/fan-in."),
    })  # fmt: skip
    for table, key in (("params", "bias"), ("grads", "weight"), ("grads", "bias")):
        if np.any(entry(layer, table, key)):
            raise CheckFailed(f'{table}["{key}"] of a new layer is not zero everywhere.', f"{table}_not_zero")


@check(points=1, requires=["input_gradient"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """A second pass has its own gradients, one image works, and arguments stay as they are."""
    trial = _trial(student, rng)
    trial.backward()
    first = trial.case.gradients[1]
    x, dout = rng.normal(size=trial.case.x.shape)[:1], rng.normal(size=trial.case.dout.shape)[:1]
    trial.case = replace(trial.case, x=x, dout=dout)
    unchanged(student, trial.layer.forward, "forward", x)
    dx = unchanged(student, trial.layer.backward, "backward", dout)
    close(dx, trial.case.gradients[0], what="backward(dout) of a second pass with one image")
    second = trial.case.gradients[1]
    slips = [Slip("accumulating", first + second, "backward adds to the gradients of the pass before.")]
    close(entry(trial.layer, "grads", "weight"), second, what='grads["weight"] of a second pass', slips=slips)


@dataclass
class _Trial:
    """The student's layer, with the parameters of a case."""

    layer: Any
    case: Convolution

    def forward(self) -> Any:
        """The student's output."""
        return self.layer.forward(self.case.x)

    def backward(self) -> Any:
        """The student's dx; the case becomes the one that the gradients belong to."""
        out, dx = self.forward(), self.layer.backward(self.case.dout)
        self.case = self.case.behind(out, dx, entry(self.layer, "grads", "weight"))
        return dx


def _trial(student: Any, rng: Draw, stride: int = 1, pad: int = 0) -> _Trial:
    case = convolution(rng, kernel=(3, 3), stride=stride, pad=pad, left_over=stride > 1)
    layer = make(student.Conv2d, case.w.shape[1], case.w.shape[0], 3, stride, pad)
    layer.params["weight"] = case.w.copy()
    layer.params["bias"] = like(case.b, entry(layer, "params", "bias"), 'params["bias"]')
    return _Trial(layer, case)


CORE = (interface, forward, stride_and_padding, weight_gradient, bias_gradient, input_gradient)


@family(
    topic="code",
    source="Goodfellow 9.5",
    minutes=60,
    levels={"easy": {"strides": False, "careful": False}, "medium": {"careful": False}, "hard": {}},
)
def conv_module(rng: Rng, *, strides: bool = True, careful: bool = True) -> Exercise:
    """Write a convolution layer in NumPy as a class: forward pass, gradients, initialisation."""
    c, f, size = rng.int("c", 2, 4), rng.int("f", 5, 9), rng.int("size", 8, 15)
    k, padding = rng.int("k", 2, 4), rng.int("padding", 0, 1)
    checks = CORE + (strided_gradients,) * strides + (initialisation, edge_cases) * careful
    return Exercise(
        given={"c": c, "f": f, "size": size, "k": k, "padding": padding, "strides": strides, "careful": careful},
        shown={"side": size + 2 * padding - k + 1},
        prompt="Write the class `Conv2d(in_channels, out_channels, kernel_size, stride=1, padding=0)` in `modules.py`, "
        'with NumPy alone. `params` and `grads` are dicts with the entries `"weight"`, the filters of shape '
        '`(out_channels, in_channels, k, k)`, and `"bias"`, of shape `(out_channels,)`. `forward(x)` gets images of '
        "shape `(S, in_channels, H, W)`, puts `padding` zeros on all four sides, moves the filters by `stride` pixels "
        "and returns, for every position, the sum of the products of the filter, as it lies and not flipped, with the "
        "patch of all channels under it, plus the bias. The output has shape `(S, out_channels, rows, columns)` with "
        r"$\lfloor (H + 2\,\mathrm{padding} - k) / \mathrm{stride} \rfloor + 1$ rows, and columns likewise. "
        "`backward(dout)` gets $dL/d\\mathrm{out}$, sets both gradients in `grads` (new ones replace old ones) and "
        "returns $dL/dx$ in the shape of `x`; a mean over the batch is part of $L$, so do not divide again. Neither "
        "changes the array it is given. Draw the weights with mean 0 and variance 2/(`in_channels`$\\cdot k^2$); "
        "the bias and all gradients start as zeros. Loops are allowed. Compute in float64.\n\n"
        "For example, `Conv2d({{ c }}, {{ f }}, {{ k }}, padding={{ padding }})` turns images of {{ size }} by "
        "{{ size }} pixels into {{ f }} channels of {{ side }} by {{ side }}.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="modules.py"), points=c.points) for c in checks],
        solution="The windows of all positions (`sliding_window_view`) and the filters, of shape `({{ f }}, {{ c }}, "
        "{{ k }}, {{ k }})`, are contracted over channels and kernel (`tensordot`). For $dW$, dout and the windows are "
        "contracted over samples and positions; for $dX$, dout meets the filters, and every share is added to the "
        "pixels of its window; $db$ sums dout over samples and positions. The class is in "
        "`solutions/cnn_layers/modules.py`.",
    )


@conv_module.oracle
def names(strides: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface forward stride_and_padding weight_gradient bias_gradient input_gradient"
    parts += " strided_gradients" * strides + " initialisation edge_cases" * careful
    return {part: (part,) for part in parts.split()}
