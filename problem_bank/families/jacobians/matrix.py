"""Goodfellow et al., Deep Learning, sections 4.3.1 and 6.5.6: Jacobians as matrix expressions."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from math import exp
from types import SimpleNamespace
from typing import Any

import numpy as np

from problem_bank.answers import Instance
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.jacobians._maps import MAPS, OLD, SHAPES, answer, wrong
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.letters import ARRAYS, VECTORS, Names

EASY = ("squared_norm", "dot", "linear", "entry_squares", "entry_exp", "composed")
MIDDLE = ("squared_norm", "linear", "entry_squares", "entry_exp", "relu_linear", "quadratic", "residual", "composed")
HARD = ("relu_linear", "quadratic", "residual", "scaled", "softmax", "entry_exp")
LETTERS = ("n", "d", "k", "m", "N", "M")

PROMPT = r"""
{% for line in arrays %}
{{ line }}{{ "." if loop.last else "," }}
{% endfor %}

Write the Jacobian of each map by $w$ as a matrix expression, in **numerator layout**: a row for each entry of the
output, a column for each entry of $w$; the Jacobian of a number is a row. Functions, `.*`, `A.^2` and `A > 0` (1 where
it is true, else 0) act on each entry.

Type `A^T` (or `A'`), `A B`, `diag(v)`, `I_{{ d }}` for the identity and `1_{{ d }}` for a column of ones.
""".strip()

SOLUTION = r"""
Entry $(i, j)$ is the derivative of output $i$ by $w_j$.

