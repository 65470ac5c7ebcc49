r"""LaTeX to MathML Core, which browsers typeset without any script.

latex2mathml builds the tree; here it is tidied (what browsers space or stretch wrongly), checked, and
written out escaped: the converter's own writer passes `\text{<script>}` through as a tag.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element, SubElement, tostring

from latex2mathml.converter import Converter

_ALIASES = {r"{aligned}": r"{split}", r"{gathered}": r"{matrix}", r"\arg\min": r"\argmin", r"\arg\max": r"\argmax"}
_ENVIRONMENT = re.compile(r"\\begin\{(.*?)\}")
_ENVIRONMENTS = {"matrix", "pmatrix", "bmatrix", "vmatrix", "smallmatrix", "array", "cases", "split", "align*"}
_ESCAPED = re.compile(r"\\([_%#&$])")
_BRACKETS = {"(": ")", "[": "]", "|": "|", "‖": "‖", "{": "}"}
_WORD = re.compile(r"[A-Za-z]{2,}")
_NO_OPERAND_AHEAD = set("([{⌊⌈,;=<>≤≥≈≠→⇒+−·×/∈|‖±⊙∝")


@lru_cache(maxsize=4096)
def mathml(latex: str, display: str = "inline") -> str:
    """The formula as a <math> element; one that is not understood as its source in <code class="tex">.

    `display` is inline or block.
    """
    try:
        tree = Converter(display=display).convert_to_element(_known(latex.strip()))
    except Exception:  # the converter raises its own, LookupError, StopIteration and more on what it does not know
        return _source(latex)
    _tidy(tree)
    return tostring(tree, encoding="unicode") if _understood(tree, latex) else _source(latex)


def _source(latex: str) -> str:
    return f'<code class="tex">{escape(latex)}</code>'


def _understood(tree: Element, latex: str) -> bool:
    """The converter drops environments that it does not know, and copies commands and stray & signs."""
    if not set(_ENVIRONMENT.findall(_known(latex))) <= _ENVIRONMENTS:
        return False
    texts = [(element.text or "", element.tag) for element in tree.iter()]
    return not any(text.startswith("\\") or (text == "&" and tag == "mi") for text, tag in texts)


def _known(latex: str) -> str:
    for alias, known in _ALIASES.items():
        latex = latex.replace(alias, known)
    return latex


def _tidy(element: Element) -> None:
    element.text = unescape(element.text) if element.text else element.text
    element.attrib.pop("href", None)
    if element.tag == "mtext":
        element.text = _ESCAPED.sub(r"\1", element.text or "")
    if element.tag == "mo" and _WORD.fullmatch(element.text or ""):
        element.tag = "mi"  # a function's name: as an operator it would stand apart from its argument
    if element.text == "/":
        element.attrib.update(lspace="0", rspace="0")
    for child in element:
        _tidy(child)
    _join_letters(element)
    _sign(element)
    _fence(element)


def _join_letters(row: Element) -> None:
    r"""\mathrm{diag} comes as four upright letters; make them one name."""
    upright = [child.tag == "mi" and child.get("mathvariant") == "normal" for child in row]
    if len(row) > 1 and all(upright):
        name = "".join(child.text or "" for child in row)
        row[:] = []
        SubElement(row, "mi").text = name


def _sign(row: Element) -> None:
    """A minus after an opening bracket, a comma or another operator belongs to its number, without a gap."""
    before = ""
    for child in row:
        if child.tag == "mspace":
            continue
        if child.tag == "mo" and child.text in ("−", "+") and before in _NO_OPERAND_AHEAD:
            child.set("form", "prefix")
        before = (child.text or "") if child.tag == "mo" else "operand"


def _fence(row: Element) -> None:
    """The brackets of a matrix get a row of their own, so that they stretch to it and not to its neighbours."""
    for table in row.findall("mtable"):
        at = list(row).index(table)
        if 0 < at < len(row) - 1 and _BRACKETS.get(row[at - 1].text or "") == row[at + 1].text:
            fenced = Element("mrow")
            fenced.extend(row[at - 1 : at + 2])
            for bracket, form in ((fenced[0], "prefix"), (fenced[2], "postfix")):
                bracket.attrib.update(form=form, stretchy="true", symmetric="true")
            row[at - 1 : at + 2] = [fenced]
