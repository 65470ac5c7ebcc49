"""Tables of steps with carried state, and the families of steps worked by hand: what is peculiar to them."""

from __future__ import annotations

import json
from fractions import Fraction
from math import exp, log
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assignments.documents.contents import contents
from assignments.documents.html import render
from assignments.documents.paper.sheet import room_to_answer
from assignments.exports.grids import grid
from assignments.sheet import draw_sheet
from assignments.spec import Assignment, Question, Spec
from problem_bank import load
from problem_bank.answers import Table
from problem_bank.answers.reader import reader
from problem_bank.errors import BadGiven, Unreadable
from problem_bank.families.perceptron.epoch import LOW, Learning
from problem_bank.values import Vector
from problem_bank.variant import Variant, plain_options
from problem_bank.verdict import Status

COLUMNS = ("z", "class", "w1", "w2", "b")
KEY = ((1, 0, 1, 2, 3), (2, 1, 0, -1, Fraction(1, 2)))


def drawn(family: str, level: str = "medium", **given: Any) -> Variant:
    return load(family).draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


# Reading a table

READABLE: dict[str, Any] = {
    "lists": [[1, 0, 1, 2, 3], [2, 1, 0, -1, 0.5]],
    "a vector in each row": [[1, 0, [1, 2], 3], ["2", 1, (0, "−1"), "½"]],
    "one flat list": [1, 0, 1, 2, 3, 2, 1, 0, -1, "1/2"],
    "lines in a list": ["1, 0, [1, 2], 3", "2, 1, [0, -1], 1/2"],
    "cells by name": [{"z": 1, "class": 0, "w": [1, 2], "b": 3}, {"b": "1/2", "w1": 0, "w2": -1, "z": 2, "class": 1}],
    "lines": "1, 0, [1, 2], 3\n2, 1, [0, −1], 0.5",
    "lines with a head": "z,class,w1,w2,b\n1,0,1,2,3\n2,1,0,-1,1/2\n",
    "semicolons for commas": "1;0;1;2;3\n2;1;0;-1;1/2",
    "semicolons between rows": "1 0 1 2 3; 2 1 0 -1 1/2",
    "nested lists as text": "[[1, 0, [1, 2], 3], [2, 1, [0, -1], 1/2]]",
    "nested lists over several lines": "[\n [1, 0, 1, 2, 3],\n [2, 1, 0, -1, 1/2],\n]",
    "NumPy": "[[1. 0. 1. 2. 3.]\n [2. 1. 0. -1. 0.5]]",
    "LaTeX": r"\begin{pmatrix} 1 & 0 & 1 & 2 & 3 \\ 2 & 1 & 0 & -1 & \frac{1}{2} \end{pmatrix}",
    "Markdown": "| z | class | w1 | w2 | b |\n|---|---|---|---|---|\n| 1 | 0 | 1 | 2 | 3 |\n| 2 | 1 | 0 | -1 | 1/2 |",
    "numbered rows": "step,z,class,w1,w2,b\n1,1,0,1,2,3\n2,2,1,0,-1,1/2",
    "numbered lists as text": "[[1, 1, 0, 1, 2, 3], [2, 2, 1, 0, -1, 0.5]]",
    "named rows": "Step 1: 1, 0, 1, 2, 3\nStep 2: 2, 1, 0, -1, 1/2",
    "a fence": "```csv\nz,class,w1,w2,b\n1,0,1,2,3\n2,1,0,-1,1/2\n```",
    "a NumPy array": "np.array([[1, 0, 1, 2, 3],\n       [2, 1, 0, -1, 0.5]])",
    "a LaTeX table": "\\begin{tabular}{ccccc}\nz & c & w & v & b \\\\ \\hline\n1 & 0 & 1 & 2 & 3 \\\\\n"
    "2 & 1 & 0 & -1 & 1/2 \\\\\n\\end{tabular}",
    "JSON with names": '[{"z": 1, "class": 0, "w": [1, 2], "b": 3}, {"z": 2, "class": 1, "w": [0, -1], "b": 0.5}]',
    "other capitals": [{"Z": 1, "Class": 0, "W_1": 1, "W2": 2, "B": 3}, {"z": 2, "class": 1, "w": [0, -1], "b": 0.5}],
    "columns by name": {"z": [1, 2], "class": [0, 1], "w": [[1, 2], [0, -1]], "b": [3, "1/2"]},
    "colons in the lines": "z: 1, class: 0, w: [1, 2], b: 3\nz: 2, class: 1, w: [0, -1], b: 1/2",
    "names in the lines": "z = 1, class = 0, w = [1, 2], b = 3\nz = 2, class = 1, w = [0, -1], b = 1/2",
}  # fmt: skip


