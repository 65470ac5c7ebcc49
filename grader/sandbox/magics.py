"""A notebook cell as plain Python: the lines that only a notebook understands do nothing, and are named.

Valid Python is never touched: a line is looked at only where the parser stumbles over it, so a `%`
within a text or at the start of a continued line stays what it is.
"""

from __future__ import annotations

import ast
import re

_BODY = ("%%time", "%%capture", "%%prun")  # the cell below runs as ever
_LINE = re.compile(r"^(?P<indent>\s*)(?P<magic>[%!?].*|(?:pip|conda)\s.*|[\w.\[\]]+\?{1,2}\s*)$")
_ASSIGNED = re.compile(r"^(?P<target>[\w., \t]+=\s*)(?P<magic>[%!].*)$")  # one way to match: no backtracking
_TIMED = re.compile(r"^%time\s+(?P<statement>.+)$")
_MOST = 100  # lines of one cell that are looked at
_AGAIN = 10  # of those, lines within a block: each has the parser read the block again
_LONGEST = 80  # characters of a line that is named


def plain(source: str) -> tuple[str, list[str]]:
    """The cell as Python, with the same line numbers, and the lines that were left out.

    Text that is no Python for another reason is returned as it is, for the parser to say so.
    """
    first, _, rest = source.lstrip().partition("\n")
    if first.startswith("%%"):
        if first.split()[0] not in _BODY:
            return "", [_named(first)]
        code, below = plain(rest)
        above = source[: len(source) - len(source.lstrip())].count("\n") + 1
        return "\n" * above + code, [_named(first), *below]
    lines, left, start, again = source.split("\n"), dict[int, str](), 0, 0
    while len(left) < _MOST and again < _AGAIN and (found := _stumbles(lines[start:])) is not None:
        number = start + found
        said = "" if number in left else _without(lines, number)
        if not said:
            break
        left[number] = said
        if _stumbles(lines[start:number]) is None:  # what stands above is whole: it is not read again
            start = number
        else:
            again += 1
    return ("\n".join(lines) if left else source), [left[number] for number in sorted(left)]


def _stumbles(lines: list[str]) -> int | None:
    """The line, from 0, where this is no Python."""
    try:
        ast.parse("\n".join(lines))
    except SyntaxError as error:
        return (error.lineno or 1) - 1
    except (ValueError, RecursionError, MemoryError):
        return None
    return None


def _without(lines: list[str], number: int) -> str:
    """Make the magic in this line do nothing; its name, or nothing where there is none."""
    line = lines[number] if number < len(lines) else ""
    if found := _LINE.match(line):
        timed = _TIMED.match(found["magic"])
        lines[number] = found["indent"] + (timed["statement"] if timed else "pass")
    elif found := _ASSIGNED.match(line):
        lines[number] = found["target"] + "None"
    return _named(found["magic"]) if found else ""


def _named(line: str) -> str:
    return line.strip() if len(line) <= _LONGEST else f"{line.strip()[:_LONGEST]}…"
