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
from problem_bank.algebra.caps import check
from problem_bank.algebra.cursor import Cursor
from problem_bank.algebra.tokens import Token, tokenize
from problem_bank.algebra.tree import Node, apply, number, symbol
from problem_bank.algebra.vocabulary import Vocabulary
from problem_bank.errors import Unreadable

LONGEST = 1_000  # characters of one expression

_BEFORE = re.compile(
    r"[\s$]*(?:[d∂]\w*\s*/\s*[d∂]\w*|\\?[∇Δ]?[^\W\d]\w*(?:_?\{[^{}]*\})?'*(?:\s*\([\w\s,]*\))?)\s*(?::?=|≈|←|<-)(?!=)"
)


COMPOSED: dict[str, Callable[[Node], Node]] = {
    "sec": lambda x: apply("inv", apply("cos", x)),
    "csc": lambda x: apply("inv", apply("sin", x)),
    "cot": lambda x: apply("cos", x) / apply("sin", x),
    "sech": lambda x: apply("inv", apply("cosh", x)),
    "csch": lambda x: apply("inv", apply("sinh", x)),
    "coth": lambda x: apply("cosh", x) / apply("sinh", x),
    "cbrt": lambda x: apply("sign", x) * apply("^", apply("abs", x), number(Fraction(1, 3))),
    "silu": lambda x: x * apply("sigmoid", x),
}
"""Functions that are read as what they stand for."""


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
    return tree


class Parser(Cursor):
    """Reads tokens from left to right; each method reads one layer of the grammar.

    `opening` holds the kinds of token that a factor may begin with; a richer language adds its own.
    """

    opening: ClassVar[frozenset[str]] = frozenset(
        ["number", "symbol", "function", "constant", "log", "frac", "√", *words.CLOSING]
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
            if self.accept("*"):
                factors.append(self.signed(self.power))
            elif self.accept("/"):
                factors.append(apply("inv", self.signed(self.power)))
                self.refuse_unclear_divisor(factors)
            elif self.accept("//"):
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
        if not self.accept("^"):
            return base
        self.enter()
        simple = self.here
        exponent = self.signed(self.power)
        self.depth -= 1
        self.refuse_unclear_exponent(simple, euler)
        return apply("exp", exponent) if euler else apply("^", base, exponent)

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
                value = Fraction(token.value)
                return number(value)
            case "symbol":
                return symbol(str(token.value))
            case "constant":
                return apply("exp", 1) if token.value == "e" else Node("pi")
            case "function" | "log":
                return self.function(token)
            case "frac":
                above, below = self.braced(token), self.braced(token)
                return Node("*", (above, apply("inv", below)))
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

    def braced(self, command: Token) -> Node:
        """The argument in braces of a LaTeX command."""
        if self.here.kind != "{":
            self.fail(f"{command.shown} needs braces, such as \\frac{{1}}{{2}}")
        return self.bracket(self.take())

    def function(self, token: Token) -> Node:
        """A function with its arguments, and perhaps a power: sin^2 x."""
        power = self.function_power(token)
        if token.value == "sqrt" and self.here.kind == "[":
            return self.root()
        arguments = self.arguments(token) if self.here.kind in ("(", "[", "{") else [self.bare_argument(token)]
        tree = self.call(token, arguments)
        return tree if power is None else apply("^", tree, power)

    def function_power(self, token: Token) -> int | None:
        """The 2 of sin^2 x, which is (sin x)^2; sin^-1 is refused, because it has two meanings."""
        if not self.accept("^"):
            return None
        bracketed = self.here.kind in ("(", "{") and self.take()
        exponent = self.take()
        if exponent.kind != "number" or Fraction(exponent.value).denominator != 1 or exponent.value == 1:
            self.at -= 1
            self.fail(f"write ({token.shown}(...))^n for a power, 1/{token.shown}(...) for a reciprocal")
        if bracketed:
            self.expect(words.CLOSING[bracketed.kind], bracketed)
        return int(Fraction(exponent.value))

    def arguments(self, token: Token) -> list[Node]:
        """The arguments in brackets."""
        opening, bars = self.take(), self.bars
        self.bars = 0
        found = [self.sum()]
        while self.accept(","):
            found.append(self.sum())
        self.bars = bars
        self.expect(words.CLOSING[opening.kind], opening)
        return found

    def bare_argument(self, token: Token) -> Node:
        """The argument of sin x, sin 2x, ln x^2; anything longer needs brackets."""
        self.enter()
        coefficient = self.here.kind == "number"
        argument = self.signed(self.power)
        if coefficient and self.here.kind in ("symbol", "constant"):
            argument = Node("*", (argument, self.power()))
        if self.operand_follows() and self.here.kind not in ("function", "log"):
            self.fail(f"put the argument of {token.shown} in brackets: it is not clear how far it reaches")
        self.depth -= 1
        return argument

    def root(self) -> Node:
        r"""\sqrt[n]{x}, from the degree on."""
        degree = self.bracket(self.take())
        return apply("^", self.braced(self.here), Node("*", (number(1), apply("inv", degree))))

    def call(self, token: Token, arguments: list[Node]) -> Node:
        """A function applied, once their number fits."""
        name = "log" if token.kind == "log" else str(token.value)
        if (len(arguments) > 1) != (name in words.MANY):
            self.fail(f"{token.shown} takes {'two values or more' if name in words.MANY else 'one value'}")
        if token.kind == "log":
            return apply("ln", *arguments) / apply("ln", int(str(token.value)))
        return COMPOSED[name](arguments[0]) if name in COMPOSED else apply(name, *arguments)
