"""Numbers as students type them: read as they are meant, or refused with the words that were typed."""

from __future__ import annotations

from fractions import Fraction

import pytest

from problem_bank.answers.array import Array
from problem_bank.answers.number import Number
from problem_bank.answers.reading import number
from problem_bank.errors import Unreadable

READ = {
    "1 6/7": Fraction(13, 7), "-1 6/7": Fraction(-13, 7), "2 ½": Fraction(5, 2), "1½": Fraction(3, 2),
    "374 976": 374976, "-12 345 678": -12345678, "189/30 784": Fraction(189, 30784), "- 3 / 4": Fraction(-3, 4),
}  # fmt: skip
REFUSED = ("1 67", "1 2", "12 1000", "1 113/200", "30 784/189", "1 0/3", "4.039 nats", "line 30", "1 1/2/3")


@pytest.mark.parametrize(("typed", "value"), READ.items(), ids=READ)
def test_spaces_keep_their_meaning(typed: str, value: int | Fraction) -> None:
    """One and six sevenths are 13/7, and 374 976 is one number."""
    assert number(typed) == value


@pytest.mark.parametrize("typed", REFUSED)
def test_what_may_mean_two_numbers_is_refused_in_the_typed_words(typed: str) -> None:
    """Two numbers are never run together into a third one, and the message quotes what was typed."""
    with pytest.raises(Unreadable, match=f"“{typed}” "):
        number(typed)


def test_a_number_with_too_few_digits_is_called_close() -> None:
    """Rounded too early is no other mistake, and the feedback says so; far away, and exact keys, get no such word."""
    assert "Close" in Number(2.50708).compare(Fraction("2.5")).remark
    assert not Number(2.50708).compare(Fraction("2.4")).remark
    numbers = Array((1.34453, 1.16254), tolerance=1e-3)
    assert "Close" in numbers.compare(numbers.parse("[1.34, 1.16]")).remark
    assert "Close" not in numbers.compare(numbers.parse("[1.34, 2]")).remark
    assert "Close" not in Array((1000, 2000)).compare((1001, 2001)).remark
