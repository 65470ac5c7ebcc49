r"""From LaTeX to the tree. What is not here is outside the subset and a `LintError`."""

from __future__ import annotations

from functools import lru_cache

from assignments.documents.mathematics import commands
from assignments.documents.mathematics.reader import Reader
from assignments.documents.mathematics.symbols import (
    ACCENTS,
    CHARACTERS,
    COMMANDS,
    SPACES,
)
from assignments.documents.mathematics.tree import (
    Accent,
    Node,
    Number,
    Row,
    Script,
    Space,
    Symbol,
)

_CLOSING = {"}", "&", r"\\", r"\end", r"\right"}
_DEEPEST = 60


@lru_cache(maxsize=4096)
def parse(latex: str) -> Row:
    """The tree of a formula. Raises LintError for what is outside the subset."""
    parser = Parser(Reader(latex))
    tree = parser.row(())
    if left := parser.reader.peek():
        raise parser.reader.error(f"{left} closes or parts nothing that was opened")
    return tree


class Parser:
    """Recursive descent: each method takes what it names from the reader."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.depth = reader, 0

    def row(self, closing: tuple[str, ...]) -> Row:
        """Everything up to the end or to a token that closes or parts; that token stays."""
        items: list[Node] = []
        while (token := self.reader.peek()) and token not in closing and token not in _CLOSING:
            items.append(self.scripted())
        return Row(tuple(items))

    def scripted(self) -> Node:
        """One thing with its subscript, its superscript and its primes."""
        base: Node = Row(()) if self.reader.peek() in ("_", "^") or self.reader.peek()[0] == "'" else self.atom()
        below: Node | None = None
        above: list[Node] = []
        while (token := self.reader.peek()) and (token in ("_", "^") or token[0] == "'"):
            if token == "_" and below is not None:
                raise self.reader.error("a second subscript; put braces around the first")
            if token == "^" and any(not _is_prime(node) for node in above):
                raise self.reader.error("a second superscript; put braces around the first")
            self.reader.next()
            if token == "_":
                below = self.argument()
            elif token == "^":
                above.append(self.argument())
            else:
                above += [Symbol("′", "prime")] * len(token)
        if below is None and not above:
            return base
        return Script(base, below, above[0] if len(above) == 1 else Row(tuple(above)) if above else None)

    def argument(self) -> Node:
        """What a command or a script takes: a group, or a single thing."""
        if self.reader.peek() == "{":
            return self.braced()
        if self.reader.peek() in ("", "}", "_", "^", "&", r"\\"):
            raise self.reader.error("something is missing here: a letter, a digit or a group in braces")
        return self.atom(single=True)

    def braced(self) -> Row:
        """A group in braces."""
        start = self.reader.at
        self.reader.next()
        body = self.row(("}",))
        if not self.reader.take("}"):
            raise self.reader.error("the brace { opened here is never closed", start)
        return body

    def atom(self, single: bool = False) -> Node:
        """One thing without its scripts; only its first digit, where a number has to be `single`."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.reader.error("the formula is nested too deeply")
        found = self._atom(single)
        self.depth -= 1
        return found

    def _atom(self, single: bool) -> Node:
        if self.reader.peek() == "{":
            return self.braced()
        start = self.reader.at
        token = self.reader.next_single() if single else self.reader.next()
        if token[0].isdigit():
            return Number(token)
        if token[0] == "\\" and len(token) > 1:
            return self.command(token[1:], start)
        if token in CHARACTERS:
            return Symbol(*CHARACTERS[token])
        if token == "~":
            return Space(SPACES[" "])
        if token.isalpha():
            return Symbol(token, token)
        raise self.reader.error(f"{token} has no meaning in a formula here", start)

    def command(self, name: str, start: int) -> Node:
        """What a command stands for, with the arguments that it takes."""
        if name in COMMANDS:
            return Symbol(*COMMANDS[name])
        if name in SPACES:
            return Space(SPACES[name])
        if name in ACCENTS:
            return Accent(name, self.argument())
        if taker := commands.taker(name):
            return taker(self)
        raise self.reader.error(f"\\{name} is outside the subset; write it in other words", start)


def _is_prime(node: Node) -> bool:
    return isinstance(node, Symbol) and node.char == "′"