{% for line in lines %}
- {{ line }}
{% endfor %}
""".strip()


@family(
    topic="jacobians",
    source="Goodfellow 4.3.1, 6.5.6",
    minutes=7,
    version=2,
    levels={"easy": {"among": EASY}, "medium": {}, "hard": {"among": HARD, "count": 4}},
)
def matrix(rng: Rng, *, count: int = 4, among: tuple[str, ...] = MIDDLE) -> Exercise:
    """Write the Jacobians of maps of a vector as matrix expressions."""
    maps = rng.sample("maps", among, count)
    sizes = rng.sample("sizes", LETTERS, 3)
    vectors, arrays = rng.sample("vectors", VECTORS, 4), rng.sample("matrices", ARRAYS, 3)
    said = Names(OLD, vectors + arrays)
    used = {array for name in maps for array in MAPS[name].arrays} - {"s"}
    return Exercise(
        given={"maps": maps, "sizes": sizes, "vectors": vectors, "matrices": arrays, "count": count, "among": among},
        shown={
            "arrays": _arrays(used, sizes, said),
            "d": sizes[1],
            "lines": [_line(name, sizes, said) for name in maps],
        },
        prompt=said(PROMPT),
        parts=[_part(name, sizes, said) for name in maps],
        solution=said(SOLUTION),
        work=float(count),
    )


def _part(name: str, sizes: tuple[str, ...], said: Names) -> Part:
    key = answer(name, sizes, said)
    slips = [Slip(slip, key.parse(text), why) for slip, (text, why) in wrong(name, sizes, said).items()]
    more = " You may use $s$." if MAPS[name].definitions else ""
    return Part(name, said(f"The map ${MAPS[name].tex}$.{more}"), key, misconceptions=slips)


def _arrays(used: set[str], sizes: tuple[str, ...], said: Names) -> list[str]:
    """The shape of every array that occurs; vectors are columns."""
    of = dict(zip("ndk", sizes, strict=True))
    shapes = {name: (*shape, "1")[:2] for name, shape in SHAPES.items() if name in used}
    return [
        f"${said(n)}$ is ${of.get(rows, rows)} \\times {of.get(columns, columns)}$"
        for n, (rows, columns) in shapes.items()
    ]


def _line(name: str, sizes: tuple[str, ...], said: Names) -> str:
    m = MAPS[name]
    return f"${said(m.tex)}$: {said(m.steps)} So the Jacobian is ${answer(name, sizes, said).key.tex()}$."


@matrix.oracle
def differences(maps: tuple[str, ...], vectors: tuple[str, ...], matrices: tuple[str, ...]) -> dict[str, Any]:
    """Jacobians by central differences in NumPy, and what the misconceptions make of them."""
    said = Names(OLD, vectors + matrices)
    return {
        f"{name}{slip}": replace(value, arrays=said.keys(value.arrays))
        for name in maps
        for slip, value in _instances(name).items()
    }


PROBE = {"n": 2, "d": 3, "k": 4}
MAP: dict[str, Any] = {
    "constant": lambda a: 7.0,
    "squared_norm": lambda a: np.linalg.norm(a.w) ** 2,
    "dot": lambda a: a.w @ a.x,
    "linear": lambda a: a.X @ a.w,
    "identity": lambda a: a.w,
    "entry_squares": lambda a: a.w**2,
    "entry_exp": lambda a: np.exp(a.w),
    "relu_linear": lambda a: np.maximum(a.X @ a.w, 0),
    "quadratic": lambda a: a.w @ a.A @ a.w,
    "residual": lambda a: np.sum((a.X @ a.w - a.y) ** 2),
    "composed": lambda a: a.C @ (a.X @ a.w),
    "scaled": lambda a: a.w * (a.w @ a.x),
    "softmax": lambda a: np.exp(a.w) / np.sum(np.exp(a.w)),
}
WRONG: dict[str, Any] = {
    "constant.variable": lambda j, a: a.w[None],
    "constant.one": lambda j, a: np.ones_like(j),
    "squared_norm.factor": lambda j, a: j / 2,
    "dot.variable": lambda j, a: a.w[None],
    "identity.ones": lambda j, a: np.ones_like(j),
    "entry_squares.factor": lambda j, a: j / 2,
    "entry_squares.no_diagonal": lambda j, a: j.sum(axis=1, keepdims=True),
    "entry_exp.no_diagonal": lambda j, a: j.sum(axis=1, keepdims=True),
    "relu_linear.no_slope": lambda j, a: a.X,
    "relu_linear.value": lambda j, a: np.maximum(a.X @ a.w, 0)[:, None] * a.X,
    "quadratic.symmetric": lambda j, a: 2 * (a.w @ a.A)[None],
    "quadratic.factor": lambda j, a: (a.w @ a.A)[None],
    "residual.factor": lambda j, a: j / 2,
    "residual.sign": lambda j, a: -j,
    "residual.inner": lambda j, a: 2 * (a.X @ a.w - a.y)[None],
    "composed.inner_only": lambda j, a: a.X,
    "scaled.outer_only": lambda j, a: np.outer(a.w, a.x),
    "scaled.number_only": lambda j, a: np.eye(3) * (a.w @ a.x),
    "softmax.diagonal": lambda j, a: np.diag(np.diag(j)),
    "softmax.plus": lambda j, a: np.abs(j) + 2 * np.diag(MAP["softmax"](a) ** 2),
    "softmax.only_outer": lambda j, a: j - np.diag(MAP["softmax"](a)),
}


@cache
def _instances(name: str) -> dict[str, Instance]:
    """The Jacobian of one map at random arrays."""
    dice = np.random.default_rng(5)
    arrays = {array: dice.integers(-64, 65, [PROBE[s] for s in shape]) / 32 for array, shape in SHAPES.items()}
    at = SimpleNamespace(**arrays)
    j = _jacobian(MAP[name], arrays)
    values = {
        "": j,
        **{slip.removeprefix(name): rule(j, at) for slip, rule in WRONG.items() if slip.startswith(f"{name}.")},
    }
    if not MAPS[name].symmetric:
        values[".transposed"] = j.T
    exact = {
        array: _exact(table.tolist()) for array, table in arrays.items() if array in MAPS[name].arrays.replace("s", "")
    }
    return {slip: Instance(exact, _exact(v.tolist()), {"exp": exp}, 1e-5) for slip, v in values.items()}


def _jacobian(f: Any, arrays: dict[str, Any]) -> Any:
    """One column of central differences for each entry of w."""
    w, columns = arrays["w"], []
    for step in 1e-6 * np.eye(len(w)):
        ends = [np.atleast_1d(f(SimpleNamespace(**arrays | {"w": w + side}))) for side in (step, -step)]
        columns.append((ends[0] - ends[1]) / 2e-6)
    return np.stack(columns, axis=1)


def _exact(value: Any) -> Any:
    return tuple(map(_exact, value)) if isinstance(value, list) else Fraction(value)
