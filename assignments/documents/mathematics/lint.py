"""Every formula of a Markdown text, checked against the subset."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from assignments.documents.mathematics.parser import parse
from assignments.documents.mathematics.reader import LintError


@cache
def markdown_parser() -> MarkdownIt:
    """The Markdown of exercises: CommonMark without HTML, with tables and formulas between dollars."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(parser, allow_labels=False, double_inline=True)
    return parser


def formulas(text: str) -> list[str]:
    """The LaTeX of every formula of a Markdown text, in order."""
    return [token.content for token in _all(markdown_parser().parse(text)) if token.type.startswith("math_")]


def lint(text: str) -> list[LintError]:
    """What is wrong with the formulas of a Markdown text: one error for each that is outside the subset."""
    return [error for formula in formulas(text) if (error := _problem(formula))]


def _problem(formula: str) -> LintError | None:
    try:
        parse(formula)
    except LintError as error:
        return error
    return None


def _all(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])
