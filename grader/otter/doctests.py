"""Doctests judged on our side: the child gets the statements one by one, the expected output stays here."""

from __future__ import annotations

import doctest
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

Run: TypeAlias = Callable[[str, bool], tuple[str, str | None]]
"""Run a statement, in a fresh copy of the namespace or not: what it printed, and the end of its traceback."""

_SHOWN = 500  # characters of an output that are shown
_PARSER, _CHECKER = doctest.DocTestParser(), doctest.OutputChecker()


@dataclass(frozen=True)
class Difference:
    """The first statement that did not do what the test expects."""

    statement: str
    expected: str
    got: str
    raised: str

    def told(self, *, whole: bool) -> str:
        """In words; what the code gave only if `whole`."""
        got = f"It gave:\n{_or_nothing(self.got + self.raised)}" if whole else "Run it to see what it gives."
        return f"{self.statement.rstrip()}\nshould give:\n{_or_nothing(self.expected)}\n{got}"


def examples(body: str) -> list[doctest.Example]:
    """The statements of a doctest with what they should print. Raises ValueError for one that is malformed."""
    return _PARSER.get_examples(body)


def judge(body: str, run: Run) -> Difference | None:
    """Run all statements of a doctest; the first that went wrong, if any. Raises what `run` raises."""
    first, fresh = None, True
    for example in examples(body):
        flags = sum(flag for flag, on in example.options.items() if on)
        if flags & doctest.SKIP:
            continue
        got, raised = run(example.source, fresh)
        got += "" if not got or got.endswith("\n") else "\n"  # as Python's doctest has it
        fresh = False
        if first is None and not agrees(example, got, raised, flags):
            first = Difference(example.source, example.want, got, raised or "")
    return first


def agrees(example: doctest.Example, got: str, raised: str | None, flags: int = 0) -> bool:
    """Is this what the example expects? By the rules of Python's own doctest."""
    if raised is None:
        return _CHECKER.check_output(example.want, got, flags)
    if example.exc_msg is None:
        return False
    if _CHECKER.check_output(example.exc_msg, raised, flags):
        return True
    detail = flags & doctest.IGNORE_EXCEPTION_DETAIL
    return bool(detail) and _CHECKER.check_output(_type(example.exc_msg), _type(raised), flags)


def _type(message: str) -> str:
    """The bare name of the exception in the last line of a traceback."""
    return message.partition("\n")[0].partition(":")[0].rpartition(".")[2].strip()


def _or_nothing(text: str) -> str:
    return text.rstrip()[:_SHOWN] or "(nothing)"
