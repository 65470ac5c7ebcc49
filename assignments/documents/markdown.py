"""A sheet as plain Markdown with LaTeX between dollars."""

from __future__ import annotations

import re

from assignments.documents.contents import Asked, Contents, Question, contents
from assignments.sheet import Sheet
from problem_bank.figures.figure import replaced
from problem_bank.figures.svg import image_tag

HOW = "Write your answers into `answers.toml` under the names shown, and hand that file in."

_SPECIAL = re.compile(r"[\\`*_\[\]<>#+!|~$&]")
_ACTIVE = re.compile(r"([\\`*_$<])")


def render(sheet: Sheet, *, name: str = "", course: str = "") -> str:
    """The whole sheet as one Markdown text."""
    page = contents(sheet, name=name, course=course)
    blocks = [head(page), HOW, *(question(q) for q in page.questions)]
    return "\n\n".join(blocks) + "\n"


def head(page: Contents) -> str:
    """Title, student, facts and instructions."""
    facts = " · ".join(literal(fact) for fact in [page.course, page.who, *page.facts] if fact)
    return _blocks(f"# {page.title}", facts, page.instructions)


def question(asked: Question) -> str:
    """A question: its title, its prompt, and its parts with what to type. Figures are images that hold themselves."""
    title = f"## {asked.number}. {asked.title} ({asked.points})"
    text = _blocks(title, asked.text, asked.prompt, *(_part(asked.id, part) for part in asked.parts))
    return replaced(text, asked.figures, lambda _, figure: image_tag(figure)) if asked.figures else text


def literal(text: str) -> str:
    """A text that stays exactly what it is in any Markdown; for names, which anyone may have typed."""
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)


def _part(question: str, part: Asked) -> str:
    options = "\n".join(f"- ({letter}) {text}" for letter, text in part.options)
    hint = _ACTIVE.sub(r"\\\1", part.hint)
    where = "" if part.is_code else f"*`{question}.{part.name}`:* "
    return _blocks(f"**{part.number}** {part.prompt} ({part.points})", options, where + hint)


def _blocks(*blocks: str) -> str:
    return "\n\n".join(block for block in blocks if block)
