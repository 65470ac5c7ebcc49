"""Attention by hand, masked, counted and placed: hand-worked and published numbers, PyTorch, follow-through."""

from __future__ import annotations

from fractions import Fraction
from math import cos, exp, sin, sqrt
from typing import Any

import pytest

from problem_bank import load
from problem_bank.variant import Variant
from problem_bank.verdict import Status

PINNED: dict[str, Any] = {"Q": [[1, 0], [0, 1]], "K": [[1, 0], [0, 1], [1, 1]], "V": [[1, 0], [0, 2], [3, 1]]}
MASKED: dict[str, Any] = {"a": [[1, 2, 3], [3, 1, 5], [2, 4, 6]], "V": [[4, 0], [0, 8], [6, 6]], "n": 3}


def drawn(name: str, level: str | None = None, **given: Any) -> Variant:
    return load(f"attention.{name}").draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_attention_by_hand() -> None:
    """Scores (1, 0, 1) over the root of 2: two equal weights e^0.707 and one of 1."""
    keys = drawn("by_hand", **PINNED).exercise.keys()
    e = exp(1 / sqrt(2))
    assert keys["S"] == ((1, 0, 1), (0, 1, 1))
    assert keys["A"][0] == pytest.approx((e / (2 * e + 1), 1 / (2 * e + 1), e / (2 * e + 1)))
    assert keys["O"][0] == pytest.approx(((e + 3 * e) / (2 * e + 1), (2 + e) / (2 * e + 1)))


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_attention_is_that_of_torch(level: str) -> None:
    """torch's scaled dot-product attention, on projected tokens too."""
    torch = pytest.importorskip("torch")
    variant = load("attention.by_hand").draw("torch", level=level)
    given, keys = variant.exercise.given, variant.exercise.keys()

    def of(name: str) -> Any:
        return torch.tensor(given[name], dtype=torch.float64)

    q, k, v = (of("X") @ of(f"W_{name}") if given["projected"] else of(name) for name in "QKV")
    expected = torch.nn.functional.scaled_dot_product_attention(q[None], k[None], v[None])[0]
    for row, key in zip(expected.tolist(), keys["O"], strict=True):
        assert row == pytest.approx(key)


def test_forgotten_scaling_is_paid_once() -> None:
    """Weights without the root of d are named; the output by them is consistent."""
    variant, e = drawn("by_hand", **PINNED), exp(1)
    big, small = e / (2 * e + 1), 1 / (2 * e + 1)
    weights = [[big, small, big], [small, big, big]]
    output = [[sum(a * v[j] for a, v in zip(row, PINNED["V"], strict=True)) for j in (0, 1)] for row in weights]
    verdicts = marked(variant, A=weights, O=output)
    assert verdicts["A"].misconceptions == ("unscaled",)
    assert verdicts["O"].status is Status.CONSISTENT


def test_a_causal_mask_by_hand() -> None:
    """The second token weighs (3, 1) as 3/4 and 1/4, the third (2, 4, 6) as 1/6, 1/3, 1/2."""
    keys = drawn("masked", "easy", **MASKED).exercise.keys()
    third = (Fraction(1, 6), Fraction(1, 3), Fraction(1, 2))
    assert keys["A"] == ((Fraction(3, 4), Fraction(1, 4), 0), third)
    assert keys["O"] == ((3, 2), (Fraction(11, 3), Fraction(17, 3)))


@pytest.mark.parametrize(
    ("answer", "slip"),
    [
        ("[[1/3, 1/9, 0], [1/6, 1/3, 1/2]]", "after_softmax"),
        ("[[3/5, 1/5, 1/5], [1/6, 1/3, 1/2]]", "zero_score"),
        ("[[0, 1/6, 5/6], [0, 0, 1]]", "future_only"),
    ],
)
def test_wrong_masks_are_named(answer: str, slip: str) -> None:
    """Hidden too late, with the wrong score, and on the wrong side."""
    assert marked(drawn("masked", "easy", **MASKED), A=answer)["A"].misconceptions == (slip,)


def test_padding_hides_its_own_key_from_everyone() -> None:
    """Token 2 of 4 is padding: its weight is 0 in both rows, and what is left is renormalised."""
    a = [[1, 1, 1, 1], [1, 2, 1, 1], [2, 5, 6, 1], [3, 4, 2, 5]]
    keys = drawn("masked", n=4, a=a, V=[[1, 0], [9, 9], [0, 1], [2, 2]], padded=2, padding=True).exercise.keys()
    assert keys["A"] == ((Fraction(1, 4), 0, Fraction(3, 4), 0), (Fraction(3, 10), 0, Fraction(1, 5), Fraction(1, 2)))


