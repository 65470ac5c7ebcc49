"""Any number of options: their letters, or none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.choice import LETTERS
from problem_bank.errors import Unreadable

NONE = {"none", "none of these", "none of them", "-", "{}", "[]", "()", "∅"}
_BETWEEN = re.compile(r"[\s,;.&+(){}\[\]]+|\band\b")


@dataclass(frozen=True)
class Selection(Answer):
    """The indices of the right options in rising order, none of them, one, or several.

    Answered by letters ("a, c", "A and C", "ac", ["a", "c"]) or by "none". An empty answer is no answer.
    Only the exact set is right; what else earns is for the rules of an assignment to say.
    """

    kind: ClassVar[str] = "selection"
    key: tuple[int, ...]
    options: tuple[str, ...]

    def parse(self, raw: Any) -> tuple[int, ...]:
        tidy = reading.text(" ".join(_letters(raw)) if isinstance(raw, list | tuple) else raw).lower()
        if tidy.strip() in NONE or (isinstance(raw, list | tuple) and not raw):
            return ()
        words = [word for word in _BETWEEN.split(tidy) if word]
        letters = list(words[0]) if len(words) == 1 else words
        known = LETTERS[: len(self.options)]
        if not letters or any(len(letter) != 1 or letter not in known for letter in letters):
            raise Unreadable(f"{reading.clip(raw)} does not name options; write {self.hint}")
        if len(set(letters)) != len(letters):
            raise Unreadable(f"{reading.clip(raw)} names an option twice; write {self.hint}")
        return tuple(sorted(map(known.index, letters)))

    def compare(self, value: tuple[int, ...]) -> Match:
        return Match(int(value == self.key))

    def judged_right(self, value: tuple[int, ...]) -> int:
        """How many options are rightly named or rightly left out."""
        return len(self.options) - len(set(value) ^ set(self.key))

    def show(self, value: tuple[int, ...]) -> str:
        return ", ".join(LETTERS[i] for i in value) or "none"

    def tex(self, value: tuple[int, ...]) -> str:
        return rf"\text{{{self.show(value)}}}"

    @property
    def hint(self) -> str:
        return f"letters of {LETTERS[0]} to {LETTERS[len(self.options) - 1]}, such as a, b; or none"

    def samples(self) -> Samples:
        shown = self.show(self.key)
        every = tuple(range(len(self.options)))
        wrong = tuple(self.show(tuple(sorted({i} ^ set(self.key)))) for i in every)
        right = (shown, shown.upper(), f" {shown} ", f"({shown})" if self.key else "none of these")
        return Samples(right, wrong, ("", "z", "a, a", "?", 17, {"a": 1}, True, "every one"))


def _letters(raw: list[Any] | tuple[Any, ...]) -> list[str]:
    if not all(isinstance(one, str) for one in raw):
        raise Unreadable("a list of options holds letters only, such as ['a', 'b']")
    return list(raw)
