"""The labelled pairs of expressions and the hostile texts of tests/data, as objects.

A pair: what a student typed, the key, the symbols with their domains, whether the two are equal,
and why that is worth asking. `means` says in plain text what is typed in another style (LaTeX,
Unicode, implicit products), so that the label can be checked without the reader under test;
`witness` names a point where two expressions differ that random points would hardly find.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "tests" / "data"


@dataclass(frozen=True)
class Pair:
    """One labelled pair; `topic` is the name of its file."""

    topic: str
    student: str
    key: str
    symbols: Mapping[str, str]
    equal: bool
    note: str
    means: str = ""
    witness: Mapping[str, str] = field(default_factory=dict)

    @property
    def plain(self) -> str:
        """The student's expression in plain text: every product with *, every function with brackets."""
        return self.means or self.student

    def __str__(self) -> str:
        sign = "=" if self.equal else "≠"
        return f"{self.topic}: {self.student} {sign} {self.key} ({self.note})"


@dataclass(frozen=True)
class Hostile:
    """A hostile text of some class, and a key that it is not equal to."""

    kind: str
    text: str
    key: str
    symbols: Mapping[str, str]

    def __str__(self) -> str:
        shown = self.text if len(self.text) <= 60 else f"{self.text[:60]}… ({len(self.text):,} characters)"
        return f"{self.kind}: {shown!r} against {self.key}"


@cache
def pairs() -> tuple[Pair, ...]:
    """All labelled pairs."""
    return tuple(pair for path in sorted((DATA / "pairs").glob("*.toml")) for pair in _pairs(path))


def _pairs(path: Path) -> Iterator[Pair]:
    content = tomllib.loads(path.read_text("utf-8"))
    for entry in content["pairs"]:
        yield Pair(topic=path.stem, **{"symbols": content["symbols"], **entry})


def hostile() -> Iterator[Hostile]:
    """All hostile texts, each against all keys of its file; made one by one, for some are long."""
    for path in sorted((DATA / "hostile").glob("*.toml")):
        yield from _hostile(path)


def _hostile(path: Path) -> Iterator[Hostile]:
    content = tomllib.loads(path.read_text("utf-8"))
    for kind, entries in content["texts"].items():
        for entry, key in itertools.product(map(_text, entries), content["keys"]):
            yield Hostile(f"{path.stem}, {kind}", entry.replace("KEY", key), key, content["symbols"])


def _text(entry: str | Mapping[str, Any]) -> str:
    """The text itself; or code points; or `first`, `repeat` so many `times`, and `last`."""
    if isinstance(entry, str):
        return entry
    if "codes" in entry:
        return "".join(map(chr, entry["codes"]))
    return f"{entry.get('first', '')}{entry['repeat'] * entry['times']}{entry.get('last', '')}"
