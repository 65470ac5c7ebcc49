"""The second route to sizes and weights: windows laid one after the other, arrays that would hold the weights."""

from typing import Any

import numpy as np

from problem_bank.subjects.second_routes import size as held


def by_laying_windows(
    kinds: tuple[str, ...], channels: int, axes: int, biases: bool, channels_last: bool, **given: Any
) -> dict[str, Any]:
    """Windows are laid along each axis and counted; weights are the sizes of NumPy arrays that are not stored."""
    values: dict[str, Any] = {}
    size, added, last = (channels, *given["sides"]), 0, 0
    for i, (kind, (k, s, p), filters) in enumerate(zip(kinds, given["windows"], given["filters"], strict=True), 1):
        outputs = size[0] if kind == "pooling" else filters
        laid = [_laid(kind, n, k, s, p) for n in size[1:]]
        after = (outputs, *(axis[""] for axis in laid))
        found = {name: (outputs, *(axis[name] for axis in laid)) for name in laid[0] if name}
        found["channels_kept"] = (size[0], *after[1:])
        values[f"size{i}"] = after
        values |= {f"size{i}.{name}": None if v == after or min(v) < 1 else v for name, v in found.items()}
        if kind != "pooling":
            counted = _weights(kind, (filters, size[0], *[k] * axes), after[1:], biases)
            last = counted[""]
            added += last - counted["no_biases"] if biases else filters
            values[f"weights{i}"] = last
            values |= {f"weights{i}.{name}": v if v != last else None for name, v in counted.items() if name}
        size = after
    if channels_last:
        values = {name: np.roll(v, -1) if "size" in name and v is not None else v for name, v in values.items()}
    layers = [value for name, value in values.items() if name.startswith("weights") and "." not in name]
    total = sum(layers)
    return {**values, "total": total, "total.biases": total + added, "total.no_biases": total - added,
            "total.last_only": last if len(layers) > 1 else None, "features": np.ones(size, np.int8).sum(dtype=int),
            "features.one_channel": np.ones(size[1:], np.int8).sum(dtype=int)}  # fmt: skip


def _laid(kind: str, n: int, k: int, s: int, p: int) -> dict[str, int]:
    """How many windows lie along n places, under the right rule ("") and the wrong ones."""

    def inside(before: int, after: int, step: int = s) -> int:
        return sum(start + k <= before + n + after for start in range(0, before + n + after, step))

    if kind == "pointwise":
        return {"": inside(0, 0), "collapsed": 1}
    if kind == "same":
        blocks = np.array_split(np.zeros(n), range(s, n, s))
        return {"": len(blocks), "shrunk": inside(0, 0), "no_stride": n,
                "rounded_down": sum(len(block) == s for block in blocks)}  # fmt: skip
    if kind == "transposed":
        covered = max(i * s + j for i in range(n) for j in range(k)) + 1
        return {"": len(range(covered)[p : covered - p]), "as_convolution": inside(p, p),
                "padding_added": covered + p + p, "multiple": len(range(0, n * s)),
                "no_minus_one": len(range(covered + s)[p : covered + s - p])}  # fmt: skip
    fits = inside(p, p)
    hanging = (fits - 1) * s + k < n + 2 * p
    return {"": fits, "no_plus_one": fits - 1, "no_stride": inside(p, p, 1), "rounded_up": fits + hanging,
            "kept": len(range(0, n, s)), "padding_once": inside(p, 0), "no_padding": inside(0, 0)}  # fmt: skip


def _weights(kind: str, shape: tuple[int, ...], places: tuple[int, ...], biases: bool) -> dict[str, int]:
    filters, channels, *window = shape
    own = places if kind == "local" else ()
    shared, each = biases * filters, biases * held(*own, filters)
    return {
        "": held(*own, *shape) + each, "no_channels": held(*own, filters, *window) + each,
        "biases": held(*own, *shape) + filters, "no_biases": held(*own, *shape),
        "line": held(*own, filters, channels, window[0]) + each,
        "flat": held(*own, filters, channels, *window[:2]) + each,
        "unshared": held(*places, *shape) + shared, "shared": held(*shape) + shared,
    }  # fmt: skip