@pytest.mark.parametrize("raw", READABLE.values(), ids=READABLE)
def test_a_table_is_read_however_it_is_written(raw: Any) -> None:
    """Rows as lists, lines or by name; vectors within a row fill its cells. The student's own check reads it alike."""
    table = Table(KEY, columns=COLUMNS)
    assert table.parse(raw) == KEY
    blind = reader(json.loads(json.dumps(plain_options(table.public()))))
    assert blind.show(blind.parse(raw)) == table.show(KEY)


UNREADABLE: dict[str, tuple[Any, str]] = {
    "a cell missing": ("1, 0, 1, 2, 3\n2, 1, 0, -1", "row 2 has 4 entries"),
    "a cell too many": ([[1, 0, 1, 2, 3, 4]], "row 1 has 6 entries"),
    "a word": ("1, yes, 1, 2, 3", "yes"),
    "a column missing": ([{"z": 1, "class": 0, "w": [1, 2]}], "b is missing"),
    "a vector too short": ([{"z": 1, "class": 0, "w": [1], "b": 2}], "fits none of"),
    "an unknown column": ([{"activation": 1}], "activation"),
    "prose": ("I do not know", "no row to read"),
    "nothing": ([], "no row to read"),
    "a number": (3, "a number stands"),
    "true": (True, "true/false"),
    "a column alone": ({"z": [1, 2]}, "class is missing"),
    "a cell twice": ([{"z": 1, "Z": 2, "class": 0, "w": [1, 2], "b": 3}], "given twice"),
    "a vector twice": ([{"z": 1, "class": 0, "w": [1, 2], "w1": 1, "b": 3}], "given twice"),
    "endless": ([["1e400"] * 5] * 2, "too large"),
    "a table": ({"z": 1}, "a table stands where"),
    "too many cells": ("a=1 " * 4000, "too many entries"),
    "code": ("__import__('os').system('true')", "no row to read"),
    "brackets": ("[" * 9999, "no row to read"),
    "a deep nest": ([[[[[[[1]]]]]]], "too deep"),
    "a flood": ("1," * 50_000, "characters"),
    "many rows": ([[1]] * 5000, "stands where a table"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "told"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_table_is_told_where(raw: Any, told: str) -> None:
    """The message names the row, the column or what else stands there."""
    with pytest.raises(Unreadable, match=told):
        Table(KEY, columns=COLUMNS).parse(raw)


# Carried state


def doubled(_: int, before: Vector) -> Vector | None:
    """A rule to test with: the sum of the row before, and twice its second number."""
    return (before[0] + before[1], 2 * before[1]) if any(before) else None


DOUBLES = Table(((1, 1), (2, 2), (4, 4), (8, 8), (16, 16)), columns=("sum", "double"), step=doubled)


@pytest.mark.parametrize(
    ("answer", "share", "remark"),
    [
        ("1 1; 2 2; 4 4; 8 8; 16 16", 1, ""),
        ("1 1; 2 3; 5 6; 11 12; 23 24", "4/5", "Row 2 is the first that goes wrong; 9 of 10"),
        ("1 1; 3 2; 5 4; 9 8; 17 16", "4/5", "Row 2 is the first that goes wrong; 9 of 10"),
        ("1 1; 2 3; 5 6; 0 12; 12 24", "3/5", "Row 2 is the first that goes wrong; 8 of 10"),
        ("1 1; 2 2; 4 4; 8 8", "3/5", "Row 5 is missing; 8 of 10"),
        ("1 1; 0 0; 0 0; 0 0; 0 0", 0, "Row 2 is the first that goes wrong; 2 of 10"),
        ("1 1; 2 2; 4 4; 8 8; 16 16; 32 32", 0, "6 rows; there are fewer steps"),
    ],
)
def test_a_slip_costs_its_own_cells(answer: str, share: Any, remark: str) -> None:
    """What follows from a wrong row counts; a wrong cell costs double, since half of them may be guesses."""
    match = DOUBLES.compare(DOUBLES.parse(answer))
    assert match.share == Fraction(share)
    assert remark in match.remark


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 3), st.integers(0, 3), st.integers(1, 9))
def test_one_slip_in_an_epoch_costs_one_cell(key: int, row: int, column: int, slip: int) -> None:
    """Whatever epoch, wherever a number slips, all later rows worked rightly from it count."""
    part = load("perceptron.epoch").draw(key, level="easy").parts[0]
    answer = part.answer
    assert isinstance(answer, Table)
    assert answer.step is not None
    rows = [list(line) for line in answer.key]
    rows[row][column] += slip
    for at in range(row + 1, len(rows)):
        rows[at] = list(answer.step(at, tuple(rows[at - 1])) or answer.key[at])
    match = answer.compare(tuple(map(tuple, rows)))
    assert "15 of 16" in match.remark
    assert f"Row {row + 1} is the first" in match.remark
    assert 0 < match.share < 1


