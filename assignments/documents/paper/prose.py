"""Markdown as Typst code: a block that joins texts (as string literals), formulas and calls of known functions."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain, groupby

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from assignments.documents.mathematics import speech, typst
from assignments.documents.mathematics.lint import markdown_parser
from assignments.documents.paper.literal import literal

_WRAPPERS = {"strong": "strong", "em": "emph", "heading": "strong", "blockquote": "quote.with(block: true)"}
_WORDS = {"text", "softbreak"}
_BREAKS = {"hardbreak": "linebreak()", "hr": "line(length: 100%)"}


@lru_cache(maxsize=2048)
def prose(text: str) -> str:
    """Markdown paragraphs as one Typst code block. Raises LintError for a formula outside the subset."""
    return _block(SyntaxTreeNode(markdown_parser().parse(text)).children)


@lru_cache(maxsize=2048)
def line(text: str) -> str:
    """One line of Markdown as one Typst code block."""
    return _block(SyntaxTreeNode(markdown_parser().parseInline(text)).children)


def formula(latex: str, *, display: bool = False) -> str:
    """A LaTeX formula as a Typst equation that is read aloud in words."""
    return f"{'formula-block' if display else 'formula'}({literal(speech(latex))}, ${typst(latex)}$)"


def _block(nodes: list[SyntaxTreeNode]) -> str:
    beside = [None, *nodes], [*nodes[1:], None]  # a blank beside a display would show as an indent
    kept = [n for n, before, after in zip(nodes, *beside, strict=False) if not (_is_blank(n) and _shown(before, after))]
    runs = groupby(kept, key=lambda node: node.type in _WORDS)  # words in one piece are set faster
    codes = [[literal("".join(map(_words, run)))] if plain else [*map(_code, run)] for plain, run in runs]
    return "{" + ";".join(chain.from_iterable(codes)) + "}"


def _words(node: SyntaxTreeNode) -> str:
    return " " if node.type == "softbreak" else node.content


def _is_blank(node: SyntaxTreeNode) -> bool:
    return node.type == "softbreak" or (node.type == "text" and not node.content.strip())


def _shown(*nodes: SyntaxTreeNode | None) -> bool:
    return any(node is not None and node.type == "math_inline_double" for node in nodes)


def _code(node: SyntaxTreeNode) -> str:
    """The Typst expression of one node; of a kind that paper has no form for, what is in it."""
    kind = node.type
    if kind == "paragraph":
        return _paragraph(node)
    if kind.startswith("math_"):
        return formula(node.content, display=kind != "math_inline")
    if kind in ("code_inline", "fence", "code_block"):
        return f"raw({literal(node.content.rstrip(chr(10)))}, block: {str(kind != 'code_inline').lower()})"
    if kind in _BREAKS:
        return _BREAKS[kind]
    if kind == "image":
        return _image(node)
    if kind in _WRAPPERS:
        return f"{_WRAPPERS[kind]}({_block(node.children)})" + ";parbreak()" * (kind == "heading")
    return _structure(node)


def _paragraph(node: SyntaxTreeNode) -> str:
    """In a tight list a paragraph is only its words."""
    hidden = isinstance(node.nester_tokens, tuple) and _opening(node).hidden
    return _block(node.children) if hidden else f"{_block(node.children)};parbreak()"


def _structure(node: SyntaxTreeNode) -> str:
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node)
    if node.type == "table":
        return _table(node)
    if node.type == "link" and str(node.attrs.get("href", "")).startswith(("https://", "http://")):
        return f"link({literal(str(node.attrs['href']))}, {_block(node.children)})"
    return _block(node.children) if node.children else literal(node.content)


def _image(node: SyntaxTreeNode) -> str:
    """A figure by its name, from the pictures around the text; of anything else what it says."""
    said, (scheme, _, name) = literal(node.content), str(node.attrs.get("src", "")).partition(":")
    return f"pictures.at({literal(name)}, default: {said})" if scheme == "figure" else said


def _list(node: SyntaxTreeNode) -> str:
    start = f", start: {int(node.attrs.get('start', 1))}" if node.type == "ordered_list" else ""
    name = "enum" if start else "list"
    return f"{name}({', '.join(_block(item.children) for item in node.children)}{start})"


def _table(node: SyntaxTreeNode) -> str:
    """A table with its header row; every row has as many cells as the header."""
    rows = [[_block(cell.children) for cell in row.children] for part in node.children for row in part.children]
    head, cells = ", ".join(rows[0]), [cell for row in rows[1:] for cell in row]
    return f"table(columns: {len(rows[0])}, table.header({head}), {', '.join(cells)})"


def _opening(node: SyntaxTreeNode) -> Token:
    assert node.nester_tokens  # a paragraph always has an opening and a closing token
    return node.nester_tokens.opening
