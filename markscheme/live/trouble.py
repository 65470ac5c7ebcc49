"""What is wrong with a family, with the lines to look at."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from markscheme.live.names import named
from markscheme.live.source import Place, Source
from problem_bank.errors import BankError, Crashed, Disproved, DrawFailed, UnknownFamily

PLACES = 3  # at most

ADVICE: dict[type[BaseException], str] = {
    Disproved: "The family and its oracle go two ways to the same value, and one of them is wrong.",
    DrawFailed: "Draw from ranges that meet the condition more often, or build the values so that they meet it.",
}


class TooLong(BaseException):
    """The time for drawing is over. No `except Exception` of a family can hold it up."""


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong: what kind, what exactly, what to do, and where."""

    kind: str
    message: str
    advice: str = ""
    places: tuple[Place, ...] = ()


def of_error(error: BaseException, files: Sequence[Path], others: Iterable[Path] = ()) -> Trouble:
    """What an error says, and where it comes from: named in `files`, the family's own first, or raised in any."""
    wrapped = isinstance(error, Crashed | UnknownFamily) and error.__cause__ is not None
    cause = error.__cause__ if wrapped and error.__cause__ else error
    kind = f"Crashed: {type(cause).__name__}" if isinstance(error, Crashed) and wrapped else type(cause).__name__
    message = cause.msg if isinstance(cause, SyntaxError) else str(cause)
    sources = [Source(file) for file in files]
    places = chain(_syntax(cause), *_searched(cause, message, sources, {*files, *others}))
    return Trouble(kind, message, ADVICE.get(type(error), ""), first(places) or first(_heads(sources)))


def of_message(kind: str, message: str, files: Iterable[Path], advice: str = "") -> Trouble:
    """What was found without an error, and where the parts that it names are written."""
    return Trouble(kind, message, advice, first(named(message, [Source(file) for file in files])))


def _searched(
    cause: BaseException, message: str, sources: Sequence[Source], files: set[Path]
) -> tuple[Iterable[Place], ...]:
    """By the traceback, and by what the message names; first what says more."""
    raised = _raised(cause, files)
    names = _template(cause, sources), named(message, sources)
    return (*names, raised) if isinstance(cause, BankError) else (raised, *names)


def _syntax(cause: BaseException) -> Iterator[Place]:
    if isinstance(cause, SyntaxError) and cause.filename and cause.lineno:
        yield Source(Path(cause.filename)).place(cause.lineno)


def _raised(cause: BaseException, files: set[Path]) -> Iterator[Place]:
    """The lines of these files that the error came through, the innermost first."""
    for frame in reversed(traceback.extract_tb(cause.__traceback__)):
        if Path(frame.filename) in files:
            yield Source(Path(frame.filename)).place(frame.lineno or 1)


def _template(cause: BaseException, sources: Iterable[Source]) -> Iterator[Place]:
    """Where the text stands that is no proper template."""
    text = getattr(cause, "source", None)  # of jinja2.TemplateSyntaxError
    if isinstance(text, str):
        yield from chain.from_iterable(source.quoted(text) for source in sources)


def _heads(sources: Sequence[Source]) -> Iterator[Place]:
    """Where the family begins, when nothing says more."""
    return sources[0].starting(r"@family\(") if sources else iter(())


def first(places: Iterable[Place]) -> tuple[Place, ...]:
    """The first few, each line once."""
    return tuple(islice(dict.fromkeys(places), PLACES))
