"""Goodfellow et al., Deep Learning, sections 4.3.1 and 6.5.6: shapes of Jacobians, up to rank four."""

from fractions import Fraction
from functools import cache
from math import prod
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

from problem_bank.answers import Shape
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng

Size = int | str
Sizes = tuple[Size, ...]


class Map(NamedTuple):
    """A map, the arrays in it, the variable, and the dimensions of its value and of the variable."""

    tex: str
    arrays: str
    by: str
    output: str
    input: str

    @property
    def rank(self) -> int:
        """How many dimensions its Jacobian has."""
        return len(self.output + self.input)


MAPS = {
    "constant": Map("c", "w", "w", "", "d"),
    "squared_norm": Map(r"\lVert w \rVert^2", "w", "w", "", "d"),
    "dot": Map("w^T x_i", "Xw", "w", "", "d"),
    "w": Map("w", "w", "w", "d", "d"),
    "w_squared": Map(r"w^2 \text{ (entry by entry)}", "w", "w", "d", "d"),
    "softmax": Map(r"\mathrm{softmax}(w)", "w", "w", "d", "d"),
    "Xw": Map("X w", "Xw", "w", "n", "d"),
    "relu_Xw": Map(r"\mathrm{ReLU}(X w)", "Xw", "w", "n", "d"),
    "Ww": Map("W w", "Ww", "w", "k", "d"),
    "sum_W": Map(r"\text{the sum of all entries of } W", "W", "W", "", "kd"),
    "trace": Map(r"\mathrm{tr}(W W^T)", "W", "W", "", "kd"),
    "bilinear": Map("u^T W w", "Wuw", "W", "", "kd"),
    "Ww_by_W": Map("W w", "Ww", "W", "k", "kd"),
    "softmax_Ww": Map(r"\mathrm{softmax}(W w)", "Ww", "W", "k", "kd"),
    "Xw_by_X": Map("X w", "Xw", "X", "n", "nd"),
    "outer": Map("u w^T", "uw", "w", "kd", "d"),
    "XWT": Map("X W^T", "XW", "W", "nk", "kd"),
    "XWT_by_X": Map("X W^T", "XW", "X", "nk", "nd"),
    "W_squared": Map(r"W \odot W", "W", "W", "kd", "kd"),
    "AWB": Map("A W B", "WAB", "W", "mn", "kd"),
}
DIMENSIONS = {"X": "nd", "W": "kd", "A": "mk", "B": "dn", "u": "k", "w": "d"}
LETTERS = tuple("ndkmpqrstabcfgh")
NUMBERS = (*range(2, 9), *range(10, 21))  # without 9, the example below

PROMPT = r"""
{% for line in arrays %}
{{ line }}{{ "." if loop.last else "," }}
{% endfor %}
Which shape has the Jacobian of each map below?

The convention is **numerator layout**: the shape of the output comes first, then the shape of the variable, and nothing
is flattened. A vector of length 9 counts as the one dimension 9. A scalar output adds no dimension, but its Jacobian by
a vector is written as a row, `1 x 9`.
{% if strict %}
Rows and columns are told apart here.
{% endif %}
""".strip()

SOLUTION = r"""
Write down the shape of the output, then that of the variable. An index that stands in both is written twice: the two
run independently.

{% for line in lines %}
- {{ line }}
{% endfor %}
""".strip()