# The perceptron

AND: dict[str, Any] = {"points": [[1, 2], [-1, 1], [2, -1], [-2, -3]], "targets": [-1, 1, 1, -1], "start": [1, 0, -1]}
EPOCH = [[0, 1, 0, -2, -2], [-4, -1, -1, -1, -1], [-2, -1, 1, -2, 0], [4, 1, 3, 1, -1]]


def test_an_epoch_by_hand() -> None:
    """Every point is a mistake when its turn comes, the first since z = 0 counts as class 1."""
    variant = drawn("perceptron.epoch", "hard", **AND)
    assert variant.exercise.keys() == {"steps": tuple(map(tuple, EPOCH)), "after": (4, -3, 4, -10)}
    coded = AND | {"targets": [0, 1, 1, 0], "coding": "01"}
    assert [row[1] for row in drawn("perceptron.epoch", "hard", **coded).exercise.keys()["steps"]] == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("rows", "slip"),
    [
        ([[0, 1, 0, -2, -2], [-2, -1, 0, 1, 0], [1, 1, 1, 0, -1], [-3, -1, 1, 0, -1]], "not_carried"),
        ([[0, 1, 0, -2, -1], [-3, -1, -1, -1, -1], [-2, -1, 1, -2, -1], [3, 1, 3, 1, -1]], "bias_fixed"),
        ([[0, 1, 2, 2, 0], [0, 1, 2, 2, 0], [2, 1, 2, 2, 0], [-10, -1, 2, 2, 0]], "subtracted"),
        ([[0, 1, -1, -4, -3], [-6, -1, -3, -2, -1], [-5, -1, 1, -4, 1], [11, 1, 5, 2, -1]], "doubled"),
    ],
)
def test_wrong_epochs_are_named_and_keep_what_is_right(rows: list[list[int]], slip: str) -> None:
    """A rule that is wrong throughout is told; the cells that are right or follow count as they are."""
    verdict = marked(drawn("perceptron.epoch", "hard", **AND), steps=rows)["steps"]
    assert verdict.misconceptions == (slip,)
    assert verdict.status in (Status.PARTIAL, Status.WRONG)
    assert verdict.score < verdict.points


def test_what_follows_the_own_last_row_counts() -> None:
    """A slip in the last bias (1 for -1) costs one cell; the activations after it follow."""
    rows = [*EPOCH[:3], [4, 1, 3, 1, 1]]
    verdicts = marked(drawn("perceptron.epoch", "hard", **AND), steps=rows, after=[6, -1, 6, -8])
    assert verdicts["steps"].status is Status.PARTIAL
    assert "Row 4 is the first that goes wrong" in verdicts["steps"].feedback
    assert verdicts["after"].status is Status.CONSISTENT


