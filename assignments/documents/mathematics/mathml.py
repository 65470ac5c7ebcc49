"""The tree as MathML Core, which browsers typeset without any script.

Spaces and stretching are written out wherever a browser's guess from its operator dictionary would differ from what
TeX sets: a bracket grows only between left and right, a sign stands close to its number, a function's name apart
from its argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape

from assignments.documents.mathematics.alphabets import styled
from assignments.documents.mathematics.parser import parse
from assignments.documents.mathematics.tables import table
from assignments.documents.mathematics.tree import (
    Accent,
    Fenced,
    Fraction,
    Middle,
    Name,
    Node,
    Number,
    Root,
    Row,
    Script,
    Space,
    Stack,
    Style,
    Symbol,
    Table,
    Text,
)

XMLNS = "http://www.w3.org/1998/Math/MathML"
_OVER = {
    "hat": "^", "widehat": "^", "tilde": "~", "widetilde": "~", "bar": "¯", "overline": "¯", "vec": "→", "dot": "˙",
    "ddot": "¨", "check": "ˇ", "overbrace": "⏞",
}  # fmt: skip
_UNDER = {"underline": "_", "underbrace": "⏟"}
_GROW = {"widehat", "widetilde", "overline", "underline", "overbrace", "underbrace"}
_LETTERS = set("∞∂∇ℓℏℜℑ∅□∠⊤⊥∗†…⋯⋮⋱¬∀∃%#&$_\\")  # signs that stand for themselves, without the space of an operator
_SUMS = set("∑∏⋃⋂")
_OPENING, _CLOSING = set("([{⌊⌈⟨"), set(")]}⌋⌉⟩")
_SIGNS = set("−+±∓")
_CLOSE = {"/": "0", "|": "0", "‖": "0", "!": "0", ".": "0", "∣": "0.278em", ":": "0.278em"}
_SIZES = {"display": 'displaystyle="true" scriptlevel="0"', "text": 'displaystyle="false" scriptlevel="0"'}
_THIN = '<mspace width="0.167em"/>'


@lru_cache(maxsize=4096)
def mathml(latex: str, display: str = "inline") -> str:
    """A LaTeX formula as a <math> element; `display` is inline or block. Raises LintError for what is no formula."""
    return f'<math xmlns="{XMLNS}" display="{display}">{_row(parse(latex).items)}</math>'


def _row(nodes: Sequence[Node], alphabet: str = "") -> str:
    """Things one after another, as one element."""
    inner, before, bars = "", None, 0
    for node in nodes:
        sign = _is_sign(node, before, opened=bars % 2 == 1)
        inner += _gap(before, node) + _element(node, alphabet, sign)
        before = node if not isinstance(node, Space) else before
        bars += _is_bar(node)
    return inner if len(nodes) == 1 else f"<mrow>{inner}</mrow>"


def _gap(before: Node | None, node: Node) -> str:
    """TeX's thin space on both sides of a function's name, but none before a bracket."""
    if isinstance(_core(before), Name):
        bare = isinstance(node, Space | Fenced | Table) or (isinstance(node, Symbol) and not node.char.isalpha())
        return "" if bare else _THIN
    return _THIN if isinstance(_core(node), Name) and _is_operand(before) else ""


def _is_operand(node: Node | None) -> bool:
    core = _core(node)
    if isinstance(core, Symbol):
        return core.char.isalpha() or core.char in _LETTERS or core.char in _CLOSING
    return isinstance(core, Number | Text | Fraction | Root | Fenced | Style | Accent)


def _is_sign(node: Node, before: Node | None, opened: bool) -> bool:
    """Is this plus or minus a sign, with nothing before it to add to? A bar is nothing if it `opened` a norm."""
    if not (isinstance(node, Symbol) and node.char in _SIGNS) or before is None:
        return False
    core = _core(before)
    return isinstance(core, Symbol) and (opened if _is_bar(before) else not _is_operand(core) and core.char not in "!′")


def _is_bar(node: Node | None) -> bool:
    return isinstance(core := _core(node), Symbol) and core.char in "|‖"


def _core(node: Node | None) -> Node | None:
    """What carries scripts, or else the thing itself."""
    return node.base if isinstance(node, Script) else node


def _element(node: Node, alphabet: str = "", sign: bool = False) -> str:
    match node:
        case Row(items):
            return _row(items, alphabet)
        case Symbol(char, _):
            return _symbol(char, alphabet, sign)
        case Number(digits):
            return f"<mn>{styled(digits, alphabet)}</mn>"
        case Name(name, _):
            return f"<mi>{escape(name)}</mi>"
        case Text(text):
            return _words(text, alphabet)
        case Space(ems):
            return f'<mspace width="{ems:.3g}em"/>'
        case Style(name, body):
            return _styled(name, body)
        case Fenced(left, body, right):
            return _fenced(left, _row(body.items) if isinstance(body, Row) else _element(body), right)
        case Middle(char):
            return f'<mo stretchy="true" symmetric="true" lspace="0.278em" rspace="0.278em">{escape(char)}</mo>'
        case Table():
            return _fenced(*table(node, _element))
        case _:
            return _built(node, alphabet)


def _built(node: Fraction | Root | Script | Stack | Accent, alphabet: str) -> str:
    """What is put together of several bodies."""
    match node:
        case Fraction(above, below, size, bar):
            return _fraction(above, below, size, bar)
        case Root(radicand, degree):
            inner = _element(radicand)
            return f"<msqrt>{inner}</msqrt>" if degree is None else f"<mroot>{inner}{_element(degree)}</mroot>"
        case Script(base, below, above):
            return _script(base, below, above, alphabet)
        case Stack(base, over, under):
            return _stack(base, under, over)
        case Accent(mark, body):
            return _accent(mark, _element(body, alphabet))


def _symbol(char: str, alphabet: str, sign: bool) -> str:
    letter = styled(char, alphabet)
    if char.isalpha() and (alphabet == "mathrm" or _is_capital_greek(letter)):
        return f'<mi mathvariant="normal">{letter}</mi>'
    if char.isalpha() or char in _LETTERS:
        return f"<mi>{escape(letter)}</mi>"
    if char in _OPENING or char in _CLOSING:
        form = "prefix" if char in _OPENING else "postfix"
        return f'<mo form="{form}" stretchy="false">{char}</mo>'
    if char in _CLOSE:
        gap = _CLOSE[char]
        return f'<mo stretchy="false" lspace="{gap}" rspace="{gap}">{char}</mo>'
    return f'<mo form="prefix">{char}</mo>' if sign else f"<mo>{escape(char)}</mo>"


def _is_capital_greek(char: str) -> bool:
    return "Α" <= char <= "Ω"


def _words(text: str, alphabet: str) -> str:
    """Words with their spaces at the ends, which a browser would drop; a single upright letter or name is a name."""
    if text.isalpha() and not alphabet:
        return f'<mi mathvariant="normal">{text}</mi>' if len(text) == 1 else f"<mi>{text}</mi>"
    kept = "\u00a0" * text.startswith(" ") + text.strip() + "\u00a0" * (text.endswith(" ") and bool(text.strip()))
    return f"<mtext>{escape(styled(kept, alphabet))}</mtext>"


def _styled(name: str, body: Node) -> str:
    if name in _SIZES:
        return f"<mstyle {_SIZES[name]}>{_element(body)}</mstyle>"
    return _element(body, name)


def _fenced(left: str, body: str, right: str) -> str:
    """A body between brackets that grow with it, in a row of its own, so that nothing else makes them grow."""
    return f"<mrow>{_fence(left, 'prefix')}{body}{_fence(right, 'postfix')}</mrow>"


def _fence(char: str, form: str) -> str:
    return f'<mo form="{form}" stretchy="true" symmetric="true">{escape(char)}</mo>' if char else ""


def _fraction(above: Node, below: Node, size: str, bar: bool) -> str:
    line = "" if bar else ' linethickness="0"'
    fraction = f"<mfrac{line}>{_element(above)}{_element(below)}</mfrac>"
    fraction = fraction if bar else _fenced("(", fraction, ")")
    return f"<mstyle {_SIZES[size]}>{fraction}</mstyle>" if size else fraction


def _script(base: Node, below: Node | None, above: Node | None, alphabet: str) -> str:
    """Scripts to the right; under and over a sum, a limit's name or a brace."""
    under, over = (None if node is None else _element(node) for node in (below, above))
    if isinstance(base, Name) and base.limits:
        name = f'<mo movablelimits="true" lspace="0" rspace="0">{escape(base.name)}</mo>'
        return _around("under", "over", name, under, over)
    if isinstance(base, Accent) and base.mark in ("underbrace", "overbrace"):
        return _around("under", "over", _element(base), under, over)
    if isinstance(base, Symbol) and base.char in _SUMS:
        return _around("under", "over", f"<mo>{base.char}</mo>", under, over)
    return _around("sub", "sup", _element(base, alphabet), under, over)


def _around(low: str, high: str, base: str, below: str | None, above: str | None) -> str:
    """m<low>, m<high> or both, by what there is."""
    tag = "m" + low * (below is not None) + high * (above is not None)
    return f"<{tag}>{base}{below or ''}{above or ''}</{tag}>"


def _stack(base: Node, under: Node | None, over: Node | None) -> str:
    """Marks under and over a base; an arrow is longer than its marks."""
    inner, pad = _element(base), "{}"
    if isinstance(base, Symbol) and base.char in "→←⟶":
        inner, pad = f'<mo stretchy="true">{base.char}</mo>', '<mpadded width="+0.8em" lspace="0.4em">{}</mpadded>'
    low, high = (None if mark is None else pad.format(_element(mark)) for mark in (under, over))
    return _around("under", "over", inner, low, high)


def _accent(mark: str, body: str) -> str:
    sign = f'<mo stretchy="{str(mark in _GROW).lower()}">{_OVER.get(mark) or _UNDER[mark]}</mo>'
    if mark in _UNDER:
        return f'<munder accentunder="true">{body}{sign}</munder>'
    return f'<mover accent="true">{body}{sign}</mover>'
