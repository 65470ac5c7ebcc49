"""What checks of convolution layers share: random cases, and the numbers that well-known mistakes lead to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from problem_bank.exercise import Slip
from problem_bank.subjects.layer_checks import Array, scaled
from solutions.numpy_nn import conv_backward, conv_forward


@dataclass(frozen=True)
class Convolution:
    """Images, filters, bias and the gradient of the loss with respect to the output.

    `flipped` is a convolution in the sense of mathematics, with every filter turned by half a turn.
    """

    x: Array  # (S, C, H, W)
    w: Array  # (F, C, k_h, k_w)
    b: Array  # (F,)
    stride: int
    pad: int
    dout: Array
    flipped: bool = False

    @property
    def param(self) -> dict[str, int]:
        """Stride and padding by name."""
        return {"stride": self.stride, "pad": self.pad}

    @cached_property
    def out(self) -> Array:
        """The output, shape (S, F, rows, columns)."""
        return conv_forward(self.x, self.kernel, self.b, self.param)[0]

    @cached_property
    def gradients(self) -> tuple[Array, Array, Array]:
        """dx, dw, db."""
        dx, dw, db = conv_backward(self.dout, conv_forward(self.x, self.kernel, self.b, self.param)[1])
        return dx, dw[:, :, ::-1, ::-1] if self.flipped else dw, db

    def turned(self) -> Convolution:
        """The same with the filters the other way round."""
        return replace(self, flipped=not self.flipped)

    def behind(self, out: Any, dx: Any, dw: Any) -> Convolution:
        """The case that a submission's gradients belong to: who flips the filters everywhere pays for it once."""
        turned, (right, gradient, _) = self.turned(), self.gradients
        return turned if _same(out, turned.out) and not _same(dx, right) and not _same(dw, gradient) else self

    @property
    def kernel(self) -> Array:
        """The filters as they lie on the image."""
        return self.w[:, :, ::-1, ::-1] if self.flipped else self.w


def convolution(
    rng: np.random.Generator,
    *,
    kernel: tuple[int, int] = (3, 2),
    stride: int = 1,
    pad: int = 0,
    samples: int | None = None,
    left_over: bool = False,
) -> Convolution:
    """A random case; with `left_over` the last row and column of the padded image are under no window."""
    s, c, f = (int(size) for size in rng.permutation([2, 3, 4]))
    rows, columns = (int(size) for size in rng.permutation([3, 4]))
    places = zip((rows, columns), kernel, strict=True)
    height, width = ((n - 1) * stride + k - 2 * pad + left_over for n, k in places)
    x = rng.normal(size=(samples or s, c, height, width))
    w, b = rng.normal(size=(f, c, *kernel)), rng.normal(size=f)
    return Convolution(x, w, b, stride, pad, rng.normal(size=(len(x), f, rows, columns)))


def output_slips(case: Convolution) -> list[Slip]:
    """Wrong outputs."""
    x, b, bias = case.x, case.b, case.b[:, None, None]
    says = {
        "stride_ignored": "The stride is ignored: the window moves by one pixel.",
        "pad_ignored": "The padding is ignored: no zeros are put around the image.",
        "both_ignored": "Stride and padding are both ignored.",
    }
    other = dict(zip(says, ((1, case.pad), (case.stride, 0), (1, 0)), strict=True))
    if case.stride == 1 or case.pad == 0:  # there is only one thing to ignore
        del other["both_ignored"]
    fits = {name: {"stride": s, "pad": p} for name, (s, p) in other.items() if _fits(case, p)}
    return [
        Slip("flipped", case.turned().out,
             "The kernel is flipped; here w is laid on the image as it is (cross-correlation)."),
        Slip("no_bias", case.out - bias, "The bias is left out; add b[f] to all of filter f's output."),
        Slip("bias_subtracted", case.out - 2 * bias, "The bias is subtracted; add it."),
        Slip("channels_averaged", (case.out - bias) / x.shape[1] + bias,
             "The channels are averaged; a filter's output is the sum over all of them."),
        *(Slip(name, conv_forward(x, case.w, b, steps)[0], says[name]) for name, steps in fits.items()),
    ]  # fmt: skip


def input_slips(case: Convolution) -> list[Slip]:
    """Wrong gradients with respect to the images."""
    dx, p = case.gradients[0], case.pad
    height, width = case.x.shape[2:]
    padded = _padded(case).gradients[0]
    slips = [
        *scaled("input", dx, len(dx)),
        Slip("dx_flipped", case.turned().gradients[0],
             "dx uses the flipped kernel. Each dout times w, as it lay, goes back to the pixels under it."),
        Slip("dx_overwritten", _overwritten(case)[:, :, p : p + height, p : p + width],
             "Where windows or filters share a pixel, dx keeps the last share only; add them up."),
    ]  # fmt: skip
    if not p:
        return slips
    return [
        *slips,
        Slip("padding_kept", padded, "dx still holds the padding; cut it off, so that dx has the shape of x."),
        Slip("cropped_wrongly", padded[:, :, :height, :width],
             "dx is cut out from the wrong place: the image begins `pad` rows and columns inside the padded one."),
    ]  # fmt: skip


def weight_slips(case: Convolution) -> list[Slip]:
    """Wrong gradients with respect to the filters."""
    dw = case.gradients[1]
    last = replace(case, x=case.x[-1:], dout=case.dout[-1:])
    return [
        *scaled("weight", dw, len(case.x)),
        Slip("dw_flipped", dw[:, :, ::-1, ::-1], "dw is flipped against the w of the forward pass."),
        Slip("last_sample", last.gradients[1], "dw uses the last image only; sum over the whole batch."),
        Slip("dw_over_positions", dw / case.dout[0, 0].size,
             "dw is averaged over the positions of the window; sum over them."),
    ]  # fmt: skip


def bias_slips(case: Convolution) -> list[Slip]:
    """Wrong gradients with respect to the bias."""
    dout = case.dout
    axes = "A filter's bias is in every sample, row and column of its output: sum dout over axes 0, 2 and 3."
    return [
        *scaled("bias", case.gradients[2], len(dout)),
        *(Slip("bias_axes", dout.sum(axis), axes) for axis in (0, 1, (2, 3), (1, 2), (1, 2, 3), (0, 1), None)),
        Slip("bias_mean", dout.mean((0, 2, 3)), "The bias gradient is a mean over samples and pixels; take the sum."),
    ]


def _same(value: Any, truth: Array) -> bool:
    """Is this value of a submission the true one? What it should be instead is for `close` to say."""
    usable = isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.shape == truth.shape
    return usable and bool(np.allclose(value, truth))


def _fits(case: Convolution, pad: int) -> bool:
    return all(n + 2 * pad >= k for n, k in zip(case.x.shape[2:], case.w.shape[2:], strict=True))


def _padded(case: Convolution) -> Convolution:
    """The same case with the zeros as part of the image."""
    p = case.pad
    x = np.pad(case.x, ((0, 0), (0, 0), (p, p), (p, p)))
    return replace(case, x=x, pad=0)


def _overwritten(case: Convolution) -> Array:
    """dx with its padding, if each window's share replaces what was there."""
    dx, s, (kh, kw) = np.zeros_like(_padded(case).x), case.stride, case.w.shape[2:]
    for n, f, i, j in np.ndindex(case.dout.shape):
        dx[n, :, i * s : i * s + kh, j * s : j * s + kw] = case.dout[n, f, i, j] * case.kernel[f]
    return dx
