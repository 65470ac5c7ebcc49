"""A second reader and evaluator for the corpus, which shares nothing with the one under test.

Plain texts of the corpus are written so that Python's own grammar reads them (with ^ for a power);
here their syntax trees are walked, never run: to values of 200 digits, and to SymPy.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property, reduce
from typing import Any

from mpmath.ctx_mp import MPContext

mp = MPContext()
mp.dps = 200
SAME = mp.mpf(10) ** -100  # of the larger value, or of one
_BITS = 100_000  # of an exact value
_FAR = 20_000  # bits of an argument
_LONG = 2_000  # terms of a sum, and the largest factorial
_STEEP = {"erf": 10, "exp": 300, "sinh": 300, "cosh": 300, "tanh": 300}  # the same, for functions that grow like exp
Point = Mapping[str, Fraction]


class Undefined(ArithmeticError):
    """No real value here."""


class TooLarge(ArithmeticError):
    """A value that is not worth computing: nothing is known of this point."""


class Text:
    """A plain text, read by Python's grammar."""

    def __init__(self, text: str) -> None:
        self.source = re.sub(r"\blambda\b", "lambda_", _as_calls(text).replace("^", "**")).strip()
        self.tree = ast.parse(self.source, mode="eval").body

    @cached_property
    def names(self) -> set[str]:
        """All names in the text, functions among them."""
        return {node.id.rstrip("_") for node in ast.walk(self.tree) if isinstance(node, ast.Name)}

    def value(self, point: Point) -> Any:
        """A Fraction, or an mpf. Raises Undefined."""
        return self._walk(self.tree, {"pi": +mp.pi, "e": +mp.e, **point}, VALUES)

    def sympy(self, symbols: Mapping[str, str]) -> Any:
        """The expression of SymPy, its symbols with their assumptions."""
        import sympy as sp

        names = {name: sp.Symbol(name, **_ASSUMED[domain]) for name, domain in symbols.items()}
        return self._walk(self.tree, {"pi": sp.pi, "e": sp.E, **names}, _sympy_functions())

    def _walk(self, node: ast.expr, names: Mapping[str, Any], functions: Mapping[str, Callable[..., Any]]) -> Any:
        def walk(inner: ast.expr) -> Any:
            return self._walk(inner, names, functions)

        match node:
            case ast.Constant():
                return functions["number"](Fraction(ast.get_source_segment(self.source, node) or ""))
            case ast.Name(id=name):
                return names[name.rstrip("_")]
            case ast.UnaryOp(op=ast.USub() | ast.UAdd() as op, operand=operand):
                return -walk(operand) if isinstance(op, ast.USub) else walk(operand)
            case ast.BinOp(left=left, op=op, right=right):
                return functions[type(op).__name__](walk(left), walk(right))
            case ast.Call(
                func=ast.Name(id="summed" | "multiplied" as name), args=[ast.Name(id=index), low, high, term]
            ):
                return functions[name](
                    index, walk(low), walk(high), lambda k: self._walk(term, {**names, index: k}, functions)
                )
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return functions[name](*map(walk, args))
        raise ValueError(f"{self.source}: {ast.dump(node)[:60]} has no place in a plain text")


def _as_calls(text: str) -> str:
    """(sum_{i=1}^{n} (i^2)) as summed(i, 1, n, (i^2))."""
    for sign, name in (("sum", "summed"), ("prod", "multiplied")):
        text = re.sub(rf"\({sign}_\{{(\w)=", rf"{name}(\1, ", text)
    return text.replace("}^{", ", ").replace("} (", ", (")