@family(
    topic="jacobians",
    source="Goodfellow 4.3.1, 6.5.6",
    minutes=5,
    version=2,
    levels={"easy": {"count": 4, "most": 3}, "medium": {}, "hard": {"count": 6, "letters": False, "strict": True}},
)
def shapes(rng: Rng, *, count: int = 5, most: int = 4, letters: bool = True, strict: bool = False) -> Exercise:
    """Tell the shapes of the Jacobians of maps between scalars, vectors and matrices."""
    maps = rng.sample("maps", tuple(name for name, m in MAPS.items() if m.rank <= most), count)
    chosen = [MAPS[name] for name in maps]
    ranks = [m.rank for m in chosen]
    rng.require(max(ranks) == most, "the largest Jacobian has as many dimensions as the level asks for")
    rng.require(0 < sum(not m.output for m in chosen) < count / 2, "some maps are scalar, most are not")
    rng.require(len({m.by for m in chosen}) > 1, "not all maps have the same variable")
    pool: Sizes = LETTERS if letters else NUMBERS
    sizes = rng.sample("sizes", pool, 4 if "AWB" in maps else 3)
    of = dict(zip("ndkm", sizes, strict=False))
    known = tuple(map(str, sizes)) if letters else ()
    return Exercise(
        given={"maps": maps, "sizes": sizes, "count": count, "most": most, "letters": letters, "strict": strict},
        shown={"arrays": _arrays(chosen, of), "lines": [_line(m, of) for m in chosen]},
        prompt=PROMPT,
        parts=[
            Part(name, f"The map ${m.tex}$, by ${m.by}$.", Shape(_shape(m, of), letters=known, strict=strict),
                 misconceptions=_slips(m, of, strict))
            for name, m in zip(maps, chosen, strict=True)
        ],
        solution=SOLUTION,
        work=float(sum(1 + rank for rank in ranks)),
    )  # fmt: skip


def _shape(m: Map, of: dict[str, Size]) -> Sizes:
    """Output, then variable; a scalar by a vector is a row."""
    sizes = _sizes(m.output + m.input, of)
    return (1, *sizes) if len(sizes) == 1 else sizes


def _sizes(dimensions: str, of: dict[str, Size]) -> Sizes:
    return tuple(of[dimension] for dimension in dimensions)


def _slips(m: Map, of: dict[str, Size], strict: bool) -> list[Slip]:
    """The misconceptions about one map; None where they do not change its shape, or cannot be written."""
    output, variable = _sizes(m.output, of), _sizes(m.input, of)
    scalar, vector = not output, len(variable) == 1
    once = m.output + "".join(dimension for dimension in m.input if dimension not in m.output)
    numbers = [size for size in output + variable if isinstance(size, int)]
    flat = prod(numbers[: len(output)]), prod(numbers[len(output) :])
    flattens = len(numbers) == len(output + variable) > 2 and not scalar
    return [
        Slip("swapped", None if scalar or m.output == m.input else variable + output,
             "You put the variable first; in numerator layout the output comes first."),
        Slip("output_only", output, "That is the shape of the output alone; every entry of the variable moves it."),
        Slip("variable_only", None if scalar else variable,
             "That is the shape of the variable, as for a scalar; here every entry of the output has a gradient."),
        Slip("index_dropped", None if once == m.output + m.input else _sizes(once, of),
             "You wrote an index once that stands in the output and in the variable; the two run independently."),
        Slip("flattened", flat if flattens else None,
             "You flattened the output and the variable; keep all their dimensions.", Fraction(1, 2)),
        Slip("extra_one", (1, *variable) if scalar and not vector else None,
             "A scalar output adds no dimension here, not even one of size 1.", Fraction(1, 2)),
        Slip("gradient_layout", (*variable, 1) if scalar and vector and strict else None,
             "That is the gradient, a column; in numerator layout the Jacobian is a row.", Fraction(1, 2)),
    ]  # fmt: skip


def _arrays(chosen: list[Map], of: dict[str, Size]) -> list[str]:
    """The shape of every array that occurs, in words."""
    used = {name for m in chosen for name in m.arrays}
    lines = {name: f"${name}$ is ${_tex(DIMENSIONS[name], of, column=True)}$" for name in DIMENSIONS if name in used}
    if "X" in lines:
        lines["X"] += r" with the rows $x_1^T, x_2^T, \dots$"
    return list(lines.values())


def _line(m: Map, of: dict[str, Size]) -> str:
    shapes = f"output ${_tex(m.output, of)}$, variable ${_tex(m.input, of)}$"
    row = r"1 \times " if m.rank == 1 else ""
    return f"${m.tex}$ by ${m.by}$: {shapes}, Jacobian ${row}{_tex(m.output + m.input, of)}$."


def _tex(dimensions: str, of: dict[str, Size], *, column: bool = False) -> str:
    sizes = [*_sizes(dimensions, of), *([1] if column and len(dimensions) == 1 else [])]
    return r" \times ".join(map(str, sizes)) or r"\text{scalar}"


