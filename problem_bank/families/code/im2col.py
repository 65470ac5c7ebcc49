"""Goodfellow et al., Deep Learning, section 9.1: the patches under a kernel as columns of a matrix, and back.

With them a convolution is one matrix product, which is how most libraries compute it.
"""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import check, close, numeric
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.convolution_checks import Convolution, convolution
from problem_bank.subjects.function_checks import function, unchanged
from problem_bank.subjects.layer_checks import Array
from solutions.numpy_nn.convolution import Geometry, col2im
from solutions.numpy_nn.convolution import im2col as patches

Draw = np.random.Generator
SECONDS = 10.0  # loops over pixels are slow and right
KERNEL = (2, 3)


@check(points=3, seconds=SECONDS)
def columns(student: Any, rng: Draw) -> None:
    """`im2col` lays every patch into a column, channel by channel, each in reading order."""
    case = convolution(rng, kernel=KERNEL)
    truth = patches(case.x, _geometry(case))
    by_pixel = truth.reshape(len(case.x), case.x.shape[1], 6, -1).swapaxes(1, 2).reshape(truth.shape)
    cell = truth.reshape(len(case.x), -1, *KERNEL, truth.shape[-1])
    places = truth.reshape(*truth.shape[:2], *case.dout.shape[2:]).swapaxes(2, 3).reshape(truth.shape)
    slips = [
        Slip("rows", truth.swapaxes(1, 2), "The patches lie in the rows; put each into a column."),
        Slip("channels_last", by_pixel,
             "The channels of a pixel lie together; put a whole channel's patch, then the next."),
        Slip("kernel_turned", cell.swapaxes(2, 3).reshape(truth.shape), "A patch is read by columns; read it by rows."),
        Slip("positions_turned", places, "The window moves down first; move it along a row first, then down."),
        Slip("samples_joined", np.hstack(list(truth)), "The samples are joined; the batch stays the first axis."),
    ]  # fmt: skip
    close(_im2col(student, case), truth, what="im2col(x, kernel, 1, 0)", slips=slips)


@check(points=2, seconds=SECONDS)
def stride_and_padding(student: Any, rng: Draw) -> None:
    """`im2col` moves the window by the stride and puts zeros around the image; what is left over is not used."""
    for stride, pad in ((1, 1), (2, 0), (2, 1)):
        case = convolution(rng, kernel=KERNEL, stride=stride, pad=pad, left_over=stride > 1)
        one, none = _geometry(case, stride=1), _geometry(case, pad=0)
        slips = [
            Slip("stride_ignored", patches(case.x, one) if stride > 1 else None, "The stride is ignored."),
            Slip("pad_ignored", patches(case.x, none) if pad else None, "The padding is ignored."),
        ]
        what = f"im2col(x, kernel, {stride}, {pad})"
        close(_im2col(student, case), patches(case.x, _geometry(case)), what=what, slips=slips)


@check(points=3, seconds=SECONDS)
def images(student: Any, rng: Draw) -> None:
    """`col2im` adds every column back to the pixels that it came from."""
    case = convolution(rng, kernel=KERNEL)
    taken = rng.normal(size=patches(case.x, _geometry(case)).shape)
    truth = col2im(taken, case.x.shape, _geometry(case))
    counts = col2im(np.ones_like(taken), case.x.shape, _geometry(case))
    late, early = _overwritten(case, taken, False), _overwritten(case, taken, True)
    only = "Where patches overlap, one of them is kept; add them all up."
    slips = [
        Slip("overwritten", late, only),
        Slip("overwritten", early, only),
        Slip(
            "averaged", truth / counts, "Overlapping patches are averaged; add them up: col2im is no inverse of im2col."
        ),
    ]
    close(_col2im(student, case, taken), truth, what="col2im(columns, shape, kernel, 1, 0)", slips=slips)


@check(points=2, seconds=SECONDS)
def strided_images(student: Any, rng: Draw) -> None:
    """`col2im` undoes stride and padding: its result has the given shape."""
    for stride, pad in ((1, 1), (2, 1)):
        case = convolution(rng, kernel=KERNEL, stride=stride, pad=pad, left_over=stride > 1)
        taken = rng.normal(size=patches(case.x, _geometry(case)).shape)
        s, c, height, width = case.x.shape
        full = col2im(taken, (s, c, height + 2 * pad, width + 2 * pad), _geometry(case, pad=0))
        slips = [
            Slip("padding_kept", full, "The padding is still there; cut it off."),
            Slip("cropped_wrongly", full[:, :, :height, :width],
                 "The image is cut out from the wrong place: it begins `pad` rows and columns inside the padded one."),
        ]  # fmt: skip
        truth = full[:, :, pad : pad + height, pad : pad + width]
        close(
            _col2im(student, case, taken), truth, what=f"col2im(columns, shape, kernel, {stride}, {pad})", slips=slips
        )


