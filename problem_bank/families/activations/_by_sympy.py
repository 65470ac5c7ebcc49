"""SymPy's derivatives of the activation functions, with x eliminated: a second route to the keys."""

from functools import cache
from typing import Any


def derivatives(name: str, letters: tuple[str, str, str]) -> dict[str, Any]:
    """The derivative of the formula with x eliminated, and what the misconceptions make of it.

    `letters` are the names of h, x and s.
    """
    import sympy as sp

    names = dict(zip(sp.symbols("h x s"), sp.symbols(letters), strict=True))
    return {slip: value.xreplace(names) for slip, value in _derivatives(name).items()}


@cache
def _derivatives(name: str) -> dict[str, Any]:
    """The same in h, x and s: SymPy's work is done once."""
    import sympy as sp

    x, h, s, alpha = sp.symbols("x h s alpha")
    e = sp.exp(x)

    def of(f: Any, old: Any, new: Any) -> Any:
        return sp.simplify(sp.diff(f, x).subs(old, new))

    sigmoid = of(e / (e + 1), x, sp.log(h / (1 - h)))
    tanh = of((e**2 - 1) / (e**2 + 1), x, sp.log((1 + h) / (1 - h)) / 2)
    elu = of(alpha * (e - 1), x, sp.log(1 + h / alpha))
    softplus = of(sp.log(1 + e), x, sp.log(sp.exp(h) - 1))
    silu = of(x / (1 + 1 / e), e, s / (1 - s))
    bend = sp.integrate(sp.diff(sigmoid, h), h).subs(h, s)
    values = {
        "sigmoid": {"": sigmoid, "output_itself": h, "of_tanh": tanh, "sign": -sigmoid, "other_factor": sigmoid / h},
        "tanh": {"": tanh, "of_sigmoid": sigmoid, "square_lost": tanh / (1 + h), "sign": -tanh, "output_itself": h},
        "elu": {"": elu, "exponential_of_h": sp.exp(h), "alpha_lost": elu.subs(alpha, 1), "output_itself": elu - alpha,
                "linear_side": sp.diff(x, x)},
        "leaky_relu": {"": sp.diff(alpha * x, x), "as_relu": sp.diff(alpha, x), "positive_side": sp.diff(x, x),
                       "value": sp.integrate(alpha, x), "sign": sp.diff(-alpha * x, x)},
        "softplus": {"": softplus, "reciprocal_only": 1 - softplus, "sigmoid_of_h": 1 / (2 - softplus),
                     "output_itself": h, "not_divided": softplus * sp.exp(h)},
        "silu": {"": silu, "product_rule": sp.diff(silu, x), "first_term_lost": silu - s,
                 "second_term_lost": silu.subs(x, 0), "x_lost": s + bend},
    }[name]  # fmt: skip
    return {f"{name}.{slip}".rstrip("."): value for slip, value in values.items()}
