"""Trees as text and as LaTeX."""

from __future__ import annotations

from fractions import Fraction

from problem_bank.algebra.tree import Node
from problem_bank.algebra.words import GREEK

_SUM, _PRODUCT, _POWER, _ATOM = range(4)
_LEVEL = {"+": _SUM, "neg": _SUM, "*": _PRODUCT, "inv": _PRODUCT, "^": _POWER}
_LONG = 30  # digits beyond which a decimal is shown with an exponent
_GREEK = frozenset(GREEK.values())
_TEX_FUNCTIONS = frozenset(["sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "ln", "max", "min"])
_AROUND = {"abs": r"\left|{}\right|", "floor": r"\left\lfloor {} \right\rfloor",
           "ceil": r"\left\lceil {} \right\rceil", "sqrt": r"\sqrt{{{}}}", "exp": "e^{{{}}}",
           "inv": r"\frac{{1}}{{{}}}", "binomial": r"\binom{{{}}}{{{}}}"}  # fmt: skip
_SERIES = {"summed": "sum", "multiplied": "prod"}


def show(tree: Node) -> str:
    """Text that parses back to this tree."""
    match tree.op:
        case "number":
            return _decimal(tree.value)
        case "symbol" | "index" | "entry" | "delta":
            return _spelled(tree)
        case "+":
            return _sum([_signed(arg, show(_unsigned(arg))) for arg in tree.args])
        case "neg":
            return f"-{_within(tree.args[0], _PRODUCT)}"
        case "*":
            return _product(tree.args)
        case "inv":
            return f"1/{_within(tree.args[0], _POWER)}"
        case "^":
            return f"{_within(tree.args[0], _ATOM)}^{_within(tree.args[1], _ATOM)}"
        case "by":
            return " x ".join(map(show, tree.args))
        case op if op in _SERIES:
            return (
                f"({_SERIES[op]}_{{{tree.atom}={show(tree.args[0])}}}^{{{show(tree.args[1])}}} ({show(tree.args[2])}))"
            )
        case _:
            return f"{tree.op}({', '.join(map(show, tree.args))})" if tree.args else tree.op


def tex(tree: Node) -> str:
    """LaTeX, without dollars."""
    match tree.op:
        case "number":
            return _decimal(tree.value).replace("e", r" \cdot 10^{") + ("}" if "e" in show(tree) else "")
        case "symbol" | "index" | "entry" | "delta":
            return _name(_spelled(tree))
        case "+":
            return _sum([_signed(arg, tex(_unsigned(arg)), tex_form=True) for arg in tree.args])
        case "neg":
            return f"-{_tex_within(tree.args[0], _PRODUCT)}"
        case "*":
            return _fractions(tree.args)
        case "^":
            return f"{_tex_within(tree.args[0], _ATOM)}^{{{tex(tree.args[1])}}}"
        case "by":
            return r" \times ".join(map(tex, tree.args))
        case op if op in _SERIES:
            low, high, term = map(tex, tree.args)
            return rf"\left(\{_SERIES[op]}_{{{tree.atom}={low}}}^{{{high}}} \left({term}\right)\right)"
        case "factorial":
            return f"{_tex_within(tree.args[0], _ATOM)}!"
        case "pi":
            return r"\pi"
        case op if op in _AROUND:
            return _AROUND[op].format(*map(tex, tree.args))
        case op:
            name = rf"\{op}" if op in _TEX_FUNCTIONS else rf"\operatorname{{{op}}}"
            return rf"{name}\left({', '.join(map(tex, tree.args))}\right)"


def _within(tree: Node, level: int) -> str:
    """The text of an operand, in brackets where it binds less tightly than `level`."""
    return show(tree) if _LEVEL.get(tree.op, _ATOM) >= level else f"({show(tree)})"


def _tex_within(tree: Node, level: int) -> str:
    bare = _LEVEL.get(tree.op, _ATOM) >= level and not (tree.op == "exp" and level == _ATOM)
    return tex(tree) if bare else rf"\left({tex(tree)}\right)"


def _signed(arg: Node, inner: str, tex_form: bool = False) -> tuple[str, str]:
    """The sign and the text of one term of a sum."""
    sign = "-" if arg.op == "neg" else "+"
    if _LEVEL.get(_unsigned(arg).op, _ATOM) > _SUM:
        return sign, inner
    return sign, rf"\left({inner}\right)" if tex_form else f"({inner})"


def _unsigned(term: Node) -> Node:
    return term.args[0] if term.op == "neg" else term


def _sum(terms: list[tuple[str, str]]) -> str:
    (sign, first), *rest = terms
    return ("-" if sign == "-" else "") + first + "".join(f" {sign} {term}" for sign, term in rest)


def _product(factors: tuple[Node, ...]) -> str:
    text = "1" if factors[0].op == "inv" else ""
    for factor in factors:
        if factor.op == "inv":
            text += f"/{_within(factor.args[0], _POWER)}"
        else:
            text += ("*" if text else "") + _within(factor, _POWER)
    return text


def _fractions(factors: tuple[Node, ...]) -> str:
    """A product in which every divisor stands under all that came before it."""
    text = "1" if factors[0].op == "inv" else ""
    for i, factor in enumerate(factors):
        if factor.op == "inv":
            text = rf"\frac{{{text}}}{{{tex(factor.args[0])}}}"
        else:
            alone = len(factors) > i + 1 and factors[i + 1].op == "inv" and not text
            fraction = factor.op == "*" and factor.args[-1].op == "inv"
            piece = tex(factor) if alone or fraction else _tex_within(factor, _POWER)
            joint = r" \cdot " if piece[:1].isdigit() else " "
            text += (joint if text else "") + piece
    return text


def _name(name: str) -> str:
    r"""theta_1 as \theta_{1}; longer words upright, as they are typed."""
    head, _, tail = name.partition("_")
    if "_" in tail or (len(head) > 1 and head not in _GREEK):
        escaped = name.replace("_", r"\_")
        return rf"\mathrm{{{escaped}}}"
    shown = rf"\{head}" if head in _GREEK else head
    return f"{shown}_{{{tail}}}" if tail else shown


def _spelled(tree: Node) -> str:
    """A name, with its indices if it is an entry of an array or Kronecker's delta: x, X_il, delta_jk."""
    name, letters = str(tree.atom or tree.op), "".join(str(index.atom) for index in tree.args)
    return f"{name}_{letters}" if letters else name


def _decimal(value: Fraction) -> str:
    """A terminating decimal, exactly."""
    if value.denominator == 1 and value.numerator < 10**_LONG:
        return str(value.numerator)
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = str((value * 10**places).numerator)
    if places > _LONG:
        return f"{digits}e-{places}"
    if not places:
        stripped = digits.rstrip("0")
        return f"{stripped}e{len(digits) - len(stripped)}" if len(stripped) < len(digits) else digits
    digits = digits.rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"
