"""Labelled pairs of expressions: the labels hold, and the decider finds them."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from benchmarks.corpus import Pair, pairs
from benchmarks.plain import Text, mp
from benchmarks.reference import POINTS, Reference
from problem_bank.algebra import DOMAINS, decide
from problem_bank.errors import Unreadable

TOPICS = sorted({pair.topic for pair in pairs()})
MISSED = 0.02  # of all decisions may be missed: rejected, left undecided or unreadable
ROUNDS = 2  # decisions draw points at random: no round may be wrong


def test_the_corpus_is_large_and_balanced() -> None:
    """At least 700 pairs, about half of them equal, none of them twice, in all domains."""
    count = Counter(pair.equal for pair in pairs())
    assert sum(count.values()) >= 700
    assert 0.4 < count[True] / sum(count.values()) < 0.6
    keys = Counter((pair.student, pair.key, str(pair.symbols)) for pair in pairs())
    assert [key for key, times in keys.items() if times > 1] == []
    assert {domain for pair in pairs() for domain in pair.symbols.values()} == set(DOMAINS)


@pytest.mark.parametrize("topic", TOPICS)
def test_labels_hold_at_many_points(topic: str) -> None:
    """Equal pairs agree at all of at least 20 random points and at special ones; different pairs differ somewhere.

    The values have 200 digits and come from a reader and an evaluator of their own.
    """
    assert POINTS >= 20
    assert [f"{pair}: {trouble}" for pair in of(topic) if (trouble := Reference(pair).trouble())] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_nothing_wrong_is_accepted(topic: str) -> None:
    """In both directions, at ever new points."""
    wrong = [pair for pair in of(topic) if not pair.equal for _ in range(ROUNDS) if True in both_ways(pair)]
    assert [str(pair) for pair in wrong] == []


@pytest.mark.parametrize("topic", TOPICS)
def test_no_identity_is_refused(topic: str) -> None:
    """What cannot be shown to be equal is undecided, never wrong; in both directions, at ever new points."""
    refused = [pair for pair in of(topic) if pair.equal for _ in range(ROUNDS) if False in both_ways(pair)]
    assert [str(pair) for pair in refused] == []


def test_nearly_everything_is_decided_rightly() -> None:
    """At most 2 % of all pairs are rejected wrongly, undecided or unreadable."""
    missed = [pair for pair in pairs() if decision(pair.student, pair.key, pair) is not pair.equal]
    assert len(missed) <= MISSED * len(pairs()), "\n".join(map(str, missed))


def test_the_second_reader_reads_what_it_should() -> None:
    """Powers from the right, signs after powers, exact decimals, gaps where nothing is defined."""
    point = {"x": mp.mpf(2), "lambda": mp.mpf(3)}
    assert Text("-x^2^3 + 0.1*lambda").value(point) == -256 + mp.mpf(3) / 10
    assert abs(Text("ln(e^2) + floor(log2(8))").value({}) - 5) < mp.mpf(10) ** -150
    for text in ("ln(0)", "sqrt(-1)", "(-1)^(1/2)", "0^(-1)", "asin(2)"):
        with pytest.raises(ArithmeticError):
            Text(text).value({})
    with pytest.raises(ValueError, match="no place"):
        Text("x.real").value(point)


@pytest.mark.parametrize(
    ("student", "key", "equal", "trouble"),
    [
        ("x + 0", "x", False, "no point"),
        ("x + 1", "x", True, "not equal at x ="),
        ("sqrt(x)^2", "x", True, "not equal at x ="),
        ("sign(x)^2", "1", True, "not equal at x = 0"),
        ("ln(-x^2)", "ln(-x^4)", True, "only 0 points"),
    ],
)
def test_wrong_labels_are_found(student: str, key: str, equal: bool, trouble: str) -> None:
    """Each kind of wrong label is told."""
    assert re.search(trouble, Reference(Pair("", student, key, {"x": "real"}, equal, "")).trouble())


def of(topic: str) -> list[Pair]:
    return [pair for pair in pairs() if pair.topic == topic]


def both_ways(pair: Pair) -> set[object]:
    return {decision(pair.student, pair.key, pair), decision(pair.key, pair.plain, pair)}


def decision(student: str, key: str, pair: Pair) -> object:
    """True, False, None for undecided, or what cannot be read."""
    try:
        return decide(student, key, symbols=pair.symbols).equal
    except Unreadable as error:
        return str(error)
