"""A few sentences in the student's own words: read by a person, who gets a suggestion."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.phrases import says, sentences
from problem_bank.errors import Unreadable
from problem_bank.verdict import Suggestion

LONGEST = 8_000  # characters
_UNSEEN = re.compile(r"(?:[^\S\n]|[\x00-\x08\x0b-\x1f\x7f\u200b\u2060\ufeff])+")


@dataclass(frozen=True)
class KeyPoint:
    """Something that a good answer says: in the words of `says`, or of any of the `patterns`."""

    name: str
    says: str
    patterns: tuple[str, ...]
    weight: int = 1


@dataclass(frozen=True)
class Claim:
    """Something wrong that students write: an example, the patterns that find it, the share of the points it costs."""

    name: str
    says: str
    patterns: tuple[str, ...]
    cost: Fraction = Fraction(1, 4)


@dataclass(frozen=True)
class Rubric:
    """What an answer is read for."""

    points: tuple[KeyPoint, ...]
    claims: tuple[Claim, ...] = ()

    @property
    def model(self) -> str:
        """A model answer."""
        return " ".join(point.says for point in self.points)


@dataclass(frozen=True)
class Text(Answer):
    """The rubric that a text is read for; the value of a misconception is a claim.

    No text is marked by the program alone: `suggest` says what it finds, for the person who marks.
    Key points count in the first `limit` sentences only, claims everywhere.
    """

    kind: ClassVar[str] = "text"
    key: Rubric | Claim
    limit: int = 0

    def parse(self, raw: Any) -> str:
        if not isinstance(raw, str):
            raise Unreadable(f"a {reading.kind_of(raw)} stands where sentences are expected; put them between quotes")
        if len(raw) > LONGEST:
            raise Unreadable(f"the text has {len(raw):,} characters; {LONGEST:,} are read at most")
        lines = (_UNSEEN.sub(" ", line).strip() for line in raw.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
        tidy = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
        if not re.search(r"[^\W\d_]{2}", tidy):
            raise Unreadable(f"there are no words in {reading.clip(raw)}; write {self.hint}")
        return tidy

    def compare(self, value: str) -> Match:
        if isinstance(self.key, Claim):
            return Match(int(says(sentences(value), self.key.patterns)), basis="rubric")
        return Match(self.suggest(value).share, basis="rubric")

    def suggest(self, value: str) -> Suggestion:
        """What this text earns by the rubric, and why."""
        assert isinstance(self.key, Rubric)
        text = sentences(value)
        counted = text[: self.limit or None]
        found = [point for point in self.key.points if says(counted, point.patterns)]
        claims = [claim for claim in self.key.claims if says(text, claim.patterns)]
        earned = Fraction(sum(point.weight for point in found), sum(point.weight for point in self.key.points))
        over = f"{len(text)} sentences where {self.limit} were allowed" if len(counted) < len(text) else ""
        return Suggestion(
            share=max(Fraction(0), earned - sum(claim.cost for claim in claims)),
            found=tuple(point.name for point in found),
            missing=tuple(point.name for point in self.key.points if point not in found),
            claims=tuple(claim.name for claim in claims),
            remark=over,
        )

    def agrees(self, key: Any) -> bool:
        """Is this the same rubric or claim, or a text that it finds complete?"""
        if isinstance(key, str):
            return self.compare(self.parse(key)).right
        return bool(key == self.key)

    def show(self, value: str | Rubric | Claim) -> str:
        if isinstance(value, Rubric):
            return value.model
        return value.says if isinstance(value, Claim) else value

    def tex(self, value: str | Rubric | Claim) -> str:
        """Nothing: words are shown as they are."""
        return ""

    @property
    def hint(self) -> str:
        length = f"{self.limit} sentences at most" if self.limit else "a few sentences"
        return f'{length}; between """ and """ they may run over several lines'

    def samples(self) -> Samples:
        model = self.show(self.key)
        right = (model, f"  {model}\n", model.upper(), model.replace(". ", ".\n"))
        claims: Sequence[Claim] = self.key.claims if isinstance(self.key, Rubric) else ()
        wrong = ("I do not know.", *(claim.says for claim in claims))
        return Samples(right, wrong, ("", "?", "12 + 3", 3, True, ["a"], {"a": 1}, "word " * LONGEST))
