"""A key and a mark scheme as Typst source: right answers, known mistakes, what is earned, worked solutions."""

from __future__ import annotations

from assignments.documents.contents import Contents, contents
from assignments.documents.key import Key, Mistake, answer_keys
from assignments.documents.mark_scheme import general_lines, part_lines
from assignments.documents.paper.literal import literal
from assignments.documents.paper.prose import formula, line, prose
from assignments.documents.paper.sheet import document, question, wrapped
from assignments.sheet import Sheet

KEY = "Key. Not for students before the deadline"
SCHEME = "Mark scheme. Not for students before the results are out"


def key_document(sheet: Sheet, *, name: str = "", course: str = "", large_print: bool = False) -> str:
    """The whole key, without the preamble."""
    page = contents(sheet, name=name, course=course)
    found = []
    for asked, item in zip(page.questions, sheet.items, strict=True):
        files = {part.name for part in asked.parts if part.is_code}
        keys = {part: _key(f"{asked.id}.{part}", key, part in files) for part, key in answer_keys(item).items()}
        solution = f"solution({prose(item.variant.solution)})"
        found.append(question(asked, keys, solution, item.variant.exercise.figures))
    return _whole(page, found, KEY, large_print)


def scheme_document(sheet: Sheet, *, name: str = "", course: str = "", large_print: bool = False) -> str:
    """The whole mark scheme, without the preamble."""
    page, schemes = contents(sheet, name=name, course=course), part_lines(sheet)
    found = [f"key({_list(general_lines(sheet))}, none)"]
    for asked in page.questions:
        parts = {part: f"key({_list(lines)}, none)" for part, lines in schemes[asked.id].items()}
        found.append(question(asked, parts))
    return _whole(page, found, SCHEME, large_print)


def _whole(page: Contents, questions: list[str], note: str, large_print: bool) -> str:
    title = " · ".join(bit for bit in (note.partition(".")[0], page.title, page.who) if bit)
    return document(wrapped(page, "end", questions, note), title=title, author=page.course, large_print=large_print)


def _list(lines: list[str]) -> str:
    return f"list({', '.join(line(entry) for entry in lines)})"


def _key(place: str, key: Key, is_code: bool) -> str:
    value = formula(key.tex) if key.tex else f"par({literal(key.typed)})"
    typed = f"small({{raw({literal(place)});" + f'" typed as ";raw({literal(key.typed)})}})' if key.tex else "none"
    follows = literal(f"After a mistake in an earlier part, what follows from it earns {key.follows}.")
    marks = f"small({follows})" if key.follows else "none"
    slips = f"slips(({''.join(_slip(slip) for slip in key.slips)}))" if key.slips else "none"
    return f"key(answered({value}, {'none' if is_code else typed}, {marks}), {slips})"


def _slip(slip: Mistake) -> str:
    value = formula(slip.tex) if slip.tex else "none"
    earned = f'+" ("+{literal(slip.points)}+")"' if slip.points else ""
    return f"(raw({literal(slip.name)}), {value}, {line(slip.feedback)}{earned}),"