def real(value: Any) -> Any:
    """An mpf."""
    return mp.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def _both(exactly: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Exact among fractions, to 200 digits otherwise."""

    def operation(a: Any, b: Any) -> Any:
        return exactly(a, b) if isinstance(a, Fraction) and isinstance(b, Fraction) else exactly(real(a), real(b))

    return operation


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        if not base and exponent < 0:
            raise Undefined
        size = max(abs(base.numerator), base.denominator).bit_length() if isinstance(base, Fraction) else 1
        return (base if size * abs(exponent) < _BITS else real(base)) ** int(exponent)
    if base < 0 or (base == 0 and exponent <= 0):
        raise Undefined
    return VALUES["exp"](real(exponent) * mp.log(real(base))) if base else base


def _snapped(x: Any) -> Any:
    """A value within rounding of a whole number is that number."""
    if isinstance(x, Fraction):
        return x
    near = mp.nint(x)
    return Fraction(int(near)) if abs(x - near) < SAME and mp.mag(near) < _BITS else x


def _sign(x: Any) -> Fraction:
    return Fraction((_snapped(x) > 0) - (_snapped(x) < 0))


def _floor(x: Any) -> Fraction:
    if x and mp.mag(real(x)) > _BITS:
        raise TooLarge
    whole = _snapped(x)
    return Fraction(whole.numerator // whole.denominator) if isinstance(whole, Fraction) else Fraction(int(mp.floor(x)))


def _factorial(n: Any) -> Any:
    """Infinite for negative whole numbers: what is divided by it is zero."""
    n = _snapped(n)
    if not isinstance(n, Fraction) or n.denominator != 1:
        raise Undefined
    if n > _LONG:
        raise TooLarge
    return Fraction(math.factorial(n.numerator)) if n >= 0 else mp.inf


def _binomial(n: Any, k: Any) -> Any:
    n, k = _snapped(n), _snapped(k)
    if not (isinstance(n, Fraction) and isinstance(k, Fraction)) or n.denominator * k.denominator != 1 or n < 0:
        raise Undefined
    if n > _LONG:
        raise TooLarge
    return Fraction(math.comb(n.numerator, k.numerator)) if 0 <= k <= n else Fraction(0)


def _series(operation: str, start: int) -> Callable[..., Any]:
    def value(index: str, low: Any, high: Any, term: Callable[[Fraction], Any]) -> Any:
        if real(low) != int(low) or real(high) != int(high):
            raise Undefined
        if high - low > _LONG:
            raise TooLarge
        return reduce(VALUES[operation], (term(Fraction(k)) for k in range(int(low), int(high) + 1)), Fraction(start))

    return value


def _within(function: str, low: float = -mp.inf, high: float = mp.inf, *, open: bool = False) -> Callable[[Any], Any]:
    def operation(x: Any) -> Any:
        value = real(x)
        if value and mp.mag(value) > _STEEP.get(function, _FAR):
            raise TooLarge
        if not low <= value <= high or (open and value == low):
            raise Undefined
        return getattr(mp, function)(value)

    return operation


def _log(base: int) -> Callable[[Any], Any]:
    natural = _within("log", 0, open=True)
    return lambda x: _snapped(natural(x) / mp.log(base))


VALUES: Mapping[str, Callable[..., Any]] = {
    "number": lambda value: value,
    "Add": _both(lambda a, b: a + b), "Sub": _both(lambda a, b: a - b), "Mult": _both(lambda a, b: a * b),
    "Div": _both(lambda a, b: a / b), "FloorDiv": _both(lambda a, b: _floor(a / b)), "Pow": _power,
    **{name: _within(name) for name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "erf")},
    "asin": _within("asin", -1, 1), "acos": _within("acos", -1, 1), "sqrt": _within("sqrt", 0),
    "ln": _within("log", 0, open=True), "log": _within("log", 0, open=True), "log2": _log(2), "log10": _log(10),
    "sigmoid": lambda x: 1 / (1 + VALUES["exp"](-x)), "softplus": lambda x: mp.log(1 + VALUES["exp"](x)),
    "relu": lambda x: x if real(x) > 0 else Fraction(0), "abs": abs, "sign": _sign, "floor": _floor,
    "ceil": lambda x: -_floor(-x),
    "max": lambda *values: max(values, key=real), "min": lambda *values: min(values, key=real),
    "factorial": _factorial, "binomial": _binomial, "summed": _series("Add", 0), "multiplied": _series("Mult", 1),
}  # fmt: skip

_ASSUMED = {
    "real": {"real": True}, "positive": {"positive": True}, "nonzero": {"real": True, "nonzero": True},
    "integer": {"integer": True}, "natural": {"integer": True, "positive": True}, "unit": {"positive": True},
}  # fmt: skip


def _sympy_functions() -> dict[str, Callable[..., Any]]:
    import sympy as sp

    return {
        "number": lambda value: sp.Rational(value.numerator, value.denominator),
        "Add": lambda a, b: a + b, "Sub": lambda a, b: a - b, "Mult": lambda a, b: a * b, "Div": lambda a, b: a / b,
        "Pow": lambda a, b: a**b, "FloorDiv": lambda a, b: sp.floor(a / b),
        **{name: getattr(sp, name) for name in ("exp", "sin", "cos", "tan", "sinh", "cosh", "tanh", "atan", "asin")},
        "acos": sp.acos, "sqrt": sp.sqrt, "ln": sp.log, "log": sp.log, "log2": lambda x: sp.log(x, 2),
        "log10": lambda x: sp.log(x, 10), "sigmoid": lambda x: 1 / (1 + sp.exp(-x)),
        "softplus": lambda x: sp.log(1 + sp.exp(x)), "relu": lambda x: sp.Max(0, x), "abs": sp.Abs, "sign": sp.sign,
        "floor": sp.floor, "ceil": sp.ceiling, "erf": sp.erf, "factorial": sp.factorial, "binomial": sp.binomial,
        "summed": lambda i, low, high, term: sp.Sum(term(sp.Symbol(i)), (sp.Symbol(i), low, high)),
        "multiplied": lambda i, low, high, term: sp.Product(term(sp.Symbol(i)), (sp.Symbol(i), low, high)),
        "max": sp.Max, "min": sp.Min,
    }  # fmt: skip
