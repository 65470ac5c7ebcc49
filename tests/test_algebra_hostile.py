"""Text that wants to run, to hang, or to be equal to everything."""

from __future__ import annotations

import gc
import random
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank.algebra import decide
from problem_bank.errors import Unreadable

DATA: dict[str, list[Any]] = tomllib.loads(
    (Path(__file__).parent / "data" / "hostile_expressions.toml").read_text("utf-8")
)
REPEATED = [entry["text"] * entry["times"] + entry.get("then", "") for entry in DATA.pop("repeated")]
TEXTS = [(kind, text) for kind, texts in DATA.items() for text in texts] + [("repeated", text) for text in REPEATED]
SYMBOLS = {"x": "real", "n": "natural"}
LIMIT = 0.1  # seconds; doubled below for a busy machine
KEYS = ("x + 1", "sin(x) + 1", "relu(x) + 1")


@pytest.fixture(scope="module", autouse=True)
def warm() -> Iterator[None]:
    """Load what is loaded once (mpmath, the primes), and keep what other tests left out of the collector's way."""
    decide("sin(x)^2 + cos(x)^2", "1", symbols=SYMBOLS)
    gc.freeze()  # a full collection of thousands of tests' objects takes half a second of somebody's time
    yield
    gc.unfreeze()


@pytest.mark.parametrize("key", KEYS)
def test_hostile_text_ends_soon_and_is_never_right(key: str) -> None:
    """Each text is unreadable, wrong or undecided, within the limit; nothing else is raised."""
    for kind, text in TEXTS:
        started = time.process_time()
        assert outcome(text, key) is not True, (kind, text[:60])
        assert time.process_time() - started < 2 * LIMIT, (kind, text[:60])


@pytest.mark.parametrize("text", ["0*(x+1)", "0*sin(x)", "x - x", "(x+1) - (1+x)"])
def test_nothing_is_equal_to_zero_but_zero(text: str) -> None:
    """0*(...) is zero, which is right only where zero is the key."""
    assert outcome(text, "0") is True
    assert outcome(text, "x") is False


def test_no_published_prime_is_a_master_key() -> None:
    """Adding a multiple of a large prime, or raising to it, makes an answer wrong: the primes are secret."""
    for prime in (2**61 - 1, 2**62 - 57, 4611686018427388039):
        assert outcome(f"x + 1 + {prime}*x", "x + 1") is False
        assert outcome(f"x + 1 + {prime}", "x + 1") is False


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever the characters, the only exception is Unreadable, and it says something."""
    assert outcome(text, "x + 1") in (True, False, None)


@given(
    st.lists(
        st.sampled_from([*"xn01+-*/^()|,. ", "sin", "e", "²", "\\frac", "{", "}", "//", "max", "½", "√"]), max_size=25
    )
)
@settings(max_examples=300, deadline=None)
def test_any_string_of_tokens_is_read_or_refused(pieces: list[str]) -> None:
    """Also for texts that look like expressions."""
    assert outcome("".join(pieces), "x + 1") in (True, False, None)


def test_random_damage_to_a_right_answer_is_never_accepted_wrongly() -> None:
    """One changed digit makes a number wrong."""
    dice = random.Random(5)
    for _ in range(60):
        digits = [dice.choice("123456789") for _ in range(12)]
        at = dice.randrange(12)
        other = [*digits[:at], dice.choice([d for d in "123456789" if d != digits[at]]), *digits[at + 1 :]]
        assert outcome(f"sin(x) + 0.{''.join(other)}", f"sin(x) + 0.{''.join(digits)}") is False


def outcome(text: str, key: str) -> bool | None:
    """The decision; an unreadable text counts as False."""
    try:
        return decide(text, key, symbols=SYMBOLS).equal
    except Unreadable as error:
        assert str(error)
        return False
