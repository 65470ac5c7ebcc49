"""Goodfellow et al., Deep Learning, section 9.1: convolution as cross-correlation, kernel not flipped."""

from typing import Any

import numpy as np

from problem_bank.answers import Array, Shape
from problem_bank.exact import correlate, flip, pad, transpose
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Matrix, entries


@family(
    topic="convolution",
    source="Goodfellow 9.1",
    minutes=6,
    levels={"easy": {"size": 3}, "medium": {"size": 4}, "hard": {"size": 4, "k": 3, "padding": 1, "stride": 2}},
)
def hand(rng: Rng, *, size: int = 4, k: int = 2, stride: int = 1, padding: int = 0) -> Exercise:
    """Slide a small kernel over a small integer image."""
    x = rng.int_matrix("x", size, size, -1, 3)
    w = rng.int_matrix("w", k, k, -2, 2)
    padded = pad(x, padding)
    y = correlate(padded, w, stride)
    zeros = sum(v == 0 for v in entries(w))
    rng.require(2 * zeros <= k * k, "at most half of the kernel is zero")
    rng.require(3 * sum(v == 0 for v in entries(y)) <= len(y) ** 2, "at most a third of the output is zero")
    slips = [
        Slip("flipped", correlate(padded, flip(w), stride),
             "You flipped the kernel (mathematical convolution); here it slides as it is printed."),
        Slip("transposed_kernel", correlate(padded, transpose(w), stride),
             "You used the transposed kernel; keep its rows as rows."),
        Slip("transposed", transpose(y), "Your output is transposed: rows run down the image."),
        Slip("no_stride", correlate(padded, w, 1) if stride > 1 else None,
             "You moved the window by one pixel; the stride is larger."),
        Slip("no_padding", correlate(x, w, stride) if padding else None,
             "You left the padding out: put the border of zeros around the image first."),
    ]  # fmt: skip
    n = len(y)
    return Exercise(
        given={"x": x, "w": w, "size": size, "k": k, "stride": stride, "padding": padding},
        shown={"y": y, "n": n, "terms": _first_window(padded, w)},
        prompt="Slide the kernel $K = {{ w }}$ over the image $X = {{ x }}$ **without flipping it** "
        "(cross-correlation), with stride {{ stride }} and "
        "{% if padding %}a border of {{ padding }} zero on each side{% else %}no padding{% endif %}.",
        parts=[
            Part("size", "What is the shape of the output?", Shape((n, n)), points=1, misconceptions=_sizes(size, k, stride, padding)),
            Part("Y", "Write down the output $Y$.", Array(y), points=3, misconceptions=slips),
        ],
        solution="Each output is the sum of the products of the kernel with the window under it. The first "
        "window gives $Y_{11} = {{ terms }} = {{ y[0][0] }}$. Along each side the window fits "
        r"$\lfloor ({{ size }} + 2 \cdot {{ padding }} - {{ k }}) / {{ stride }} \rfloor + 1 = {{ n }}$ times, so "
        "$$Y = {{ y }}.$$",
        work=float(n * n * (k * k - zeros)),
    )


def _sizes(size: int, k: int, stride: int, padding: int) -> list[Slip]:
    """What goes wrong in floor((n + 2p - k) / s) + 1; each only where it changes the number."""
    steps = (size + 2 * padding - k) // stride
    wrong = {
        "no_plus_one": (steps, "You left out the + 1: the first position counts as well."),
        "padding_once": ((size + padding - k) // stride + 1, "Padding is added on both sides, so it counts twice."),
        "stride_ignored": (size + 2 * padding - k + 1, "You left the stride out: divide the range by it."),
    }
    return [Slip(name, (n, n) if n not in (steps + 1, 0) else None, text) for name, (n, text) in wrong.items()]


def _first_window(x: Matrix, w: Matrix) -> str:
    terms = [rf"({v}) \cdot ({c})" for row, line in zip(x, w, strict=False) for v, c in zip(row, line, strict=False)]
    return " + ".join(terms)


@hand.oracle
def windows(x: Matrix, w: Matrix, stride: int, padding: int) -> dict[str, Any]:
    """NumPy's window view and one einsum in place of loops; sizes by counting window positions."""
    image, kernel = np.array(x), np.array(w)
    padded = np.pad(image, padding)

    def slide(image: Any, kernel: Any, stride: int) -> Any:
        view = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
        return np.einsum("ijkl,kl->ij", view, kernel)

    def positions(length: int, step: int) -> tuple[int, int]:
        n = len(range(0, length - len(kernel) + 1, step))
        return (n, n)

    y, n = slide(padded, kernel, stride), len(image)
    full = positions(len(padded), stride)
    sizes = {"no_plus_one": (full[0] - 1,) * 2, "padding_once": positions(n + padding, stride),
             "stride_ignored": positions(len(padded), 1)}  # fmt: skip
    return {
        "size": full,
        **{f"size.{name}": None if v == full or v[0] == 0 else v for name, v in sizes.items()},
        "Y": y.tolist(),
        "Y.flipped": slide(padded, kernel[::-1, ::-1], stride).tolist(),
        "Y.transposed_kernel": slide(padded, kernel.T, stride).tolist(),
        "Y.transposed": y.T.tolist(),
        "Y.no_stride": slide(padded, kernel, 1).tolist() if stride > 1 else None,
        "Y.no_padding": slide(image, kernel, stride).tolist() if padding else None,
    }