def test_never_learning_earns_little() -> None:
    """Who claims that every point is right already, so that nothing changes, has only the activations to show."""
    rows = [[0, -1, 1, 0, -1], [-2, 1, 1, 0, -1], [1, 1, 1, 0, -1], [-3, -1, 1, 0, -1]]
    assert marked(drawn("perceptron.epoch", "hard", **AND), steps=rows)["steps"].score <= Fraction(3, 2)
    for draw in range(20):
        variant = load("perceptron.epoch").draw(draw)
        learning = _learning(variant)
        part = variant.parts[0]
        share = part.answer.compare(learning.rows(lambda target, said: 0)).share
        assert share <= Fraction(1, 4)


@pytest.mark.parametrize("level", ["easy", "medium", "hard"])
def test_a_table_without_work_earns_nothing(level: str) -> None:
    """The start copied down, with the targets or one class beside it; zeros; one number; weights of zero."""
    for draw in range(20):
        variant = load("perceptron.epoch").draw(draw, level=level)
        learning, answer = _learning(variant), variant.parts[0].answer
        width, count = len(learning.start), len(learning.points)
        lazy = [[(0, target, *learning.start) for target in learning.targets]]
        lazy += [[(z, said, *learning.start)] * count for z, said in ((0, 1), (1, 1), (-1, learning.low))]
        lazy += [[(number,) * (width + 2)] * count for number in (0, 1, -1)]
        lazy += [[(0, target, *(0,) * width) for target in learning.targets], [(9, 1, *(0,) * (width - 1), 9)] * count]
        assert {answer.compare(tuple(rows)).share for rows in lazy} == {0}


def _learning(variant: Variant) -> Learning:
    asked = variant.exercise.given
    return Learning(asked["points"], asked["targets"], asked["start"], LOW[asked["coding"]], asked["rate"])


def test_a_cell_that_repeats_the_state_before_is_no_work() -> None:
    """It costs where it is wrong, and earns nothing where it is right; without a start every cell counts."""
    key = ((1, 5), (2, 5), (3, 8), (4, 8))
    carried = Table(key, columns=("z", "w"), start=(5,))
    for raw, with_start, without in (("1 5; 2 5; 3 5; 4 5", "1/3", "1/2"), ("1 5; 2 5; 3 8; 4 9", "2/3", "3/4")):
        assert carried.compare(carried.parse(raw)).share == Fraction(with_start)
        assert Table(key, columns=("z", "w")).compare(carried.parse(raw)).share == Fraction(without)


# Counting the updates

TRAINING: dict[str, Any] = {"samples": 1000, "size": 64, "epochs": 10, "every": 25, "accumulate": 1}


@pytest.mark.parametrize(
    ("level", "given", "expected"),
    [
        ("easy", {}, {"last": 40, "updates": 16, "total": 160, "seen": 10_000}),
        ("medium", {}, {"last": 40, "updates": 15, "total": 150, "seen": 9600, "drops": 6}),
        (
            "hard", {"accumulate": 3},
            {"batches": 16, "effective": 192, "updates": 6, "total": 60, "seen": 10_000, "drops": 2},
        ),
    ],
)  # fmt: skip
def test_updates_by_hand(level: str, given: dict[str, Any], expected: dict[str, int]) -> None:
    """1000 = 15 * 64 + 40; ten epochs, the last batch used, dropped, or three batches to an update."""
    assert drawn("optimisation.iterations", level, **(TRAINING | given)).exercise.keys() == expected


@pytest.mark.parametrize(
    ("level", "part", "answer", "slip"),
    [
        ("easy", "updates", 15, "rounded_down"),
        ("easy", "updates", 1000, "per_sample"),
        ("easy", "total", 157, "unbroken"),
        ("easy", "total", 16, "epochs_forgotten"),
        ("easy", "seen", 9600, "rest_dropped"),
        ("medium", "updates", 16, "rounded_up"),
        ("medium", "seen", 10_000, "rest_counted"),
        ("medium", "last", 24, "missing"),
        ("medium", "drops", 384, "samples_counted"),
    ],
)
def test_wrong_counts_of_updates_are_named(level: str, part: str, answer: int, slip: str) -> None:
    """Each is told by its number, worked by hand here."""
    assert slip in marked(drawn("optimisation.iterations", level, **TRAINING), **{part: answer})[part].misconceptions


