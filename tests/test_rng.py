"""The streams: named, reproducible for ever, replayable."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from problem_bank.errors import BadGiven, Rejected
from problem_bank.rng import Rng


def test_the_bits_never_change() -> None:
    """Recorded values: whoever changes them changes every sheet that was ever handed out."""
    rng = Rng("secret", "tutorial-3a", "ada", "q1", "1")
    assert rng.ints("x", 6, -9, 9) == (2, -8, -2, 0, -7, -6)
    assert rng.shuffle("order", 5) == (4, 2, 1, 0, 3)
    assert rng.choice("c", "abc") == "c"


def test_adding_a_stream_changes_no_other() -> None:
    """A new parameter, or another order of drawing, leaves the old ones as they were."""
    one, two = Rng("k"), Rng("k")
    a = one.int("a", 0, 10**6)
    two.int("new", 0, 10**6)
    assert two.int("a", 0, 10**6) == a


def test_key_parts_are_kept_apart() -> None:
    """("ab", "c") is not ("a", "bc")."""
    assert Rng("ab", "c").int("x", 0, 10**9) != Rng("a", "bc").int("x", 0, 10**9)


def test_neighbouring_keys_share_nothing() -> None:
    """Students 1 and 2 get unrelated streams (a generator seeded with seed + i would not)."""
    draws = [Rng("s", i).ints("x", 4, 0, 10**6) for i in range(200)]
    assert len({value for draw in draws for value in draw}) > 795


def test_draws_are_uniform() -> None:
    """Chi-squared over 7 values and 7,000 draws stays below the 99.99 % quantile (27.9)."""
    counts = Counter(Rng(i).int("x", 0, 6) for i in range(7_000))
    assert sum((counts[v] - 1000) ** 2 / 1000 for v in range(7)) < 27.9


@given(st.integers(-50, 50), st.integers(0, 20), st.text(max_size=5))
def test_draws_stay_in_range(low: int, span: int, key: str) -> None:
    """Both bounds are included, nothing beyond them occurs."""
    assert all(low <= v <= low + span for v in Rng(key).ints("x", 20, low, low + span))


@given(st.lists(st.integers(), min_size=1, max_size=8, unique=True), st.text(max_size=5))
def test_a_shuffle_is_a_permutation(options: list[int], key: str) -> None:
    """Nothing is lost or doubled."""
    assert sorted(Rng(key).sample("s", options, len(options))) == sorted(options)


def test_given_values_replace_draws_and_are_recorded() -> None:
    """Lists become tuples, floats and "3/4" exact."""
    rng = Rng("k", fixed={"x": [[1, 2], [3, 4]], "rate": 0.1, "share": "3/4"})
    assert rng.int_matrix("x", 2, 2, 0, 1) == ((1, 2), (3, 4))
    assert rng.choice("rate", (Fraction(1, 2),)) == Fraction(1, 10)
    assert rng.choice("share", (Fraction(1, 2),)) == Fraction(3, 4)
    assert rng.drawn["x"] == ((1, 2), (3, 4))
    assert not rng.free


@pytest.mark.parametrize(
    ("fixed", "message"),
    [
        ({"x": [1, 2, 3]}, "x: expected 2 entries"),  # too long
        ({"x": "many"}, "x: expected 2 entries"),  # no vector
        ({"x": [1, "a"]}, "expected a number"),  # no number
        ({"x": [[1], [2]]}, "expected a number"),  # too deep
    ],
)
def test_given_values_that_do_not_fit_are_refused(fixed: dict[str, object], message: str) -> None:
    """The message names the parameter and what was expected."""
    with pytest.raises(BadGiven, match=message):
        Rng("k", fixed=fixed).ints("x", 2, 0, 9)


def test_a_given_word_must_be_an_option() -> None:
    """Families branch on words; an unknown one names the known."""
    with pytest.raises(BadGiven, match="'tanh' is none of 'relu'"):
        Rng("k", fixed={"h": "tanh"}).choice("h", ("relu", "elu"))


def test_conditions_bind_draws_but_not_pins() -> None:
    """`require` rejects a draw; what an instructor pinned is taken as it is."""
    drawn, pinned = Rng("k"), Rng("k", fixed={"x": 1})
    drawn.int("x", 1, 1)
    pinned.int("x", 0, 0)
    pinned.require(False, "never")
    with pytest.raises(Rejected, match="never"):
        drawn.require(False, "never")


def test_a_name_is_drawn_once() -> None:
    """Two parameters of one name would be equal; that is a mistake in the family."""
    rng = Rng("k")
    rng.int("x", 0, 9)
    with pytest.raises(ValueError, match="drawn twice"):
        rng.int("x", 0, 9)
