"""Other ways to decide whether two expressions are equal, each in a process of its own that can be killed.

As a program (`python -m benchmarks.rivals NAME`) it answers one question per line of its input.
"""

from __future__ import annotations

import importlib.util
import json
import logging
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.corpus import Pair
from problem_bank.algebra import read

LIMIT = 5.0  # seconds for one pair


@dataclass(frozen=True)
class Answer:
    """What was said of a pair, None where nothing was; `seconds` is LIMIT for one that was killed."""

    equal: bool | None
    seconds: float


class Rival:
    """One of METHODS in a child process; a pair that takes longer than LIMIT costs the child its life."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Rival:
        return self

    def __exit__(self, *_: object) -> None:
        self._kill()

    def decide(self, pair: Pair) -> Answer:
        """Loading is not counted."""
        child = self.child or self._start()
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(question(pair)) + "\n")
        child.stdin.flush()
        if not select.select([child.stdout], [], [], LIMIT)[0]:
            self._kill()
            return Answer(None, LIMIT)
        line = child.stdout.readline()
        if not line:
            self._kill()
            raise RuntimeError(f"{self.name} ended at {pair}")
        return Answer(**json.loads(line))

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "benchmarks.rivals", self.name]
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.child.stdout is not None
        assert self.child.stdout.readline() == "ready\n"
        return self.child

    def _kill(self) -> None:
        if self.child is not None:
            self.child.kill()
            self.child.communicate()
            self.child = None


def question(pair: Pair) -> dict[str, Any]:
    """A pair as plain text, for SymPy's methods, and as LaTeX, for those that read it."""
    tex = [f"${read(text, pair.symbols).tex()}$" for text in (pair.plain, pair.key)]
    return {"plain": [pair.plain, pair.key], "tex": tex, "symbols": dict(pair.symbols)}


def installed(name: str) -> bool:
    """Can this method be used here?"""
    return name != "math-verify" or importlib.util.find_spec("math_verify") is not None


def _sympy(asked: Mapping[str, Any]) -> tuple[Any, Any]:
    from benchmarks.plain import Text

    first, second = (Text(text).sympy(asked["symbols"]) for text in asked["plain"])
    return first, second


def _simplify(asked: Mapping[str, Any]) -> bool:
    import sympy

    first, second = _sympy(asked)
    return bool(sympy.simplify(first - second) == 0)


def _equals(asked: Mapping[str, Any]) -> bool | None:
    first, second = _sympy(asked)
    found: bool | None = first.equals(second)
    return found


def _math_verify(asked: Mapping[str, Any]) -> bool | None:
    from math_verify import parse, verify

    answer, key = (parse(text, parsing_timeout=None) for text in asked["tex"])
    return bool(verify(key, answer, timeout_seconds=None)) if key and answer else None


METHODS: Mapping[str, Callable[[Mapping[str, Any]], bool | None]] = {
    "simplify": _simplify,
    "equals": _equals,
    "math-verify": _math_verify,
}


def main() -> None:
    """Answer questions until there are no more."""
    logging.disable()  # what they say of their own settings
    method = METHODS[sys.argv[1]]
    method({"plain": ["x", "x"], "tex": ["$x$", "$x$"], "symbols": {"x": "real"}})  # what is loaded once
    print("ready", flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        started = time.process_time()
        try:
            equal = method(asked)
        except Exception as error:  # theirs, of any kind: no answer
            print(f"{sys.argv[1]}: {type(error).__name__} at {asked['plain']}", file=sys.stderr)
            equal = None
        print(json.dumps({"equal": equal, "seconds": time.process_time() - started}), flush=True)


if __name__ == "__main__":
    main()
