"""What students receive: one sheet written as a notebook, a web page, Markdown, a PDF and an answer form.

Every format is a module of this package with `render(sheet, *, name, course)`, imported when it is used.
"""

from __future__ import annotations

from importlib import import_module

from assignments.sheet import Sheet

TEXTS = {"notebook": ".ipynb", "html": ".html", "markdown": ".md"}
"""The formats that are text, and the ending of their files."""

FORMATS = {**TEXTS, "pdf": ".pdf"}
"""The formats to choose from, and the ending of their files."""


def render(format: str, sheet: Sheet, *, name: str = "", course: str = "") -> str:
    """The sheet in this format. Raises KeyError for a format that is not in TEXTS."""
    TEXTS[format]
    return str(import_module(f"{__name__}.{format}").render(sheet, name=name, course=course))


def document(format: str, sheet: Sheet, *, name: str = "", course: str = "", large_print: bool = False) -> bytes:
    """The file of the sheet in this format; `large_print` matters to a PDF. Raises KeyError for one not in FORMATS."""
    if format != "pdf":
        return render(format, sheet, name=name, course=course).encode()
    from assignments.documents import pdf

    return pdf.render(sheet, name=name, course=course, large_print=large_print)
