"""Goodfellow et al., Deep Learning, section 9.5, and Dumoulin and Visin (2016): the padding that makes a size."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from problem_bank.answers import Array, Shape
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.convolution._find_padding_texts import ASK, PROMPT, SAID, SOLUTION
from problem_bank.families.convolution._padded_axis import Axis
from problem_bank.families.convolution._padding_trials import by_trying
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import entries

Pair = tuple[int, ...]  # rows, then columns
Axes = list[Axis]


@family(
    topic="convolution",
    source="Goodfellow 9.5",
    minutes=6,
    levels={
        "easy": {"strides": (1, 2)},
        "medium": {},
        "hard": {"d": 2, "ask": ("output", "kernel", "padding", "same")},
    },
)
def find_padding(
    rng: Rng, *, strides: Pair = (2, 3), d: int = 1, ask: tuple[str, ...] = ("output", "kernel", "padding")
) -> Exercise:
    """Size the output of a rectangular window, and find the kernel or the padding that makes a size."""
    sides = rng.sample("sides", range(20 + 6 * d, 48), 2)
    padding, most = rng.sample("padding", range(4), 2), rng.sample("most", range(1, 9), 2)

    def axes(i: str, low: int, zeros: Pair = (0, 0)) -> Axes:
        kernel, stride = rng.sample(f"kernel{i}", range(low, low + 9), 2), rng.sample(f"stride{i}", strides, 2)
        if any(v < 1 or v % 1 for v in entries((sides, kernel, stride))):
            raise BadGiven("sides, kernel, stride: give whole numbers from 1 up")
        return [Axis(n, k, s, 2 * p, d) for n, k, s, p in zip(sides, kernel, stride, zeros, strict=True)]

    first, second, third, last = axes("", 2, padding), axes("_b", 3), axes("_c", 4, most), axes("_d", 3)
    rules = {
        "output": (_output, first),
        "kernel": (_kernel, second),
        "padding": (_padding, third),
        "same": (_same, last),
    }
    rng.require(all(axis.fits > 1 for axis in first + second + third), "every window fits twice")
    rng.require(all(axis.half(axis.fits) for axis in third), "zeros are needed on both axes")
    rng.require(any(axis.missing(axis.blocks) % 2 for axis in last), "an odd zero is left")
    parts = []
    for name in ask:
        find, own = rules[name]
        key, wrong = find(own)
        rng.require(len(set(key)) > 1, "rows and columns differ")
        size = name in {"output", "kernel"}
        answer = Shape(key, strict=True) if size else Array(key)
        slips = [Slip(slip, value if value != key and min(value) >= size else None, SAID[slip])
                 for slip, value in wrong.items()]  # fmt: skip
        parts.append(Part(name, ASK[name], answer, 2, slips))
    return Exercise(
        given={**rng.drawn, "strides": strides, "d": d, "ask": ask},
        shown={"first": first, "second": second, "third": third, "last": last,
               "keys": {part.name: part.answer.key for part in parts}},
        prompt=PROMPT,
        parts=parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )  # fmt: skip


Found = tuple[Pair, dict[str, Pair]]


def _both(axes: Axes, rule: Callable[[Axis], int], **change: int) -> Pair:
    """A rule on each axis, after a change."""
    return tuple(rule(replace(axis, **change)) for axis in axes)


def _exchanged(axes: Axes) -> Axes:
    """Kernel, stride and zeros of the one axis on the pixels of the other."""
    return [replace(other, n=axis.n) for axis, other in zip(axes, reversed(axes), strict=True)]


def _output(axes: Axes) -> Found:
    def fits(axis: Axis) -> int:
        return axis.fits

    key = _both(axes, fits)
    return key, {
        "swapped": _both(_exchanged(axes), fits),
        "padding_once": _both(axes, lambda a: replace(a, zeros=a.zeros // 2).fits),
        "no_plus_one": tuple(m - 1 for m in key), "no_stride": _both(axes, fits, s=1),
        "one_stride": _both(axes, fits, s=axes[0].s), "no_dilation": _both(axes, fits, d=1),
    }  # fmt: skip


def _kernel(axes: Axes) -> Found:
    key = _both(axes, lambda a: a.largest(a.fits))
    return key, {
        "swapped": key[::-1], "one_window_more": _both(axes, lambda a: a.largest(a.fits + 1)),
        "no_stride": _both(axes, lambda a: replace(a, s=1).largest(a.fits)),
        "cover": _both(axes, lambda a: replace(a, d=1).largest(a.fits)),
    }  # fmt: skip


def _padding(axes: Axes) -> Found:
    key = _both(axes, lambda a: a.half(a.fits))
    return key, {
        "swapped": key[::-1], "both_sides": _both(axes, lambda a: a.missing(a.fits)),
        "rounded_down": _both(axes, lambda a: a.missing(a.fits) // 2),
        "no_stride": _both(axes, lambda a: replace(a, s=1).half(a.fits)),
        "no_dilation": _both(axes, lambda a: replace(a, d=1).half(a.fits)),
        "one_window_more": _both(axes, lambda a: a.half(a.fits + 1)),
    }  # fmt: skip


def _same(axes: Axes) -> Found:
    zeros = [axis.missing(axis.blocks) for axis in axes]

    def split(totals: Sequence[int]) -> Pair:
        return tuple(half for total in totals for half in (total // 2, total - total // 2))

    key = split(zeros)
    return key, {
        "first_side": tuple(key[i] for i in (1, 0, 3, 2)), "swapped": split(zeros[::-1]),
        "stride_one": split([axis.cover - 1 for axis in axes]),
        "rounded_up": tuple(-(-total // 2) for total in zeros for _ in range(2)),
    }  # fmt: skip


find_padding.oracle(by_trying)
