"""A precedence parser for matrix expressions. Shapes are not looked at yet: they decide later what a star means.

From loose to tight: comparisons, + and -, a sign, all products and divisions (from the left), powers and
transposes, then functions, brackets, names and numbers. Depth is capped.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from problem_bank.algebra.cursor import DEPTH, Cursor
from problem_bank.algebra.matrices import words
from problem_bank.algebra.matrices.calls import call
from problem_bank.algebra.matrices.language import Language
from problem_bank.algebra.matrices.tokens import tokenize
from problem_bank.algebra.matrices.tree import Expr, inverse, negative, number, transposed
from problem_bank.algebra.tokens import Token
from problem_bank.algebra.words import CLOSING
from problem_bank.errors import Unreadable

LONGEST = 1_000  # characters of one expression
MOST = 200  # names, numbers and signs

_BEFORE = re.compile(r"[^=()\[\]+*@<>]{0,60}(?::=|(?<![:<>])=(?!=)|←)")
_OPENING = frozenset(["number", "symbol", "function", "own", "constant", "ones", "eye", "frac", "(", "[", "{"])


def parse(text: str, language: Language) -> Expr:
    """The tree of an expression; "dW = " in front is left aside. Raises Unreadable with the place and what to write."""
    if len(text) > LONGEST:
        raise Unreadable(f"the expression has {len(text):,} characters; {LONGEST:,} are read at most")
    before = _BEFORE.match(text[:80])
    tokens = tokenize(text, language, before.end() if before else 0)
    if len(tokens) > MOST:
        raise Unreadable(f"the expression has {len(tokens):,} names, numbers and signs; {MOST} are read at most")
    if len(tokens) == 1:
        raise Unreadable("there is nothing to read; write an expression such as X^T * G")
    return _Parser(tokens, language).whole()


class _Parser(Cursor):
    """Reads tokens from left to right; each method reads one layer of the grammar."""

    def __init__(self, tokens: list[Token], language: Language) -> None:
        super().__init__(tokens)
        self.language = language

    def whole(self) -> Expr:
        tree = self.comparison()
        if self.here.kind != "end":
            self.fail(f"“{self.here.shown}” was not expected; is a bracket or an operator missing before it")
        return tree

    def comparison(self) -> Expr:
        """X > 0: one where it is true, and zero elsewhere."""
        left = self.sum()
        if self.here.kind not in (">", "<"):
            return left
        swapped = self.take().kind == "<"
        right = self.sum()
        return Expr("greater", (right, left) if swapped else (left, right))

    def sum(self) -> Expr:
        self.enter()
        terms = [self.signed(self.product)]
        while self.here.kind in ("+", "-"):
            minus = self.take().kind == "-"
            term = self.signed(self.product)
            terms.append(negative(term) if minus else term)
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Expr("+", tuple(terms))

    def signed(self, layer: Callable[[], Expr]) -> Expr:
        """Signs, and then a layer: they hold for all of it."""
        minus = False
        while self.here.kind in ("+", "-"):
            minus ^= self.take().kind == "-"
        tree = layer()
        return negative(tree) if minus else tree

    def operand_follows(self) -> bool:
        """Does a factor begin here, with no sign before it?"""
        return self.here.kind in _OPENING or (self.here.kind == "‖" and not self.bars)

    def product(self) -> Expr:
        factors, gaps = [self.raised()], ""
        while True:
            if self.here.kind in words.GAPS:
                gaps += self.take().kind
                factors.append(self.signed(self.raised))
            elif self.operand_follows():
                if self.here.kind == "number" and not self.is_row_of_ones():
                    self.fail(
                        f"“{self.here.shown}” follows directly; write * for a product, and 1_n for a vector of ones"
                    )
                if self.here.kind == "[" and self.here.glued:
                    self.fail("an index has no place here; write sums, diag(...) or products of whole matrices")
                gaps += " "
                factors.append(self.raised())
            else:
                return Expr("chain", tuple(factors), gaps) if gaps else factors[0]

    def is_row_of_ones(self) -> bool:
        """Is this the 1^T of s 1^T?"""
        return self.here.value == 1 and self.tokens[self.at + 1].kind == "T"

    def raised(self) -> Expr:
        """An atom with its powers, transposes and methods."""
        tree = self.atom()
        for _ in range(DEPTH):
            match self.here.kind:
                case "T" | "-T":
                    turned = self.take().kind == "-T"
                    tree = transposed(inverse(tree) if turned else tree)
                case "^" | "**" | ".^":
                    tree = self.power(tree)
                case "method":
                    tree = self.method(tree)
                case _:
                    return tree
        self.fail(f"more than {DEPTH} powers or transposes in a row")

    def power(self, base: Expr) -> Expr:
        sign = self.take()
        self.enter()
        exponent = self.signed(self.atom)
        last = self.tokens[self.at - 1]
        if self.here.kind == "symbol" and self.here.glued and last.kind in ("number", "symbol"):
            self.fail("it is not clear how far the exponent reaches; put it in brackets")
        self.depth -= 1
        return Expr("^", (base, exponent), sign.kind)

    def atom(self) -> Expr:
        token = self.take()
        match token.kind:
            case "number":
                return number(Fraction(token.value))
            case "symbol":
                return Expr("symbol", (), token.value)
            case "constant":
                return Expr("pi") if token.value == "pi" else Expr("call", (number(1),), "exp")
            case "ones" | "eye":
                return self.constant_array(token)
            case "function" | "own":
                return self.function(token)
            case "frac":
                return Expr("chain", (self.braced(token), self.braced(token)), "/")
            case "‖":
                return self.norm(token)
            case "(" | "[" | "{":
                return self.bracket(token)
        self.at -= 1
        what = "the expression ends too early" if token.kind == "end" else f"“{token.shown}” was not expected"
        self.fail(f"{what}; a number, a name or a bracket should stand here")

    def bracket(self, opening: Token) -> Expr:
        bars, self.bars = self.bars, 0
        inner = self.comparison()
        self.bars = bars
        self.expect(CLOSING[opening.kind], opening)
        return inner

    def braced(self, command: Token) -> Expr:
        if self.here.kind != "{":
            self.fail(f"{command.shown} needs braces, such as \\frac{{1}}{{n}}")
        return self.bracket(self.take())

    def norm(self, opening: Token) -> Expr:
        """‖w‖ and, for matrices, the root of the sum of all squares."""
        self.bars += 1
        inner = self.comparison()
        self.bars -= 1
        self.expect("‖", opening)
        return Expr("call", (inner,), "norm")

    def constant_array(self, token: Token) -> Expr:
        if self.here.kind == "(" and self.here.glued:
            self.fail("write the size as an index, such as 1_n or I_n, or as ones(n) or eye(n)")
        return Expr(token.kind, (), token.value)

    def function(self, token: Token) -> Expr:
        name = str(token.value)
        if name in ("ones", "zeros", "eye"):
            return self.sized(token, name)
        if self.here.kind not in ("(", "[", "{"):
            self.fail(f"put the argument of {token.shown} in brackets")
        arguments, axis = self.arguments()
        return self.call(token, name, arguments, axis)

    def sized(self, token: Token, name: str) -> Expr:
        """ones(n, k), or ones where the place decides the size."""
        if self.here.kind == "(" and self.here.glued:
            return Expr(name, (), self.sizes(token))
        if name == "eye" and "I" in self.language.shape:
            self.fail("write the size of the identity, such as eye(n)")
        return Expr(name)

    def method(self, tree: Expr) -> Expr:
        """X.sum(axis=0), a.dot(b)."""
        token = self.take()
        name = words.FUNCTIONS.get(str(token.value), "")
        if not name or name in ("ones", "zeros", "eye"):
            self.fail(f"{token.shown} is not known here; write a function such as sum(X, axis=0) or X^T")
        arguments, axis = self.arguments()
        return self.call(token, name, [tree, *arguments], axis)

    def arguments(self) -> tuple[list[Expr], str]:
        """The arguments in brackets, and the axis ("" where none is said)."""
        opening, bars, axis, found = self.take(), self.bars, "", []
        self.bars = 0
        closing = CLOSING[opening.kind]
        while self.here.kind != closing:
            if self.here.kind == "keyword":
                name, _, value = str(self.take().value).partition("=")
                axis = axis if name.startswith("keep") else value
            else:
                found.append(self.comparison())
            if not self.accept(","):
                break
        self.bars = bars
        self.expect(closing, opening)
        return found, axis

    def sizes(self, token: Token) -> str:
        """The letters and numbers of ones(n, k) and ones((n, k))."""
        opening, found = self.take(), []
        double = self.here.kind == "(" and self.take()
        while self.here.kind in ("symbol", "number"):
            size = self.take()
            whole = size.kind == "number" and Fraction(size.value) in range(1, 10)
            if not whole and size.value not in self.language.letters:
                self.fail(f"{size.shown} is no size here; sizes are {', '.join(self.language.letters) or 'numbers'}")
            found.append(str(size.value))
            if not self.accept(","):
                break
        if double:
            self.expect(")", double)
        self.expect(")", opening)
        if len(found) not in ((1,) if token.value == "eye" else (1, 2)):
            self.fail(f"{token.shown} needs its size, such as {token.shown}({self.language.letters[:1] or 'n'})")
        return ",".join(found)

    def call(self, token: Token, name: str, arguments: list[Expr], axis: str) -> Expr:
        """A function applied, once its arguments fit."""
        try:
            return call(token.shown, name, arguments, axis)
        except ValueError as error:
            self.fail(str(error))