@shapes.oracle
def differences(maps: tuple[str, ...], sizes: Sizes, strict: bool) -> dict[str, Any]:
    """Shapes read off Jacobians of NumPy arrays, taken by central differences at sizes that differ."""
    of: dict[int, Size] = {1: 1, **dict(zip(PROBE.values(), sizes, strict=False))}
    values: dict[str, Any] = {}
    for name in maps:
        for slip, shape in _probed(name, strict).items():
            values[name + slip] = None if shape is None else tuple(of[size] for size in shape)
        output, variable, _ = _jacobian(name)
        sides = [[of[size] for size in shape] for shape in (output, variable)]
        if output and len(output + variable) > 2 and not any(isinstance(size, str) for size in sides[0] + sides[1]):
            values[f"{name}.flattened"] = [np.broadcast_to(0, shape).size for shape in sides]  # type: ignore[arg-type]
    return values


PROBE = {"n": 2, "d": 3, "k": 5, "m": 4}
FUNCTIONS: dict[str, Any] = {
    "constant": lambda a: 7.0,
    "squared_norm": lambda a: np.linalg.norm(a.w) ** 2,
    "dot": lambda a: a.w @ a.X[0],
    "w": lambda a: a.w,
    "w_squared": lambda a: a.w**2,
    "softmax": lambda a: np.exp(a.w) / np.exp(a.w).sum(),
    "Xw": lambda a: a.X @ a.w,
    "relu_Xw": lambda a: np.maximum(a.X @ a.w, 0),
    "Ww": lambda a: a.W @ a.w,
    "sum_W": lambda a: a.W.sum(),
    "trace": lambda a: np.trace(a.W @ a.W.T),
    "bilinear": lambda a: a.u @ a.W @ a.w,
    "Ww_by_W": lambda a: a.W @ a.w,
    "softmax_Ww": lambda a: np.exp(a.W @ a.w) / np.exp(a.W @ a.w).sum(),
    "Xw_by_X": lambda a: a.X @ a.w,
    "outer": lambda a: np.outer(a.u, a.w),
    "XWT": lambda a: a.X @ a.W.T,
    "XWT_by_X": lambda a: a.X @ a.W.T,
    "W_squared": lambda a: a.W * a.W,
    "AWB": lambda a: a.A @ a.W @ a.B,
}


@cache
def _jacobian(name: str) -> tuple[tuple[int, ...], tuple[int, ...], Any]:
    """Output shape, variable shape and Jacobian, one column of differences after the other."""
    numbers = np.random.default_rng(0)
    arrays = {array: numbers.random([PROBE[d] for d in dimensions]) for array, dimensions in DIMENSIONS.items()}
    f, by = FUNCTIONS[name], MAPS[name].by
    variable, h = arrays[by], 1e-6
    columns = []
    for i in np.ndindex(variable.shape):
        step = np.zeros_like(variable)
        step[i] = h
        ends = [np.asarray(f(SimpleNamespace(**arrays | {by: variable + side}))) for side in (step, -step)]
        columns.append((ends[0] - ends[1]) / (2 * h))
    output = columns[0].shape
    return output, variable.shape, np.stack(columns, axis=-1).reshape(output + variable.shape)


@cache
def _probed(name: str, strict: bool) -> dict[str, tuple[int, ...] | None]:
    """The shape of the Jacobian and of what the misconceptions make of it."""
    output, variable, j = _jacobian(name)
    last = tuple(range(len(output), j.ndim))
    swapped = np.moveaxis(j, last, range(len(last)))
    return {
        "": np.atleast_2d(j).shape,
        ".swapped": None if not output or swapped.shape == j.shape else swapped.shape,
        ".output_only": j[(..., *(0 for _ in variable))].shape,
        ".variable_only": j[(0,) * len(output)].shape if output else None,
        ".index_dropped": tuple(dict.fromkeys(j.shape)) if len({*j.shape}) < j.ndim else None,
        ".flattened": None,
        ".extra_one": j[None].shape if not output and j.ndim > 1 else None,
        ".gradient_layout": j[:, None].shape if strict and not output and j.ndim == 1 else None,
    }
