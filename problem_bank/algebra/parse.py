"""A small precedence parser: tokens to tree. What could be read in two ways is refused, with both ways shown.

From loose to tight: + and -, then a sign, then * / and products without a sign between, then ^ (from
the right), then functions, brackets, names and numbers. Depth is capped, so no text can exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import ClassVar

from problem_bank.algebra import words
from problem_bank.algebra.calls import Calls
from problem_bank.algebra.caps import check
from problem_bank.algebra.tokens import Token, tokenize
from problem_bank.algebra.tree import Node, apply, names, number, symbol
from problem_bank.algebra.vocabulary import Vocabulary
from problem_bank.errors import Unreadable

LONGEST = 1_000  # characters of one expression

_BEFORE = re.compile(
    r"[\s$]*(?:[d∂]\w*\s*/\s*[d∂]\w*|\\?[∇Δ]?[^\W\d]\w*(?:_?\{[^{}]*\})?'*(?:\s*\([\w\s,]*\))?)\s*(?::?=|≈|←|<-)(?!=)"
)


def parse(text: str, vocabulary: Vocabulary) -> Node:
    """The tree of an expression; "y = " in front is left aside.

    Raises Unreadable with the place and what would be readable.
    """
    if len(text) > LONGEST:
        raise Unreadable(f"the expression has {len(text):,} characters; {LONGEST:,} are read at most")
    before = _BEFORE.match(text[:80])
    tokens = tokenize(text, vocabulary, before.end() if before else 0)
    if len(tokens) == 1:
        raise Unreadable("there is nothing to read; write an expression such as 2*x + 1")
    tree = Parser(tokens).whole()
    check(tree)
    for name in sorted(names(tree) - vocabulary.declared):
        raise Unreadable(f"“{name}” has a meaning only inside its sum")
    return tree


class Parser(Calls):
    """Reads tokens from left to right; each method reads one layer of the grammar.

    `opening` holds the kinds of token that a factor may begin with; a richer language adds its own.
    """

    opening: ClassVar[frozenset[str]] = frozenset(
        ["number", "symbol", "function", "constant", "log", "frac", "binom", "series", "√", *words.CLOSING]
    )

    def whole(self) -> Node:
        """The tree of all tokens."""
        tree = self.sum()
        if self.here.kind == ",":
            self.fail("a comma only stands between the values of max and min; write 2600 for 2,600 and 2.5 for 2,5")
        if self.here.kind != "end":
            self.fail(f"“{self.here.shown}” was not expected; is a bracket or an operator missing before it")
        return tree

    def sum(self) -> Node:
        """Terms with + and - between."""
        self.enter()
        terms = [self.signed(self.product)]
        while self.here.kind in ("+", "-"):
            minus = self.take().kind == "-"
            term = self.signed(self.product)
            terms.append(-term if minus else term)
        self.depth -= 1
        return terms[0] if len(terms) == 1 else Node("+", tuple(terms))

    def signed(self, layer: Callable[[], Node]) -> Node:
        """Signs, and then a layer: they hold for all of it."""
        if self.here.kind not in ("+", "-"):
            return layer()
        minus = False
        while self.here.kind in ("+", "-"):
            minus ^= self.take().kind == "-"
        tree = layer()
        return -tree if minus else tree

    def operand_follows(self) -> bool:
        """Does a factor begin here, with no sign before it?"""
        return self.here.kind in self.opening or (self.here.kind == "|" and not self.bars)

    def product(self) -> Node:
        """Factors with *, / or nothing between."""
        factors = [self.power()]
        while True:
            kind = self.here.kind
            if kind in ("*", "/", "//"):
                self.take()
            if kind == "*":
                factors.append(self.signed(self.power))
            elif kind == "/":
                factors.append(apply("inv", self.signed(self.power)))
                self.refuse_unclear_divisor(factors)
            elif kind == "//":
                factors = [apply("floor", Node("*", (*factors, apply("inv", self.signed(self.power)))))]
                self.enter()  # each // nests the tree once more
            elif self.operand_follows():
                factors.append(self.juxtaposed())
            else:
                return factors[0] if len(factors) == 1 else Node("*", tuple(factors))

    def juxtaposed(self) -> Node:
        """A factor with no sign before it."""
        if self.here.kind == "number" or (self.here.kind == "frac" and self.tokens[self.at - 1].kind == "number"):
            self.fail(f"“{self.here.shown}” follows directly; write * for a product or ^ for a power")
        return self.power()

    def refuse_unclear_divisor(self, factors: list[Node]) -> None:
        """1/2x is x/2 everywhere, but a/bc means a/(bc) to some and ac/b to others."""
        if not self.operand_follows():
            return
        divisor = factors[-1].args[0].op == "number" and (factors[-2].op == "number" or not self.here.glued)
        if not divisor:
            self.fail("after a division, a product without * can be read in two ways; write a/(b*c) or (a/b)*c")

    def power(self) -> Node:
        """An atom, and what it is raised to."""
        euler = self.here.kind == "constant" and self.here.value == "e"
        base = self.atom()
        if self.accept("!"):
            base = self.factorial(base)
        if not self.accept("^"):
            return base
        self.enter()
        simple = self.here
        exponent = self.signed(self.power)
        self.depth -= 1
        self.refuse_unclear_exponent(simple, euler)
        return apply("exp", exponent) if euler else apply("^", base, exponent)

    def factorial(self, base: Node) -> Node:
        """What stands before a “!”; of two of them it is not clear what they mean."""
        if self.here.kind == "!":
            self.fail("n!! has another meaning than (n!)!; write what you mean with brackets or a product")
        return apply("factorial", base)

    def refuse_unclear_exponent(self, first: Token, euler: bool) -> None:
        """e^2x and x^ab: how far does the exponent reach?"""
        last = self.tokens[self.at - 1]
        if self.here.kind not in ("symbol", "constant") or not self.here.glued:
            return
        if last.kind in ("symbol", "constant") or (last.kind == "number" and (euler or first.kind != "number")):
            self.fail("it is not clear how far the exponent reaches; put it in brackets")

    def atom(self) -> Node:
        """What begins with the next token and binds tightest."""
        token = self.take()
        match token.kind:
            case "number":
                return number(Fraction(token.value))
            case "symbol":
                return Node("index", (), token.value) if token.value in self.bound else symbol(str(token.value))
            case "constant":
                return apply("exp", 1) if token.value == "e" else Node("pi")
            case "function" | "log":
                return self.function(token)
            case "frac":
                above, below = self.braced(token), self.braced(token)
                return Node("*", (above, apply("inv", below)))
            case "binom":
                return apply("binomial", self.braced(token), self.braced(token))
            case "series":
                return self.series(token)
            case "√":
                return apply("sqrt", self.bare_argument(token))
            case "|":
                return self.absolute(token)
            case kind if kind in words.CLOSING:
                return self.bracket(token)
        self.at -= 1
        what = "the expression ends too early" if token.kind == "end" else f"“{token.shown}” was not expected"
        self.fail(f"{what}; a number, a name or a bracket should stand here")

    def bracket(self, opening: Token) -> Node:
        """What stands in the brackets just opened."""
        bars, self.bars = self.bars, 0
        inner = self.sum()
        self.bars = bars
        self.expect(words.CLOSING[opening.kind], opening)
        around = {"⌊": "floor", "⌈": "ceil"}.get(opening.kind)
        return apply(around, inner) if around else inner

    def absolute(self, opening: Token) -> Node:
        """What stands between two bars."""
        self.bars += 1
        inner = self.sum()
        self.bars -= 1
        self.expect("|", opening)
        return apply("abs", inner)
