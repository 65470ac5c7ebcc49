"""Goodfellow et al., Deep Learning, section 9.1: convolution as cross-correlation, kernel not flipped."""

from typing import Any

import numpy as np

from problem_bank.answers import Array, Shape
from problem_bank.exact import correlate, flip, pad, transpose
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.figures.grid import Grid, Panel, Window
from problem_bank.rng import Rng
from problem_bank.values import Matrix, Vector, entries

ASKED_SIZE = r"""{% if large == sides %}What is the shape of the output?{% else %}
Which shape would the output have for an image of ${{ large[0] }} \times {{ large[1] }}$ in place of $X$?{% endif %}"""


@family(
    topic="convolution",
    source="Goodfellow 9.1",
    minutes=6,
    version=2,
    levels={"easy": {"size": 3}, "medium": {}, "hard": {"k": 3, "padding": 1, "stride": 2}},
)
def hand(rng: Rng, *, size: int = 4, k: int = 2, stride: int = 1, padding: int = 0) -> Exercise:
    """Slide a small kernel over a small integer image."""
    rows, columns = rng.sample("sides", (size, size + 1), 2)  # never square: a transposed output has another shape
    w = rng.int_matrix("w", k, k, -2, 2)
    zeros = sum(v == 0 for v in entries(w))
    rng.require(2 * zeros <= k * k, "at most half of the kernel is zero")
    x = rng.int_matrix("x", rows, columns, -1, 3)
    padded = pad(x, padding)
    y = correlate(padded, w, stride)
    outputs = len(y) * len(y[0])
    rng.require(3 * sum(v == 0 for v in entries(y)) <= outputs, "at most a third of the output is zero")
    large = rng.ints("large", 2, 12, 64)
    sizes = tuple((side + 2 * padding - k) // stride + 1 for side in large)
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
    return Exercise(
        given={"x": x, "w": w, "sides": (rows, columns), "large": large, "k": k, "stride": stride, "padding": padding},
        shown={"y": y, "n": sizes, "terms": _first_window(padded, w),
               "fits": [_fits(side, k, stride, padding) for side in large]},
        figures={"window": _picture(padded, w, y, padding)},
        prompt="Slide the kernel $K = {{ w }}$ over the image $X = {{ x }}$ **without flipping it** "
        "(cross-correlation), with stride {{ stride }} and "
        "{% if padding %}a border of {{ padding }} zero on each side{% else %}no padding{% endif %}.",
        parts=[
            Part("size", ASKED_SIZE, Shape(sizes), misconceptions=_wrong_sizes(large, k, stride, padding)),
            Part("Y", "Write down the output $Y$.", Array(y), points=3, misconceptions=slips),
        ],
        solution="Each output is the sum of the products of the kernel with the window under it. The first "
        "window gives\n\n$$Y_{11} = {{ terms }} = {{ y[0][0] }}.$$\n\n{{ figure('window') }}\n\n"
        "All in all\n\n$$Y = {{ y }}.$$\n\n"
        "Down the large image the window fits ${{ fits[0] }} = {{ n[0] }}$ times, along it "
        "${{ fits[1] }} = {{ n[1] }}$ times.",
        work=outputs * (k * k - zeros / 2),  # a zero saves about half a product
    )  # fmt: skip


def _picture(padded: Matrix, w: Matrix, y: Matrix, padding: int) -> Grid:
    """The first window, the kernel, and the output that comes from both."""
    image = Panel("X", padded, (Window(0, 0, len(w), len(w)),), border=padding)
    panels = (image, Panel("K", w), Panel("Y", y, shaded=((0, 0),)))
    return Grid("The first window", panels, "The framed window times the kernel gives the shaded output.")


def _wrong_sizes(sides: Vector, k: int, stride: int, padding: int) -> list[Slip]:
    """What goes wrong in floor((n + 2p - k) / s) + 1; each only where it changes the numbers."""

    def both(count: Any) -> tuple[int, int] | None:
        sizes = count(sides[0]), count(sides[1])
        right = tuple((n + 2 * padding - k) // stride + 1 for n in sides)
        return None if sizes == right else sizes

    return [
        Slip("no_plus_one", both(lambda n: (n + 2 * padding - k) // stride),
             "You left out the + 1: the first position counts as well."),
        Slip("padding_once", both(lambda n: (n + padding - k) // stride + 1),
             "Padding is added on both sides, so it counts twice."),
        Slip("stride_ignored", both(lambda n: n + 2 * padding - k + 1),
             "You left the stride out: divide the way of the window by it."),
    ]  # fmt: skip


def _fits(n: int, k: int, stride: int, padding: int) -> str:
    """LaTeX of how often the window fits along n pixels, without the terms that change nothing."""
    way = rf"{n} + 2 \cdot {padding} - {k}" if padding else f"{n} - {k}"
    return rf"\lfloor ({way}) / {stride} \rfloor + 1" if stride > 1 else f"{way} + 1"


def _first_window(x: Matrix, w: Matrix) -> str:
    """The products of the first window, negative factors in brackets."""
    pairs = [(v, c) for row, line in zip(x, w, strict=False) for v, c in zip(row, line, strict=False)]
    return " + ".join(rf"{_factor(v)} \cdot {_factor(c)}" for v, c in pairs)


def _factor(value: Any) -> str:
    return f"({value})" if value < 0 else f"{value}"


@hand.oracle
def windows(x: Matrix, w: Matrix, large: tuple[int, int], stride: int, padding: int) -> dict[str, Any]:
    """NumPy's window view and one einsum in place of loops; sizes by counting window positions."""
    image, kernel = np.array(x), np.array(w)
    padded = np.pad(image, padding)

    def slide(image: Any, kernel: Any, stride: int) -> Any:
        view = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[::stride, ::stride]
        return np.einsum("ijkl,kl->ij", view, kernel)

    def positions(border: int, step: int, less: int = 0) -> list[int] | None:
        counts = [len(range(0, n + border - len(kernel) + 1, step)) - less for n in large]
        return None if counts == right else counts

    right = [len(range(0, n + 2 * padding - len(kernel) + 1, stride)) for n in large]
    y = slide(padded, kernel, stride)
    return {
        "size": right,
        "size.no_plus_one": positions(2 * padding, stride, less=1),
        "size.padding_once": positions(padding, stride) if padding else None,
        "size.stride_ignored": positions(2 * padding, 1) if stride > 1 else None,
        "Y": y,
        "Y.flipped": slide(padded, kernel[::-1, ::-1], stride),
        "Y.transposed_kernel": slide(padded, kernel.T, stride),
        "Y.transposed": y.T,
        "Y.no_stride": slide(padded, kernel, 1) if stride > 1 else None,
        "Y.no_padding": slide(image, kernel, stride) if padding else None,
    }
