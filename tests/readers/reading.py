"""What every reader gives back: fields that judge a typed answer, and parts left to a person."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape


@dataclass(frozen=True)
class ReadField:
    """`judge` gives the share of the points and the feedback (HTML) for what a student types or chooses."""

    kind: str
    points: float
    judge: Callable[[str], tuple[float, str]]
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadOpen:
    """A part for a person: its points and what the grader is told (HTML)."""

    kind: str
    points: float
    notes: str


@dataclass
class ReadQuestion:
    """One question of one variant as it came back."""

    name: str
    fields: list[ReadField] = field(default_factory=list)
    open: list[ReadOpen] = field(default_factory=list)
    solution: str = ""
    text: str = ""


def words(markdown: str) -> str:
    """Letters and digits outside of formulas: what survives any way of writing a sentence."""
    pictures = re.sub(r"!\[(?:[^\]\\]|\\.)*\]\(figure:\w+\)", " ", markdown)  # files, which test_figures follows
    bare = re.sub(r"\$\$.*?\$\$|\$.*?\$", " ", pictures, flags=re.DOTALL)
    return _bare(re.sub(r"(?m)^\s*\d+\.\s", " ", bare))


def html_words(html: str) -> str:
    """The same of HTML."""
    formulas = r"<math.*?</math>|<code class=\"tex\">.*?</code>|\\\(.*?\\\)|\\\[.*?\\\]"
    return _bare(unescape(re.sub(r"<[^<>]*>", " ", re.sub(formulas, " ", html, flags=re.DOTALL))))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def near(typed: str, value: str, margin: float) -> bool:
    """Is this number within the margin, as computers compare decimals?"""
    try:
        return abs(float(typed) - float(value)) <= margin * (1 + 1e-9) + 1e-12
    except ValueError:
        return False