def test_updates_follow() -> None:
    """15 updates in an epoch for 16 make 150 in all: one mistake."""
    verdicts = marked(drawn("optimisation.iterations", "easy", **TRAINING), updates=15, total=150)
    assert verdicts["total"].status is Status.CONSISTENT


# Steps of gradient descent

LINE: dict[str, Any] = {
    "x": [[1], [2], [3]],
    "t": [1, 2, 6],
    "start": [1, 1],
    "rate": "1/10",
    "mean": True,
    "half": False,
}
LOGIT: dict[str, Any] = {
    "x": [[1, 2], [1, -1], [-2, 1]],
    "t": [1, 0, 1],
    "start": [1, 1, -1],
    "rate": "1/2",
    "mean": True,
    "base": 2,
}


def test_a_linear_step_by_hand() -> None:
    """y = (2, 3, 4), r = (1, 1, -2); 2/3 of the sums -3 and 0... of r x and r."""
    keys = drawn("optimisation.gradient_step", "easy", **LINE).exercise.keys()
    assert keys == {"prediction": (2, 3, 4), "residual": (1, 1, -2), "gradient": (-2, 0), "new": (Fraction(6, 5), 1)}


def test_a_logistic_step_by_hand() -> None:
    """z = (2, -1, -2) ln 2 gives 4/5, 1/3 and 1/5; a third of the sums of r x, half of it subtracted."""
    keys = drawn("optimisation.gradient_step", "hard", **LOGIT).exercise.keys()
    r = (Fraction(-1, 5), Fraction(1, 3), Fraction(-4, 5))
    gradient = tuple(
        sum(a * b for a, b in zip(r, column, strict=True)) / 3 for column in [(1, 1, -2), (2, -1, 1), (1,) * 3]
    )
    assert keys["prediction"] == (Fraction(4, 5), Fraction(1, 3), Fraction(1, 5))
    assert (keys["residual"], keys["gradient"]) == (r, gradient)
    new = [v * log(2) - float(g) / 2 for v, g in zip(LOGIT["start"], gradient, strict=True)]
    assert keys["new"] == pytest.approx(new)


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("prediction", [1, 2, 3], "no_bias"),
        ("residual", [-1, -1, 2], "sign"),
        ("gradient", [-6, 0], "summed"),
        ("gradient", [-1, 0], "factor_lost"),
        ("gradient", [2, 0], "turned"),
        ("new", ["4/5", 1], "uphill"),
        ("new", [3, 1], "no_rate"),
        ("new", ["6/5", "23/25"], "one_after_another"),
    ],
)
def test_wrong_steps_are_named(part: str, answer: Any, slip: str) -> None:
    """The factors of mean and square, the sign, the rate, and weights that move before the bias."""
    assert slip in marked(drawn("optimisation.gradient_step", "easy", **LINE), **{part: answer})[part].misconceptions


def test_the_second_step_follows_the_first() -> None:
    """A wrong first step is paid for once: the predictions of the second follow from the student's own parameters."""
    variant = drawn("optimisation.gradient_step", "medium", **LINE, points=3)
    verdicts = marked(variant, new1=[2, 0], prediction2=[2, 4, 6], residual2=[1, 2, 0])
    assert [verdicts[name].status for name in ("prediction2", "residual2")] == [Status.CONSISTENT] * 2


# Forward mode

GRAPH: dict[str, Any] = {
    "nodes": [["*", "x", "y"], ["^2", "x"], ["+", "h1", "h2"]],
    "values": [3, 2], "direction": [2, -1], "ask": ["cost", "partial"], "inputs": 40, "outputs": 7,
}  # fmt: skip


