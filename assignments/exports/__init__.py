"""One draw in the forms of other systems: learning platforms, autograders, gradebooks.

What is asked and what is right is put together in `entries`, once; every format only writes it down. All of these
files are for instructors: they hold keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from assignments.sheet import Sheet

FORMATS = {"moodle": ".xml", "qti": ".zip", "qti12": ".zip"}
"""Formats that are made from sheets alone, and the ending of their file."""


def export(format: str, sheets: Sequence[Sheet]) -> bytes:
    """These sheets, the variants of one assignment, as one file. Raises KeyError for a format not in FORMATS."""
    FORMATS[format]
    data: bytes = import_module(f"{__name__}.{format}").export(sheets)
    return data
