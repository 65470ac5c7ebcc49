"""Goodfellow et al., Deep Learning, section 9.5: the transposed convolution, which spreads every input out."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from problem_bank.answers import Shape
from problem_bank.errors import BadGiven
from problem_bank.exact import flip, transpose
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.convolution._transposed_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Number, entries


class Spread(NamedTuple):
    """How the inputs are spread out: stride, and what is cut off on every side; `extra` of it stays below and right."""

    stride: int
    padding: int
    extra: int

    def size(self, n: int, k: int) -> int:
        """The outputs along one side."""
        return (n - 1) * self.stride + k - 2 * self.padding + self.extra


@family(
    topic="convolution",
    source="Goodfellow 9.5",
    minutes=8,
    levels={
        "easy": {"stride": 1, "ks": (2,), "sides": (2, 3)},
        "medium": {"ks": (3,)},
        "hard": {"ks": (3,), "sides": (2, 3), "padding": 1, "extras": (0, 1)},
    },
)
def transposed(
    rng: Rng, *, stride: int = 2, ks: tuple[int, ...] = (2, 3), sides: tuple[int, ...] = (2, 3), padding: int = 0,
    extras: tuple[int, ...] = (0,),
) -> Exercise:  # fmt: skip
    """Spread a small image out by a transposed convolution: its size, then its values."""
    k, extra = rng.choice("k", ks), rng.choice("extra", extras)
    if not (0 <= extra <= padding < k and stride > 0):
        raise BadGiven(f"padding {padding} must be below k = {k}, and extra {extra} at most the padding")
    shape = rng.sample("shape", sides, 2)
    x, w = rng.int_matrix("x", shape[0], shape[1], -2, 4, exclude=(0,)), rng.int_matrix("w", k, k, -2, 3)
    rng.require(4 * sum(v == 0 for v in entries(w)) <= k * k, "at most a quarter of the kernel is zero")
    spread = Spread(stride, padding, extra)
    steps = Steps(SAID)
    image = rng.sample("image", range(6, 20), 2)
    size = spread.size(image[0], k), spread.size(image[1], k)
    steps.ask("size", PART["size"], lambda e: size, _wrong_sizes(image, size, k, spread), kind=Shape)
    full = _laid(x, w, stride)
    if padding:
        steps.ask("full", PART["full"], lambda e: full, _wrong_values(x, w, stride), points=3)

    def cut(e: Earlier) -> Any:
        return _cut(e.get("full", full), padding, extra)

    wrong = {"uncut": full, "cut_once": _cut_once(full)} if padding else _wrong_values(x, w, stride)
    steps.ask("Y", PART["Y"], cut, wrong, points=1 if padding else 3)
    return Exercise(
        given={**rng.drawn, "stride": stride, "ks": ks, "sides": sides, "padding": padding, "extras": extras},
        shown={"full": full, "Y": steps.keys["Y"], "size": size, "first": _times(x[0][0], w),
               "second": _times(x[0][1], w)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(x) * len(x[0]) * k * k),
    )  # fmt: skip


def _laid(x: Matrix, w: Matrix, stride: int, *, add: bool = True) -> Matrix:
    """Each entry of x times the kernel, laid down `stride` apart; what overlaps adds up, or else the last one stays."""
    k = len(w)
    told: list[list[Number]] = [[0] * ((len(x[0]) - 1) * stride + k) for _ in range((len(x) - 1) * stride + k)]
    for i, row in enumerate(x):
        for j, value in enumerate(row):
            for a in range(k):
                for b in range(k):
                    old = told[i * stride + a][j * stride + b] if add else 0
                    told[i * stride + a][j * stride + b] = old + value * w[a][b]
    return tuple(map(tuple, told))


def _cut(full: Matrix, padding: int, extra: int) -> Matrix:
    """Without `padding` rows and columns on every side, of which `extra` stay below and right."""
    end = padding - extra
    return tuple(row[padding : len(row) - end] for row in full[padding : len(full) - end])


def _cut_once(full: Matrix) -> Matrix:
    """Only the top and the left cut off."""
    return tuple(row[1:] for row in full[1:])


def _times(factor: Any, w: Matrix) -> Matrix:
    return tuple(tuple(factor * v for v in row) for row in w)


def _wrong_sizes(image: Sequence[int], right: Sequence[int], k: int, spread: Spread) -> dict[str, Any]:
    s, p, extra = spread
    both: dict[str, Callable[[int], int]] = {
        "convolution": lambda n: (n + 2 * p - k) // s + 1,
        "strided_only": lambda n: n * s,
        "not_cut": lambda n: spread.size(n, k) + 2 * p if p else 0,
        "no_extra": lambda n: spread.size(n, k) - extra if extra else 0,
    }
    found = {name: (count(image[0]), count(image[1])) for name, count in both.items()}
    return {name: size if min(size) > 0 and size != right else None for name, size in found.items()}


def _wrong_values(x: Matrix, w: Matrix, stride: int) -> dict[str, Any]:
    return {
        "overwritten": _laid(x, w, stride, add=False) if stride < len(w) else None,
        "flipped": _laid(x, flip(w), stride),
        "kernel_transposed": _laid(x, transpose(w), stride),
        "no_stride": _laid(x, w, 1) if stride > 1 else None,
    }


@transposed.oracle
def by_zeros(x: Matrix, w: Matrix, stride: int, padding: int, extra: int, **given: Any) -> dict[str, Any]:
    """Zeros between the inputs and around them, then an ordinary convolution with the kernel flipped."""
    X, W = np.array(x), np.array(w)
    k = len(W)

    def windows(step: int, image: Any = X) -> Any:
        apart = np.zeros([(n - 1) * step + 1 for n in X.shape], dtype=image.dtype)
        apart[::step, ::step] = image
        return np.lib.stride_tricks.sliding_window_view(np.pad(apart, k - 1), (k, k))

    def spread(kernel: Any, step: int) -> Any:
        return np.einsum("ijkl,kl->ij", windows(step), kernel[::-1, ::-1])

    def last(step: int) -> Any:
        """Of the products in each window only the last one that an input takes part in."""
        seen = windows(step).reshape(-1, k * k)
        places = [np.flatnonzero(window)[-1:] for window in windows(step, np.ones_like(X)).reshape(-1, k * k)]
        ends = [window[p].dot(W[::-1, ::-1].reshape(-1)[p]) for window, p in zip(seen, places, strict=True)]
        return np.array(ends).reshape(windows(step).shape[:2])

    full = spread(W, stride)
    end = padding - extra
    Y = full[padding : full.shape[0] - end, padding : full.shape[1] - end]
    sizes = _counted(given["image"], k, stride, padding, extra)
    told = {
        name: None if 0 in size or size == sizes["size"] else size for name, size in sizes.items() if name != "size"
    }
    part = "full" if padding else "Y"
    values = {"overwritten": last(stride) if stride < k else None, "flipped": spread(W[::-1, ::-1], stride),
              "kernel_transposed": spread(W.T, stride), "no_stride": spread(W, 1) if stride > 1 else None}  # fmt: skip
    return told | {f"{part}.{name}": value for name, value in values.items()} | {
        "size": sizes["size"], "full": full, "Y": Y, "Y.uncut": full, "Y.cut_once": full[1:, 1:],
    }  # fmt: skip


def _counted(image: Sequence[int], k: int, stride: int, padding: int, extra: int) -> dict[str, list[int]]:
    """The sizes by counting the places that windows reach; a wrong size of 0 is none."""

    def reached(n: int) -> int:
        return len({i * stride + a for i in range(n) for a in range(k)} | set(range(n * stride - stride + k)))

    def sides(count: Callable[[int], int]) -> list[int]:
        return [count(n) for n in image]

    return {
        "size": sides(lambda n: reached(n) - 2 * padding + extra),
        "size.convolution": sides(lambda n: len(range(0, n + 2 * padding - k + 1, stride))),
        "size.strided_only": sides(lambda n: len(range(n * stride))),
        "size.not_cut": sides(lambda n: reached(n) + extra),
        "size.no_extra": sides(lambda n: reached(n) - 2 * padding),
    }
