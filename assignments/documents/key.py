"""The key of a sheet for its instructor: right answers, known mistakes, worked solutions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assignments.documents import markdown
from assignments.documents.contents import Question, contents, points
from assignments.documents.html import template
from assignments.sheet import Item, Sheet
from problem_bank.exercise import Part, Slip
from problem_bank.figures.figure import linked


@dataclass(frozen=True)
class Mistake:
    """A misconception: the value it leads to as LaTeX (empty where it has none here), and what it still earns."""

    name: str
    tex: str
    feedback: str
    points: str


@dataclass(frozen=True)
class Key:
    """The right answer of one part, as LaTeX (empty for words) and as a student would type it.

    `follows` is what an answer still earns that follows from the student's own earlier mistake, if it can.
    """

    tex: str
    typed: str
    slips: tuple[Mistake, ...]
    follows: str = ""


def render_key(sheet: Sheet, format: str = "html", *, name: str = "", course: str = "", pictures: str = "") -> str:
    """The key as a page (format html) or as Markdown for the terminal (format markdown).

    In Markdown figures are words; with a folder for `pictures` they are images there, named by `picture_file`.
    """
    page = contents(sheet, name=name, course=course)
    keys = {item.id: answer_keys(item) for item in sheet.items}
    solutions = {item.id: item.variant.solution for item in sheet.items}
    if format == "html":
        figures = {item.id: item.variant.exercise.figures for item in sheet.items}
        return str(template("key.html.j2").render(page=page, keys=keys, solutions=solutions, figures=figures))
    texts = [_question(q, keys[q.id], solutions[q.id]) for q in page.questions]
    if pictures:
        texts = [_linked(text, item, pictures) for text, item in zip(texts, sheet.items, strict=True)]
    return "\n\n".join([markdown.head(page), "**Key. Not for students before the deadline.**", *texts]) + "\n"


def picture_file(item: Item, name: str) -> str:
    """The name of the file of a figure."""
    return f"{item.variant.family}-{name}.svg"


def answer_keys(item: Item) -> dict[str, Key]:
    """The key of every part of a question, by the part's name."""
    truth = item.variant.exercise.keys()
    return {part.name: _key(part, item, truth) for part in item.variant.parts}


def _key(part: Part, item: Item, truth: dict[str, object]) -> Key:
    answer = part.answer
    slips = [_mistake(slip, part, slip.worked(truth), item.scale) for slip in part.misconceptions]
    follows = points(Fraction(part.points) * item.scale * (1 - part.accuracy)) if part.follow else ""
    return Key(answer.tex(answer.key), answer.show(answer.key), tuple(slips), follows)


def _mistake(slip: Slip, part: Part, value: object, scale: Fraction) -> Mistake:
    earned = Fraction(part.points) * scale * Fraction(slip.credit)
    shown = "" if value is None else part.answer.keyed(value).tex(value)
    return Mistake(slip.name, shown, slip.feedback, points(earned) if earned else "")


def _linked(text: str, item: Item, folder: str) -> str:
    return linked(text, item.variant.exercise.figures, lambda name: folder + picture_file(item, name))


def _question(question: Question, keys: dict[str, Key], solution: str) -> str:
    blocks = [f"## {question.number}. {question.title} ({question.points})", question.text, question.prompt]
    for part in question.parts:
        key = keys[part.name]
        blocks.append(f"**{part.number}** {part.prompt} ({part.points})")
        blocks.append(f"`{question.id}.{part.name}` = `{key.typed}`")
        blocks.append("\n".join(_line(slip) for slip in key.slips))
    return "\n\n".join(block for block in [*blocks, "### Solution", solution.strip()] if block)


def _line(slip: Mistake) -> str:
    value = f" ${slip.tex}$" if slip.tex else ""
    earned = f" ({slip.points})" if slip.points else ""
    return f"- `{slip.name}`{value}: {slip.feedback}{earned}"