@check(points=1, seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """One image, a kernel as large as the image, and arguments that stay as they are."""
    case = convolution(rng, kernel=KERNEL, samples=1)
    close(_im2col(student, case), patches(case.x, _geometry(case)), what="im2col of one image")
    x = rng.normal(size=(2, 3, *KERNEL))
    whole = function(student, "im2col")(x, KERNEL, 1, 0)
    close(whole, x.reshape(2, -1, 1), what="im2col with a kernel as large as the image")
    taken = unchanged(student, function(student, "im2col"), "im2col", case.x, more=(KERNEL, 1, 1))
    more = (case.x.shape, KERNEL, 1, 1)
    unchanged(student, function(student, "col2im"), "col2im", numeric(taken, "im2col(x, kernel, 1, 1)"), more=more)


def _im2col(student: Any, case: Convolution) -> Any:
    return function(student, "im2col")(case.x, KERNEL, case.stride, case.pad)


def _col2im(student: Any, case: Convolution, taken: Array) -> Any:
    return function(student, "col2im")(taken, case.x.shape, KERNEL, case.stride, case.pad)


def _geometry(case: Convolution, *, stride: int | None = None, pad: int | None = None) -> Geometry:
    s, p = stride or case.stride, case.pad if pad is None else pad
    return Geometry(KERNEL, (s, s), (p, p))


def _overwritten(case: Convolution, taken: Array, by_pixel: bool) -> Array:
    """What is left of the patches if each replaces what was there: by positions, or by pixels of the kernel."""
    dx, (rows, columns) = np.zeros_like(case.x), case.dout.shape[2:]
    cells = taken.reshape(*case.x.shape[:2], *KERNEL, rows, columns)
    if by_pixel:
        for i, j in np.ndindex(KERNEL):
            dx[:, :, i : i + rows, j : j + columns] = cells[:, :, i, j]
        return dx
    for i, j in np.ndindex(rows, columns):
        dx[:, :, i : i + KERNEL[0], j : j + KERNEL[1]] = cells[..., i, j]
    return dx


FORWARD, BACK = (columns, stride_and_padding), (images, strided_images)


@family(
    topic="code",
    source="Goodfellow 9.1",
    minutes=30,
    levels={"easy": {"back": False, "careful": False}, "medium": {"careful": False}, "hard": {}},
)
def im2col(rng: Rng, *, back: bool = True, careful: bool = True) -> Exercise:
    """Cut the patches under a kernel out of images, and add them back."""
    c, size, k, stride = rng.int("c", 2, 5), rng.int("size", 8, 15), rng.int("k", 2, 4), rng.int("stride", 1, 3)
    side = (size - k) // stride + 1
    rng.require(len({c, k, side}) == 3, "the sizes differ")
    checks = FORWARD + BACK * back + (edge_cases,) * careful
    return Exercise(
        given={"c": c, "size": size, "k": k, "stride": stride, "back": back, "careful": careful},
        shown={"side": side, "length": c * k * k, "places": side * side},
        prompt="Write in `layers.py`, with NumPy alone, the function `im2col(x, kernel, stride=1, pad=0)`. `x` has "
        "shape `(S, C, H, W)`: samples, channels, height, width; `kernel` is `(k_h, k_w)`; `pad` zeros are put on all "
        "four sides. It returns an array of shape `(S, C*k_h*k_w, positions)`. Each column is one patch under the "
        "kernel: channel after channel, and each channel's patch row by row. The patches are in reading order: along "
        "the first row of positions, then the next. Positions at which the kernel would reach beyond the padded image "
        "are left out. The arguments stay as they are."
        "{% if back %} Write also `col2im(columns, shape, kernel, stride=1, pad=0)`, which adds every column back to "
        "the pixels that it came from. It returns an array of the given shape `(S, C, H, W)`, without the padding. A "
        "pixel that several patches share gets the sum.{% endif %}\n\n"
        "For example, images with {{ c }} channels of {{ size }} by {{ size }} pixels, a {{ k }} by {{ k }} kernel and "
        "stride {{ stride }} give {{ places }} columns of length {{ length }}.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="layers.py"), points=c.points) for c in checks],
        solution="A side of {{ size }} pixels has {{ side }} positions, since $\\lfloor ({{ size }} - {{ k }}) / "
        "{{ stride }} \\rfloor + 1 = {{ side }}$. `numpy.lib.stride_tricks.sliding_window_view` gives all windows "
        "without a copy; a transposition and a reshape put them into columns. Both functions are in "
        "`solutions/cnn_layers/layers.py`.",
    )


@im2col.oracle
def names(back: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "columns stride_and_padding" + " images strided_images" * back + " edge_cases" * careful
    return {part: (part,) for part in parts.split()}
