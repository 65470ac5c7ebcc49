"""A figure of an exercise: pure data that says in words all that its drawing shows."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from problem_bank.figures.drawing import Drawing

_PLACE = re.compile(r"!\[((?:[^\]\\]|\\.)*)\]\(figure:(\w+)\)")
_ACTIVE = re.compile(r"([\\`*_\[\]<>&!$])")


@dataclass(frozen=True)
class Figure(ABC):
    """`title` is a few words; `description` says everything that `drawing` shows, for those who do not see it."""

    title: str

    @property
    @abstractmethod
    def description(self) -> str:
        """Sentences, without formulas."""

    @abstractmethod
    def drawing(self) -> Drawing:
        """The marks."""

    @property
    def alternative(self) -> str:
        """Title and description as one text."""
        return f"{self.title}. {self.description}"


Figures = Mapping[str, Figure]


def place(name: str, figure: Figure) -> str:
    """Where a figure stands in Markdown: an image whose text is the alternative and whose address is its name."""
    return f"![{_ACTIVE.sub(_escaped, figure.alternative)}](figure:{name})"


def placed(text: str, figures: Figures) -> dict[str, Figure]:
    """Those of the figures that have a place in the text."""
    return {name: figures[name] for _, name in _PLACE.findall(text) if name in figures}


def replaced(text: str, figures: Figures, write: Callable[[str, Figure], str]) -> str:
    """The text with what `write(name, figure)` gives in each place of a figure; other places stay."""
    return _PLACE.sub(lambda found: write(found[2], figures[found[2]]) if found[2] in figures else found[0], text)


def linked(text: str, figures: Figures, address: Callable[[str], str]) -> str:
    """The text with figures as images under an address of their own, made from the name."""
    return _PLACE.sub(lambda found: f"![{found[1]}]({address(found[2])})" if found[2] in figures else found[0], text)


def _escaped(found: re.Match[str]) -> str:
    """Dollars would start a formula in some readers, backslash or not."""
    return "&#36;" if found[0] == "$" else "\\" + found[0]
