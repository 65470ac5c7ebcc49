"""A formula as it stands in a page: MathML, or its source where nobody understands it."""

from __future__ import annotations

from html import escape

from assignments.documents import mathematics


def mathml(latex: str, display: str = "inline") -> str:
    """The formula as a <math> element; one outside the subset as its source in <code class="tex">.

    `display` is inline or block.
    """
    source = f'<code class="tex">{escape(latex)}</code>'
    try:
        return mathematics.mathml(latex.strip(), display) if latex.strip() else source
    except mathematics.LintError:
        return source
