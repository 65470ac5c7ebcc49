"""The second route to the counts: the arrays that a network holds, and those of common mistakes."""

from collections.abc import Mapping
from typing import Any

from problem_bank.subjects.second_routes import size


def arrays(**given: Any) -> dict[str, Any]:
    """The sizes of the NumPy arrays that such a network would hold, and of those it would not."""
    normed, net = given["net"].endswith("batch_norm"), given["net"]
    if net == "dense_against_conv":
        positions = len(range(given["n"] - given["k"] + 1)) ** 2
        pixels = size(given["n"], given["n"], given["channels"])
        values = _dense_arrays("dense", pixels, given["units"])
        return values | _filter_arrays("conv", given["channels"], given["filters"], given["k"], positions)
    values = _cnn_arrays(given, normed) if net.startswith("cnn") else {}
    if not values:
        for i in range(1, given["layers"] + 1):
            inputs, units = given["sizes"][i - 1 : i + 1]
            if not given["biases"]:
                weights = size(inputs, units)
                values |= {f"dense{i}": weights, f"dense{i}.biased": weights + size(units)}
                continue
            values |= _dense_arrays(f"dense{i}", inputs, units) | (_norm_arrays(f"norm{i}", units) if normed else {})
    return values | _total_arrays(values)


def _dense_arrays(name: str, inputs: int, units: int) -> dict[str, Any]:
    key = size(inputs, units) + size(units)
    late = size(inputs, units) + size(inputs)
    return {name: key, f"{name}.no_bias": size(inputs, units), f"{name}.bias_per_input": late if late != key else None}


def _filter_arrays(name: str, channels: int, filters: int, k: int, positions: int) -> dict[str, Any]:
    key = size(filters, channels, k, k) + size(filters)
    wrong = {
        "no_bias": size(filters, channels, k, k),
        "no_channels": size(filters, k, k) + size(filters),
        "bias_per_channel": size(filters, channels, k, k) + size(filters, channels),
        "line": size(filters, channels, k) + size(filters),
        "not_shared": size(positions, filters, channels, k, k) + size(positions, filters),
    }
    return {name: key, **{f"{name}.{slip}": count if count != key else None for slip, count in wrong.items()}}


def _norm_arrays(name: str, units: int) -> dict[str, Any]:
    key = size(2, units)
    return {
        name: key,
        f"{name}.no_batch_norm": 0,
        f"{name}.running_statistics": key + size(2, units),
        f"{name}.scale_only": size(units),
        f"{name}.one_pair": size(2, 1),
    }


def _cnn_arrays(given: Mapping[str, Any], normed: bool) -> dict[str, Any]:
    channels, k = (given["colours"], *given["filters"]), given["k"]
    lost = k - 1 if given["padding"] == "valid" else 0
    first = len(range(given["n"] - lost))
    second = len(range(len(range(1, first, 2)) - lost))
    side = len(range(1, second, 2))
    values: dict[str, Any] = {}
    for i, reached in enumerate((first, second), start=1):
        values |= _filter_arrays(f"conv{i}", channels[i - 1], channels[i], k, reached**2)
        values |= _norm_arrays(f"norm{i}", channels[i]) if normed else {}
    features = size(channels[2], side, side)
    wrong = {
        "no_channels": size(side, side),
        "side_not_squared": size(channels[2], side),
        "no_pooling": size(channels[2], first - lost, first - lost),
        "one_pooling": size(channels[2], second, second),
    }
    values |= {f"features.{name}": count if count != features else None for name, count in wrong.items()}
    return {**values, "features": features, **_dense_arrays("dense", features, given["classes"])}


def _total_arrays(values: Mapping[str, Any]) -> dict[str, Any]:
    """The total, and with one slip made in every layer, from the counts of the layers."""
    names = [name for name in values if "." not in name and name != "features"]

    def summed(slip: str) -> int:
        return sum(values.get(f"{name}.{slip}", values[name]) for name in names)

    key = summed("")
    wrong = {
        "no_biases": summed("no_bias"),
        "no_batch_norm": summed("no_batch_norm"),
        "running_statistics": summed("running_statistics"),
        "features_counted": key + values.get("features", 0),
    }
    return {"total": key, **{f"total.{name}": count if count != key else None for name, count in wrong.items()}}
