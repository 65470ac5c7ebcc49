"""Proof lines in order: how orders are read, which are right, and what the others earn."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problem_bank.answers import Dependencies, Ordering, Uses
from problem_bank.answers.reader import reader
from problem_bank.errors import Unreadable
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.marking import mark

# a and b begin, c uses a, d uses b and c, e uses d; f and g do not belong.
DIAMOND = Dependencies(((), (), (0,), (1, 2), (3,), None, None))
PROOF = Ordering(DIAMOND, tuple(f"line {letter}" for letter in "abcdefg"))
CHAIN = Ordering(Dependencies(((), (0,), (1,), (2,), (3,), (4,), None, None, None)), tuple("abcdefghi"))

WRITTEN = [
    "b, a, c, d, e",
    "bacde",
    "BACDE",
    ["b", "a", "c", "d", "e"],
    ["b.", "(a)", "c", "d", "e"],
    "b > a > c > d > e",
    "b -> a -> c -> d -> e",
    "b → a ⇒ c → d → e",
    r"$b \to a \to c \to d \to e$",
    "(b), (a), (c), (d), (e)",
    "b) a) c) d) e)",
    "b\na\nc\nd\ne\n",
    "b a c d e.",
    "order = b, a, c, d, e",
    "['b', 'a', 'c', 'd', 'e']",
    "ba, cde",
    "b – a – c – d – e",
    "b;a;c;d;e",
]

UNREADABLE = [
    ("", "nothing to read"),
    ("  ,  ", "nothing to read"),
    ([], "nothing to read"),
    ("a, b, k", "“k” is no line here"),
    ("a then b", "“then” is no line here"),
    ("1, 2, 3", "“1” is no line here"),
    ("a, b, a", "line a stands there twice"),
    ("line a", "“line” is no line here"),
    ([0, 1], "a list stands where"),
    (3, "a number stands where"),
    (True, "a true/false value stands where"),
    (None, "a NoneType stands where"),
    ({"order": "a"}, "a table stands where"),
    ("__import__('os')", "is no line here"),
    ("ab" * 9_000, "stands there twice"),
    ("a, " * 30_000, "characters"),
]


@pytest.mark.parametrize("raw", WRITTEN)
def test_reads_what_students_type(raw: Any) -> None:
    """Letters in order, however they are separated, are one and the same order."""
    assert PROOF.parse(raw) == (1, 0, 2, 3, 4)
    assert PROOF.compare(PROOF.parse(raw)).right


@pytest.mark.parametrize(("raw", "said"), UNREADABLE)
def test_says_what_it_cannot_read(raw: Any, said: str) -> None:
    """An unreadable order names what is strange, at once."""
    started = time.perf_counter()
    with pytest.raises(Unreadable) as error:
        PROOF.parse(raw)
    assert said in str(error.value)
    assert time.perf_counter() - started < 0.1


def test_right_are_exactly_the_orders_that_keep_every_dependency() -> None:
    """Of all orders of all subsets of lines, those are right that a check pair by pair allows, and no other."""
    allowed = {
        order
        for order in permutations(range(5))
        if all(order.index(use) < order.index(line) for use, line in ((0, 2), (1, 3), (2, 3), (3, 4)))
    }
    right = {order for n in range(1, 8) for order in permutations(range(7), n) if PROOF.compare(order).right}
    assert right == allowed
    assert len(allowed) == 3


SHARES = {
    "right": ("a, b, c, d, e", 1, ""),
    "right as well": ("a, c, b, d, e", 1, ""),
    "two lines swapped": ("a, b, d, c, e", Fraction(1, 3), "Line d uses what line c states, which comes later."),
    "the end is missing": ("a, b, c, d", Fraction(2, 3), "some that the proof needs are missing"),
    "a beginning is missing": ("b, c, d, e", Fraction(1, 3), "Line c uses something that none of your lines states."),
    "one line too many": ("a, b, f, c, d, e", Fraction(2, 3), "Line f does not belong here."),
    "two lines too many": ("f, a, b, c, d, e, g", Fraction(1, 3), "Line f does not belong here."),
    "backwards": ("e, d, c, b, a", 0, "Line e uses what line d states, which comes later."),
    "no line that uses another": ("a, b", 0, "some that the proof needs are missing"),
    "only what does not belong": ("f, g", 0, "Line f does not belong here."),
    "everything as shown": ("a, b, c, d, e, f, g", Fraction(1, 3), "Line f does not belong here."),
}


@pytest.mark.parametrize(("raw", "share", "remark"), SHARES.values(), ids=SHARES)
def test_share_and_remark(raw: str, share: Fraction | int, remark: str) -> None:
    """Lines in place less lines out of place, of the lines that use others; the remark tells the first fault."""
    match = PROOF.compare(PROOF.parse(raw))
    assert match.share == share
    assert remark in match.remark
    assert bool(match.remark) == (not match.right)


def test_a_late_slip_costs_what_an_early_one_does() -> None:
    """Two neighbours swapped in a chain cost the same at the start, in the middle and at the end."""
    swapped = [(*range(i), i + 1, i, *range(i + 2, 6)) for i in range(5)]
    assert {CHAIN.compare(order).share for order in swapped} == {Fraction(3, 5)}


def test_chance_earns_next_to_nothing() -> None:
    """The mean share of a random order: of all lines below 1 %, of a chosen number below 3 %, of the right ones 1/6."""
    random, n = Random(1), 4_000

    def mean(draw: Any) -> float:
        return float(sum(CHAIN.compare(tuple(draw())).share for _ in range(n)) / n)

    assert mean(lambda: random.sample(range(9), 9)) < 0.01
    assert mean(lambda: random.sample(range(9), random.randint(1, 9))) < 0.03
    assert mean(lambda: random.sample(range(6), 6)) < 1 / 6


@given(st.permutations(range(7)), st.integers(1, 7))
def test_any_order_is_shown_and_read_back(order: list[int], n: int) -> None:
    """show and parse undo each other; a share is between 0 and 1, and 1 only where right."""
    value = tuple(order[:n])
    assert PROOF.parse(PROOF.show(value)) == value
    match = PROOF.compare(value)
    assert 0 <= match.share <= 1
    assert match.right == (not match.remark)


EXERCISE = Exercise(
    given={},
    prompt="",
    solution="",
    parts=[
        Part("order", "", PROOF, 3, [Slip("sign", Uses(5), "A sign."), Slip("sum", Uses(6), "A sum.")]),
    ],
)
MARKED = {
    "one that does not belong is named, and costs one line": ("a, b, f, c, d, e", ("sign",), 2, "A sign."),
    "two are both named": ("f, a, b, c, d, e, g", ("sign", "sum"), 1, "A sign. Also: A sum."),
    "named although everything else is wrong": ("g, e, d", ("sum",), 0, "A sum."),
    "no misconception, only disorder": ("a, b, d, c, e", (), 1, "Line d uses"),
}


@pytest.mark.parametrize(("raw", "names", "score", "said"), MARKED.values(), ids=MARKED)
def test_lines_that_do_not_belong_are_misconceptions(raw: str, names: tuple[str, ...], score: int, said: str) -> None:
    """Each is named with its feedback; the score is what the order earns, as `compare` charges for them."""
    verdict = mark(EXERCISE, {"order": raw})["order"]
    assert verdict.misconceptions == names
    assert verdict.score == score
    assert said in verdict.feedback
    assert verdict.status == ("partial" if score else "wrong")


def test_the_same_orders_make_the_same_key() -> None:
    """A dependency that follows from others changes nothing; one that is missing, or another line, does."""
    spelled_out = Dependencies(((), (), (0,), (0, 1, 2), (0, 2, 3), None, None))
    looser = Dependencies(((), (), (0,), (2,), (1, 3), None, None))
    larger = Dependencies(((), (), (0,), (1, 2), (3,), (4,), None))
    assert PROOF.agrees(spelled_out)
    assert not PROOF.agrees(looser)
    assert not PROOF.agrees(larger)
    assert not PROOF.agrees(Uses(5))
    assert PROOF.keyed(Uses(5)).agrees(Uses(5))
    assert not PROOF.keyed(Uses(5)).agrees(Uses(6))


BROKEN = {
    "a circle": (((1,), (0,), (0,)), "circle"),
    "a line that uses itself": (((), (0, 1)), "circle"),
    "a line that uses one that does not belong": (((), (0, 2), None), "does not belong"),
    "a line on its own": (((), (0,), ()), "nothing fixes the place of line c"),
}


@pytest.mark.parametrize(("uses", "said"), BROKEN.values(), ids=BROKEN)
def test_dependencies_that_order_nothing_are_refused(uses: Any, said: str) -> None:
    """A key that no order could meet, or that leaves a line without a place, is an error of its author."""
    with pytest.raises(ValueError, match=said):
        Dependencies(uses)


def test_the_public_form_reads_without_the_key() -> None:
    """Options and kind are all that a student's own check needs; the hint depends on nothing else."""
    public = PROOF.public()
    assert public == {"kind": "ordering", "options": PROOF.options}
    blind = reader(public)
    assert blind.show(blind.parse("B > a")) == "b, a"
    assert blind.hint == PROOF.hint
