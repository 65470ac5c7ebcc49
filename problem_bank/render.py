"""Texts of exercises: Jinja places that show values as LaTeX, inside Markdown with $...$.

Only the bank's own texts are templates. What a student typed is never one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from problem_bank.tex import decimal, tex


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The text with its places filled; raises jinja2.UndefinedError for a name without value."""
    return _compiled(text).render(values) if "{" in text else text


@cache
def _compiled(text: str) -> Any:
    return _environment().from_string(text)


@cache
def _environment() -> Any:
    from jinja2 import Environment, StrictUndefined

    # Autoescape would turn "<" in LaTeX into "&lt;": escaping is the business of each document writer.
    environment = Environment(undefined=StrictUndefined, finalize=_show, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(decimal=decimal, column=_column)
    return environment


def _show(value: Any) -> Any:
    return value if isinstance(value, str) else tex(value)


def _column(vector: tuple[Any, ...]) -> str:
    """A vector as a column."""
    return tex(tuple((entry,) for entry in vector))
