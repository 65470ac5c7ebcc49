"""From tokens to a tree, with entries, deltas and sums among the factors."""

from __future__ import annotations

import re

from problem_bank.algebra import words
from problem_bank.algebra.caps import check
from problem_bank.algebra.indices.notation import Notation, delta, entry, summed
from problem_bank.algebra.indices.scan import tokenize
from problem_bank.algebra.parse import LONGEST, Parser
from problem_bank.algebra.tokens import Token
from problem_bank.algebra.tree import Node, nodes
from problem_bank.errors import Unreadable

SUMS = 6  # in one expression
LETTERS = 8  # different indices in one expression

_D = r"(?:d|∂|\\partial)\s*"
_NAME = (
    r"(?:\\?[A-Za-z]+|\([A-Za-z\s^{}\\'ᵀ]{1,30}\))'*"
    r"(?:\s*(?:_\{[^{}=]{1,30}\}|_[A-Za-z]+|\[[^\[\]=]{1,30}\]|\([A-Za-z\s,]{1,30}\)))?"
)
_LEFT = re.compile(
    rf"[\s$]*(?:{_D}{_NAME}\s*/\s*{_D}{_NAME}|\\[dt]?frac\s*\{{\s*{_D}{_NAME}\s*\}}\s*\{{\s*{_D}{_NAME}\s*\}}|{_NAME})"
    r"\s*:?=(?!=)"
)
_SUBSCRIPT = re.compile(r"_\{([^{}]*)\}|_([A-Za-z]+)|\[([^\[\]]*)\]|\(([A-Za-z](?:\s*,\s*[A-Za-z])*)\)\s*:?=")


def parse(text: str, notation: Notation) -> tuple[Node, str]:
    """The tree of a text as it stands, and the indices of a left side such as dY_ij/dW_kl = ("ijkl", or "").

    Repeated indices are not summed yet. Raises Unreadable with the place and what would be readable.
    """
    if len(text) > LONGEST:
        raise Unreadable(f"the expression has {len(text):,} characters; {LONGEST:,} are read at most")
    left = _LEFT.match(text[:160])
    tokens = tokenize(text, notation, left.end() if left else 0)
    if len(tokens) == 1:
        raise Unreadable("there is nothing to read; write an expression such as 2 A_pq delta_pr")
    tree = _IndexParser(tokens).whole()
    _cap(tree)
    check(tree)
    return tree, _letters(left[0]) if left else ""


class _IndexParser(Parser):
    """The grammar of scalar expressions, with three more kinds of factor."""

    opening = Parser.opening | {"entry", "delta", "unequal", "sum"}

    def atom(self) -> Node:
        """What begins with the next token and binds tightest."""
        match self.here.kind:
            case "entry":
                name, _, letters = str(self.take().value).partition(" ")
                return entry(name, letters)
            case "delta":
                return delta(*str(self.take().value))
            case "unequal":
                return 1 - delta(*str(self.take().value))
            case "sum":
                return self.summation(self.take())
        return super().atom()

    def summation(self, sign: Token) -> Node:
        """A sum holds for the whole product behind it."""
        before = self.tokens[self.at - 2].kind if self.at > 1 else ""
        self.enter()
        body = self.signed(self.product)
        self.depth -= 1
        if before in ("/", "^") and body.op == "*":
            self.fail("it is not clear how far this sum reaches; put the sum in brackets")
        letters, _, size = str(sign.value).partition(" ")
        for letter in reversed(letters):
            body = summed(letter, body, size)
        return body


def _cap(tree: Node) -> None:
    found = [node for node in nodes(tree) if node.op == "sum"]
    letters = {str(node.atom) for node in nodes(tree) if node.op == "index"}
    if len(found) > SUMS or len(letters) > LETTERS:
        raise Unreadable(f"the expression has too many sums or indices; at most {SUMS} and {LETTERS} are read")


def _letters(left: str) -> str:
    """The indices of a left side, in order."""
    below = left.translate(words.PLAIN)
    found = _SUBSCRIPT.findall(below)
    return "".join(re.sub(r"[^A-Za-z]", "", "".join(groups)) for groups in found)
