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
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.corpus import Pair
from problem_bank.algebra import read

LIMIT = 5.0  # seconds for one pair


@dataclass(frozen=True)
class Answer:
    """What was said of a pair, None where nothing was.

    `seconds` is the time from the student's text to the answer, LIMIT for one that was killed; `key`
    is what it takes to read the key, which may be done once for a whole class.
    """

    equal: bool | None
    seconds: float
    key: float = 0.0


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


def _sympy(asked: Mapping[str, Any], side: int) -> Any:
    from benchmarks.plain import Text

    return Text(asked["plain"][side]).sympy(asked["symbols"])


def _simplify(answer: Any, key: Any) -> bool:
    import sympy

    return bool(sympy.simplify(answer - key) == 0)


def _equals(answer: Any, key: Any) -> bool | None:
    found: bool | None = answer.equals(key)
    return found


def _parsed(asked: Mapping[str, Any], side: int) -> Any:
    from math_verify import parse

    return parse(asked["tex"][side], parsing_timeout=None)


def _math_verify(answer: Any, key: Any) -> bool | None:
    from math_verify import verify

    return bool(verify(key, answer, timeout_seconds=None)) if key and answer else None


METHODS: Mapping[str, tuple[Callable[[Mapping[str, Any], int], Any], Callable[[Any, Any], bool | None]]] = {
    "simplify": (_sympy, _simplify),
    "equals": (_sympy, _equals),
    "math-verify": (_parsed, _math_verify),
}
"""How each reads a side of a question (0 the answer, 1 the key), and compares both."""


def main() -> None:
    """Answer questions until there are no more."""
    logging.disable()  # what they say of their own settings
    name = sys.argv[1]
    _answer(name, {"plain": ["x", "x"], "tex": ["$x$", "$x$"], "symbols": {"x": "real"}})  # what is loaded once
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(asdict(_answer(name, json.loads(line)))), flush=True)


def _answer(name: str, asked: Mapping[str, Any]) -> Answer:
    read, compare = METHODS[name]
    started = time.process_time()
    ready = started
    try:
        key = read(asked, 1)
        ready = time.process_time()
        equal = compare(read(asked, 0), key)
    except Exception as error:  # theirs, of any kind: no answer
        print(f"{name}: {type(error).__name__} at {asked['plain']}", file=sys.stderr)
        equal = None
    return Answer(equal, time.process_time() - ready, ready - started)


if __name__ == "__main__":
    main()
