"""What every kind of answer can do: parse, then compare."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any, ClassVar, Self

UNDECIDED = "undecided"
"""The basis of a match that nobody could make: it is no zero, a person decides."""


SLACK = 1e-9
"""What floats may add to a distance of exactly one unit."""


def unit(digits: int) -> float:
    """One unit of the last of so many digits after the point."""
    return 10.0**-digits


def places(digits: int) -> str:
    """So many digits after the point, in words."""
    return f"{digits} decimal{'s' if digits > 1 else ''}"


@dataclass(frozen=True)
class Match:
    """How an answer compares with the key: the share of the points that it earns (1 is right),
    a remark for the student that gives no key away, and how this was decided.
    """

    share: Fraction | int
    remark: str = ""
    basis: str = "exact"

    @property
    def right(self) -> bool:
        """Is it the key?"""
        return self.share == 1


@dataclass(frozen=True)
class Samples:
    """Raw answers that a kind makes for its own tests, given its key."""

    right: tuple[Any, ...]
    wrong: tuple[Any, ...]
    malformed: tuple[Any, ...]


@dataclass(frozen=True)
class Answer(ABC):
    """A key of one kind, with the options that say how answers are read.

    Only `key` is secret: `parse`, `hint` and `public` must not depend on it, and a subclass lists
    the fields that only the judging needs in `private`.
    """

    kind: ClassVar[str]
    private: ClassVar[tuple[str, ...]] = ("key",)

    fields: ClassVar[tuple[str, ...]] = ()

    runs: ClassVar[bool] = False
    """Is it marked by running it, which the grader does and `variant.mark` does not?"""

    slips_add_up: ClassVar[bool] = False
    """Can one answer show several misconceptions, which `compare` has charged for already?"""

    key: Any

    @abstractmethod
    def parse(self, raw: Any) -> Any:
        """The value of a raw answer: text, or a number, list or table from TOML or a notebook.

        Raises Unreadable, whose message says what would be readable.
        """

    @abstractmethod
    def compare(self, value: Any) -> Match:
        """Judge a parsed value against the key."""

    @abstractmethod
    def show(self, value: Any) -> str:
        """A value as text that `parse` reads back."""

    @abstractmethod
    def tex(self, value: Any) -> str:
        """A value as LaTeX, without dollars."""

    @abstractmethod
    def samples(self) -> Samples:
        """Right, wrong and malformed raw answers."""

    @property
    @abstractmethod
    def hint(self) -> str:
        """What to type, in a few words with an example that is not the key."""

    def accepts(self, value: Any) -> bool:
        """Is a parsed value right? As `compare`, for those who need no remark."""
        return self.compare(value).right

    def agrees(self, key: Any) -> bool:
        """Is this the same key? Compares two routes, and keys with misconceptions."""
        return self.compare(key).right

    def keyed(self, key: Any) -> Self:
        """The same kind with another key."""
        return replace(self, key=key)

    def rounded(self, digits: int) -> Answer:
        """The same question, asked for to so many digits after the point; itself where nothing is rounded."""
        return self

    def public(self) -> dict[str, Any]:
        """All that a student may see of it: the kind and how it is read."""
        options = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in self.private}
        return {"kind": self.kind, **{name: value for name, value in options.items() if value is not None}}
