"""What students receive: one sheet written as a notebook, a web page, Markdown and an answer form.

Every format is a module of this package with `render(sheet, *, name, course) -> str`, imported when it is used.
"""

from __future__ import annotations

from importlib import import_module

from assignments.sheet import Sheet

FORMATS = {"notebook": ".ipynb", "html": ".html", "markdown": ".md"}
"""The formats to choose from, and the ending of their files."""


def render(format: str, sheet: Sheet, *, name: str = "", course: str = "") -> str:
    """The sheet in this format. Raises KeyError for a format that is not in FORMATS."""
    FORMATS[format]
    return str(import_module(f"{__name__}.{format}").render(sheet, name=name, course=course))
