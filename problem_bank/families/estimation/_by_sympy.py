"""The second route: SymPy adds up the logarithms of the densities, differentiates and solves."""

from fractions import Fraction
from statistics import mean, median
from typing import Any

from problem_bank.values import Vector

PARAMETERS = {"bernoulli": ("p",), "poisson": ("lambda",), "exponential": ("lambda",), "gaussian": ("mu", "v"),
              "laplace": ("b",)}  # fmt: skip


def routes(model: str, data: Vector) -> dict[str, Any]:
    """All parts of this model and where their misconceptions lead."""
    import sympy as sp

    symbols = [
        sp.Symbol(name, real=True) if name == "mu" else sp.Symbol(name, positive=True) for name in PARAMETERS[model]
    ]
    terms = (_log_density(model, int(x), symbols, _between(data)) for x in data)
    likelihood = sp.expand(sp.Add(*terms), log=False)
    slopes = [sp.diff(likelihood, symbol) for symbol in symbols]
    found: dict[Any, Any] = {}
    for slope, symbol in zip(slopes, symbols, strict=True):  # each is linear in its own letter, over a denominator
        linear, constant = sp.Poly(sp.fraction(sp.together(slope.subs(found)))[0], symbol).all_coeffs()
        found[symbol] = -constant / linear
    loss = -likelihood.subs(found)
    n, steps = len(data), [Fraction(str(found[symbol])) for symbol in symbols]
    values: dict[str, Any] = {
        "likelihood": likelihood, "likelihood.negated": -likelihood, "likelihood.averaged": likelihood / n,
        "slope": slopes[0], "slope.negated": -slopes[0], "estimate": steps[0],
        "loss": float(loss), "loss.log_likelihood": -float(loss), "loss.averaged": float(loss) / n,
    }  # fmt: skip
    if len(symbols) == 1 and model != "laplace":
        bend = Fraction(str(sp.diff(likelihood, symbols[0], 2).subs(found)))
        values |= {"curvature": bend, "curvature.positive": -bend}
    own = {"bernoulli": _bernoulli, "poisson": _rate, "exponential": _rate, "gaussian": _gaussian, "laplace": _laplace}
    return values | own[model](model, data, symbols, (likelihood, slopes, found))


def _between(data: Vector) -> int:
    """The number with the least distance to all."""
    numbers = [int(x) for x in data]
    far = [sum(abs(x - m) for x in numbers) for m in numbers]
    return numbers[far.index(min(far))]


def _log_density(model: str, x: int, symbols: Any, middle: int) -> Any:
    """What one number adds to the log-likelihood."""
    import sympy as sp

    theta = symbols[-1]
    match model:
        case "bernoulli":
            return sp.log(theta if x else 1 - theta)
        case "poisson":
            return x * sp.log(theta) - theta - sp.log(sp.factorial(x))
        case "exponential":
            return sp.log(theta) - theta * x
        case "gaussian":
            return -sp.log(2 * sp.pi * theta) / 2 - (x - symbols[0]) ** 2 / (2 * theta)
        case _:
            return -sp.log(2 * theta) - sp.Integer(abs(x - middle)) / theta


def _bernoulli(model: str, data: Vector, symbols: Any, found: Any) -> dict[str, Any]:
    likelihood, _, _ = found
    (p,) = symbols
    return {
        "likelihood.swapped": likelihood.subs(p, 1 - p),
        "slope.inner_lost": sum(1 / p if x else 1 / (1 - p) for x in data),
        "estimate.swapped": Fraction(data.count(0), len(data)), "estimate.sum": data.count(1),
        "estimate.smoothed": mean(map(Fraction, (*data, 0, 1))),
    }  # fmt: skip


def _rate(model: str, data: Vector, symbols: Any, found: Any) -> dict[str, Any]:
    """Poisson and exponential: one positive parameter, and a term that is linear in it."""
    import sympy as sp

    likelihood, (slope,), at = found
    (rate,) = symbols
    constant, linear = slope.expand().as_independent(rate, as_Add=True)
    values = {
        "slope.term_lost": linear, "estimate.inverted": 1 / Fraction(str(at[rate])), "estimate.sum": sum(data),
        "curvature.not_at_estimate": Fraction(str(sp.diff(slope, rate).subs(rate, 1))),
    }  # fmt: skip
    if model == "exponential":
        return values | {
            "likelihood.scale_dropped": constant * rate, "likelihood.no_logarithm": likelihood.replace(sp.log, sp.Id),
        }  # fmt: skip
    bare = likelihood - likelihood.subs(rate, 1) + constant
    return values | {
        "likelihood.constant_dropped": bare, "likelihood.scale_dropped": likelihood - constant * rate,
        "loss.constant_dropped": -float(bare.subs(at)),
    }  # fmt: skip


def _gaussian(model: str, data: Vector, symbols: Any, found: Any) -> dict[str, Any]:
    import sympy as sp

    likelihood, (by_mean, by_variance), at = found
    _, v = symbols
    n, x = len(data), [Fraction(value) for value in data]
    bare = likelihood + n * sp.log(2 * sp.pi * v) / 2 - n * sp.log(v) / 2
    values = {"likelihood.constant_dropped": bare, "loss.constant_dropped": -float(bare.subs(at)),
              "likelihood.scale_dropped": bare.subs(v, 1) / v}  # fmt: skip
    squares = sum((a - b) ** 2 for a in x for b in x) / (2 * n)  # without the mean
    centre = by_variance + sp.Rational(n, 2) / v
    return values | {
        "slope_mean": by_mean, "slope_mean.doubled": 2 * by_mean, "slope_mean.negated": -by_mean,
        "slope_variance": by_variance,
        "slope_variance.scale_dropped": centre, "slope_variance.power": centre * v - sp.Rational(n, 2) / v,
        "mean": Fraction(str(at[symbols[0]])), "mean.sum": n * mean(x), "mean.median": median(x),
        "variance": Fraction(str(at[v])), "variance.unbiased": squares / (n - 1), "variance.squares_sum": squares,
        "variance.not_centred": mean(a * a for a in x),
    }  # fmt: skip


def _laplace(model: str, data: Vector, symbols: Any, found: Any) -> dict[str, Any]:
    import sympy as sp

    likelihood, (slope,), _ = found
    (b,) = symbols
    n, x = len(data), sorted(Fraction(value) for value in data)
    centre = x[n // 2]
    away = [abs(a - centre) for a in x]
    spread = slope + n / b
    return {
        "location": centre, "location.mean": mean(x), "location.midrange": (x[0] + x[-1]) / 2,
        "likelihood.constant_dropped": likelihood + n * sp.log(2 * b) - n * sp.log(b),
        "likelihood.scale_dropped": -spread * b,
        "slope.power": spread * b - n / b, "slope.scale_dropped": spread,
        "estimate.sum": sum(away), "estimate.unbiased": sum(away) / (n - 1),
        "estimate.about_mean": mean(abs(a - mean(x)) for a in x), "estimate.squared": mean(a * a for a in away),
    }  # fmt: skip
