"""Certificates of separability: how they are read, verified and explained; and the family that asks for them."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import problem_bank
from problem_bank.answers import Certificate, Multipliers, Separator
from problem_bank.answers.reader import reader
from problem_bank.errors import BankError, Unreadable
from problem_bank.variant import plain_options
from problem_bank.verdict import Status

SQUARE = ((0, 0), (0, 1), (1, 0), (1, 1))
XOR = Certificate(Multipliers((1, 1, 1, 1)), SQUARE, (-1, 1, 1, -1))
AND = Certificate(Separator((2, 2), -3), SQUARE, (-1, -1, -1, 1))

MULTIPLIERS = [
    "not separable: multipliers = [2, 2, 2, 2]",
    "not linearly separable, λ = (2, 2, 2, 2)",
    "Non-separable: lambda: 2 2 2 2",
    "inseparable [2, 2, 2, 2]",
    r"$\lambda = (2, 2, 2, 2)$",
    "multiplier = [[2], [2], [2], [2]]",
    "LAMBDA = np.array([2, 2, 2, 2])",
    [2, 2, 2, 2],
    "[2, 2, 2, 2]",
    {"multipliers": [2, 2, 2, 2]},
    {"multipliers": "2, 2, 2, 2", "w": "", "b": ""},
    {"λ": [2, 2, 2, 2], "w": [], "b": None},
]
SEPARATORS = [
    "separable: w = [2, 2], b = -3",
    "linearly separable, w = (2, 2), b = -3",
    "w = 2 2, b = −3",
    "b: -3\nw: [2, 2]",
    "W = np.array([[2], [2]]) and b = np.array([-3])",
    r"$w = \begin{pmatrix} 2 \\ 2 \end{pmatrix}$, $b = -6/2$.",
    {"w": [2, 2], "b": -3},
    {"w": "[2, 2]", "b": "b = -3", "multipliers": " "},
    {"W": [[2, 2]], "B": [-3]},
]
UNREADABLE = [
    ("", "give either w and b, or multipliers"),
    ("not separable", "give either w and b, or multipliers"),
    ("yes", "give either w and b, or multipliers"),
    (True, "a true/false value stands where"),
    (3, "a number stands where"),
    ("w = [1, 1]", "b is missing"),
    ("b = 1", "w is missing"),
    ("w = [1, 1, 1], b = 0", "w has 3 entries, but takes 2"),
    ("w = [1, 1], b = [0, 1]", "b has 2 entries, but takes 1"),
    ("multipliers = [1, 1, 1]", "multipliers has 3 entries, but takes 4"),
    ("separable: multipliers = [1, 1, 1, 1]", "your answer mixes the two"),
    ("not separable: w = [1, 1], b = 1", "your answer mixes the two"),
    ("w = [1, 1], b = 1, multipliers = [1, 1, 1, 1]", "give either w and b, or multipliers"),
    ("w = [1, 1], w = [1, 2], b = 1", "given twice"),
    ({"w": [1, 1], "c": 1}, "“c” is none of them"),
    ({"w": [1, "x"], "b": 1}, "w:"),
    ("w = __import__('os'), b = 1", "w:"),
    ("w = [1, 1], b = 1e999999", "b:"),
    ("w = " + "[" * 9_999 + ", b = 1", "w:"),
    ("λ = 1" * 9_000, "too long"),
]


@pytest.mark.parametrize("raw", MULTIPLIERS)
def test_reads_multipliers(raw: Any) -> None:
    """Multipliers by name, with the claim or without, as text, list or fields."""
    assert XOR.parse(raw) == Multipliers((2, 2, 2, 2))


@pytest.mark.parametrize("raw", SEPARATORS)
def test_reads_lines(raw: Any) -> None:
    """w and b by name, in any order, as text or fields."""
    assert AND.parse(raw) == Separator((2, 2), -3)


@pytest.mark.parametrize(("raw", "said"), UNREADABLE)
def test_says_what_it_cannot_read(raw: Any, said: str) -> None:
    """What is neither a line nor multipliers is unreadable, and the message says why."""
    with pytest.raises(Unreadable) as error:
        XOR.parse(raw)
    assert said in str(error.value)


JUDGED = {
    "any scale": (XOR, Multipliers((7, 7, 7, 7)), None, ""),
    "fractions": (XOR, Multipliers((Fraction(1, 3),) * 4), None, ""),
    "all zero": (XOR, Multipliers((0, 0, 0, 0)), "zero", "All multipliers are 0"),
    "negative": (XOR, Multipliers((-1, -1, -1, -1)), "negative", "Multiplier 1 is negative."),
    "bias left over": (XOR, Multipliers((3, 0, 0, 0)), "no_bias", "Component 3 (that of the bias)"),
    "labels forgotten": (XOR, Multipliers((1, -1, -1, 1)), "no_labels", "Component 1 of the sum"),
    "a sum that is not zero": (XOR, Multipliers((1, 1, 2, 1)), "sum", "Component 1 of the sum of all λ y (x, 1) is 1"),
    "the second component": (XOR, Multipliers((1, 2, 1, 1)), "sum", "Component 2 of"),
    "a line that fits": (AND, Separator((1, 1), Fraction(-3, 2)), None, ""),
    "another that fits": (AND, Separator((5, 6), -7), None, ""),
    "through a point": (AND, Separator((1, 1), -1), "on_line", "For point 2, (0, 1), y (w · x + b) is 0"),
    "through the only one of a class": (AND, Separator((1, 1), -2), "on_line", "For point 4, (1, 1)"),
    "sides swapped": (AND, Separator((-2, -2), 3), "swapped", "For point 1, (0, 0), y (w · x + b) is -3"),
    "one class only": (AND, Separator((1, 1), 1), "one_class", "For point 1"),
    "no line at all": (AND, Separator((0, 0), 0), "line", "For point 1"),
    "one class only, the other one": (AND, Separator((0, 0), -1), "one_class", "For point 4"),
    "both classes wrong in part": (XOR, Separator((2, 1), -2), "line", "For point 2, (0, 1), y (w · x + b) is -1"),
    "a line where there is none": (XOR, Separator((2, 2), -1), "one_class", "For point 4, (1, 1)"),
    "multipliers where a line is": (AND, Multipliers((1, 1, 1, 1)), "no_bias", "Component 3 (that of the bias)"),
}


@pytest.mark.parametrize(("answer", "value", "fault", "said"), JUDGED.values(), ids=JUDGED)
def test_a_certificate_is_verified(answer: Certificate, value: Any, fault: str | None, said: str) -> None:
    """What holds is right, whatever the key; the remark names the first point or component that fails."""
    match, found = answer.compare(value), answer.fault(value)
    assert match.right == (fault is None)
    assert (found.name if found else None) == fault
    assert match.remark.startswith(said) if said else not match.remark


def test_no_line_separates_xor_and_none_but_equal_multipliers_prove_it() -> None:
    """Of all small integer lines none is accepted; of all small multipliers just those that are equal and positive."""
    small = range(-4, 5)
    assert not any(XOR.compare(Separator((u, v), b)).right for u, v, b in product(small, repeat=3))
    right = {m for m in product(range(-2, 4), repeat=4) if XOR.compare(Multipliers(m)).right}
    assert right == {(1,) * 4, (2,) * 4, (3,) * 4}


LABELS = st.sampled_from([labels for labels in product((-1, 1), repeat=4) if len(set(labels)) == 2])
POINTS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=4, unique=True).map(tuple)
SMALL = st.integers(-3, 3)


@given(POINTS, LABELS, st.tuples(SMALL, SMALL, SMALL), st.tuples(*[st.integers(0, 3)] * 4))
def test_never_are_both_kinds_right(points: Any, labels: Any, line: Any, factors: Any) -> None:
    """A set with a separating line has no multipliers that prove there is none."""
    answer = Certificate(Multipliers((0,) * 4), points, labels).keyed(None)
    separates = answer.fault(Separator(line[:2], line[2])) is None
    assert not (separates and answer.fault(Multipliers(factors)) is None)


@given(st.integers(1, 50), st.integers(1, 50))
def test_scale_does_not_matter(above: int, below: int) -> None:
    """A certificate times a positive number is a certificate."""
    c = Fraction(above, below)
    assert XOR.compare(Multipliers((c, c, c, c))).right
    assert AND.compare(Separator((2 * c, 2 * c), -3 * c)).right


@pytest.mark.parametrize("answer", [XOR, AND])
def test_shows_reads_back_and_hides_the_key(answer: Certificate) -> None:
    """show and parse undo each other; public form and hint are the same for every key."""
    assert answer.parse(answer.show(answer.key)) == answer.key
    public = json.loads(json.dumps(plain_options(answer.public())))
    assert set(public) == {"kind", "points", "labels"}
    blind = reader(public)
    assert blind.parse(answer.show(answer.key)) == answer.key
    assert blind.hint == answer.hint == XOR.hint


@pytest.mark.parametrize("answer", [XOR, AND])
def test_the_example_of_the_hint_is_never_right(answer: Certificate) -> None:
    """Whoever copies the example earns nothing, whatever the points are."""
    line, _, multipliers = answer.hint.partition(" or ")
    for text in (line.partition(" (")[0], multipliers.partition(" (")[0]):
        assert not answer.compare(answer.parse(text)).right


def pinned(**given: Any) -> Any:
    return problem_bank.load("separability.certificate").draw("", level="easy", given=given)


def test_xor_by_its_four_constraints() -> None:
    """The pinned question names all four constraints, and adds them up to 0 > 0."""
    variant = pinned(count=4, points=[[0, 0], [0, 1], [1, 0], [1, 1]], labels=[-1, 1, 1, -1])
    assert variant.key() == {
        "constraints": "[[0, 0, -1], [0, 1, 1], [1, 0, 1], [-1, -1, -1]]",
        "certificate": "not separable: multipliers = [1, 1, 1, 1]",
    }
    for constraint in (
        "C_1: \\; -b > 0",
        "C_2: \\; w_2 + b > 0",
        "C_3: \\; w_1 + b > 0",
        "C_4: \\; -w_1 - w_2 - b > 0",
    ):
        assert constraint in variant.solution
    assert "not linearly separable" in variant.solution
    fields = variant.mark({"multipliers": "1/2, 1/2, 1/2, 1/2", "w": "", "b": ""})["certificate"]
    assert fields.status is Status.RIGHT
    named = variant.mark({"certificate": {"multipliers": [1, 0, 0, 0]}})["certificate"]
    assert named.misconceptions == ("no_bias",)
    assert "Component 3" in named.remark


def test_both_branches_are_drawn() -> None:
    """Separable and inseparable sets both occur often, so that neither claim is a good guess."""
    family = problem_bank.load("separability.certificate")
    for level in family.levels:
        keys = [family.draw(("branch", i), level=level).key()["certificate"] for i in range(60)]
        assert 12 <= sum(key.startswith("not") for key in keys) <= 48


def test_separable_exactly_where_a_line_is_found_among_all_of_a_grid() -> None:
    """For every labelling of a fixed set, the family's branch is what trying all small lines says."""
    points = [(0, 0), (1, 2), (3, 1), (2, 2), (0, 3)]
    lines = [(u, v, Fraction(b, 2)) for u, v in product(range(-3, 4), repeat=2) for b in range(-37, 38)]
    for labels in product((-1, 1), repeat=5):
        if len(set(labels)) == 1:
            continue
        found = any(
            all(y * (u * p + v * q + b) > 0 for (p, q), y in zip(points, labels, strict=True)) for u, v, b in lines
        )
        key = pinned(points=points, labels=labels, count=5).key()["certificate"]
        assert key.startswith("separable") == found


BAD = {
    "one class": {"points": [[0, 0], [0, 1], [1, 0], [1, 1]], "labels": [1, 1, 1, 1]},
    "other labels": {"points": [[0, 0], [0, 1], [1, 0], [1, 1]], "labels": [0, 1, 1, 0]},
    "a point twice": {"points": [[0, 0], [0, 0], [1, 0], [1, 1]], "labels": [-1, 1, 1, -1]},
    "all on one line": {"points": [[0, 0], [1, 1], [2, 2], [3, 3]], "labels": [-1, 1, 1, -1]},
    "outside of the grid": {"points": [[0, 0], [9, 1], [1, 0], [1, 1]], "labels": [-1, 1, 1, -1]},
}


@pytest.mark.parametrize("given", BAD.values(), ids=BAD)
def test_pinned_values_that_make_no_question_are_refused(given: dict[str, Any]) -> None:
    """The error names the value that does not fit."""
    with pytest.raises(BankError, match=r"points|labels"):
        pinned(**given)
