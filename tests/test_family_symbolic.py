"""The families that are answered in letters: weight decay, output sizes, receptive fields."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import problem_bank
from problem_bank.variant import Variant
from problem_bank.verdict import Status

L2, SIZE, FIELD = "optimisation.l2_update", "convolution.output_size", "convolution.receptive_field"

# What a real student typed, word by word.
REAL: dict[str, dict[str, Any]] = {
    "optimisation.l2_update": {
        "gradient": "grad_L_data + 2*lambda*theta",
        "update": "(1 - 2*epsilon*lambda)*theta - epsilon*grad_L_data",
    },
    "convolution.output_size": {"output_size": "floor(H/2) x floor(W/2)"},
    "convolution.receptive_field": {"R1": "k x k", "R2": "1 + 2(k-1)", "RL": "1+L(k−1)"},
}
PINNED: dict[str, dict[str, Any]] = {
    "optimisation.l2_update": {
        "coefficient": 1,
        "parameter": "theta",
        "rate": "epsilon",
        "ask": ["gradient", "update"],
    },
    "convolution.output_size": {"operation": "pooling", "k": 2, "s": 2, "p": 0, "d": 1, "letters": True},
    "convolution.receptive_field": {"letters": True, "dilation": 1},
}


def pinned(id: str, **more: Any) -> Variant:
    return problem_bank.load(id).draw("pinned", given={**PINNED[id], **more})


@pytest.mark.parametrize("id", REAL)
def test_the_real_answers_are_right(id: str) -> None:
    """Every part of the pinned question, as a student really answered it."""
    variant = pinned(id)
    assert {part.name for part in variant.parts} == set(REAL[id])
    for verdict in variant.mark(REAL[id]).values():
        assert verdict.status is Status.RIGHT, verdict


@pytest.mark.parametrize("id", REAL)
def test_every_misconception_is_named(id: str) -> None:
    """Answered after right earlier parts, each is recognised, in letters as well."""
    variant = pinned(id)
    keys = variant.exercise.keys()
    for part in variant.parts:
        for slip in part.misconceptions:
            value = slip.worked(keys)
            if value is not None:
                raw = part.answer.show(part.answer.keyed(value).key)
                verdict = variant.mark({**REAL[id], part.name: raw})[part.name]
                assert slip.name in verdict.misconceptions, (part.name, slip.name, verdict)


@pytest.mark.parametrize(
    ("id", "answers", "statuses"),
    [
        # the factor 2 lost, then carried through the update
        (L2, {"gradient": "g + lambda*theta", "update": "theta - epsilon*(g + lambda*theta)"}, "wrong consistent"),
        (L2, {"gradient": "∇L + 2λθ", "update": "θ − ε∇L − 2ελθ"}, "right right"),
        (L2, {"gradient": "0", "update": "theta"}, "wrong wrong"),
        (L2, {"gradient": "2*lambda*theta", "update": "(1 - 2*lambda*epsilon)*theta"}, "wrong consistent"),
        # k + 1 pixels for one layer, carried on
        (FIELD, {"R1": "k+1", "R2": "1+2k", "RL": "1+L k"}, "wrong consistent consistent"),
        (FIELD, {"R1": "(k+1) x (k+1)", "R2": "1+2k", "RL": "1+L k"}, "wrong consistent consistent"),
        (FIELD, {"R1": "3", "R2": "5", "RL": "1+2L"}, "wrong wrong wrong"),
        (FIELD, {"R1": "k", "R2": "2k-1", "RL": "kL-L+1"}, "right right right"),
        (FIELD, {"R1": "k", "R2": "2k", "RL": "L*k"}, "right wrong wrong"),
        (SIZE, {"output_size": "H//2 x W//2"}, "right"),
        (SIZE, {"output_size": "(floor((H-2)/2)+1, floor((W-2)/2)+1)"}, "right"),
        (SIZE, {"output_size": "H/2 x W/2"}, "wrong"),
        (SIZE, {"output_size": "floor(H/2)"}, "wrong"),
        (SIZE, {"output_size": "half of it"}, "unreadable"),
    ],
)  # fmt: skip
def test_pinned_questions_are_marked_like_an_examiner(id: str, answers: dict[str, str], statuses: str) -> None:
    """Equal forms are right; an early slip costs its own mark; nothing follows from a bare number."""
    assert [verdict.status for verdict in pinned(id).mark(answers).values()] == statuses.split()


def test_a_halved_penalty_has_no_two() -> None:
    """With lambda/2 the 2 of the square cancels: the gradient is g + lambda theta."""
    variant = pinned(L2, coefficient=Fraction(1, 2), ask=["gradient", "update", "shrink", "decay"])
    right = {
        "gradient": "g + lambda*theta",
        "update": "(1-epsilon*lambda)theta - epsilon g",
        "shrink": "1 - epsilon*lambda",
        "decay": "theta*(1-epsilon*lambda)^t",
    }
    assert {v.status for v in variant.mark(right).values()} == {Status.RIGHT}
    doubled = variant.mark({**right, "gradient": "g + lambda*theta/2"})
    assert doubled["gradient"].misconceptions == ("no_two",)


def test_the_numeric_step_follows_from_the_students_update() -> None:
    """A wrong update, rightly applied to the numbers, costs only the accuracy mark."""
    given = {"coefficient": 1, "parameter": "theta", "rate": "epsilon", "values": [2, -4], "gradients": [5, 3],
             "rate_value": "1/10", "lambda_value": "1/5", "ask": ["gradient", "update", "shrink", "step"]}  # fmt: skip
    variant = problem_bank.load("optimisation.l2_update").draw("numbers", given=given)
    assert variant.key()["step"] == "[71/50, -207/50]"  # 0.96 * 2 - 0.5 and 0.96 * -4 - 0.3
    own = {
        "gradient": "g + 3*lambda*theta",
        "update": "theta - epsilon*(g + 3*lambda*theta)",
        "shrink": "1 - 3*epsilon*lambda",
    }
    marked = variant.mark({**own, "step": "[1.38, -4.06]"})
    assert [verdict.status for verdict in marked.values()] == ["wrong", "consistent", "consistent", "consistent"]


WINDOWS = [
    (2, 2, 0, 1),
    (3, 1, 1, 1),
    (3, 2, 1, 1),
    (3, 1, 2, 2),
    (3, 3, 1, 2),
    (5, 2, 4, 2),
    (5, 3, 0, 1),
    (2, 1, 0, 1),
]


@pytest.mark.parametrize(("k", "s", "p", "d"), WINDOWS)
def test_output_sizes_in_letters_agree_with_counting(k: int, s: int, p: int, d: int) -> None:
    """The law in letters, proven by counting windows, for every small window."""
    given = {"operation": "convolution", "k": k, "s": s, "p": p, "d": d, "letters": True}
    variant = problem_bank.load("convolution.output_size").draw("letters", given=given)
    known = f"floor((H+2*{p}-{d}*({k}-1)-1)/{s})+1 x floor((W+2*{p}-{d}*({k}-1)-1)/{s})+1"
    assert variant.mark({"output_size": known})["output_size"].status is Status.RIGHT


@pytest.mark.parametrize("d", [1, 2, 3])
def test_receptive_fields_in_letters_hold_for_every_dilation(d: int) -> None:
    """1 + L d (k - 1)."""
    variant = pinned("convolution.receptive_field", dilation=d)
    right = {"R1": f"1+{d}(k-1)", "R2": f"1+2*{d}(k-1)", "RL": f"1+L*{d}*(k-1)"}
    assert {verdict.status for verdict in variant.mark(right).values()} == {Status.RIGHT}
    assert variant.prompt
    assert variant.solution


def test_a_known_network_has_its_known_field() -> None:
    """3x3, pool 2/2, 3x3: fields 3, 4, 8 and jumps 1, 2, 2; fields follow from wrong jumps."""
    given = {"pool": 2, "kernels": [3, 2, 3], "strides": [1, 2, 1], "dilation": [1, 1, 1]}
    variant = problem_bank.load("convolution.receptive_field").draw("known", given=given)
    assert variant.key() == {"jumps": "[1, 2, 2]", "fields": "[3, 4, 8]"}
    marked = variant.mark({"jumps": "[1, 3, 4]", "fields": "[3, 4, 10]"})
    assert [verdict.status for verdict in marked.values()] == ["wrong", "consistent"]
    assert marked["jumps"].misconceptions == ("strides_added",)


@pytest.mark.parametrize("id", REAL)
@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_texts_are_whole(id: str, level: str) -> None:
    """No place is left open, no words run together, and no answer stands in the question."""
    for i in range(10):
        variant = problem_bank.load(id).draw(("texts", i), level=level)
        for text in (variant.prompt, variant.solution, *(variant.text(part.prompt) for part in variant.parts)):
            assert "{{" not in text
            assert "{%" not in text
            assert text.count("$") % 2 == 0
            assert not [word for word in ("kernelis", "imageis", "sideand") if word in text]
