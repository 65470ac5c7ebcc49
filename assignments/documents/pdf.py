"""A sheet as PDF for printing: A4, tagged, the same bytes for the same sheet."""

from __future__ import annotations

from collections.abc import Iterable

from assignments.documents.contents import contents
from assignments.documents.paper.compiler import compiled
from assignments.documents.paper.key import key_document, scheme_document
from assignments.documents.paper.sheet import document, enlarged, pages
from assignments.sheet import Sheet


def render(sheet: Sheet, *, name: str = "", course: str = "", large_print: bool = False) -> bytes:
    """One student's sheet. Raises LintError for a formula that cannot be typeset."""
    page = contents(sheet, name=name, course=course)
    title = " · ".join(bit for bit in (page.title, page.who) if bit)
    large = large_print or sheet.arrangements.large_print
    return compiled(document(pages(page), title=title, author=page.course, large_print=large))


def bundle(sheets: Iterable[tuple[Sheet, str]], *, course: str = "", large_print: bool = False) -> bytes:
    """The sheets of (sheet, name) in one file, in this order, each beginning on the front of a leaf.

    Students for whom large print is arranged have it among the others, too.
    """
    found, bodies = [], []
    for number, (sheet, name) in enumerate(sheets):
        found.append(contents(sheet, name=name, course=course))
        body = pages(found[-1], f"end-{number}")
        bodies.append(enlarged(body) if sheet.arrangements.large_print else body)
    body = '#pagebreak(to: "odd", weak: true)\n'.join(bodies)
    title = found[0].title if found else "No sheets"
    return compiled(document(body, title=title, author=course, large_print=large_print))


def render_key(sheet: Sheet, *, name: str = "", course: str = "", large_print: bool = False) -> bytes:
    """The key of a sheet, for its instructor. Raises LintError for a formula that cannot be typeset."""
    return compiled(key_document(sheet, name=name, course=course, large_print=large_print))


def render_mark_scheme(sheet: Sheet, *, name: str = "", course: str = "", large_print: bool = False) -> bytes:
    """How each part is marked, for whoever marks by hand. Raises LintError as above."""
    return compiled(scheme_document(sheet, name=name, course=course, large_print=large_print))
