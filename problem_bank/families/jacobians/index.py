"""Goodfellow et al., Deep Learning, section 6.5.6: derivatives between matrices, in index notation."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from problem_bank.algebra.indices import Values
from problem_bank.algebra.indices import tex as tex_of
from problem_bank.exercise import Exercise, Part
from problem_bank.families.jacobians._index_maps import MAPS, OLD, answer, slips
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.letters import ARRAYS, Names

LETTERS = tuple("abcfghijklpqrstuv")
LINEAR = ("XWT", "XWT_by_X", "XW", "XW_by_X", "WTX")
POOLS = {"linear": LINEAR, "products": (*LINEAR, "AWB", "W_squared"), "all": tuple(MAPS)}

PROMPT = r"""
Write the entries of the Jacobian tensors below with entries of the matrices and **Kronecker deltas**:
$\delta_{pq} = 1$ where $p = q$, and 0 elsewhere. Keep the letters of the indices as they are given. Type $A_{pq}$ as
`A_pq` and $\delta_{pq}$ as `delta_pq`; an index that stands twice in a product and is not given is summed over.
""".strip()

SOLUTION = r"""
Write the entry of $Y$ as a sum. The derivative of one entry of the variable by another is 1 if both indices agree and
0 otherwise: a product of two deltas. Each delta with a summed index then picks one term of the sum.

