"""A convolution on the flattened image: its matrix, and the patches that its windows cut out."""

from collections.abc import Sequence
from typing import Any

from problem_bank.exact import dot, flip, transpose
from problem_bank.exercise import Rule
from problem_bank.values import Matrix, Vector

Rules = dict[str, tuple[Rule, dict[str, Any]]]


def operator(w: Matrix, sides: Sequence[int], at: Sequence[int]) -> Rules:
    """The matrix M that maps the image, row after row, to the outputs, row after row; and its row of output `at`."""
    M = _matrix(w, sides)
    wrong = {"flipped": _matrix(flip(w), sides),
             "no_gap": _matrix(w, sides, gap=0) if len(w) > 1 and sides[1] > len(w[0]) else None}  # fmt: skip
    row = (at[0] - 1) * (sides[1] - len(w[0]) + 1) + at[1] - 1
    rows = {name: value and value[row] for name, value in wrong.items()}
    return {
        "row": (lambda e: M[row], rows | {"weights_alone": tuple(v for line in w for v in line)}),
        "M": (lambda e: M, wrong | {"turned": transpose(M), "wrapped": _wrapped(M[0])}),
    }


def counts(sides: Sequence[int], kernel: Sequence[int]) -> Rules:
    """Rows, columns, entries that are not zero, and different weights of the matrix for an image of these sides."""
    outputs, pixels = (sides[0] - kernel[0] + 1) * (sides[1] - kernel[1] + 1), sides[0] * sides[1]
    weights = kernel[0] * kernel[1]
    told = outputs, pixels, outputs * weights, weights
    wrong = {
        "not_shared": (*told[:3], outputs * weights),
        "dense": (outputs, pixels, outputs * pixels, weights),
        "size_kept": (pixels, pixels, pixels * weights, weights),
        "turned": (pixels, outputs, *told[2:]),
    }
    return {"counts": (lambda e: told, wrong)}


def _matrix(w: Matrix, sides: Sequence[int], gap: int | None = None) -> Matrix:
    """One row for each window; the rows of the kernel lie `gap` pixels apart, by default those beside the window."""
    height, width = sides
    zeros: Vector = (0,) * (width - len(w[0]) if gap is None else gap)
    weights: Vector = w[0]
    for line in w[1:]:
        weights = (*weights, *zeros, *line)
    starts = [i * width + j for i in range(height - len(w) + 1) for j in range(width - len(w[0]) + 1)]
    return tuple((*(0,) * s, *weights, *(0,) * (height * width - s - len(weights))) for s in starts)


def _wrapped(first: Vector) -> Matrix:
    """A row for each pixel, each one place further on; what leaves at the end comes in again at the beginning."""
    return tuple(first[len(first) - s :] + first[: len(first) - s] for s in range(len(first)))


def patches(x: Matrix, w: Matrix) -> Rules:
    """The patches under the kernel, one in each column, and the outputs that they give."""
    P, weights = _patches(x, len(w), len(w[0])), tuple(v for line in w for v in line)

    def outputs(weights: Vector) -> Rule:
        return lambda e: tuple(dot(weights, column) for column in transpose(e.get("P", P)))

    down = _patches(transpose(x), len(w[0]), len(w))
    wrong = {"turned": transpose(P), "side_by_side": _patches(x, len(w), len(w[0]), apart=True),
             "columns_first": down if min(len(w), len(w[0])) > 1 else None}  # fmt: skip
    return {"P": (lambda e: P, wrong), "Y": (outputs(weights), {"flipped": outputs(weights[::-1])})}


def _patches(x: Matrix, a: int, b: int, *, apart: bool = False) -> Matrix:
    """The a x b patches of x as columns, each read row by row; `apart` are those that do not overlap."""
    down, along = (a, b) if apart else (1, 1)
    starts = [(i, j) for i in range(0, len(x) - a + 1, down) for j in range(0, len(x[0]) - b + 1, along)]
    return transpose(tuple(tuple(x[i + p][j + q] for p in range(a) for q in range(b)) for i, j in starts))


def stacked(layer: Sequence[int]) -> Rules:
    """The shape of the patches for `layer`: channels, side of the kernel, height and width of the image."""
    channels, k, height, width = layer
    seen, outputs = channels * k * k, (height - k + 1) * (width - k + 1)
    wrong = {"turned": (outputs, seen), "one_channel": (k * k, outputs), "size_kept": (seen, height * width)}
    return {"stack": (lambda e: (seen, outputs), wrong)}
