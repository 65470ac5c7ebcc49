"""Tests of otter-grader in the child, one piece at a time.

Of a doctest only the next statement is here, never what it should print. An exception-based test
runs here whole, since its asserts are its judgement.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import sys
import traceback
from typing import Any

from . import standins

LONGEST = 1 << 18  # characters of output that are sent back
_CASES = ("name", "points", "hidden", "success_message", "failure_message")


class Examiner:
    """Runs pieces of tests in a notebook's namespace."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._copy: dict[str, Any] = {}
        self._show = sys.displayhook

    def do_example(self, source: str, fresh: bool) -> dict[str, Any]:
        """Run a statement as a doctest does; each case begins with a `fresh` copy of the namespace.

        {"got": what it printed, "raised": the last lines of its traceback, or None}
        """
        if fresh:
            self._copy = self._namespace.copy()
        printed, raised, shows = io.StringIO(), None, sys.displayhook
        sys.displayhook = self._show
        try:
            with contextlib.redirect_stdout(printed):
                exec(compile(source, "<test>", "single", 0, dont_inherit=True), self._copy)
        except BaseException as error:
            raised = _last_lines(error)
        finally:
            sys.displayhook = shows
        return {"got": printed.getvalue()[:LONGEST], "raised": raised}

    def do_case(self, source: str, function: str) -> None:
        """Run one test function of a file. Raises what it raises."""
        environment: dict[str, Any] = {}
        exec(compile(source, "<test>", "exec", 0, dont_inherit=True), environment)
        call = environment[function]
        call = getattr(call, "function", call)
        names = inspect.signature(call).parameters
        call(**{name: self._namespace if name == "env" else self._namespace.get(name) for name in names})

    def do_read(self, source: str) -> dict[str, Any]:
        """What a test file says, as plain data. Runs the file: ask before any student code is near."""
        environment: dict[str, Any] = {}
        standins.install((), [])
        exec(compile(source, "<tests>", "exec", 0, dont_inherit=True), environment)
        found = {name: environment[name] for name in ("OK_FORMAT", "test", "name", "points", "all_or_nothing")
                 if name in environment}  # fmt: skip
        cases = [(name, value) for name, value in environment.items() if isinstance(value, standins.TestCase)]
        return found | {"cases": [_case(name, value) for name, value in cases]}


def _case(name: str, case: standins.TestCase) -> dict[str, Any]:
    code = case.function.__code__
    return {"function": name, "line": code.co_firstlineno, **{field: getattr(case, field) for field in _CASES}}


def _last_lines(error: BaseException) -> str:
    """The end of a traceback, as a doctest compares it."""
    try:
        lines = traceback.format_exception_only(type(error), error)
    except BaseException:  # a __str__ of the submission may raise anything
        return f"{type(error).__name__}\n"
    if isinstance(error, SyntaxError):  # the place and the caret are not compared
        lines = [line for line in lines if line.startswith(type(error).__name__)] or lines[-1:]
    return "".join(lines)[:LONGEST]
