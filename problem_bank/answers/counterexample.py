"""A counter-example to a false claim: any object of the right kind for which the claim fails."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, TypeAlias

from problem_bank import algebra
from problem_bank.algebra import Node
from problem_bank.answers import reading
from problem_bank.answers.answer import UNDECIDED, Answer, Match, Samples
from problem_bank.answers.named import Names, flat, matrix, numbers, plain
from problem_bank.errors import Unreadable
from problem_bank.tex import tex
from problem_bank.values import is_number, shape

Values: TypeAlias = tuple[Any, ...]
"""One value for each object: a number, a vector, a matrix, or a function as a tree in x."""

LETTER = "x"
_TITLE = re.compile(r"\s{0,9}(?:y|f\s?(?:\([a-z]\))?)\s{0,3}:?=")
_LAMBDA = re.compile(r"\s*lambda\s+[a-z]\s*:")
_HINTS = {"function": "x^2 + 3", (): "-1/2"}


class Reason(NamedTuple):
    """Why an object is no counter-example: a name for its kind, and what to tell the student."""

    name: str
    said: str


class CannotTellError(ArithmeticError):
    """Nobody can say with certainty whether the claim holds for this object: a person decides."""


class NoValueError(ArithmeticError):
    """A function has no value where the claim needs one; the message says where."""


Judge: TypeAlias = Callable[[Values], Reason | None]


@dataclass(frozen=True)
class Counterexample(Answer):
    """Named objects for which a claim fails, answered by any others for which it fails as well.

    `objects` are names with "function" (of x) or a shape: () is a number, (3,) a vector, (2, 2) a
    matrix. `claim` decides: None for a counter-example, or else why it is none; it may raise
    CannotTellError and NoValueError. The key is an example, whose functions may be texts. The key
    of a misconception is one, too, and an answer shows it if its own reason has the same name.
    """

    kind: ClassVar[str] = "counterexample"
    private: ClassVar[tuple[str, ...]] = ("key", "claim")
    key: Values
    objects: tuple[tuple[str, Any], ...]
    claim: Judge | None = None

    def parse(self, raw: Any) -> Values:
        names = Names(tuple(name for name, _ in self.objects))
        if isinstance(raw, str) and len(raw) <= reading.LONGEST and len(self.objects) == 1:
            raw = _TITLE.sub("", plain(raw).lstrip(), count=1) if self.objects[0][1] == "function" else plain(raw)
        if len(self.objects) == 1 and self._is_bare(raw, names):
            return (self._piece(*self.objects[0], raw),)
        pieces = names.split(raw)
        return tuple(self._piece(name, kind, pieces[name]) for name, kind in self.objects)

    def compare(self, value: Values) -> Match:
        try:
            reason = self.reason(value)
        except CannotTellError as error:
            return Match(0, str(error), UNDECIDED)
        right = (reason.name if reason else None) == self._wanted
        return Match(int(right), reason.said if reason and not right else "", "claim decided for this object")

    def agrees(self, key: Values) -> bool:
        return self.compare(key).right

    def show(self, value: Values) -> str:
        shown = (v.show() if isinstance(v, Node) else flat(v) for v in self.trees(value))
        return ", ".join(f"{name} = {text}" for (name, _), text in zip(self.objects, shown, strict=True))

    def tex(self, value: Values) -> str:
        named = ((f"{name}(x)" if kind == "function" else name) for name, kind in self.objects)
        return r",\; ".join(f"{name} = {tex(v)}" for name, v in zip(named, self.trees(value), strict=True))

    @property
    def hint(self) -> str:
        return ", ".join(f"{name} = {_hint(kind)}" for name, kind in self.objects) + ", with values of your own"

    def samples(self) -> Samples:
        shown, table = self.show(self.key), dict(zip((n for n, _ in self.objects), self.key, strict=True))
        right: list[Any] = [shown, f" {shown}. ", shown.replace("-", "−"), shown.replace(", ", ",\n"), table]
        if len(self.objects) == 1:
            right.append(shown.partition(" = ")[2])
        malformed: tuple[Any, ...] = (
            "",
            "no idea",
            True,
            [[[1]]],
            f"{shown}, {shown}",
            {},
            "x" * 30_000,
            shown.partition("=")[0],
        )
        return Samples(tuple(right), (), malformed)

    @cached_property
    def _wanted(self) -> str | None:
        """The name of the key's own reason: None, unless it is the key of a misconception."""
        reason = self.reason(self.key)
        return reason.name if reason else None

    def reason(self, value: Values) -> Reason | None:
        """Why this is no counter-example; None if it is one."""
        assert self.claim is not None  # only a reader has none
        try:
            return self.claim(self.trees(value))
        except NoValueError as error:
            return Reason("no_value", str(error))

    def trees(self, value: Values) -> Values:
        """The values with functions that are texts as trees."""
        return tuple(algebra.tree_of(v, (LETTER,)) if isinstance(v, str) else v for v in value)

    def _is_bare(self, raw: Any, names: Names) -> bool:
        """Is this the only object, without its name?"""
        return is_number(raw) or isinstance(raw, float | list | tuple) or (isinstance(raw, str) and "=" not in raw)

    def _piece(self, name: str, kind: Any, raw: Any) -> Any:
        if kind == "function":
            return _function(name, raw)
        value = matrix(name, raw, kind[1]) if len(kind) == 2 else numbers(name, raw, 1)
        if shape(value) != (kind or (1,)):
            raise Unreadable(f"{name} is {_sized(shape(value))}, but needs to be {_sized(kind)}; write {self.hint}")
        return value if kind else value[0]


def _function(name: str, raw: Any) -> Node:
    text = reading.text(raw) if is_number(raw) else raw
    if not isinstance(text, str) or not text.strip():
        raise Unreadable(f"{name} is no function; write {name} = {_HINTS['function']}")
    try:
        return algebra.read(_LAMBDA.sub("", text, count=1), (LETTER,), {"z": LETTER, "t": LETTER})
    except Unreadable as error:
        raise Unreadable(f"{name}: {error}") from None


def _sized(kind: tuple[int, ...]) -> str:
    """A shape in words."""
    return (
        f"a {' by '.join(map(str, kind))} matrix"
        if len(kind) == 2
        else (f"a vector of {kind[0]}" if kind and kind != (1,) else "a single number")
    )


def _hint(kind: Any) -> str:
    if kind in _HINTS:
        return _HINTS[kind]
    rows = [list(range(1, kind[-1] + 1))] * kind[0]
    return str(rows if len(kind) == 2 else rows[0])
