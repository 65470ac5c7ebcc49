"""Matrix expressions as text and as LaTeX; both read back."""

from __future__ import annotations

from fractions import Fraction

from problem_bank.algebra import tree as plain
from problem_bank.algebra.matrices.tree import Expr
from problem_bank.algebra.matrices.words import GAPS, TEX_GAPS

_LONG = 60
_COMPARISON, _SUM, _PRODUCT, _POWER, _ATOM = range(5)
_LEVEL = {"greater": _COMPARISON, "+": _SUM, "neg": _SUM, "chain": _PRODUCT, "^": _POWER, "T": _POWER}


def show(tree: Expr) -> str:
    """Text that parses back to this tree."""
    match tree.op:
        case "number":
            return plain.number(Fraction(tree.atom)).show()
        case "symbol" | "pi":
            return str(tree.atom or "pi")
        case "ones" | "zeros" | "eye":
            return _array(tree)
        case "+":
            return _sum([_signed(arg, _within(_unsigned(arg), _PRODUCT)) for arg in tree.args])
        case "neg":
            return f"-{_within(tree.args[0], _PRODUCT)}"
        case "chain":
            return _chain([_within(arg, _POWER) for arg in tree.args], [GAPS[gap] for gap in str(tree.atom)])
        case "T":
            return "1^T" if tree.args[0] == Expr("ones") else f"{_within(tree.args[0], _POWER)}^T"
        case "^":
            base = _within(tree.args[0], _POWER)
            blank = " " if tree.atom == ".^" and base[-1].isdigit() else ""  # the point of 2. belongs to the number
            return f"{base}{blank}{tree.atom}{_exponent(tree.args[1])}"
        case "greater":
            return " > ".join(_within(arg, _SUM) for arg in tree.args)
    name, _, axis = str(tree.atom).partition(" ")
    return f"{name}({', '.join([*map(show, tree.args), *([f'axis={axis}'] if axis else [])])})"


def brief(tree: Expr) -> str:
    """The text for a message, cut where it is long."""
    text = show(tree)
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def tex(tree: Expr) -> str:
    """LaTeX, without dollars."""
    match tree.op:
        case "number":
            return plain.number(Fraction(tree.atom)).tex()
        case "symbol":
            return plain.symbol(str(tree.atom)).tex()
        case "pi":
            return r"\pi"
        case "ones" | "zeros" | "eye":
            return _constant(tree)
        case "+":
            return _sum([_signed(arg, _tex_within(_unsigned(arg), _PRODUCT)) for arg in tree.args])
        case "neg":
            return f"-{_tex_within(tree.args[0], _PRODUCT)}"
        case "chain" if tree.atom == "/":
            return rf"\frac{{{tex(tree.args[0])}}}{{{tex(tree.args[1])}}}"
        case "chain":
            return _chain([_tex_within(arg, _POWER) for arg in tree.args], [TEX_GAPS[gap] for gap in str(tree.atom)])
        case "T":
            return rf"{_tex_within(tree.args[0], _ATOM)}^{{\top}}"
        case "^":
            sign = " .^" if tree.atom == ".^" else "^"
            return f"{_tex_within(tree.args[0], _ATOM)}{sign}{{{tex(tree.args[1])}}}"
        case "greater":
            return " > ".join(_tex_within(arg, _SUM) for arg in tree.args)
    return _call(tree)


def _array(tree: Expr) -> str:
    """1_n, I_n; other sizes as ones(n, k)."""
    sizes, short = str(tree.atom), {"ones": "1", "eye": "I"}.get(tree.op)
    if short and (sizes.isidentifier() or (short == "I" and not sizes)):
        return f"{short}_{sizes}" if sizes else short
    return f"{tree.op}({', '.join(sizes.split(','))})" if sizes else tree.op


def _call(tree: Expr) -> str:
    name, _, axis = str(tree.atom).partition(" ")
    inner = ", ".join([*map(tex, tree.args), *([rf"\mathrm{{axis}}={axis}"] if axis else [])])
    if name == "norm":
        return rf"\lVert {inner} \rVert"
    shown = name if tree.op == "own" else rf"\operatorname{{{name}}}"
    return rf"{shown}\left({inner}\right)"


def _constant(tree: Expr) -> str:
    """1_n, I_n; other sizes as they are typed."""
    sizes = str(tree.atom)
    if tree.op == "zeros" or not (sizes.isidentifier() or not sizes):
        return rf"\operatorname{{{tree.op}}}" + (rf"\left({sizes}\right)" if sizes else "")
    return (r"\mathbf{1}" if tree.op == "ones" else "I") + (f"_{{{sizes}}}" if sizes else "")


def _within(tree: Expr, level: int) -> str:
    """The text of an operand, in brackets where it binds less tightly than `level`."""
    return show(tree) if _LEVEL.get(tree.op, _ATOM) >= level else f"({show(tree)})"


def _tex_within(tree: Expr, level: int) -> str:
    fraction = tree.op == "chain" and tree.atom == "/" and level < _ATOM
    return tex(tree) if fraction or _LEVEL.get(tree.op, _ATOM) >= level else rf"\left({tex(tree)}\right)"


def _exponent(tree: Expr) -> str:
    """An exponent: bare where it is one piece, or minus a number."""
    minus_number = tree.op == "neg" and tree.args[0].op == "number"
    return show(tree) if minus_number else _within(tree, _ATOM)


def _signed(arg: Expr, inner: str) -> tuple[str, str]:
    return ("-" if arg.op == "neg" else "+"), inner


def _unsigned(term: Expr) -> Expr:
    return term.args[0] if term.op == "neg" else term


def _sum(terms: list[tuple[str, str]]) -> str:
    (sign, first), *rest = terms
    return ("-" if sign == "-" else "") + first + "".join(f" {sign} {term}" for sign, term in rest)


def _chain(factors: list[str], gaps: list[str]) -> str:
    return factors[0] + "".join(gap + factor for gap, factor in zip(gaps, factors[1:], strict=True))