def test_costs_by_hand() -> None:
    """2 sequences, 20 queries, 30 keys of length 8, values of length 10, in 4 bytes; twice as long costs 4 times."""
    given: dict[str, Any] = {"batch": 2, "heads": 1, "lengths": [20, 30], "widths": [8, 10], "bytes": 4, "longer": 2}
    keys = drawn("shapes_and_cost", **given).exercise.keys()
    assert (keys["scores"], keys["output"]) == ((2, 20, 30), (2, 20, 10))
    assert (keys["score_cost"], keys["value_cost"], keys["memory"]) == (9600, 12000, 4800)
    assert keys["grown"] == 4 * (9600 + 12000)


def test_a_linear_cost_is_named() -> None:
    """Who lets the cost grow with the length forgets that queries and keys both grow."""
    given: dict[str, Any] = {"batch": 2, "heads": 1, "lengths": [20, 30], "widths": [8, 10], "bytes": 4, "longer": 3}
    assert marked(drawn("shapes_and_cost", **given), grown="64,800")["grown"].misconceptions == ("linearly",)


def test_the_block_of_the_transformer_paper() -> None:
    """d = 512 with 8 heads and 2048 hidden units: 4 d^2 for attention, 8 d^2 for the rest, 4 d for the norms."""
    keys = drawn("multi_head_counts", groups=8, length=64, biases=0, wide=4).exercise.keys()
    assert keys == {"length": 64, "attention": 4 * 512**2, "feed_forward": 8 * 512**2, "norms": 2048, "total": 3147776}


@pytest.mark.parametrize("biases", [0, 1])
def test_a_block_is_that_of_torch(biases: int) -> None:
    """torch's encoder layer has the same number of parameters."""
    torch = pytest.importorskip("torch")
    keys = drawn("multi_head_counts", groups=4, length=16, biases=biases, wide=2).exercise.keys()
    layer = torch.nn.TransformerEncoderLayer(64, 4, 128, bias=bool(biases))
    norms = 0 if biases else 2 * 64  # without biases, torch leaves them out of the norms as well
    assert sum(p.numel() for p in layer.parameters()) + norms == keys["total"]


def test_a_cache_by_hand() -> None:
    """Llama 2 7B keeps 512 KiB a token: 32 layers, 32 heads of length 128, 2 bytes; 4096 tokens take 2 GiB."""
    given = {"layer_pairs": 16, "length": 128, "groups": 32, "shared": 1, "bytes": 2, "batch": 1, "blocks": 32,
             "memory_blocks": 8}  # fmt: skip
    keys = drawn("kv_cache", "hard", most_shared=1, **given).exercise.keys()
    assert (keys["token"], keys["cache"], keys["longest"]) == (512 * 1024, 2048, 8192)
    assert keys["products"] == 32 * 32 * 4096 * 128


def test_a_cache_without_values_is_paid_once() -> None:
    """Keys alone are named; the cache that follows from them is consistent."""
    given = {"layer_pairs": 16, "length": 128, "groups": 8, "shared": 1, "bytes": 4, "batch": 3, "blocks": 32}
    verdicts = marked(drawn("kv_cache", "easy", **given), token=128 * 1024, cache=1536)
    assert verdicts["token"].misconceptions == ("keys_only",)
    assert verdicts["cache"].status is Status.CONSISTENT


def test_positions_by_hand() -> None:
    """Base 10000 and d = 4 make the frequencies 1 and 1/100."""
    keys = drawn("positional", positions=[3, 5], base=10000).exercise.keys()
    assert keys["p"] == pytest.approx((sin(3), cos(3), sin(0.03), cos(0.03)))
    assert keys["dot"] == pytest.approx(cos(2) + cos(0.02))


@pytest.mark.parametrize("shift", [1, 7])
def test_rotary_scores_depend_on_the_distance_alone(shift: int) -> None:
    """The same query and key, moved along together, have the same score."""
    given = {"q": [1, 2], "k": [3, -1], "theta": "1/10"}
    here = drawn("positional", "hard", positions=[3, 8], **given).exercise.keys()
    there = drawn("positional", "hard", positions=[3 + shift, 8 + shift], **given).exercise.keys()
    assert here["score"] == pytest.approx(there["score"])
    assert here["rq"] != pytest.approx(there["rq"])
