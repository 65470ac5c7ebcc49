"""What is arranged for one student's paper: a seat, larger type, more time. The roster's columns say it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from assignments.errors import Problem, SetupError
from assignments.roster import Student

if TYPE_CHECKING:
    from assignments.sheet import Sheet

COLUMNS = ("seat", "large_print", "extra_time")
_YES, _NO = {"yes", "y", "true", "1", "x"}, {"", "no", "n", "false", "0", "-"}
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%?")


@dataclass(frozen=True)
class Arrangements:
    """`extra_time` is the share that comes on top of the time: 1/4 for 25 %."""

    seat: str = ""
    large_print: bool = False
    extra_time: Fraction = Fraction(0)


def arranged(sheet: Sheet, student: Student) -> Sheet:
    """The sheet as this student's paper. Raises SetupError for a column of the roster that cannot be understood."""
    seat, large, extra = (student.extra.get(column, "") for column in COLUMNS)
    if not (seat or large or extra):
        return sheet
    found = Arrangements(seat, _is_large(student, large), _extra_time(student, extra))
    return replace(sheet, arrangements=found)


def seated(students: Iterable[Student]) -> list[Student]:
    """In the order of their seats, where 2 comes before 10; those without a seat at the end, in the roster's order."""
    return sorted(
        students, key=lambda student: (not student.extra.get("seat"), _natural(student.extra.get("seat", "")))
    )


def _natural(seat: str) -> list[tuple[int, str]]:
    """Numbers by their value, and before words."""
    bits = re.findall(r"\d+|\D+", seat.casefold())
    return [(int(bit), "") if bit.isdecimal() else (10**9, bit.strip()) for bit in bits]


def _is_large(student: Student, said: str) -> bool:
    if said.casefold() in _YES | _NO:
        return said.casefold() in _YES
    raise _unclear(student, "large_print", f"{said!r} is neither yes nor no")


def _extra_time(student: Student, said: str) -> Fraction:
    percent = _PERCENT.fullmatch(said)
    if percent:
        return Fraction(percent[1]) / 100
    if said.casefold() in _NO:
        return Fraction(0)
    raise _unclear(student, "extra_time", f"{said!r} is no share of the time; write it as 25%")


def _unclear(student: Student, column: str, said: str) -> SetupError:
    return SetupError(Problem(f"student {student.id}", f"roster column {column}", said))
