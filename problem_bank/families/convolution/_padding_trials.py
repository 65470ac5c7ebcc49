"""The second route to sizes, kernels and padding: windows are laid and counted, candidates tried one by one."""

from collections.abc import Sequence
from typing import Any

Pair = tuple[int, ...]  # rows, then columns
LEAST = {"output": 1, "kernel": 1, "padding": 0, "same": 0}


def by_trying(d: int, sides: Pair, **given: Any) -> dict[str, Any]:
    """Every key, and every mistake where it leads to another possible answer."""

    def count(n: int, k: int, s: int, d: int = d) -> int:
        return sum(start + d * (k - 1) < n for start in range(0, n, s))

    def axes(i: str) -> Any:
        return list(zip(sides, given[f"kernel{i}"], given[f"stride{i}"], strict=True))

    def laid(i: str, zeros: Pair, on: Any = (), *, step: int = 0, d: int = d, ends: int = 2) -> list[int]:
        """Windows on each axis with zeros at so many ends."""
        return [count(n + ends * z, k, step or s, d) for (n, k, s), z in zip(on or axes(i), zeros, strict=True)]

    def most(windows: Sequence[int], step: int = 0, d: int = d) -> Pair:
        """The largest kernel that fits so often; 0 where none does."""
        pairs = list(zip(axes("_b"), windows, strict=True))
        return tuple(
            max((k for k in range(1, n + 1) if count(n, k, step or s, d) >= m), default=0) for (n, _, s), m in pairs
        )

    def fewest(i: str, windows: Sequence[int], *, ends: int = 1, step: int = 0, d: int = d) -> Pair:
        """The fewest zeros at so many ends that let the kernel fit so often."""
        pairs = list(zip(axes(i), windows, strict=True))
        return tuple(next(z for z in range(99) if count(n + ends * z, k, step or s, d) >= m) for (n, k, s), m in pairs)

    def split(totals: Sequence[int], odd: int = 1) -> list[int]:
        """Zeros dealt out to the two ends in turn, beginning with the one that gets the odd one."""
        return [len(range(end, total, 2)) for total in totals for end in (odd, 1 - odd)]

    zeros = given["padding"]
    turned = [(n, k, s) for n, (_, k, s) in zip(sides, reversed(axes("")), strict=True)]
    made, wished = laid("_b", (0, 0)), laid("_c", given["most"])
    kernel, padding, total = most(made), fewest("_c", wished, ends=2), fewest("_c", wished)
    same = fewest("_d", [len(range(0, n, s)) for n, _, s in axes("_d")])
    values: dict[str, Sequence[int]] = {
        "output": laid("", zeros), "output.swapped": laid("", zeros[::-1], turned),
        "output.padding_once": laid("", zeros, ends=1), "output.no_plus_one": [m - 1 for m in laid("", zeros)],
        "output.no_stride": laid("", zeros, step=1), "output.one_stride": laid("", zeros, step=given["stride"][0]),
        "output.no_dilation": laid("", zeros, d=1),
        "kernel": kernel, "kernel.swapped": kernel[::-1], "kernel.one_window_more": most([m + 1 for m in made]),
        "kernel.no_stride": most(made, step=1), "kernel.cover": most(made, d=1),
        "padding": padding, "padding.swapped": padding[::-1], "padding.both_sides": total,
        "padding.rounded_down": [len(range(1, zeros, 2)) for zeros in total],
        "padding.no_stride": fewest("_c", wished, ends=2, step=1),
        "padding.no_dilation": fewest("_c", wished, ends=2, d=1),
        "padding.one_window_more": fewest("_c", [m + 1 for m in wished], ends=2),
        "same": split(same), "same.first_side": split(same, 0), "same.swapped": split(same[::-1]),
        "same.stride_one": split(fewest("_d", sides, step=1)),
        "same.rounded_up": [max(ends) for ends in zip(split(same), split(same, 0), strict=True)],
    }  # fmt: skip
    told: dict[str, Any] = {}
    for name, value in values.items():
        part, _, slip = name.partition(".")
        other = list(value) != list(values[part]) and min(value) >= LEAST[part]
        told[name] = tuple(value) if other or not slip else None
    return told
