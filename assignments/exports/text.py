r"""Markdown with LaTeX between dollars as HTML for other systems: formulas as \(...\) for MathJax, or as MathML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache
from html import escape

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from assignments.documents import html
from assignments.documents.mark_scheme import ALSO
from assignments.exports.fields import Block, Field

NOTES = "Key and known mistakes"


@lru_cache(maxsize=4096)
def block(text: str) -> str:
    """Paragraphs of HTML for MathJax; raw HTML in the text is shown, not obeyed."""
    return str(_parser().render(text)).strip()


@lru_cache(maxsize=4096)
def inline(text: str) -> str:
    """One line of HTML for MathJax without a paragraph around it."""
    return str(_parser().renderInline(text))


def block_mathml(text: str) -> str:
    """As `block`, with formulas as MathML."""
    return str(html.block(text)).strip()


def inline_mathml(text: str) -> str:
    """As `inline`, with formulas as MathML."""
    return str(html.inline(text))


def grader_notes(block: Block, formatted: Callable[[str], str] = inline) -> str:
    """What a person needs to mark a part, as HTML: the key and the known mistakes."""
    lines = [f"<li><code>{escape(note.value)}</code>: {formatted(note.feedback)} "
             f"({escape(note.name)}, {float(note.points):g} of {float(block.points):g} points)</li>"
             for note in block.notes]  # fmt: skip
    mistakes = f"<ul>{''.join(lines)}</ul>" if lines else ""
    also = ALSO.get(block.part.answer.kind, "")
    others = f"<p>Also right: {formatted(also)}.</p>" if also else ""
    return f"<p>{NOTES}. <code>{escape(block.key)}</code></p>{others}{mistakes}"


def table(one: Block, rows: Iterable[str]) -> str:
    """The cells of a part as an HTML table, under the names of its columns where it has any."""
    names = "".join(f"<th>{escape(name)}</th>" for name in one.asked.columns)
    head = f"<thead><tr>{names}</tr></thead>" if names else ""
    return f"<table>{head}<tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table>"


def known_mistakes(*fields: Field) -> str:
    """All mistakes of these fields as an HTML list, for platforms that have no place beside each; empty if none."""
    lines = (f"<li>{escape(field.name)}: <code>{escape(mistake.typed)}</code>: {inline(mistake.feedback)}</li>"
             for field in fields for mistake in field.mistakes)  # fmt: skip
    listed = "".join(lines)
    return f"<ul>{listed}</ul>" if listed else ""


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(parser, allow_labels=False, double_inline=True)
    parser.add_render_rule("math_inline", _inline_math)
    parser.add_render_rule("math_inline_double", _block_math)
    parser.add_render_rule("math_block", _block_math)
    return parser


def _inline_math(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    return rf"\({escape(tokens[index].content.strip(), quote=False)}\)"


def _block_math(_: object, tokens: Sequence[Token], index: int, *__: object) -> str:
    return rf"\[{escape(tokens[index].content.strip(), quote=False)}\]"
