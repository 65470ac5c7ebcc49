"""Functions, roots, fractions and sums in a text: what has arguments, in brackets or without."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from fractions import Fraction

from problem_bank.algebra import words
from problem_bank.algebra.composed import compose
from problem_bank.algebra.cursor import Cursor
from problem_bank.algebra.tokens import Token
from problem_bank.algebra.tree import Node, apply, number


class Calls(Cursor, ABC):
    """Reads what takes arguments; how expressions are read is up to the parser."""

    @abstractmethod
    def sum(self) -> Node:
        """A whole expression."""

    @abstractmethod
    def product(self) -> Node:
        """A term of it."""

    @abstractmethod
    def power(self) -> Node:
        """A factor of that."""

    @abstractmethod
    def atom(self) -> Node:
        """What binds tightest."""

    @abstractmethod
    def signed(self, layer: Callable[[], Node]) -> Node:
        """Signs, and then a layer."""

    @abstractmethod
    def operand_follows(self) -> bool:
        """Does a factor begin here, with no sign before it?"""

    @abstractmethod
    def bracket(self, opening: Token) -> Node:
        """What stands in the brackets just opened."""

    def braced(self, command: Token) -> Node:
        """The argument in braces of a LaTeX command."""
        if self.here.kind != "{":
            self.fail(f"{command.shown} needs braces, such as \\frac{{1}}{{2}}")
        return self.bracket(self.take())

    def series(self, token: Token) -> Node:
        r"""\sum_{i=1}^{n} i^2, from the first bound on; it reaches as far as a product."""
        op, index, closing = str(token.value).split()
        if index in self.bound:
            self.fail(f"{index} is the index of the outer sum already; choose another letter")
        self.enter()
        low = self.sum()
        self.expect(closing, token)
        if not self.accept("^"):
            self.fail(f"an upper bound is missing, such as sum_{{{index}=1}}^{{n}}")
        high = self.atom()
        self.bound = (*self.bound, index)
        term = self.signed(self.product)
        self.bound = self.bound[:-1]
        self.depth -= 1
        return Node(op, (low, high, term), index)

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
        wanted = "two values" if name in words.TWO else "two values or more" if name in words.MANY else "one value"
        if (len(arguments) > 1) != (name in words.MANY) or (name in words.TWO and len(arguments) > 2):
            self.fail(f"{token.shown} takes {wanted}")
        if token.kind == "log":
            return apply("ln", *arguments) / apply("ln", int(str(token.value)))
        return compose(name, arguments[0]) or apply(name, *arguments)
