"""A student's feedback page: what was read, how it was judged, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from assignments.sheet import Item, Sheet
from grader.report.pages import render
from grader.report.report import MarkedPart, MarkedQuestion, Report
from grader.report.results import NULLIFIED
from problem_bank.exercise import Part
from problem_bank.figures.figure import Figure
from problem_bank.verdict import Status

UNSEEN = "This check is hidden; ask your instructors what it saw."


@dataclass(frozen=True)
class Shown:
    """An answer as it was understood: as text, and as LaTeX where it has any. The text of an `option` is Markdown."""

    text: str = ""
    tex: str = ""
    option: bool = False


@dataclass(frozen=True)
class Row:
    """One part on the page. `prompt`, options and, where `teaches`, the feedback are Markdown of the bank;
    all else may hold what a student typed, and is plain text.
    """

    number: str
    prompt: str
    marked: MarkedPart
    teaches: bool
    read: Shown
    typed: str
    key: Shown
    cause: str


@dataclass(frozen=True)
class Section:
    """One question on the page."""

    number: int
    marked: MarkedQuestion
    prompt: str
    rows: tuple[Row, ...]
    solution: str
    figures: Mapping[str, Figure] = field(default_factory=dict)


def feedback_page(report: Report, sheet: Sheet) -> str:
    """The page as HTML that needs nothing else; with keys and solutions where the report says so."""
    items = {item.id: item for item in sheet.items}
    sections = [_section(n, q, items[q.id], report.keys_shown) for n, q in enumerate(report.questions, 1)]
    return page(report, sections)


def page(report: Report, sections: Sequence[Section]) -> str:
    """A feedback page made of these sections."""
    counts = Counter(part.verdict.status for _, part in report.parts())
    tally = [(status.value, counts[status]) for status in Status if counts[status]]
    return render("feedback.html.j2", report=report, sections=sections, tally=tally, share=report.share,
                  nullified=NULLIFIED)  # fmt: skip


def _section(number: int, question: MarkedQuestion, item: Item, keys_shown: bool) -> Section:
    parts = {part.name: part for part in item.variant.parts}
    rows = tuple(
        _row(f"{number}.{i}", marked, parts[marked.verdict.part], item, keys_shown)
        for i, marked in enumerate(question.parts, 1)
    )
    variant = item.variant
    solution, figures = (variant.solution, variant.exercise.figures) if keys_shown else ("", variant.figures)
    return Section(number, question, variant.prompt, rows, solution, figures)


def _row(number: str, marked: MarkedPart, part: Part, item: Item, keys_shown: bool) -> Row:
    marked = marked if keys_shown or not marked.hidden else _unseen(marked)
    verdict, code = marked.verdict, part.answer.kind == "code"
    written = verdict.suggestion is not None
    typed = marked.typed if _bare(marked.typed) != _bare(verdict.reading) else ""
    key = _shown(part, part.answer.show(part.answer.key)) if keys_shown and not code else Shown()
    return Row(
        number=number,
        prompt=item.variant.text(part.prompt),
        marked=marked,
        teaches=bool(verdict.misconceptions) and not (code or written),
        read=_shown(part, verdict.reading),
        typed=typed,
        key=key if verdict.status is not Status.RIGHT else Shown(),
        cause=verdict.cause if part.follow else "",  # parts that do not build on each other have no common cause
    )


def _unseen(marked: MarkedPart) -> MarkedPart:
    """A hidden part as students see it: what it earned, and nothing of what was seen."""
    return replace(marked, verdict=replace(marked.verdict, feedback=UNSEEN, remark="", misconceptions=()))


def _shown(part: Part, reading: str) -> Shown:
    options = part.answer.public().get("options")
    if not reading:
        return Shown()
    try:
        value = part.answer.parse(reading)
        if options and isinstance(value, int):
            option = str(options[value])
            return Shown(option if reading == option else f"{reading}. {option}", option=True)
        return Shown(reading, part.answer.tex(value))
    except Exception:  # what cannot be typeset, for whatever reason, is still shown as text
        return Shown(reading)


def _bare(text: str) -> str:
    return "".join(text.split()).strip("\"'")
