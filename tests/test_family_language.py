"""Perplexity and sampling: hand-worked numbers, what always holds, named confusions, follow-through."""

from math import log
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

TABLE = [["1/10", "2/5", "3/10", "1/5"], ["1/2", "1/5", "1/5", "1/10"], ["2/5", "1/10", "1/10", "2/5"]]
SAMPLING = {"a": [9, 4, 1, 16, 25], "T": 2, "k": 2, "P": "3/4", "r": 2}


def perplexity(level: str, **pinned: Any) -> Variant:
    return load("language.perplexity").draw("", level=level, given=pinned)


def sampling(level: str, **pinned: Any) -> Variant:
    return load("language.temperature_top_k").draw("", level=level, given={**SAMPLING, **pinned})


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_bits_by_hand() -> None:
    """Tokens of 1, 2, 3 and 6 bits: 12 bits for the text, 3 for a token, as unsure as among 8."""
    keys = perplexity("easy", p=["1/2", "1/4", "1/8", "1/64"], length=4).exercise.keys()
    assert keys.pop("surprisals") == (1, 2, 3, 6)
    assert keys == pytest.approx({"log_likelihood": -12, "cross_entropy": 3, "perplexity": 8})


def test_a_table_of_bigrams_by_hand() -> None:
    """a b c, then the end: P(b|a), P(c|b), P(end|c), whose product is 0.032."""
    keys = perplexity("hard", table=TABLE, text=[0, 1, 2], length=3).exercise.keys()
    assert keys["p"] == pytest.approx((0.4, 0.2, 0.4))
    assert keys["log_likelihood"] == pytest.approx(log(0.032))
    assert keys["perplexity"] == pytest.approx(0.032 ** (-1 / 3))


@settings(max_examples=25, deadline=None)
@given(vocabulary=st.integers(2, 500), length=st.integers(1, 9))
def test_an_even_model_has_the_perplexity_of_its_vocabulary(vocabulary: int, length: int) -> None:
    """Whatever the length: V, in ln V nats or log2 V bits."""
    keys = perplexity("medium", p=[f"1/{vocabulary}"] * length, length=length).exercise.keys()
    assert keys["perplexity"] == pytest.approx(vocabulary)
    assert 2.0 ** keys["bits"] == pytest.approx(vocabulary)


def test_a_wrong_cross_entropy_is_paid_once() -> None:
    """The sum in place of the mean is named; bits and perplexity that follow from it are consistent."""
    variant = perplexity("medium", p=["1/2", "1/4", "1/5", "1/10", "2/5"])
    total = -log(0.001)
    verdicts = marked(variant, cross_entropy=total, bits=total / log(2), perplexity=1000)
    assert verdicts["cross_entropy"].misconceptions == ("summed",)
    assert verdicts["bits"].status is verdicts["perplexity"].status is Status.CONSISTENT


def test_the_base_of_the_power_is_named() -> None:
    """2 to the nats."""
    variant = perplexity("medium", p=["1/2", "1/4", "1/5", "1/10", "2/5"])
    wrong = 2.0 ** variant.exercise.keys()["cross_entropy"]
    assert marked(variant, perplexity=wrong)["perplexity"].misconceptions == ("wrong_base",)


def test_what_is_no_probability_is_refused() -> None:
    """Zero has no logarithm, and more than one is no probability."""
    for p in ([0, "1/2"], ["3/2", "1/2"]):
        with pytest.raises(BadGiven, match="probabilities above 0"):
            perplexity("medium", p=p, length=2)
    with pytest.raises(BadGiven, match="rows have to sum to 1"):
        perplexity("hard", table=[["1/2"] * 4] * 3, text=[0, 1, 2], length=3)


def test_sampling_by_hand() -> None:
    """At temperature 2 the weights are 3, 2, 1, 4, 5; 5 and 4 are the top two, and 5, 4, 3 reach 3/4 of 15."""
    keys = sampling("medium").exercise.keys()
    assert keys["tempered"] == pytest.approx([v / 15 for v in (3, 2, 1, 4, 5)])
    assert keys["top_k"] == pytest.approx((0, 0, 0, 4 / 9, 5 / 9))
    assert keys["nucleus"] == pytest.approx((3 / 12, 0, 0, 4 / 12, 5 / 12))


def test_the_asked_temperature_by_hand() -> None:
    """25 to 16 becomes 5 to 4 at temperature 2."""
    variant = sampling("hard", words=5, k=3, P="13/20", r="5/4")
    assert variant.exercise.keys()["temperature"] == pytest.approx(2)


def test_filters_keep_what_they_say() -> None:
    """Top-k keeps the k likeliest; the nucleus reaches its mass, and would not without its least likely token."""
    for i in range(40):
        variant = load("language.temperature_top_k").draw(("nucleus", i))
        given_, keys = variant.exercise.given, variant.exercise.keys()
        p, top, nucleus = keys["tempered"], keys["top_k"], keys["nucleus"]
        kept = [q for q, v in zip(p, nucleus, strict=True) if v]
        assert sorted(q for q, v in zip(p, top, strict=True) if v) == sorted(p)[-given_["k"] :]
        assert sum(kept) >= given_["P"] > sum(kept) - min(kept)
        assert sum(top) == pytest.approx(1) == sum(nucleus)


def test_a_threshold_that_is_a_sum_is_refused() -> None:
    """5 and 4 of 15 make exactly 3/5: rounding would decide whether they reach it."""
    with pytest.raises(BadGiven, match=r"P: 0\.6 is the sum"):
        sampling("medium", P="3/5")


@pytest.mark.parametrize(
    ("part", "answer", "name"),
    [
        ("tempered", [v**2 / 979 for v in (9, 4, 1, 16, 25)], "multiplied"),
        ("top_k", [0, 0, 0, 4 / 15, 5 / 15], "not_renormalised"),
        ("top_k", [3 / 5, 2 / 5, 0, 0, 0], "by_place"),
        ("nucleus", [0, 0, 0, 4 / 9, 5 / 9], "below"),
    ],
)
def test_confusions_of_sampling_are_named(part: str, answer: list[float], name: str) -> None:
    """T multiplied, not normalised again, the first tokens in place of the likeliest, one too few."""
    assert name in marked(sampling("medium"), **{part: answer})[part].misconceptions


def test_filters_follow_the_own_distribution() -> None:
    """Filtered rightly from the softmax without temperature: consistent."""
    plain = [v / 55 for v in (9, 4, 1, 16, 25)]
    verdicts = marked(sampling("medium"), tempered=plain, top_k=[0, 0, 0, 16 / 41, 25 / 41])
    assert verdicts["tempered"].misconceptions == ("no_temperature",)
    assert verdicts["top_k"].status is Status.CONSISTENT