{% for line in lines %}
- {{ line }}
{% endfor %}
""".strip()


@family(
    topic="jacobians",
    source="Goodfellow 6.5.6",
    minutes=6,
    version=2,
    levels={"easy": {"pool": "linear"}, "medium": {}, "hard": {"pool": "all", "count": 3}},
)
def index(rng: Rng, *, pool: str = "products", count: int = 2) -> Exercise:
    """Write the Jacobian of a map between matrices entry by entry, with Kronecker deltas."""
    maps = rng.sample("maps", POOLS[pool], count)
    drawn = rng.sample("letters", LETTERS, 4)
    rng.require("k" not in drawn, "no index is the name of a dimension")
    hard = sum(name in ("AWB", "W_squared", "WWT") for name in maps)
    rng.require(pool == "linear" or hard > 0, "not only products with one delta are asked")
    letters = tuple(sorted(drawn))
    names = rng.sample("names", [name for name in ARRAYS if name not in "TY"], len(OLD))
    said = Names(OLD, names)
    return Exercise(
        given={"maps": maps, "letters": drawn, "names": names, "pool": pool, "count": count},
        shown={"lines": [_line(name, letters, said) for name in maps]},
        prompt=PROMPT,
        parts=[
            Part(name, _prompt(name, letters, said), answer(name, letters, said), points=2,
                 misconceptions=slips(name, letters, said))
            for name in maps
        ],
        solution=SOLUTION,
        work=float(3 * count + hard),
    )  # fmt: skip


def _prompt(name: str, letters: tuple[str, ...], said: Names) -> str:
    shape = MAPS[name]
    sides = [rf"${array}$ is ${rows} \times {columns}$" for array, (rows, columns) in shape.arrays.items()]
    return said(f"Let $Y = {shape.tex}$. {'; '.join(sides)}. What is ${_derivative(shape.by, letters)}$?")


def _derivative(by: str, letters: tuple[str, ...]) -> str:
    a, b, c, d = letters
    return rf"\frac{{\partial Y_{{{a}{b}}}}}{{\partial {by}_{{{c}{d}}}}}"


def _line(name: str, letters: tuple[str, ...], said: Names) -> str:
    """Y as a sum, and its derivative."""
    shape, key = MAPS[name], answer(name, letters, said)
    summed = key.keyed(key.parse(said(_sum(name, letters))))
    entry = rf"Y_{{{letters[0]}{letters[1]}}} = {summed.tex(summed.key)}"
    return f"${entry}$, so ${said(_derivative(shape.by, letters))} = {tex_of(key.key)}$."


def _sum(name: str, letters: tuple[str, ...]) -> str:
    """The entry of Y as text: m, p and q are summed, so they must be no given letters."""
    free = [letter for letter in "mpqrstu" if letter not in letters]
    names = dict(zip("ijmpq", (*letters[:2], free[0], *free[1:3]), strict=True))
    factors = MAPS[name].entry.split()
    return " ".join(f"{array}_{''.join(names[i] for i in below)}" for array, below in (f.split("_") for f in factors))


@index.oracle
def by_differences(maps: tuple[str, ...]) -> dict[str, Any]:
    """Jacobians of integer matrices, by exact central differences; the wrong rules as whole grids of numbers."""
    return {part: values for name in maps for part, values in _numbers(name).items()}


Grid = Callable[[Any, Any, Any, Any, Any], Any]
FORWARD: dict[str, Callable[[Any], Any]] = {
    "XWT": lambda a: a["X"] @ a["W"].T,
    "XWT_by_X": lambda a: a["X"] @ a["W"].T,
    "XW": lambda a: a["X"] @ a["W"],
    "XW_by_X": lambda a: a["X"] @ a["W"],
    "WTX": lambda a: a["W"].T @ a["X"],
    "AWB": lambda a: a["A"] @ a["W"] @ a["B"],
    "W_squared": lambda a: a["W"] ** 2,
    "WWT": lambda a: a["W"] @ a["W"].T,
}
WRONG: dict[str, Grid] = {
    "XWT.wrong_delta": lambda a, i, j, p, q: a["X"][i, q] * (i == p),
    "XWT.factor_transposed": lambda a, i, j, p, q: a["X"][q, i] * (j == p),
    "XWT.delta_missing": lambda a, i, j, p, q: a["X"][i, q],
    "XWT.indices_mixed": lambda a, i, j, p, q: a["X"][i, j] * (p == q),
    "XWT_by_X.wrong_delta": lambda a, i, j, p, q: a["W"][j, q] * (j == p),
    "XWT_by_X.factor_transposed": lambda a, i, j, p, q: a["W"][q, j] * (i == p),
    "XWT_by_X.delta_missing": lambda a, i, j, p, q: a["W"][j, q],
    "XWT_by_X.indices_mixed": lambda a, i, j, p, q: a["W"][i, j] * (p == q),
    "XW.wrong_delta": lambda a, i, j, p, q: a["X"][i, p] * (i == q),
    "XW.factor_transposed": lambda a, i, j, p, q: a["X"][p, i] * (j == q),
    "XW.delta_missing": lambda a, i, j, p, q: a["X"][i, p],
    "XW.indices_mixed": lambda a, i, j, p, q: a["X"][i, j] * (p == q),
    "XW_by_X.wrong_delta": lambda a, i, j, p, q: a["W"][q, j] * (j == p),
    "XW_by_X.factor_transposed": lambda a, i, j, p, q: a["W"][j, q] * (i == p),
    "XW_by_X.delta_missing": lambda a, i, j, p, q: a["W"][q, j],
    "XW_by_X.indices_mixed": lambda a, i, j, p, q: a["W"][i, j] * (p == q),
    "WTX.wrong_delta": lambda a, i, j, p, q: a["X"][p, j] * (i == p),
    "WTX.factor_transposed": lambda a, i, j, p, q: a["X"][j, p] * (i == q),
    "WTX.delta_missing": lambda a, i, j, p, q: a["X"][p, j],
    "WTX.indices_mixed": lambda a, i, j, p, q: a["X"][i, j] * (p == q),
    "AWB.factor_transposed": lambda a, i, j, p, q: a["A"][p, i] * a["B"][j, q],
    "AWB.indices_mixed": lambda a, i, j, p, q: a["A"][i, q] * a["B"][p, j],
    "AWB.one_factor": lambda a, i, j, p, q: a["A"][i, p],
    "AWB.wrong_delta": lambda a, i, j, p, q: a["A"][i, p] * (j == q),
    "W_squared.no_two": lambda a, i, j, p, q: np.where((i == p) & (j == q), a["W"][i, j], 0),
    "W_squared.delta_missing": lambda a, i, j, p, q: np.where(i == p, 2 * a["W"][i, j], 0),
    "W_squared.no_deltas": lambda a, i, j, p, q: 2 * a["W"][i, j],
    "W_squared.as_a_product": lambda a, i, j, p, q: _jacobian(lambda b: b["W"] @ b["W"], a, "W"),
    "WWT.first_factor_only": lambda a, i, j, p, q: a["W"][j, q] * (i == p),
    "WWT.doubled": lambda a, i, j, p, q: 2 * a["W"][j, q] * (i == p),
    "WWT.wrong_delta": lambda a, i, j, p, q: a["W"][j, q] * (j == p) + a["W"][i, q] * (i == p),
    "WWT.delta_missing": lambda a, i, j, p, q: a["W"][j, q] + a["W"][i, q],
}


@cache
def _numbers(name: str) -> dict[str, Values]:
    """The values of the key at sizes that differ, and of the wrong rules where all sizes are 3."""
    shape = MAPS[name]
    sizes = dict(zip("nkdm", (2, 3, 4, 5), strict=True))
    different, equal = (
        {array: _entries([of(side) for side in sides], array) for array, sides in shape.arrays.items()}
        for of in (sizes.get, lambda side: 3)
    )
    found = {name: _values(different, _jacobian(FORWARD[name], different, shape.by))}
    grid = np.indices((3, 3, 3, 3))
    for wrong in shape.wrong:
        part = f"{name}.{wrong.name}"
        found[part] = _values(equal, np.broadcast_to(WRONG[part](equal, *grid), (3, 3, 3, 3)))
    return found


def _entries(sides: list[Any], name: str) -> Any:
    return np.random.default_rng(ord(name)).permutation(40)[: sides[0] * sides[1]].reshape(sides) - 7


def _jacobian(f: Callable[[Any], Any], arrays: dict[str, Any], by: str) -> Any:
    """All partial derivatives; central differences with step 1 are exact up to second powers."""
    variable = arrays[by]
    jacobian = np.zeros((*f(arrays).shape, *variable.shape), dtype=int)
    for place in np.ndindex(variable.shape):
        step = np.zeros_like(variable)
        step[place] = 1
        ends = [f({**arrays, by: variable + side}) for side in (step, -step)]
        jacobian[(..., *place)] = (ends[0] - ends[1]) // 2
    return jacobian


def _values(arrays: dict[str, Any], array: Any) -> Values:
    return Values({name: a.tolist() for name, a in arrays.items()}, array.tolist())