def test_tangents_by_hand() -> None:
    """f = x y + x^2 at (3, 2) along (2, -1): 2 * 2 - 3 + 6 * 2; its derivative by x alone is y + 2 x."""
    keys = drawn("backpropagation.forward_mode", **GRAPH).exercise.keys()
    assert keys == {"h1": (6, 1), "h2": (9, 12), "f": (15, 13), "cost": (40, 7), "partial": 8}


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("h1", [6, 4], "first_input_only"),
        ("h1", [6, -3], "second_input_only"),
        ("h1", [6, 5], "seeds_of_one"),
        ("h2", [9, 6], "two_lost"),
        ("f", [15, 2], "slopes_alone"),
        ("cost", [7, 40], "swapped"),
        ("partial", 13, "same_seed"),
        ("partial", "13/2", "divided"),
    ],
)
def test_wrong_tangents_are_named(part: str, answer: Any, slip: str) -> None:
    """Half a product rule, seeds of 1, the other mode's number of passes, no pass of its own for x."""
    assert slip in marked(drawn("backpropagation.forward_mode", **GRAPH), **{part: answer})[part].misconceptions


def test_tangents_follow() -> None:
    """A tangent of 4 for 1 at the first node: the next sum follows."""
    verdicts = marked(drawn("backpropagation.forward_mode", **GRAPH), h1=[6, 5], f=[15, 17])
    assert verdicts["f"].status is Status.CONSISTENT


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["easy", "medium", "hard"]))
def test_the_last_tangent_is_a_difference_quotient(key: int, level: str) -> None:
    """Along the direction, f changes at the rate of its tangent: differences of the values of two further draws."""
    family = load("backpropagation.forward_mode")
    variant = family.draw(key, level=level)
    nodes, direction = (variant.exercise.given[name] for name in ("nodes", "direction"))

    def output(s: Fraction) -> float:
        values = [v + s * u for v, u in zip(variant.exercise.given["values"], direction, strict=True)]
        moved = {"nodes": nodes, "direction": direction, "values": values}
        return float(family.draw("", level="easy", given=moved).exercise.keys()["f"][0])

    step, tangent = Fraction(1, 10**5), float(variant.exercise.keys()["f"][1])
    assert (output(step) - output(-step)) / float(2 * step) == pytest.approx(tangent, rel=1e-4, abs=1e-4)


# Taylor approximations

HILL: dict[str, Any] = {
    "quadratic": [2, -1, 1], "linear": [-4, 3], "cube": [2, 1], "size": 1, "point": [1, 2], "step": ["1/10", "-1/5"],
}  # fmt: skip


def test_approximations_by_hand() -> None:
    """f = x^2 y + 2 x^2 - x y + y^2 - 4 x + 3 y at (1, 2): value 8, g = (2, 7), H = ((8, 1), (1, 2))."""
    keys = drawn("curvature.taylor", **HILL).exercise.keys()
    assert (keys["gradient"], keys["hessian"]) == ((2, 7), ((8, 1), (1, 2)))
    assert keys["first"] == Fraction("6.8")
    assert keys["second"] == Fraction("6.86")
    assert keys["true"] == Fraction("6.858")
    assert keys["best"] == Fraction(53, 158)


def test_an_exponential_is_expanded_around_its_point() -> None:
    """With 2 e^(x - y + 1) on top, worth 2 at (1, 2), the gradient gains (2, -2), the true value 2 e^(3/10)."""
    keys = drawn("curvature.taylor", **HILL, exponential=True, wave=[2, 1, -1]).exercise.keys()
    assert keys["gradient"] == (4, 5)
    assert keys["hessian"] == ((10, -1), (-1, 4))
    assert keys["true"] == pytest.approx(6.858 + 2 * exp(0.3))


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("first", "-1.2", "no_start"),
        ("second", "6.92", "no_half"),
        ("second", "6.87", "mixed_once"),
        ("second", "8.06", "no_gradient"),
        ("true", "6.86", "approximated"),
        ("best", "158/53", "inverted"),
        ("best", "53/79", "doubled"),
        ("best", "53/316", "halved"),
        ("hessian", [[8, 0], [0, 2]], "mixed_lost"),
    ],
)
def test_wrong_approximations_are_named(part: str, answer: Any, slip: str) -> None:
    """The half, the mixed term, the start, and the step along the gradient."""
    assert slip in marked(drawn("curvature.taylor", **HILL), **{part: answer})[part].misconceptions


def test_approximations_follow() -> None:
    """With the gradient (2, 6) in place of (2, 7), 8 + 0.2 - 1.2 = 7 follows."""
    assert marked(drawn("curvature.taylor", **HILL), gradient=[2, 6], first=7)["first"].status is Status.CONSISTENT


