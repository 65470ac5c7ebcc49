"""A place in a list of tokens: what a parser needs before it knows any grammar."""

from __future__ import annotations

from typing import NoReturn

from problem_bank.algebra.tokens import Token, place
from problem_bank.errors import Unreadable

DEPTH = 30  # brackets within brackets, or powers within powers


class Cursor:
    """Walks over tokens, of which the last is "end"; counts the depth and the open | bars."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at, self.depth, self.bars = tokens, 0, 0, 0
        self.bound: tuple[str, ...] = ()  # the indices of the sums that are being read

    @property
    def here(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.at]

    def take(self) -> Token:
        """Read a token."""
        token = self.tokens[self.at]
        if token.kind != "end":
            self.at += 1
        return token

    def accept(self, kind: str) -> bool:
        """Read a token if it is of this kind."""
        if self.tokens[self.at].kind != kind:
            return False
        self.take()
        return True

    def expect(self, kind: str, opening: Token) -> None:
        """Read the bracket that closes `opening`."""
        if not self.accept(kind):
            self.fail(f"“{kind}” is missing for the “{opening.shown}” {place(opening.at)}")

    def enter(self) -> None:
        """Go one level deeper."""
        self.depth += 1
        if self.depth > DEPTH:
            self.fail(f"the expression is nested more than {DEPTH} deep")

    def fail(self, why: str) -> NoReturn:
        """Raise Unreadable with the present place."""
        raise Unreadable(f"{place(self.here.at)}: {why}")
