"""Text that people hand in: which encoding it has, and LaTeX that an editor's escapes have bitten."""

from __future__ import annotations

import re
from typing import Any

HUGE = 4_096  # bits of a whole number

# In "\frac" TOML and Python read a form feed, in "\theta" a tab. What follows tells LaTeX from layout.
_BITTEN = re.compile(
    "\b|\f|\a|\v"
    r"|\t(?=heta|imes|ext|anh?\b|au\b|ilde|op\b|o\b|r\b)|\n(?=abla|eq?\b|u\b|ot\b)|\r(?=ho|ight|angle|m\b)"
)
_LETTER = {"\b": r"\b", "\f": r"\f", "\a": r"\a", "\v": r"\v", "\t": r"\t", "\n": r"\n", "\r": r"\r"}


def decode(data: bytes) -> tuple[str, str]:
    """The text, and a remark where it is not in UTF-8 (empty otherwise)."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace"), "is in UTF-16 and was read so; save it as UTF-8 next time"
    if b"\0" in data[:200]:
        order = "le" if data[1:2] == b"\0" else "be"
        return data.decode(
            f"utf-16-{order}", "replace"
        ), "looks like UTF-16 and was read so; save it as UTF-8 next time"
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        remark = f"line {line} is not UTF-8; read as Windows-1252. Check the answers there, and save as UTF-8"
        return data.decode("cp1252", "replace"), remark


def restored(value: Any) -> Any:
    r"""A raw answer with the backslashes put back that an escape swallowed: a form feed and "rac" is \frac.

    Whole numbers beyond any use become text (hexadecimal has no limit): Python refuses to print them.
    """
    if isinstance(value, str):
        return _BITTEN.sub(lambda bite: _LETTER[bite[0]], encodable(value))
    if isinstance(value, int) and value.bit_length() > HUGE:
        return hex(value)
    if isinstance(value, list | tuple):
        return [restored(entry) for entry in value]
    if isinstance(value, dict):
        return {encodable(name): restored(entry) for name, entry in value.items()}
    return value


def encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def same(one: Any, other: Any) -> bool:
    """Do two raw answers say the same, but for spaces and quotes?"""
    return one == other or _bare(one) == _bare(other)


def blank(raw: Any) -> bool:
    """Is there nothing in it?"""
    if isinstance(raw, str):
        return not raw.strip()
    if isinstance(raw, dict):
        return all(map(blank, raw.values()))
    return raw is None or raw is ... or (isinstance(raw, list | tuple) and not raw)


def clip(text: str, length: int = 60) -> str:
    """A text in one line, shortened and quoted, for remarks."""
    line = " ".join(text[: 4 * length].split())
    return f"“{line}”" if len(line) <= length and len(text) <= 4 * length else f"“{line[:length]}…”"


def _bare(raw: Any) -> str:
    return "".join(str(raw).replace("'", "").replace('"', "").split())
