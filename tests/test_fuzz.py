"""Texts made by chance: expressions in all styles of typing, and damaged ones."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.corpus import Pair, pairs
from benchmarks.fuzz import Findings
from benchmarks.mutate import LONGEST, mutated, sources
from problem_bank.algebra import decide
from problem_bank.errors import Unreadable

SYMBOLS = {"x": "real", "y": "real", "a": "positive", "n": "natural"}

Both = tuple[str, str]  # the same expression twice: as someone types it, and in plain text

ATOMS: list[Both] = [
    *((name, name) for name in SYMBOLS), *((str(n), str(n)) for n in (0, 1, 2, 3, 10)), ("0.5", "1/2"), ("½", "1/2"),
    ("π", "pi"), ("\\pi", "pi"), ("e", "exp(1)"), ("1.5e1", "15"), ("\\frac{2}{3}", "2/3"),
]  # fmt: skip
ONE = [
    ("|%s|", "abs(%s)"), ("√(%s)", "sqrt(%s)"), ("\\sqrt{%s}", "sqrt(%s)"), ("\\exp\\left(%s\\right)", "exp(%s)"),
    ("(%s)²", "(%s)^2"), ("\\left(%s\\right)^{-1}", "1/(%s)"), ("sin^2(%s)", "sin(%s)^2"), ("ReLU(%s)", "max(0,%s)"),
    ("\\mathrm{sigmoid}(%s)", "1/(1+exp(-(%s)))"), ("−(%s)", "-(%s)"), ("⌊%s⌋", "floor(%s)"), ("tanh(%s)", "tanh(%s)"),
    ("log(%s)", "ln(%s)"), ("e^{%s}", "exp(%s)"), ("[%s]", "(%s)"), ("sgn(%s)", "sign(%s)"), ("3(%s)", "3*(%s)"),
]  # fmt: skip
TWO = [
    ("(%s)(%s)", "(%s)*(%s)"), ("(%s) · (%s)", "(%s)*(%s)"), ("\\frac{%s}{%s}", "(%s)/(%s)"),
    ("(%s) − (%s)", "(%s)-(%s)"),
    ("%s + %s", "(%s)+(%s)"), ("{%s}÷{%s}", "(%s)/(%s)"), ("\\max(%s, %s)", "max(%s,%s)"), ("min(%s,%s)", "min(%s,%s)"),
    ("(%s) \\cdot (%s)", "(%s)*(%s)"),
]  # fmt: skip


def filled(patterns: list[Both], parts: list[Both]) -> st.SearchStrategy[Both]:
    """One of the patterns, the same parts in both of its forms."""
    typed, plain = (tuple(part[side] for part in parts) for side in (0, 1))
    return st.sampled_from(patterns).map(lambda pattern: (pattern[0] % typed, pattern[1] % plain))


expressions = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: st.one_of(
        inner.flatmap(lambda a: filled(ONE, [a])), st.tuples(inner, inner).flatmap(lambda ab: filled(TWO, list(ab)))
    ),
    max_leaves=6,
)


@given(expressions)
@settings(max_examples=600, deadline=None)
def test_all_styles_mean_the_same(both: Both) -> None:
    """What is typed in LaTeX, Unicode or with implicit products is what is written out plainly."""
    typed, plain = both
    for first, second in ((typed, plain), (plain, typed)):
        assert decided(first, second) is not False


@given(expressions, expressions)
@settings(max_examples=400, deadline=None)
def test_no_two_expressions_are_confused(first: Both, second: Both) -> None:
    """Two expressions are accepted only where the second evaluator finds no difference between them."""
    if decided(first[0], second[1]) is True:
        found = Findings()
        found.check(claim(first, second[1]))
        assert found.troubles == {}


@given(st.randoms(use_true_random=False))
@settings(max_examples=1200, deadline=None)
def test_damaged_texts_are_read_or_refused(dice: random.Random) -> None:
    """The only exception is Unreadable, and what is accepted the second evaluator confirms."""
    found, pair = Findings(), dice.choice(pairs())
    found.judge(mutated(dice.choice((pair.student, pair.key, dice.choice(sources()))), dice), pair)
    assert found.troubles == {}


@given(st.text(max_size=80), st.sampled_from(["x + 1", "sin(x)", "relu(x) + y", "a^n"]))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str, key: str) -> None:
    """Whatever the characters."""
    assert decided(text, key) in (True, False, None)


def test_damage_reaches_readable_texts() -> None:
    """A fair share of the damaged texts can be read, and a few are right: the fuzzing is not in vain."""
    dice, found = random.Random(7), Findings()
    for _ in range(1500):
        pair = dice.choice(pairs())
        text = mutated(dice.choice((pair.student, pair.key)), dice)
        assert len(text) <= LONGEST
        found.judge(text, pair)
    assert found.outcomes["unreadable"] < 0.9 * 1500
    assert found.outcomes["equal"] > 15
    assert found.outcomes["different"] > 150


def test_a_wrong_acceptance_would_be_found() -> None:
    """An acceptance that the second evaluator contradicts is trouble."""
    found = Findings()
    found.check(claim(("|x|", "abs(x)"), "abs(x)"))
    assert found.troubles == {}
    found.check(claim(("|x|", "abs(x)"), "x"))
    assert "accepted wrongly" in str(found.troubles)


def claim(both: Both, key: str) -> Pair:
    """That an expression equals the key."""
    return Pair("drawn", both[0], key, SYMBOLS, True, "", means=both[1])


def decided(student: str, key: str) -> bool | None:
    """The decision; an unreadable text is none."""
    try:
        return decide(student, key, symbols=SYMBOLS).equal
    except Unreadable as error:
        assert str(error)
        return None
