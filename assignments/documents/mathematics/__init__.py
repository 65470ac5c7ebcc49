r"""Formulas: the part of LaTeX that exercises are written in, as a tree.

`parse` reads a formula, `typst` sets it for print, `mathml` for a page, `speech` says it aloud, and `lint` finds in
a Markdown text every formula that is outside the subset. `symbols.py`, `commands.py` and `parser.py` hold what the
subset is.
"""

from __future__ import annotations

from assignments.documents.mathematics.lint import lint
from assignments.documents.mathematics.mathml import mathml
from assignments.documents.mathematics.parser import parse
from assignments.documents.mathematics.reader import LintError
from assignments.documents.mathematics.speech import speech
from assignments.documents.mathematics.typst import typst

__all__ = ["LintError", "lint", "mathml", "parse", "speech", "typst"]
