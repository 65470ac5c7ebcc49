"""The same sheet through pdflatex: what instructors would run without Typst."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from pathlib import Path

from markdown_it.tree import SyntaxTreeNode

from assignments.documents.contents import Contents, Question, contents
from assignments.documents.mathematics.lint import markdown_parser
from assignments.sheet import Sheet

_HEAD = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}\usepackage{lmodern,amsmath,amssymb,textcomp}
\makeatletter\def\@oddfoot{\hfil Page \thepage\ of \pageref{end}\hfil}\makeatother
\begin{document}
"""
_RUNS = 2  # "Page 1 of 6" is known after the first one
_SPECIAL = re.compile(r"[\\{}$&#%_^~]")
_WORDS = {"\\": r"\textbackslash{}", "^": r"\^{}", "~": r"\~{}"}
_WRAPPERS = {"strong": "textbf", "em": "emph", "heading": "textbf"}
_UNKNOWN = re.compile(r"[^\x00-\x7f]")  # pdflatex stops at a character that its fonts lack; its time is what counts


def milliseconds(sheets: list[Sheet]) -> float:
    """Per sheet, with the runs of pdflatex that it needs; raises CalledProcessError for one that LaTeX cannot set."""
    with tempfile.TemporaryDirectory() as folder:
        for number, sheet in enumerate(sheets):
            (Path(folder) / f"{number}.tex").write_text(latex(contents(sheet)), "utf-8")
        began = time.perf_counter()
        for number in range(len(sheets)):
            command = ["pdflatex", "-interaction=batchmode", "-halt-on-error", f"{number}.tex"]
            for _ in range(_RUNS):
                subprocess.run(command, cwd=folder, check=True, capture_output=True)
        return 1000 * (time.perf_counter() - began) / len(sheets)


def latex(page: Contents) -> str:
    """The sheet's words, formulas and boxes; no figures."""
    return (
        _HEAD
        + rf"\section*{{{_text(page.title)}}}"
        + "".join(map(_question, page.questions))
        + "\\label{end}\\end{document}\n"
    )


def _question(asked: Question) -> str:
    parts = (
        rf"\par\medskip\noindent\textbf{{{part.number}}} {_markdown(part.prompt)} \hfill {_text(part.points)}\par "
        rf"\noindent{{\small\texttt{{{_text(part.name)}}} {_markdown(part.hint)}}}\par "
        r"\noindent\framebox{\parbox[c][3em]{0.9\textwidth}{~}}" + "\n"
        for part in asked.parts
    )
    return rf"\subsection*{{{asked.number} {_text(asked.title)}}}" + _markdown(asked.prompt) + "".join(parts)


def _markdown(text: str) -> str:
    return _tree(SyntaxTreeNode(markdown_parser().parse(text)))


def _tree(node: SyntaxTreeNode) -> str:
    inner = "".join(map(_tree, node.children))
    match node.type:
        case "text":
            return _text(node.content)
        case "softbreak" | "hardbreak":
            return "\n"
        case "math_inline":
            return f"${_formula(node.content)}$"
        case "math_inline_double" | "math_block":
            return rf"\[{_formula(node.content)}\]"
        case "code_inline" | "fence" | "code_block":
            return rf"\texttt{{{_text(node.content)}}}"
        case "bullet_list" | "ordered_list":
            return rf"\begin{{itemize}}{inner}\end{{itemize}}"
        case "list_item":
            return rf"\item {inner}"
        case "paragraph":
            return inner + "\n\n"
        case "tr":
            return inner + r"\\ "
        case "td" | "th":
            return inner + r"\quad "
        case kind:
            return rf"\{_WRAPPERS[kind]}{{{inner}}}" if kind in _WRAPPERS else inner


def _formula(source: str) -> str:
    return _UNKNOWN.sub("?", source.strip())


def _text(words: str) -> str:
    return _UNKNOWN.sub("?", _SPECIAL.sub(lambda found: _WORDS.get(found[0], "\\" + found[0]), words))
