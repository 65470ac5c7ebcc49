"""The second route to swish and GELU: SymPy's derivatives, and numbers by complex steps and far-out points."""

from cmath import exp, tanh
from fractions import Fraction
from functools import cache
from math import log, pi
from typing import Any

TINY = 1e-30
FAR = 70.0  # so far out every gate is open or closed


def by_differences(**given: Any) -> dict[str, Any]:
    """Every key and every mistake by its name."""
    values = {
        **_derivatives(given),
        **_swish(given),
        **_betas(given["at"]),
        **_gelu(float(given["point"])),
        **_limits(given),
    }
    return values


def _derivatives(given: dict[str, Any]) -> dict[str, Any]:
    """SymPy's derivatives with these factors."""
    found = {}
    for name, value in _product_rule().items():
        outer, inner = given[f"{name.split('.')[0]}_factors"]
        found[name] = value.subs({"a": outer, "b": inner})
    return found


@cache
def _product_rule() -> dict[str, Any]:
    """SymPy's derivatives of a x g(b x), with the gates eliminated."""
    import sympy as sp

    a, b, x, s, cdf, density = sp.symbols("a b x s P q")
    power, root = sp.exp(-b * x), b * x / sp.sqrt(2)
    swish = sp.diff(a * x / (1 + power), x).subs(power, (1 - s) / s)
    gelu = sp.diff(a * x * (1 + sp.erf(root)) / 2, x).subs(sp.exp(-(root**2)), density * sp.sqrt(2 * sp.pi))
    found: dict[str, Any] = {}
    for name, full in (
        ("swish", sp.simplify(swish)),
        ("gelu", sp.expand(gelu.subs(sp.erf(root), 2 * cdf - 1))),
    ):
        plain, second = full.subs(x, 0), sp.expand(full - full.subs(x, 0))
        found |= {
            name: full, f"{name}.inner_lost": plain + second / b, f"{name}.first_lost": second,
            f"{name}.second_lost": plain, f"{name}.inner_twice": b * plain + second,
        }  # fmt: skip
    found["gelu.sigmoid_rule"] = found["gelu"].subs(density, cdf - cdf**2)
    return found


def _swish(given: dict[str, Any]) -> dict[str, Any]:
    beta = float(given["beta"])
    x = log(given["k"]) / beta

    def gate(u: complex, factor: float = beta) -> complex:
        return exp(factor * u) / (1 + exp(factor * u))

    def slope(f: Any) -> float:
        return float(f(x + 1j * TINY).imag / TINY)

    full, inside = slope(lambda u: u * gate(u)), slope(gate) * x
    return {
        "swish_value": (x * gate(x)).real, "swish_value.beta_lost": (x * gate(x, 1)).real,
        "swish_value.gate_alone": gate(x).real, "swish_value.sign": (x * gate(-x)).real,
        "swish_slope": full, "swish_slope.inner_lost": full - inside + inside / beta,
        "swish_slope.first_lost": inside, "swish_slope.second_lost": full - inside,
    }  # fmt: skip


def _betas(at: Any) -> dict[str, Any]:
    """Swish under a tiny and under a huge parameter."""
    low, high = (round(2 * (at / (1 + exp(-beta * at))).real) for beta in (1e-9, FAR))
    pair = (Fraction(low, 2), Fraction(high, 2))
    return {"betas": pair, "betas.swapped": pair[::-1], "betas.closed": (0, at) if high else None,
            "betas.identity": (pair[0], at) if not high else None}  # fmt: skip


def _gelu(t: float) -> dict[str, Any]:
    """The tanh form, (1 + tanh u) / 2 as a sigmoid of 2 u."""

    def gate(u: float) -> float:
        return float((1 / (1 + exp(-2 * u))).real)

    u = (2 / pi) ** 0.5 * t * (1 + 0.044715 * t * t)
    value, mirrored = t * gate(u), -t * gate(-u)
    return {
        "gelu_value": value, "gelu_value.no_half": t + t * tanh(u).real, "gelu_value.gate_alone": gate(u),
        "gelu_value.cube_lost": t * gate((2 / pi) ** 0.5 * t), "gelu_value.root_lost": t * gate((2 / pi) ** 0.5 * u),
        "mirrored": mirrored, "mirrored.odd": -value, "mirrored.even": value,
    }  # fmt: skip


def _limits(given: dict[str, Any]) -> dict[str, Any]:
    """Far to the left and to the right: secants of the gated function, values of tanh."""
    (outer, inner), width = given["gelu_factors"], given["width"]
    shift, height = given["shift"], given["height"]

    def relu(x: float, factor: float) -> float:
        return float(outer * x * (factor * x > 0))  # what the gated line is so far out

    def steep(factor: float) -> tuple[int, ...]:
        return tuple(round(relu(x + 1, factor) - relu(x, factor)) for x in (-FAR, FAR))

    def far(scale: float, low: float = -1) -> tuple[int, ...]:
        gates = [(1 / (1 + exp(-width * x))).real for x in (-FAR, FAR)]
        return tuple(round(shift + scale * (low + (1 - low) * gate)) for gate in gates)

    slopes, bounds = steep(inner), far(height)
    return {
        "slopes": slopes, "slopes.swapped": slopes[::-1], "slopes.flat": (0, 0),
        "slopes.inner_counted": [v * inner for v in slopes],
        "slopes.one_slope": (sum(slopes),) * 2,
        "bounds": bounds, "bounds.swapped": bounds[::-1], "bounds.from_zero": far(height, 0),
        "bounds.stretched": far(height * abs(width)), "bounds.shift_lost": [v - shift for v in bounds],
    }  # fmt: skip
