"""A formula, read token by token."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\s*(\\[A-Za-z]+|\\.|\d+(?:\.\d+)?|'+|\S)", re.DOTALL)


class LintError(ValueError):
    """A formula outside the subset; `text` is the formula and `position` the character in it that is to blame."""

    def __init__(self, text: str, position: int, reason: str) -> None:
        super().__init__(f"in the formula {_clip(text)!r}, character {position + 1}: {reason}")
        self.text, self.position, self.reason = text, position, reason


class Reader:
    """Tokens of a formula: commands, numbers, primes and single characters; white space only parts them."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.end = text, 0, len(text.rstrip())

    def peek(self) -> str:
        """The next token without taking it; empty at the end."""
        found = _TOKEN.match(self.text, self.at, self.end)
        return found[1] if found else ""

    def next(self) -> str:
        """Take the next token; empty at the end."""
        found = _TOKEN.match(self.text, self.at, self.end)
        if not found:
            return ""
        self.at = found.end()
        return found[1]

    def next_single(self) -> str:
        r"""Take the next token, but of a number its first digit alone, as `x^23` and `\frac12` do."""
        token = self.next()
        if len(token) > 1 and token[0].isdigit():
            self.at -= len(token) - 1
        return token[:1] if token[:1].isdigit() else token

    def take(self, token: str) -> bool:
        """Take the next token if it is this one."""
        if self.peek() != token:
            return False
        self.next()
        return True

    def group(self) -> str:
        """Take the source of a braced group as it stands; braces in it balance."""
        if not self.take("{"):
            raise self.error("a group in braces { } is expected here")
        start, depth = self.at, 1
        for found in re.compile(r"\\.|[{}]", re.DOTALL).finditer(self.text, self.at, self.end):
            depth += {"{": 1, "}": -1}.get(found[0], 0)
            if depth == 0:
                self.at = found.end()
                return self.text[start : found.start()]
        raise self.error("the brace { opened here is never closed", start - 1)

    def error(self, reason: str, at: int | None = None) -> LintError:
        """What to raise when the next token does not fit; `at` is another place, before any white space there."""
        rest = self.text[self.at if at is None else at :]
        return LintError(self.text, len(self.text) - len(rest.lstrip()), reason)


def _clip(text: str) -> str:
    return text if len(text) <= 120 else text[:117] + "..."
