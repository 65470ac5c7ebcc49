"""Shapes of array code: NumPy and PyTorch agree with every key; how shapes and errors are read and marked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assignments.exports import spellings
from problem_bank import load
from problem_bank.answers import ShapeOrError
from problem_bank.answers.reader import reader
from problem_bank.answers.shape_or_error import ERROR
from problem_bank.errors import Unreadable
from problem_bank.families.tensors._cases import CASES
from problem_bank.families.tensors._convolutions import DOWN, UP
from problem_bank.variant import Variant

COUNTS = {name: len(cases) for name, cases in CASES.items()} | {"conv": len(DOWN) + 1, "conv_transpose": len(UP) + 1}
EVERY = [(name, number) for name, count in COUNTS.items() for number in range(count)]
SIZES = (5, 3, 7, 4, 6)


def drawn(name: str, number: int) -> Variant:
    """An exercise of this line alone."""
    given = {"count": 1, "among": [name], "names": [name], "numbers": [number], "sizes": [SIZES]}
    return load("tensors.shape").draw("", given=given)


def line(variant: Variant) -> tuple[str, dict[str, tuple[int, ...]]]:
    """The code of the first part and the shapes in it, as printed."""
    quoted = variant.text(variant.parts[0].prompt).split("`")[1::2]
    shapes = [tuple(int(n) for n in text.strip("()").split(",") if n.strip()) for text in quoted[2::2]]
    return quoted[0], dict(zip(quoted[1::2], shapes, strict=True))


@pytest.mark.parametrize(("name", "number"), EVERY)
def test_every_line_gives_what_the_key_says(name: str, number: int) -> None:
    """The printed code runs in PyTorch where it holds layers, else in NumPy: its shape, or an error, is the key."""
    variant = drawn(name, number)
    code, shapes = line(variant)
    names: dict[str, Any] = {"np": np} | {array: np.ones(shape) for array, shape in shapes.items()}
    if "nn." in code:
        torch = pytest.importorskip("torch")
        names = {"nn": torch.nn} | {array: torch.ones(shape) for array, shape in shapes.items()}
    key = variant.parts[0].answer.key
    if key[:1] == (ERROR,):
        with pytest.raises((ValueError, RuntimeError)):
            eval(code, names)
    else:
        assert tuple(eval(code, names).shape) == key


PLAIN, FAILS = ShapeOrError((4, 1)), ShapeOrError((ERROR, 3, 5))


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("(4, 1)", (4, 1)), ("4 x 1", (4, 1)), ("torch.Size([4, 1])", (4, 1)), ([4, 1], (4, 1)), ("()", ()),
        ("(4,)", (4,)), ("error 3 5", (ERROR, 3, 5)), ("Error: 5, 3", (ERROR, 3, 5)), ("fails (5 vs 3)", (ERROR, 3, 5)),
        ("does not work, 3 and 5", (ERROR, 3, 5)), ("ValueError 3 5", (ERROR, 3, 5)), ("invalid: 5≠3", (ERROR, 3, 5)),
        ([ERROR, 5, 3], (ERROR, 3, 5)), ("raises an error (3, 5)", (ERROR, 3, 5)), ("shape (4, 1).", (4, 1)),
        ("`(4, 1)`", (4, 1)), ("Size([4, 1])", (4, 1)), ("4-by-1", (4, 1)), ("4X1", (4, 1)), ("{4, 1}", (4, 1)),
        ("it is a 4x1 matrix", (4, 1)), ("vector of 4", (4,)), ("(4, 1,)", (4, 1)), ("`error 3 5`", (ERROR, 3, 5)),
        ("error: 3 does not match 5", (ERROR, 3, 5)), ("shape mismatch, 3 and 5", (ERROR, 3, 5)),
        ("error because 5 != 3", (ERROR, 3, 5)), ("doesn’t fit: 3 vs. 5", (ERROR, 3, 5)), ("err 3x5", (ERROR, 3, 5)),
        ("cannot be broadcast: 3, 5", (ERROR, 3, 5)), ("an error (3 and 5 differ)", (ERROR, 3, 5)),
    ],
)  # fmt: skip
def test_shapes_and_errors_are_read(raw: Any, value: tuple[Any, ...]) -> None:
    """As Python, PyTorch and people write them; the two sizes in any order, and the key plays no part."""
    assert PLAIN.parse(raw) == FAILS.parse(raw) == reader(PLAIN.public()).parse(raw) == value
    assert PLAIN.parse(PLAIN.show(value)) == value


@pytest.mark.parametrize(
    "raw",
    [
        "error",
        "it fails",
        "error 3",
        "error 1 2 3",
        "no error",
        "error or (4, 1)",
        "error 3 5 or (4, 1)",
        "(4, 1), error 3 5",
        "(4, 1) without error",
        [ERROR, True, 5],
        [16**5000, 5],
        [ERROR, 16**5000, 5],
        "",
        2.5,
        "error " + "1" * 5000 + "q",
    ],
)
def test_errors_without_their_reason_are_unreadable(raw: Any) -> None:
    """And so is what says two things at once; the message shows how to write it."""
    with pytest.raises(Unreadable, match="3 5"):
        PLAIN.parse(raw)


def test_an_error_is_enough_where_no_reason_is_asked_for() -> None:
    """With reason=False the two sizes may stay away, or be any."""
    bare = ShapeOrError((ERROR,), reason=False)
    assert all(bare.compare(bare.parse(raw)).right for raw in ("error", "Fails.", "invalid", "error 8 9", [ERROR]))
    assert not bare.compare(bare.parse("(3, 5)")).right


def test_shapes_are_strict_and_wrong_reasons_are_told() -> None:
    """(4,) is not (4, 1); a failure with other sizes is wrong, and the remark says that it does fail."""
    assert not PLAIN.compare((4,)).right
    assert not FAILS.compare((3, 5)).right
    assert "does raise" in FAILS.compare((ERROR, 3, 7)).remark
    assert PLAIN.compare((ERROR, 1, 4)).remark == ""


def test_platforms_take_the_usual_spellings() -> None:
    """Of an error in either order, and of nothing else."""
    spelled = spellings.of(FAILS)
    assert {"error 3 5", "error 5 3", "error: 3, 5"} <= {*spelled}
    assert all(FAILS.compare(FAILS.parse(text)).right for text in spelled)
    assert {PLAIN.parse(text) for text in spellings.of(PLAIN)} == {(4, 1)}


@pytest.mark.parametrize(
    ("name", "number", "raw", "slip"),
    [
        ("add", 1, "(5, 3)", "leading"),
        ("product", 2, "(7,)", "as_matmul"),
        ("centre", 0, "(5, 3)", "kept"),
        ("linear", 1, "(5, 6)", "flattens"),
        ("conv", 0, "(5, 7, 14, 16)", "kernel_ignored"),
        ("conv", 1, "(5, 7, 11, 13)", "padding_once"),
    ],
)
def test_mistakes_are_named(name: str, number: int, raw: str, slip: str) -> None:
    """Shapes aligned at the front, * for @, keepdims imagined, a layer that flattens, kernel and padding."""
    assert slip in drawn(name, number).mark({name: raw})[name].misconceptions


def test_error_everywhere_earns_nothing() -> None:
    """Neither the word alone nor with any two sizes is worth more than chance."""
    variants = [load("tensors.shape").draw(("error", i), level="hard") for i in range(60)]
    for raw in ("error", "error 3 5"):
        scores = [v.score for d in variants for v in d.mark({p.name: raw for p in d.parts}).values()]
        assert sum(scores) <= 0.02 * len(scores)
