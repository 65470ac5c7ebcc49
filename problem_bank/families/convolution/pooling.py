"""Goodfellow et al., Deep Learning, section 9.3: max pooling, and where its gradient goes."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.convolution._pooling_texts import PROMPT, SAID, SOLUTION, picture
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, entries, whole

VALUES = tuple(range(-20, 21))
Window = list[tuple[int, int]]


@family(
    topic="convolution",
    source="Goodfellow 9.3",
    minutes=6,
    levels={"easy": {}, "medium": {"sides": (4, 6)}, "hard": {"k": 3, "sides": (5, 7)}},
)
def pooling(rng: Rng, *, k: int = 2, stride: int = 2, sides: tuple[int, int] = (4, 4)) -> Exercise:
    """Pool an image by maxima, then send a gradient back through it."""
    shape = tuple(sides[i] for i in rng.shuffle("turn", 2))
    x = rng.built("x", lambda r: _grid(r.sample("values", VALUES, shape[0] * shape[1]), shape[1]))
    windows = _windows(x, k, stride)
    if any(_values(x, window).count(max(_values(x, window))) > 1 for row in windows for window in row):
        raise BadGiven("x: two entries of one window are both the largest, so that the gradient has two ways to go")
    g = rng.int_matrix("g", len(windows), len(windows[0]), -5, 7, exclude=(0,))
    largest = [max(window, key=lambda at: x[at[0]][at[1]]) for row in windows for window in row]
    rng.require(k <= stride or len(set(largest)) < len(largest), "two windows share their maximum")
    steps = Steps(SAID)
    steps.ask("Y", "The output $Y$.", lambda e: _pooled(x, windows, max), _wrong_outputs(x, k, stride), points=2)
    steps.ask("dX", r"The gradient $\frac{\partial L}{\partial X}$.", lambda e: _back(x, g, windows, e),
              _wrong_gradients(x, g, windows, overlap=k > stride), points=3)  # fmt: skip
    return Exercise(
        given={"x": x, "g": g, "turn": rng.drawn["turn"], "k": k, "stride": stride, "sides": sides},
        shown={**steps.keys, "first": _values(x, windows[0][0]), "top": max(_values(x, windows[0][0])), "to": g[0][0]},
        figures={"maxima": picture(x, k, tuple(largest), steps.keys["Y"])},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(largest) * k * k),
    )  # fmt: skip


def _grid(values: tuple[int, ...], columns: int) -> Matrix:
    return tuple(values[i : i + columns] for i in range(0, len(values), columns))


def _windows(x: Matrix, k: int, stride: int) -> list[list[Window]]:
    """The places under each window that fits."""
    rows, columns = range(0, len(x) - k + 1, stride), range(0, len(x[0]) - k + 1, stride)
    return [[[(i + a, j + b) for a in range(k) for b in range(k)] for j in columns] for i in rows]


def _values(x: Matrix, window: Window) -> list[Any]:
    return [x[i][j] for i, j in window]


def _pooled(x: Matrix, windows: list[list[Window]], of: Callable[[list[Any]], Any]) -> Matrix:
    return tuple(tuple(of(_values(x, window)) for window in row) for row in windows)


def _mean(values: list[Any]) -> Any:
    return whole(Fraction(sum(values), len(values)))


def _wrong_outputs(x: Matrix, k: int, stride: int) -> dict[str, Any]:
    windows = _windows(x, k, stride)
    return {
        "averaged": _pooled(x, windows, _mean),
        "size": _pooled(x, windows, lambda values: max(values, key=abs)),
        "stride_one": _pooled(x, _windows(x, k, 1), max),
        "apart": _pooled(x, _windows(x, k, k), max) if k > stride else None,
    }


def _sent(x: Matrix, shares: Iterator[tuple[tuple[int, int], Any]], *, add: bool = True) -> Matrix:
    """An array of the shape of x with everything that is sent to its places, added up unless the last one stays."""
    told = [[0 for _ in row] for row in x]
    for (i, j), share in shares:
        told[i][j] = told[i][j] * add + share
    return tuple(map(tuple, told))


def _pairs(g: Matrix, windows: list[list[Window]]) -> list[tuple[Window, Any]]:
    return [(window, v) for row, line in zip(windows, g, strict=True) for window, v in zip(row, line, strict=True)]


def _back(x: Matrix, g: Matrix, windows: list[list[Window]], earlier: Earlier) -> Matrix:
    """Each gradient to the place where the output was found, the student's own output where there is one."""
    y = earlier.get("Y") or _pooled(x, windows, max)
    tops = list(entries(y))
    if len(tops) != len(list(entries(g))):
        raise ValueError("an output of another size says nothing about where the gradient goes")
    return _sent(x, ((window[_values(x, window).index(top)], v)
                     for (window, v), top in zip(_pairs(g, windows), tops, strict=True)))  # fmt: skip


