"""Other names for the arrays of an exercise, so that the answer in letters is not the same for everyone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ARRAYS = tuple("ABCDFGHPQRTUVWXYZ")
"""Capitals that read as names of matrices: without those of sizes, and E, I, L, O."""
VECTORS = tuple("abcfghpqrstuvwxyz")
"""Small letters that read as names of vectors: without those of indices and sizes, e and o."""

_PLACES = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|(?<![A-Za-z\\'])[A-Za-z](?![A-Za-z])", re.DOTALL)


@dataclass(frozen=True)
class Names:
    """What each letter of the family's own texts is called in this draw: Names("XWG", ("A", "C", "P"))."""

    old: Sequence[str]
    new: tuple[str, ...]

    def __call__(self, text: str) -> str:
        """A formula, or a text with formulas, in the new letters; words, commands and {{ places }} stay."""
        table = self.table
        return _PLACES.sub(lambda found: table.get(found[0], found[0]), text)

    def keys(self, arrays: Mapping[str, Any]) -> dict[str, Any]:
        """What is known by the old letters, by the new ones."""
        return {self.table.get(name, name): value for name, value in arrays.items()}

    @property
    def table(self) -> dict[str, str]:
        """From old to new."""
        return dict(zip(self.old, self.new, strict=True))
