"""Reading what people type for a number, exactly, with caps before any large value exists."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

from problem_bank.errors import Unreadable
from problem_bank.values import Number, is_number, whole

LONGEST = 20_000  # characters of one answer; a 30 x 30 matrix of fractions is far below
DIGITS = 40  # of one number
EXPONENT = 99  # of one number in scientific notation

_PLAIN = str.maketrans("−–—‐⁄∕×✕，；", "----//xx,;")
_SPACES = re.compile(r"[\s\u200b\u2060\ufeff]+")
_VULGAR = {"½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅛": "1/8"}
_NAME = re.compile(r"^[^\W\d][A-Za-z0-9_]*(?:\s?\([\w, .+-]{1,20}\))?\s*(?:=|≈|:)\s*")  # y =, H(x) =, σ(1) =
_LATEX_FRACTION = re.compile(r"^([+-]?)\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}$")
_DECIMAL = re.compile(r"^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d+))?$", re.ASCII)
_GROUPED = re.compile(r"^[+-]?[1-9]\d{0,2}(?:,\d{3})+$", re.ASCII)
_SPACED = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?: \d{3})+(?! ?[\d/])", re.ASCII)  # 374 976
_MIXED = re.compile(r"^([+-]?) ?(\d{1,9})(?: ([1-9]\d? ?/ ?[1-9]\d{0,8})| ?([½⅓⅔¼¾⅕⅛]))$", re.ASCII)  # 1 6/7
_COMMA = re.compile(r"^[+-]?\d+,\d+$", re.ASCII)


def text(raw: Any) -> str:
    """A raw answer as tidy text: length capped, dashes and spaces plain, no dollars, no "y =" in front.

    Raises Unreadable for anything but text and numbers.
    """
    if is_number(raw):
        return str(_capped(raw))
    if isinstance(raw, float):
        return str(raw)
    if not isinstance(raw, str):
        raise Unreadable(f"a {kind_of(raw)} stands where a number or a text is expected")
    if len(raw) > LONGEST:
        raise Unreadable(f"the answer has {len(raw):,} characters; {LONGEST:,} are read at most")
    tidy = _SPACES.sub(" ", raw.translate(_PLAIN)).strip().strip("$").strip()
    return _NAME.sub("", tidy.lstrip("≈~ "), count=1).lstrip("≈~= ")


def number(raw: Any, *, grouped: bool = False) -> Number:
    r"""An exact number from "3/4", "-0.75", "1e-3", "½", "1 6/7", "\frac{3}{4}", "36.4%", 20.0855, ...

    With `grouped`, "78,500" is seventy-eight thousand five hundred (whole numbers only); without,
    it is refused, because it may be either 78500 or 78.5. Raises Unreadable.
    """
    if is_number(raw):
        return _capped(raw)
    typed = text(raw)
    if mixed := _MIXED.match(typed):
        size = Fraction(mixed[2]) + number(mixed[3] or mixed[4])
        return whole(-size if mixed[1] == "-" else size)
    tidy = _without_spaces(typed)
    if not tidy:
        raise Unreadable("there is nothing to read; write a number such as -2 or 3/4")
    for glyph, spelled in _VULGAR.items():
        tidy = spelled if tidy == glyph else tidy
    latex = _LATEX_FRACTION.match(tidy)
    if latex:
        return _ratio(f"{latex[1]}{latex[2]}", latex[3], typed)
    if tidy.endswith("%"):
        return whole(Fraction(_decimal(tidy[:-1].rstrip("\\"), grouped, typed)) / 100)
    head, slash, tail = tidy.partition("/")
    if slash:
        return _ratio(head, tail, typed)
    return _decimal(tidy, grouped, typed)


def kind_of(raw: Any) -> str:
    """The plain name of a raw value's type, for messages."""
    names = {bool: "true/false value", list: "list", tuple: "list", dict: "table", float: "number", int: "number"}
    return names.get(type(raw), type(raw).__name__)


def clip(raw: Any, length: int = 40) -> str:
    """A raw answer shortened and quoted, for messages."""
    shown = raw if isinstance(raw, str) else repr(raw)
    return f"“{shown}”" if len(shown) <= length else f"“{shown[:length]}…”"


def quoted(text: str) -> str:
    """A text on one line, shortened, for messages."""
    return clip(" ".join(text.split()))


def _without_spaces(typed: str) -> str:
    """The text in one piece. Between digits, spaces may only set off thousands: "1 67" is not 167."""
    joined = _SPACED.sub(lambda found: found[0].replace(" ", ""), typed)
    if re.search(r"[0-9] [0-9]", joined):
        raise Unreadable(f"{clip(typed)} may mean several numbers; write one such as -2, 0.75 or 3/4")
    return joined.replace(" ", "")


def _ratio(head: str, tail: str, typed: str) -> Number:
    above, below = _decimal(_bare(head), False, typed), _decimal(_bare(tail), False, typed)
    if below == 0:
        raise Unreadable(f"{clip(typed)} divides by zero")
    return whole(Fraction(above) / Fraction(below))


def _bare(part: str) -> str:
    return part[1:-1] if part.startswith("(") and part.endswith(")") else part


def _decimal(tidy: str, grouped: bool, typed: str) -> Number:
    """The number that `tidy` is, a part of what was `typed`."""
    if _GROUPED.match(tidy):
        if not grouped:
            without, pointed = tidy.replace(",", ""), tidy.replace(",", ".")
            raise Unreadable(f"{clip(tidy)} may mean two numbers; write {without} or {pointed}")
        tidy = tidy.replace(",", "")
    elif _COMMA.match(tidy):
        tidy = tidy.replace(",", ".")
    found = _DECIMAL.match(tidy)
    if not found:
        raise Unreadable(f"{clip(typed)} is not a number I can read; write one such as -2, 0.75 or 3/4")
    if len(tidy) > DIGITS or abs(int(found[1] or 0)) > EXPONENT:
        raise Unreadable(f"{clip(tidy)} is too long or too large for a number here")
    return whole(Fraction(tidy))


def _capped(value: Number) -> Number:
    if abs(value.numerator).bit_length() + value.denominator.bit_length() > 4 * DIGITS:
        raise Unreadable("this number is too long to be an answer here")
    return value
