"""The form of concept items, as they are written in TOML."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

SIMILAR = 0.95  # two options more alike than this are probably one written twice
LONG = 40  # characters; shorter texts may differ in one word and mean the opposite
_FORMULA = re.compile(r"[\d$\\_^+*/=<>-]+")
_PLACE = re.compile(r"\{\{|\{%|\{#")


def _text(value: str) -> str:
    if value.count("$") % 2:
        raise ValueError("the dollars around LaTeX do not pair up")
    if _PLACE.search(value):
        raise ValueError("write no {{, {% or {#: they are places of templates; put a space between the braces")
    return " ".join(value.split())


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_text)]
Tag = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Level = Literal["easy", "medium", "hard"]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Wrong(_Strict):
    """A wrong option, the misconception that leads to it, and what to tell the student."""

    text: Text
    misconception: Tag
    feedback: Text


class Question(_Strict):
    """A question with one right option; `why` is the explanation in the worked solution."""

    question: Text
    right: Text
    why: Text
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=1, max_length=7, strict=False)]

    @property
    def options(self) -> tuple[str, ...]:
        """The right option first; for showing, order them anew."""
        return (self.right, *(wrong.text for wrong in self.wrong))

    @model_validator(mode="after")
    def _told_apart(self) -> Question:
        for i, one in enumerate(self.options):
            for other in self.options[i + 1 :]:
                if alike(one, other):
                    raise ValueError(f"two options say the same: {one!r} and {other!r}; reword or drop one")
        tags = [wrong.misconception for wrong in self.wrong]
        for tag in sorted({tag for tag in tags if tags.count(tag) > 1}):
            raise ValueError(f"two options carry the misconception {tag!r}; name what sets them apart")
        return self


class _Item(_Strict):
    id: Tag
    source: Annotated[str, StringConstraints(pattern=r"^[A-Z].* \d+(\.\d+)*(, \d+(\.\d+)*)*$")]
    level: Level
    topic: str = ""


class Choice(_Item, Question):
    """A question of its own, with two to seven wrong options.

    Items that give each other away carry the same tag `alike`: only one of them comes into a sheet.
    """

    alike: Tag | Literal[""] = ""

    wrong: Annotated[tuple[Wrong, ...], Field(min_length=2, max_length=7, strict=False)]


class Statement(Question):
    """One of a set: a sentence to call true or false, or a short question."""

    name: Tag


class StatementSet(_Item):
    """Several statements about one subject; each is a part of its own."""

    subject: Text
    items: Annotated[tuple[Statement, ...], Field(min_length=2, strict=False)]

    @model_validator(mode="after")
    def _names(self) -> StatementSet:
        names = [item.name for item in self.items]
        for name in sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"two statements are called {name!r}; give one another name")
        return self


class File(_Strict):
    """One topic: the stem of its file is the topic of all its items."""

    topic: Tag
    choice: Annotated[tuple[Choice, ...], Field(strict=False)] = ()
    statements: Annotated[tuple[StatementSet, ...], Field(strict=False)] = ()

    @model_validator(mode="before")
    @classmethod
    def _hand_down(cls, data: Any) -> Any:
        """Give every item the topic of its file."""
        if not isinstance(data, dict):
            return data
        return {key: _with_topic(value, data.get("topic")) for key, value in data.items()}


def _with_topic(items: Any, topic: Any) -> Any:
    if not isinstance(items, list):
        return items
    return [{**item, "topic": topic} if isinstance(item, dict) else item for item in items]


def alike(one: str, other: str) -> bool:
    """Are two texts the same up to case and spacing, or nearly so while long enough to be a copy?

    Numbers and LaTeX are what sets short options apart, so texts that differ in them are never alike.
    """
    a, b = (text.lower().rstrip(".") for text in (one, other))
    if a == b or min(len(a), len(b)) < LONG or _FORMULA.findall(a) != _FORMULA.findall(b):
        return a == b
    match = SequenceMatcher(None, a, b)
    return match.real_quick_ratio() > SIMILAR and match.quick_ratio() > SIMILAR and match.ratio() > SIMILAR
