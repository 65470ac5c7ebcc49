"""What checks of max pooling share: random cases without ties, and the numbers that well-known mistakes lead to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from problem_bank.checks import CheckFailed
from problem_bank.exercise import Slip
from problem_bank.subjects.layer_checks import Array
from solutions.numpy_nn import MaxPool2dModule


@dataclass(frozen=True)
class Pooling:
    """Images, windows, and the gradient of the loss with respect to the output."""

    x: Array  # (S, C, H, W)
    size: tuple[int, int]
    stride: int
    dout: Array

    @property
    def param(self) -> dict[str, int]:
        """Window and stride by name."""
        return {"pool_height": self.size[0], "pool_width": self.size[1], "stride": self.stride}

    @property
    def out(self) -> Array:
        """The maxima."""
        return MaxPool2dModule(self.size, (self.stride, self.stride)).forward(self.x)

    @property
    def dx(self) -> Array:
        """The gradient with respect to the images."""
        layer = MaxPool2dModule(self.size, (self.stride, self.stride))
        layer.forward(self.x)
        return layer.backward(self.dout)

    def windows(self, size: tuple[int, int], stride: int) -> Array:
        """The pixels of every window, shape (S, C, rows, columns, height, width)."""
        return sliding_window_view(self.x, size, axis=(2, 3))[:, :, ::stride, ::stride]

    def filled(self, dx: Array, share: Callable[[Array, float, Array], Array]) -> Array:
        """dx after every window, in reading order, is set to share(its pixels, its dout, what is there)."""
        (height, width), s = self.size, self.stride
        for n, c, i, j in np.ndindex(self.dout.shape):
            place = n, c, slice(i * s, i * s + height), slice(j * s, j * s + width)
            dx[place] = share(self.x[place], float(self.dout[n, c, i, j]), dx[place])
        return dx


def pooling(rng: np.random.Generator, size: tuple[int, int], stride: int, samples: int | None = None) -> Pooling:
    """A random case without ties; the last row and column are under no window if the stride leaves room for that."""
    s, c = (int(count) for count in rng.permutation([2, 3]))
    rows, columns = (int(count) for count in rng.permutation([3, 4]))
    height, width = ((n - 1) * stride + k + (stride > 1) for n, k in zip((rows, columns), size, strict=True))
    shape = (samples or s, c, height, width)
    x = rng.permutation(np.prod(shape)).reshape(shape) / 7 - 3
    return Pooling(x, size, stride, rng.normal(size=(shape[0], c, rows, columns)))


def maximum_slips(case: Pooling) -> list[Slip]:
    """Wrong outputs."""
    size, stride = case.size, case.stride
    windows, turned = case.windows(size, stride), case.windows((size[1], size[0]), stride)
    pixels = (-2, -1)
    return [
        Slip("mean", windows.mean(pixels), "That is the mean of each window; take its largest pixel."),
        Slip("minimum", windows.min(pixels), "That is the smallest pixel of each window; take the largest."),
        Slip("stride_ignored", case.windows(size, 1).max(pixels), "The stride is ignored: the window moves by one."),
        Slip("stride_is_size", case.windows(size, size[0]).max(pixels),
             "The window moves by its own height; move it by the stride."),
        Slip("window_turned", turned.max(pixels), "The height and the width of the window are swapped."),
        Slip("over_channels", windows.max((1, *pixels)),
             "The maximum is taken over the channels too; keep them apart."),
    ]  # fmt: skip


def gradient_slips(case: Pooling) -> list[Slip]:
    """Wrong gradients with respect to the images."""
    pixels, zeros = case.size[0] * case.size[1], np.zeros_like(case.x)
    winner = "Only the largest pixel of a window decides its output; the others get nothing."
    last = "A pixel that is largest in several windows collects from all of them; add, do not overwrite."
    return [
        Slip("spread", case.filled(zeros.copy(), lambda x, d, old: old + d / pixels), winner),
        Slip("everywhere", case.filled(zeros.copy(), lambda x, d, old: old + d), winner),
        Slip("overwritten", case.filled(zeros.copy(), lambda x, d, old: np.where(x == x.max(), d, old)), last),
        Slip("overwritten", case.filled(zeros.copy(), lambda x, d, old: np.where(x == x.max(), d, 0.0)), last),
        Slip("overwritten", _placed(case), last),
        Slip("value_returned", case.filled(zeros.copy(), lambda x, d, old: old + (x == x.max()) * x),
             "The largest pixels themselves are returned; put dout in their places."),
    ]  # fmt: skip


def tied(rng: np.random.Generator) -> Pooling:
    """Windows of 2 by 2 side by side, in each of which two, three or four pixels are largest."""
    case = pooling(rng, (2, 2), 2)
    x = case.filled(np.zeros_like(case.x), lambda x, d, old: _ties(rng))
    return Pooling(x, case.size, case.stride, case.dout)


def ties_shared(case: Pooling, dx: Array) -> None:
    """Hold dx against the rule for ties: dout in all, and nothing for pixels that are not largest."""
    largest = case.filled(np.zeros_like(dx), lambda x, d, old: x == x.max())
    everyone = case.filled(np.zeros_like(dx), lambda x, d, old: d * (x == x.max()))
    if np.allclose(dx, everyone):
        raise CheckFailed(
            "Every pixel that ties for the largest gets all of dout; together they may get it once.", "all_ties"
        )
    sums = Pooling(dx, case.size, case.stride, case.dout).windows(case.size, case.stride).sum((-2, -1))
    if not np.allclose(sums, case.dout) or np.any(dx[largest == 0]):
        raise CheckFailed("Where pixels tie, what they get does not add up to dout, or other pixels get some of it.")


def _placed(case: Pooling) -> Array:
    """dx if, place by place of the window, all windows' shares replace what was there."""
    dx, s, (rows, columns) = np.zeros_like(case.x), case.stride, case.dout.shape[2:]
    windows = case.windows(case.size, s)
    largest = windows == windows.max((-2, -1), keepdims=True)
    for i, j in np.ndindex(case.size):
        dx[:, :, i : i + s * rows : s, j : j + s * columns : s] = case.dout * largest[..., i, j]
    return dx


def _ties(rng: np.random.Generator) -> Array:
    count = int(rng.integers(2, 5))
    return rng.permutation([2.0] * count + [1.0] * (4 - count)).reshape(2, 2)