def _wrong_gradients(x: Matrix, g: Matrix, windows: list[list[Window]], *, overlap: bool) -> dict[str, Any]:
    pairs = _pairs(g, windows)
    tops = [(max(window, key=lambda at: x[at[0]][at[1]]), v) for window, v in pairs]
    return {
        "spread": _sent(x, ((at, whole(Fraction(v, len(window)))) for window, v in pairs for at in window)),
        "to_all": _sent(x, ((at, v) for window, v in pairs for at in window)),
        "top_left": _sent(x, ((window[0], v) for window, v in pairs)),
        "times_value": _sent(x, ((at, v * x[at[0]][at[1]]) for at, v in tops)),
        "last_only": _sent(x, iter(tops), add=False) if overlap else None,
    }


@pooling.oracle
def by_nudging(x: Matrix, g: Matrix, k: int, stride: int, **given: Any) -> dict[str, Any]:
    """Raise one entry by half: the maxima move exactly with it, since no two entries are closer than 1."""
    X, G = np.array(x, dtype=float), np.array(g)

    def windows(image: Any, step: int) -> Any:
        return np.lib.stride_tricks.sliding_window_view(image, (k, k), axis=(-2, -1))[..., ::step, ::step, :, :]

    view = windows(X, stride)
    raised = windows(X + np.eye(X.size).reshape(-1, *X.shape) / 2, stride)  # one image for each raised entry

    def gradient(pool: Callable[[Any], Any]) -> Any:
        return 2 * (G * (pool(raised) - pool(view))).sum((-2, -1)).reshape(X.shape)

    flat = view.reshape(*view.shape[:2], -1)
    furthest = np.take_along_axis(flat, np.abs(flat).argmax(-1)[..., None], -1)[..., 0]
    places = windows(np.arange(X.size).reshape(X.shape), stride).reshape(*flat.shape)
    tops = np.take_along_axis(places, flat.argmax(-1)[..., None], -1).ravel()
    last = np.zeros(X.size)
    last[tops] = G.ravel()  # of a place that stands there twice, NumPy keeps the last value
    d_x = gradient(lambda view: view.max((-2, -1)))
    return {
        "Y": view.max((2, 3)),
        "Y.averaged": [[Fraction(int(v), k * k) for v in row] for row in view.sum((2, 3))],
        "Y.size": furthest,
        "Y.stride_one": windows(X, 1).max((2, 3)),
        "Y.apart": windows(X, k).max((2, 3)) if k > stride else None,
        "dX": d_x,
        "dX.spread": [[Fraction(int(v), k * k) for v in row] for row in gradient(lambda view: view.sum((-2, -1)))],
        "dX.to_all": gradient(lambda view: view.sum((-2, -1))),
        "dX.top_left": gradient(lambda view: view[..., 0, 0]),
        "dX.times_value": d_x * X,
        "dX.last_only": last.reshape(X.shape) if k > stride else None,
    }
