"""The shape of what an expression of arrays gives, or that it raises an error: "(2, 3)", "error 3 5"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.shape import Shape
from problem_bank.errors import Unreadable

ERROR = "error"
Value: TypeAlias = tuple[Any, ...]

_WORDS = re.compile(
    r"^(?:(?:the|it|its|is|has|an?|shape|(?:torch\.)?size|tuple|output|result|of|vector|array|matrix|tensor)\b[\s:=]*)+"
    r"|\s*(?:vector|array|matrix|tensor)$"
)
_FAILS = re.compile(  # no size stands before the word
    r"\D*?(?:\b(?:\w*error|err|fails?|failure|invalid|impossible|undefined|mismatch|cannot)\b"
    r"|(?:\bnot|n['’]t) (?:possible|work|fit|match)\b)(.*)",
    re.DOTALL,
)
_HEDGED = re.compile(r"\b(?:no|or|not an?|without)\b")
_BRACES = str.maketrans("{}", "()", "`")


@dataclass(frozen=True)
class ShapeOrError(Answer):
    """A tuple of sizes, or (ERROR, a, b) with a < b: it raises an error, because the sizes a and b do not fit.

    Whoever says that something fails must say why, or "error" everywhere would be worth its share of the points. With
    `reason=False` the key is (ERROR,), and sizes that are named count for nothing. Unlike in `Shape`, (4), (4, 1) and
    (1, 4) are three shapes.
    """

    kind: ClassVar[str] = "shape or error"
    key: Value
    reason: bool = True

    def parse(self, raw: Any) -> Value:
        listed = isinstance(raw, list | tuple) and raw[:1] in ([ERROR], (ERROR,))
        typed = self._listed(raw) if listed else raw
        if not isinstance(typed, str):
            return self._sizes(typed)
        reading.text(typed)  # refuses what is too long
        plain = typed.lower().strip("`. \n")
        if (found := _FAILS.fullmatch(plain)) and not _HEDGED.search(plain):
            return self._clash(found[1])
        return self._sizes(_WORDS.sub("", plain.translate(_BRACES).replace("-by-", " by ")))

    def compare(self, value: Value) -> Match:
        if value == self.key:
            return Match(1)
        failed, fails = (sizes[:1] == (ERROR,) for sizes in (value, self.key))
        if failed and fails:
            return Match(0, "It does raise an error, but not because of these two sizes.")
        return Match(0) if failed or fails else Shape(self.key, strict=True).compare(value)

    def show(self, value: Value) -> str:
        return " ".join(map(str, value)) if value[:1] == (ERROR,) else str(tuple(value))

    def tex(self, value: Value) -> str:
        return rf"\texttt{{{self.show(value)}}}"

    @property
    def hint(self) -> str:
        return f"a shape, such as (3, 5) or (4,), or else {self._failing}"

    def samples(self) -> Samples:
        shown = self.show(self.key)
        wrong = ("(98, 99, 98, 99, 98, 99)", [98, 99, 98, 99, 98, 99])
        malformed: tuple[Any, ...] = ("", "big", "no error", "(3.5, 2)", "3 x 5 or error", {"a": 1}, [ERROR, "b"])
        if self.reason:
            malformed = (*malformed, ERROR, "error 3", "error: 3, 4, 5")
        if self.key[:1] != (ERROR,):
            return Samples((shown, list(self.key), f"torch.Size({list(self.key)})"), (*wrong, "error 98 99"), malformed)
        words = " and ".join(map(str, self.key[:0:-1]))
        right = (shown, list(self.key), f"RuntimeError: {words}", f"does not work ({words})", f"Fails, {words}")
        return Samples(right, (*wrong, "error 98 99") if self.reason else wrong, malformed)

    @property
    def _failing(self) -> str:
        """How to say that it fails."""
        return "error and the two sizes that do not fit, such as error 3 5" if self.reason else ERROR

    def _listed(self, raw: Sequence[Any]) -> str:
        try:
            return " ".join(map(reading.text, raw))
        except Unreadable as error:
            raise Unreadable(f"{error}; write {self._failing}") from None

    def _sizes(self, raw: Any) -> Value:
        try:
            return Shape((), strict=True).parse(raw)
        except Unreadable as error:
            raise Unreadable(f"{error}; or, where there is none, {self._failing}") from None

    def _clash(self, told: str) -> Value:
        """What follows the word for an error: the two sizes, in any order."""
        if not self.reason:
            return (ERROR,)
        sizes = sorted(int(size[: reading.DIGITS]) for size in re.findall(r"[0-9]+", told))
        if len(sizes) != 2:
            raise Unreadable("name the two sizes that do not fit as well, such as in: error 3 5")
        return (ERROR, *sizes)
