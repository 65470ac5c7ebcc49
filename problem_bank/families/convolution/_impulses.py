"""The second route to the matrix of a convolution: what it makes of images with a single 1."""

from typing import Any

import numpy as np


def by_impulses(sides: Any, kernel: Any, weights: Any, at: Any, **given: Any) -> dict[str, Any]:
    """A column of the matrix is the convolution of one impulse; patches are NumPy's windows."""
    W = np.array(weights).reshape(kernel)
    M = _columns(W, sides)
    row = np.ravel_multi_index([n - 1 for n in at], _windows(np.zeros(sides), W.shape).shape[:2])
    pushed = _pushed_together(W, sides) if len(W) > 1 and sides[1] > W.shape[1] else None
    wrong = {"flipped": _columns(W[::-1, ::-1], sides), "no_gap": pushed}
    return {
        **{f"M.{name}": value for name, value in wrong.items()},
        **{f"row.{name}": None if value is None else value[row] for name, value in wrong.items()},
        "row": M[row],
        "row.weights_alone": M[row][_columns(np.ones_like(W), sides)[row] > 0],
        "M": M,
        "M.turned": M.T,
        "M.wrapped": np.array([np.roll(M[0], s) for s in range(M.shape[1])]),
        **_counts(W, given["large"]),
        **(_patches(np.array(given["x"]), W) if given.get("x") else {}),
        **(_stacked(*given["stack"]) if given.get("stack") else {}),
    }


def _counts(W: Any, sides: Any) -> dict[str, Any]:
    """Counted on the pixels that each window sees, the weights numbered."""
    seen = _windows(np.arange(np.prod(sides)).reshape(sides), W.shape).reshape(-1, W.size)
    uses = np.broadcast_to(W.ravel(), seen.shape)
    rows, columns, entries, weights = len(seen), int(seen.max()) + 1, seen.size, len(np.unique(uses))
    return {
        "counts": (rows, columns, entries, weights),
        "counts.not_shared": (rows, columns, entries, entries),
        "counts.dense": (rows, columns, sum(columns for _ in seen), weights),
        "counts.size_kept": (columns, columns, sum(W.size for _ in range(columns)), weights),
        "counts.turned": (columns, rows, entries, weights),
    }


def _windows(image: Any, shape: Any) -> Any:
    return np.lib.stride_tricks.sliding_window_view(image, shape)


def _columns(W: Any, sides: Any) -> Any:
    """Impulse responses, flattened, side by side."""
    impulses = np.eye(sides[0] * sides[1], dtype=int).reshape(-1, *sides)
    return np.array([(_windows(image, W.shape) * W).sum((2, 3)).ravel() for image in impulses]).T


def _pushed_together(W: Any, sides: Any) -> Any:
    """The weights without the pixels between their rows, from where each window begins."""
    starts = np.arange(sides[0] * sides[1]).reshape(sides)[: sides[0] - W.shape[0] + 1, : sides[1] - W.shape[1] + 1]
    told = np.zeros((starts.size, sides[0] * sides[1]), dtype=int)
    for row, start in zip(told, starts.ravel(), strict=True):
        row[start : start + W.size] = W.ravel()
    return told


def _patches(X: Any, W: Any) -> dict[str, Any]:
    (a, b), windows = W.shape, _windows(X, W.shape)
    P = windows.reshape(-1, W.size).T
    by_column = windows.transpose(1, 0, 3, 2).reshape(-1, W.size).T
    return {
        "P": P,
        "P.turned": P.T,
        "P.side_by_side": windows[::a, ::b].reshape(-1, W.size).T,
        "P.columns_first": by_column if min(a, b) > 1 else None,
        "Y": np.einsum("ijkl,kl->ij", windows, W).ravel(),
        "Y.flipped": np.einsum("ijkl,kl->ij", windows, W[::-1, ::-1]).ravel(),
    }


def _stacked(channels: int, k: int, height: int, width: int) -> dict[str, Any]:
    """Shapes read off an array of windows."""
    windows = np.lib.stride_tricks.sliding_window_view(np.empty((channels, height, width)), (k, k), (1, 2))
    outputs, seen = windows[0, :, :, 0, 0].size, windows[:, 0, 0].size
    return {
        "stack": (seen, outputs),
        "stack.turned": (outputs, seen),
        "stack.one_channel": (windows[0, 0, 0].size, outputs),
        "stack.size_kept": (seen, np.empty((height, width)).size),
    }