# Embeddings

MODEL: dict[str, Any] = {"thousands": 10, "width": 100, "length": 200, "words": ["deep", "net", "learns", "often"],
         "table": [[1, 2], [3, 0], [-1, 4], [5, 5]], "text": [1, 0, 1, 2]}  # fmt: skip


@pytest.mark.parametrize(("tied", "output"), [(False, 1_010_000), (True, 10_000)])
def test_embeddings_by_hand(tied: bool, output: int) -> None:
    """10 000 rows of 100, 200 positions; tied weights leave the biases; the bag of net deep net learns."""
    ask = ["table", "positions", "output", "total", "one_hot", "weights", "mean"]
    keys = drawn("counting.embedding_counts", **MODEL, ask=ask, tied=tied).exercise.keys()
    assert keys["mean"] == (Fraction(3, 2), Fraction(3, 2))
    assert keys["weights"] == (Fraction(1, 4), Fraction(1, 2), Fraction(1, 4), 0)
    assert [keys[name] for name in ask[:3]] == [1_000_000, 20_000, output]
    assert keys["total"] == 1_020_000 + output
    assert keys["one_hot"] == 200_000_000


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("output", 1_010_000, "not_tied"),
        ("total", 2_030_000, "counted_twice"),
        ("table", 200_000_000, "per_position"),
        ("mean", [1, 2], "occurring"),
        ("mean", [6, 6], "not_divided"),
        ("weights", [1, 2, 1, 0], "not_divided"),
        ("one_hot", 20_000, "lookup"),
    ],
)
def test_wrong_embeddings_are_named(part: str, answer: Any, slip: str) -> None:
    """Tied weights counted again, words counted once, sums for means."""
    verdicts = marked(drawn("counting.embedding_counts", "hard", **MODEL, columns=2), **{part: answer})
    assert slip in verdicts[part].misconceptions


@pytest.mark.parametrize(
    ("family", "given", "told"),
    [
        ("perceptron.epoch", {"coding": "one-hot"}, "coding: 'one-hot' is none of 01, pm1"),
        ("optimisation.iterations", {"ask": ["passes"]}, "write some of batches"),
        ("optimisation.iterations", {"size": 64, "samples": 10}, "no batch larger than the data"),
        ("optimisation.gradient_step", {"model": "ridge"}, "write linear, or logistic"),
        ("optimisation.gradient_step", {"model": "logistic", "steps": 2}, "a single step"),
        ("backpropagation.forward_mode", {"ask": ["reverse"]}, "write some of cost, partial"),
        ("backpropagation.forward_mode", {"nodes": [["sin", "x"]], "values": [1], "direction": [1]}, "write one of"),
        ("curvature.taylor", {"ask": ["third"]}, "write gradient, hessian"),
        ("counting.embedding_counts", {"ask": ["bytes"]}, "write some of table"),
        ("counting.embedding_counts", {"ask": ["total"]}, "the total is that of"),
        ("counting.embedding_counts", {"text": [0, 7]}, "places 0 to 3"),
    ],
)
def test_what_does_not_fit_is_refused(family: str, given: dict[str, Any], told: str) -> None:
    """A pinned value with a fault is refused by a message that says what to write."""
    with pytest.raises(BadGiven, match=told):
        drawn(family, **given)


def test_a_table_has_its_grid_in_every_form() -> None:
    """Page and paper draw an empty cell for each number, and name the columns; platforms get a field for each."""
    question = Question(id="q1", family="perceptron.epoch", level="easy")
    sheet = draw_sheet(Assignment("week-1", Path(), Spec(title="Week 1", questions=[question])), "ada", "secret")
    (asked,) = contents(sheet).questions[0].parts
    part = sheet.items[0].variant.parts[0]
    assert (asked.columns, asked.rows) == (("z", "class", "w", "b"), 4)
    assert 'cells(("z","class","w","b",), 4,' in room_to_answer("q1", asked)
    assert render(sheet).count("<td></td>") == 16
    assert [len(row) for row in grid(part, Fraction(4), [], "all_or_nothing")] == [4] * 4
