"""Notebook cells run in the child, without a kernel: statement by statement, in one namespace.

An error ends its cell and no other. `grader.check("q1")` of otter-grader only notes which question is
asked for: the cell pauses after that statement, and the other side, which has the tests, goes on.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import linecache
import random
import sys
import types
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from . import magics, standins

_SEED_NUMPY, _SEED_PYTHON = np.random.seed, random.seed  # a notebook may assign to them: np.random.seed = 42
_FLAGS = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}


class Book:
    """The namespace of a notebook and the cell that runs in it; `describe` turns an error into data."""

    def __init__(self, folder: str, describe: Callable[[BaseException, str], dict[str, Any]]) -> None:
        self._folder, self._describe = folder, describe
        self._module = types.ModuleType("__main__")
        self.namespace: dict[str, Any] = vars(self._module)
        self.namespace["__builtins__"] = builtins
        self._asked: list[str] = []
        self._waiting: list[ast.stmt] = []
        self._flags = 0
        self._file = ""

    def do_open(self, questions: Sequence[str]) -> None:
        """Begin a notebook whose tests have these names."""
        sys.modules["__main__"] = self._module
        sys.path.insert(0, self._folder)
        self.namespace.update(standins.install(questions, self._asked))

    def do_seed(self, seed: int, variable: str | None = None) -> None:
        """Seed the generators, or set the variable that the notebook takes its seed from."""
        if variable is None:
            _SEED_NUMPY(seed)
            _SEED_PYTHON(seed)
        else:
            self.namespace[variable] = seed

    def do_run(self, name: str, source: str) -> dict[str, Any]:
        """Run a cell until its end or its first request for a test.

        {"left": lines that were left out, "asked": tests to run now, "more": the cell goes on,
        "error": what ended it, or None}
        """
        self._waiting = []
        self._file = str(Path(self._folder, name))
        code, left = magics.plain(source)
        linecache.cache[self._file] = (len(code), None, code.splitlines(True), self._file)
        try:
            self._waiting = ast.parse(code, self._file).body
        except BaseException as error:
            return {"left": left, "asked": [], "more": False, "error": self._describe(error, self._folder)}
        return {"left": left, **self.do_resume()}

    def do_resume(self) -> dict[str, Any]:
        """Go on with the cell after its tests were run."""
        error = None
        while self._waiting and not self._asked and error is None:
            error = self._step(self._waiting.pop(0))
        if error:
            self._waiting = []
        asked, self._asked[:] = list(dict.fromkeys(self._asked)), []
        return {"asked": asked, "more": bool(self._waiting), "error": error}

    def _step(self, statement: ast.stmt) -> dict[str, Any] | None:
        """Run one statement at the top of a cell; the error that it raised, if it did."""
        try:
            if isinstance(statement, ast.ImportFrom) and statement.module == "__future__":
                self._flags |= sum(_FLAGS.get(alias.name, 0) for alias in statement.names)
            code = compile(ast.Module([statement], []), self._file, "exec", self._flags, dont_inherit=True)
            exec(code, self.namespace)  # the one place where a cell runs: this process is confined
        except BaseException as error:  # SystemExit of a cell as well
            return self._describe(error, self._folder)
        return None
