"""Derivations as they are written in TOML: lines with what they use, lines that do not belong, and blanks.

A blank is marked in the text of a line, <<name: formula>>; where it is not asked, the formula stands there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from problem_bank.algebra import DOMAINS
from problem_bank.concepts.items import Level, Tag, Text
from problem_bank.errors import BadGiven, BankError

FOLDER = Path(__file__).parents[1] / "families" / "derivations"
BLANK = re.compile(r"<<(\w+):\s*(.+?)\s*>>")

Source = Annotated[str, Field(pattern=r"^[A-Z].* \d+(\.\d+)*(, \d+(\.\d+)*)*$")]


class DerivationError(BankError):
    """Derivation files with mistakes; the message has one line for each."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Line(_Strict):
    """A line of the derivation, and the names of the lines that it uses."""

    name: Tag
    text: Text
    uses: Annotated[tuple[Tag, ...], Field(strict=False)] = ()


class Wrong(_Strict):
    """What does not belong among the lines or into a blank, the misconception behind it, and what to tell of it."""

    text: Text
    misconception: Tag
    feedback: Text


class Blank(_Strict):
    """What is asked of a blank: its formula by choice among wrong ones, or by an expression equal to `answer`.

    `symbols` are the letters of the expression with their domains; `follow` computes the answer from
    earlier blanks by name.
    """

    name: Tag
    wrong: Annotated[tuple[Wrong, ...], Field(min_length=2, max_length=5, strict=False)]
    answer: str = ""
    symbols: dict[str, str] = Field(default_factory=dict)
    follow: str = ""


class Derivation(_Strict):
    """One derivation: what is given, what is shown, and how. A line stands after those that it uses."""

    name: Tag
    title: Text
    source: Source
    level: Level
    setting: Text
    claim: Text
    line: Annotated[tuple[Line, ...], Field(min_length=4, max_length=8, strict=False)]
    distractor: Annotated[tuple[Wrong, ...], Field(min_length=3, max_length=6, strict=False)]
    blank: Annotated[tuple[Blank, ...], Field(min_length=3, strict=False)]

    @property
    def blanks(self) -> dict[str, Blank]:
        """The blanks by name, in the order of the lines."""
        return {blank.name: blank for blank in self.blank}

    def formula(self, blank: str) -> str:
        """What stands in a blank, as Markdown."""
        texts = ((line.text, found) for line in self.line for found in BLANK.finditer(line.text))
        text, found = next((text, found) for text, found in texts if found[1] == blank)
        return found[2] if _outside(text, found.start()) else f"${found[2]}$"

    @model_validator(mode="after")
    def _lines_fit(self) -> Derivation:
        _once("line", [line.name for line in self.line])
        before: list[str] = []
        for line in self.line:
            strange = sorted(set(line.uses) - set(before))
            if strange:
                raise ValueError(f"line {line.name} uses {', '.join(strange)}, which is no line before it")
            before.append(line.name)
        unused = set(before[:-1]) - set(chain.from_iterable(line.uses for line in self.line))
        if unused:
            raise ValueError(f"no line uses {', '.join(sorted(unused))}; a line that nothing needs does not belong")
        return self

    @model_validator(mode="after")
    def _distractors_fit(self) -> Derivation:
        _once("misconception", [distractor.misconception for distractor in self.distractor])
        _apart([complete(line.text) for line in self.line] + [distractor.text for distractor in self.distractor])
        return self

    @model_validator(mode="after")
    def _blanks_fit(self) -> Derivation:
        marked = [found[1] for line in self.line for found in BLANK.finditer(line.text)]
        names = [blank.name for blank in self.blank]
        _once("blank", names)
        if names != list(dict.fromkeys(marked)):
            raise ValueError(f"the blanks {', '.join(names)} are not those of the lines, in order: {', '.join(marked)}")
        for blank in self.blank:
            _once("misconception", [wrong.misconception for wrong in blank.wrong])
            _apart([blank.answer or self.formula(blank.name), *(wrong.text for wrong in blank.wrong)])
            strange = sorted(set(blank.symbols.values()) - set(DOMAINS))
            if strange or bool(blank.symbols) != bool(blank.answer):
                raise ValueError(f"blank {blank.name}: an answer takes symbols, each with one of {', '.join(DOMAINS)}")
        return self


def complete(text: str) -> str:
    """A line with the formulas of its blanks."""
    return BLANK.sub(lambda found: found[2], text)


def with_blanks(text: str, boxes: Mapping[str, int]) -> str:
    """A line with a numbered box for each of these blanks, and the formulas of the others."""

    def box(found: re.Match[str]) -> str:
        if found[1] not in boxes:
            return found[2]
        sign = rf"\square_{{{boxes[found[1]]}}}"
        return f"${sign}$" if _outside(text, found.start()) else sign

    return BLANK.sub(box, text)


@cache
def derivations() -> dict[str, Derivation]:
    """All derivations by name. Raises DerivationError."""
    found, mistakes = read(FOLDER)
    if mistakes:
        raise DerivationError("\n".join(mistakes))
    return found


def read(folder: Path) -> tuple[dict[str, Derivation], list[str]]:
    """The derivations of this folder by name, and every mistake as "file: place: what is wrong"."""
    found: dict[str, Derivation] = {}
    mistakes: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            data: dict[str, Any] = {"name": path.stem, **tomllib.loads(path.read_text("utf-8"))}
            found[path.stem] = Derivation.model_validate(data)
        except tomllib.TOMLDecodeError as error:
            mistakes.append(f"{path.name}: {error}")
        except ValidationError as error:
            mistakes += [f"{path.name}: {_place(e['loc'])}{_said(e['msg'])}" for e in error.errors()]
    return found, mistakes


def named(name: str, level: str) -> tuple[str, ...]:
    """The name of a pinned derivation, or those of all on this level. Raises BadGiven, naming what there is."""
    known = derivations()
    if name and name not in known:
        raise BadGiven(f"there is no derivation {name!r}; there are {', '.join(known)}")
    return (name,) if name else tuple(each.name for each in known.values() if each.level == level)


def _place(where: tuple[int | str, ...]) -> str:
    """A TOML place such as line[3].uses, counted from 1; nothing for the file as a whole."""
    steps = "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in where)
    return steps.lstrip(".") + ": " if steps else ""


def _said(message: str) -> str:
    return message.removeprefix("Value error, ")


def _outside(text: str, at: int) -> bool:
    """Is this place outside of the dollars?"""
    return text[:at].count("$") % 2 == 0


def _once(what: str, names: Collection[str]) -> None:
    twice = sorted({name for name in names if list(names).count(name) > 1})
    if twice:
        raise ValueError(f"two of them have the {what} {', '.join(twice)}; give one another name")


def _apart(texts: list[str]) -> None:
    _once("text", ["".join(text.split()) for text in texts])
