"""The parts, misconceptions, conditions and values that a message of the bank names, and where they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from markscheme.live.source import Place, Source

_REASON = re.compile(r"(?:: |; )([^;:]+?) \(\d+ of \d+\)")  # of DrawFailed
_NAME = re.compile(r"(\w+(?:\.\w+)?)(?:: | leads to| is marked|, as shown)")  # of Disproved, Rejected and the audit
_VALUE = re.compile(r"'(\w+)' is undefined|has no attribute '(\w+)'|^'(\w+)'$|draws no (\w+)")  # of templates, BadGiven


def named(message: str, sources: Sequence[Source]) -> Iterator[Place]:
    """The lines to look at, the likeliest first."""
    for reason in _REASON.findall(message):
        yield from _quoted(reason, sources)
    for name in _NAME.findall(message):
        part, _, slip = name.partition(".")
        yield from _quoted(slip or part, sources)  # in the family
        yield from _quoted(name, sources)  # in its oracle
    for name in filter(None, chain.from_iterable(_VALUE.findall(message))):
        yield from chain.from_iterable(source.within(name) for source in sources)


def _quoted(text: str, sources: Sequence[Source]) -> Iterator[Place]:
    return chain.from_iterable(source.quoted(text) for source in sources)
