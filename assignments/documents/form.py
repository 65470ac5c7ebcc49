"""A sheet as answers.toml: one commented table per question, to be filled in."""

from __future__ import annotations

import json
import re

from assignments.documents.contents import Asked, Question, contents
from assignments.sheet import Sheet

FILE = "answers.toml"

_HOW = """\
# Put each answer between its quotes, for instance   size = "3 x 3"
# Numbers and lists may stand without quotes:        n = 12      y = [[1, 2], [3, 4]]
# A text with a backslash needs single quotes:       g = '\\frac{1}{2} x'
# Leave the names and the lines in [brackets] as they are, save the file, and hand it in."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def render(sheet: Sheet, *, name: str = "", course: str = "") -> str:
    """The form as TOML that is valid before and after it is filled in."""
    page = contents(sheet, name=name, course=course)
    heading = " · ".join(bit for bit in (page.title, page.course, page.who) if bit)
    version = [f"version = {json.dumps(page.version)}"] if page.version else []
    tables = [_table(question) for question in page.questions]
    return "\n\n".join([f"# {heading}\n#\n{_HOW}", *version, *tables]) + "\n"


def _table(question: Question) -> str:
    top = [f"# {question.number}. {question.title} ({question.points})", f"[{question.id}]"]
    return "\n".join([*top, *(_entry(part) for part in question.parts)])


def _entry(part: Asked) -> str:
    if part.is_code:
        return f"# {_key(part.name)}: answered in the file {part.file}"
    if not part.fields:
        return f'{_key(part.name)} = ""  # {part.hint}'
    # Dotted keys rather than a [table]: a line added below them still belongs to the question.
    fields = [f'{_key(part.name)}.{_key(field)} = ""' for field in part.fields]
    return "\n".join([f"# {_key(part.name)}: {part.hint}", *fields])


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name)
