"""One of several options: its letter, its number in the list, or its text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.errors import Unreadable

LETTERS = "abcdefghijklmnopqrstuvwxyz"
YES, NO = {"yes", "true", "y", "t"}, {"no", "false", "n", "f"}


@dataclass(frozen=True)
class Choice(Answer):
    """The index of the right option, answered by letter ("b", "(B)", "b.") or by the option's text.

    Options that are plain words (yes, no, true, false) need no letters, and true stands for yes.
    """

    kind: ClassVar[str] = "choice"
    key: int
    options: tuple[str, ...]

    def parse(self, raw: Any) -> int:
        raw = ("yes" if raw else "no") if isinstance(raw, bool) else raw
        tidy = _fold(reading.text(raw))
        spoken = {tidy, _fold(str(raw))}  # reading.text takes "No: " for a name; an option may begin with it
        spoken |= YES if tidy in YES else NO if tidy in NO else set()
        matches = [i for i, option in enumerate(self.options) if _fold(option) in spoken]
        letter = tidy.strip("().: ")
        if not matches and len(letter) == 1 and letter in LETTERS[: len(self.options)]:
            matches = [LETTERS.index(letter)]
        if len(matches) != 1:
            raise Unreadable(f"{reading.clip(raw)} is none of the options; write {self.hint}")
        return matches[0]

    def compare(self, value: int) -> Match:
        return Match(int(value == self.key))

    def show(self, value: int) -> str:
        return self.options[value] if self.plain else LETTERS[value]

    def tex(self, value: int) -> str:
        return rf"\text{{{self.show(value)}}}"

    @property
    def plain(self) -> bool:
        """Are all options words such as yes, no, true or false?"""
        return all(_fold(option) in YES | NO for option in self.options)

    @property
    def hint(self) -> str:
        if self.plain:
            return " or ".join(self.options)
        return "one letter, " + ", ".join(LETTERS[: len(self.options) - 1]) + f" or {LETTERS[len(self.options) - 1]}"

    def samples(self) -> Samples:
        letter = LETTERS[self.key]
        right = (letter, letter.upper(), f"({letter})", f"{letter}.", self.options[self.key])
        wrong = tuple(LETTERS[i] for i in range(len(self.options)) if i != self.key)
        return Samples(right, wrong, ("", "z" * 3, "a and b", 17, [letter], "?"))


def _fold(option: str) -> str:
    return " ".join(option.replace("$", "").lower().split()).rstrip(".")
