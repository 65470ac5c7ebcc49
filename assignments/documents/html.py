"""A sheet as a web page: typeset with MathML and CSS alone, so it needs no script, no network and prints well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.dollarmath import dollarmath_plugin

from assignments.documents.contents import contents
from assignments.documents.mathml import mathml
from assignments.sheet import Sheet
from problem_bank.figures.figure import Figures
from problem_bank.figures.svg import inline as picture

_STOPS = ".,;:!?)"
_LONG = 40  # characters of LaTeX that a phone may be too narrow for
_PLACE = re.compile(r'<img src="figure:(\w+)"[^>]*>')
# kinds that a single line on paper holds
_LINES = {"integer", "rational", "number", "shape", "shape or error", "choice", "selection", "blank"}


def render(sheet: Sheet, *, name: str = "", course: str = "") -> str:
    """The sheet as one self-contained page."""
    return str(template("sheet.html.j2").render(page=contents(sheet, name=name, course=course)))


@cache
def template(name: str) -> Any:
    """A template of this package, compiled once; what it prints is escaped unless it is Markup."""
    return _environment().get_template(name)


@lru_cache(maxsize=1024)
def block(text: str) -> Markup:
    """Markdown as HTML paragraphs; raw HTML in it is shown, not obeyed."""
    return Markup(_markdown().render(text))


def illustrated(html: Markup, figures: Figures, place: str) -> Markup:
    """HTML with its figures drawn; `place` is unique on the page, and each figure in it occurs once."""
    return Markup(_PLACE.sub(lambda at: picture(figures[at[1]], f"{place}-{at[1]}"), html)) if figures else html


@lru_cache(maxsize=1024)
def inline(text: str) -> Markup:
    """One line of Markdown as HTML without a paragraph around it."""
    return Markup(_markdown().renderInline(text))


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(Path(__file__).parent / "templates")
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(block=block, inline=inline, illustrated=illustrated)
    environment.filters.update(math=lambda tex: Markup(mathml(tex)))
    environment.tests["short"] = _LINES.__contains__
    return environment


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(parser, allow_labels=False, double_inline=True)
    parser.add_render_rule("math_inline", _inline_math)
    parser.add_render_rule("math_inline_double", _block_math)
    parser.add_render_rule("math_block", _block_math)
    return parser


def _inline_math(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    formula = mathml(tokens[index].content)
    if "<mtable" in formula or len(tokens[index].content) > _LONG:  # it scrolls by itself instead of widening the page
        formula = f'<span class="{"matrix" if "<mtable" in formula else "long"}">{formula}</span>'
    rest = tokens[index + 1].content if index + 1 < len(tokens) else ""
    stops = rest[: len(rest) - len(rest.lstrip(_STOPS))]
    if not stops:
        return formula
    # Browsers would break the line between a formula and its full stop: keep them together.
    tokens[index + 1].content = rest[len(stops) :]
    return f'<span class="kept">{formula}{stops}</span>'


def _block_math(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    return f'<span class="display">{mathml(tokens[index].content, "block")}</span>'
