"""Layer normalisation beside batch normalisation (Goodfellow et al., Deep Learning, section 8.7.1): which axis?"""

from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exact import transpose
from problem_bank.exercise import Exercise
from problem_bank.families.normalisation._axis_parts import (
    PROMPT,
    SOLUTION,
    affine_of,
    affine_part,
    normalise,
    parts_along,
)
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.normalisation import draw_batch, mean, variance
from problem_bank.values import Matrix, Vector


@family(
    topic="normalisation",
    source="Ba, Kiros and Hinton 2016; Goodfellow 8.7.1",
    minutes=9,
    levels={"easy": {"affine": False}, "medium": {}, "hard": {"rows": 3, "batch_norm": True}},
)
def layer_norm(
    rng: Rng, *, rows: int = 2, features: int = 4, affine: bool = True, batch_norm: bool = False
) -> Exercise:
    """Normalise a small matrix along its rows, and at the hard level along its columns as well."""
    if rows == features:
        raise BadGiven(f"rows: {rows} rows and {features} features cannot be told apart; give different numbers")
    x = rng.built("X", lambda inner: tuple(draw_batch(inner, f"row{i}", features) for i in range(rows)))
    if len(x) != rows or any(len(row) != features for row in x):
        raise BadGiven(f"X: expected {rows} rows of {features} numbers, got {x!r}")
    spread_out = all(map(variance, (*x, *transpose(x))))
    rng.require(spread_out, "no row and no column holds one value only")
    if not spread_out:
        raise BadGiven("X: a row or a column holds one value only, so its standard deviation is 0; change an entry")
    scaling = _scaling(rng, features) if affine else {}
    along = [("layer", x), ("batch", transpose(x))] if batch_norm else [("layer", x)]
    x_hat = normalise(x)
    return Exercise(
        given={"X": x, **scaling, "rows": rows, "features": features,
               "affine": affine, "batch_norm": batch_norm},
        shown={"table": [(kind, list(map(_worked, lines))) for kind, lines in along],
               **(scaling and {"y": affine_of(x_hat, **scaling)})},
        prompt=PROMPT,
        parts=[
            *parts_along("layer", x, x),
            *([affine_part(x_hat, **scaling)] if affine else []),
            *(parts_along("batch", x, transpose(x)) if batch_norm else []),
        ],
        solution=SOLUTION,
        work=float(rows * features * (1 + affine + batch_norm)),
    )  # fmt: skip


def _worked(line: Vector) -> tuple[Any, ...]:
    """What the solution says about one row or column."""
    return line, mean(line), variance(line), normalise((line,))[0]


def _scaling(rng: Rng, features: int) -> dict[str, Vector]:
    """Scale and shift of every feature."""
    gamma, beta = rng.ints("gamma", features, -2, 3, exclude=(0,)), rng.ints("beta", features, -3, 3)
    rng.require(len(set(gamma)) > 1 and any(beta) and gamma != beta, "scale and shift differ from feature to feature")
    return {"gamma": gamma, "beta": beta}


@layer_norm.oracle
def along_axes(X: Matrix, batch_norm: bool, **given: Any) -> dict[str, Any]:
    """NumPy's mean and var along each axis, with broadcasting in place of loops."""
    x, values = np.array(X, dtype=float), dict[str, Any]()
    for kind, axis in (("layer", 1), ("batch", 0))[: 1 + batch_norm]:
        m, v, other = x.mean(axis), x.var(axis), 1 - axis
        values |= {
            f"{kind}_means": m,
            f"{kind}_means.wrong_axis": x.mean(other),
            f"{kind}_means.whole": np.full_like(m, x.mean()),
            f"{kind}_variances": v,
            f"{kind}_variances.wrong_axis": x.var(other),
            f"{kind}_variances.whole": np.full_like(m, x.var()),
            f"{kind}_variances.unbiased": x.var(axis, ddof=1),
            f"{kind}_values": _standard(x, axis),
            f"{kind}_values.wrong_axis": _standard(x, other),
            f"{kind}_values.whole": _standard(x, None),
            f"{kind}_values.unbiased": _standard(x, axis, ddof=1),
            f"{kind}_values.by_variance": _standard(x, axis) / x.std(axis, keepdims=True),
        }
    if "gamma" in given:
        x_hat, gamma, beta = values["layer_values"], np.array(given["gamma"]), np.array(given["beta"])
        values |= {"y": x_hat * gamma + beta, "y.swapped": x_hat * beta + gamma, "y.no_shift": x_hat * gamma,
                   "y.no_affine": x_hat, "y.shift_first": (x_hat + beta) * gamma}  # fmt: skip
    return values


def _standard(x: Any, axis: int | None, ddof: int = 0) -> Any:
    """Mean 0 and standard deviation 1 along the axis, or over the whole matrix."""
    return (x - x.mean(axis, keepdims=True)) / x.std(axis, keepdims=True, ddof=ddof)
