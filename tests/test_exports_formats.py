"""The pieces of the exports: numbers, spellings, Maxima, names, and what one file of several variants looks like."""

from __future__ import annotations

import io
import re
import zipfile
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assignments.exports import FORMATS, amounts, export, qti_item, spellings, stack, text
from assignments.exports.entries import entries_of
from assignments.exports.fractions_list import SHARES, nearest, percent
from assignments.exports.markup import document, identifier, node
from assignments.exports.maxima import NotInMaxima, maxima
from assignments.sheet import Item, Sheet, draw_sheet
from assignments.spec import Assignment, Question, Spec
from problem_bank import algebra
from problem_bank.answers import Array, Choice, Counterexample, Expression, Integer, Number, Rational, Shape, Table
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.variant import Variant
from tests.readers import moodle, qti12, qti21


def made(*parts: Part, student: str = "variant-1", solution: str = "So it is.") -> Sheet:
    """A sheet with one question q1 of these parts, worth 3 points."""
    exercise = Exercise(given={}, prompt="Look at $x < y$ & <b>tell</b>.", parts=parts, solution=solution)
    variant = Variant("convolution.hand", 1, "easy", {}, exercise)
    spec = Spec(title="Week 1 / A", questions=[Question(id="q1", family=variant.family)])
    return Sheet(Assignment("week-1", Path(), spec), student, 1, False, (Item("q1", "One", "", Fraction(3), variant),))


@given(st.fractions())
def test_decimals_hold_what_a_float_holds(value: Fraction) -> None:
    """No exponent, no fraction stroke, and the float read back is the float of the value."""
    shown = amounts.decimal(value)
    assert "e" not in shown.lower() and "/" not in shown
    assert float(shown) == float(value)


@given(st.lists(st.fractions(min_value="1/60", max_value=20, max_denominator=60), min_size=1, max_size=8))
def test_weights_keep_the_proportion(points: list[Fraction]) -> None:
    """Whole numbers, in the proportion of the points, and none smaller would do."""
    from math import gcd

    weights = amounts.weights(points)
    assert all(w * points[0] == p * weights[0] for w, p in zip(weights, points, strict=True))
    assert gcd(*weights) == 1


def test_moodle_shares_are_the_importers() -> None:
    """Exactly the grades of Moodle's list; a share between two goes to the nearest, never past 100 %."""
    assert {float(percent(share)) for share in SHARES} == moodle.PERCENTS
    assert [nearest(Fraction(n)) for n in ("0", "1", "0.34", "0.97", "0.02")] == [
        Fraction(0), Fraction(1), Fraction(1, 3), Fraction(1), Fraction(0)]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "key", "others", "margin"),
    [
        (Number(0.5, 1e-3), 0.5, [], Fraction(1, 1000)),
        (Number(-40.0, 1e-3), -40.0, [], Fraction(4, 100)),
        (Array((Fraction(1, 4),)), Fraction(1, 4), [], Fraction(0)),
        (Array((3.0,), tolerance=0.01), 3.0, [], Fraction(3, 100)),
        (Rational(Fraction(3, 4)), Fraction(3, 4), [], Fraction(0)),
        (Rational(Fraction(1, 3)), Fraction(1, 3), [Fraction(1, 3)], Fraction(1, 20000)),
        (Rational(Fraction(1, 3)), Fraction(1, 3), [Fraction(1, 3) + Fraction(3, 10**6)], Fraction(1, 10**6)),
    ],
)
def test_margins(answer: Any, key: Any, others: list[Any], margin: Fraction) -> None:
    """The answer's own tolerance; for endless decimals the rounding, but never as far as a mistake."""
    assert amounts.margin(answer, key, others) == margin


@pytest.mark.parametrize("key", [(3, 4), (5,), (7, 1), (1, 7), (), (2, 3, 4), ("d", 1), ("n", "d")])
@pytest.mark.parametrize("strict", [True, False])
def test_every_spelling_of_a_shape_is_right(key: tuple[Any, ...], strict: bool) -> None:
    """What the export lists, our own reader takes for the key."""
    answer = Shape(key, letters=("n", "d"), strict=strict)
    listed = spellings.of(answer)
    assert listed[0] == answer.show(key)
    assert all(answer.compare(answer.parse(spelling)).right for spelling in listed), listed


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("2*x - y/3", "(2*x) + (-(y*(1/3)))"),
        ("0.5^x", "(1/2)^x"),
        ("sigmoid(x)", "(1/(1 + exp(-(x))))"),
        ("ln(x) + pi", "((log(x))) + (%pi)"),
        ("max(x, 0)", "max(x, 0)"),
        ("relu(x)", "(max(0, x))"),
    ],
)
def test_maxima(typed: str, shown: str) -> None:
    """Bracketed, exact, with Maxima's names."""
    assert maxima(algebra.read(typed, {"x": "real", "y": "real"})) == shown


@pytest.mark.parametrize("name", ["e", "i", "if", "a_", "dL/dx", "θ"])
def test_names_that_mean_something_to_maxima_are_refused(name: str) -> None:
    """Such a question becomes an essay instead of being judged wrongly."""
    with pytest.raises(NotInMaxima):
        maxima(algebra.symbol(name))
    quiz = moodle.read(export("moodle", [made(Part("f", "?", Integer(1)))]))
    assert not quiz.stack


def test_an_expression_that_maxima_cannot_hold_is_an_essay() -> None:
    """A letter e is Euler's number to STACK."""
    parts = [Part("f", "?", Expression("2*e", symbols=("e",))), Part("g", "?", Expression("2*x", symbols=("x",)))]
    quiz = moodle.read(export("moodle", [made(*parts)]))
    kinds = {q.name: q.open[0].kind for several in quiz.categories.values() for q in several}
    assert kinds == {"q1.1 variant-1": "editor", "q1.2 variant-1": "stack"}


def test_stack_takes_our_text_for_text() -> None:
    """Brackets and braces that STACK would carry out are entities."""
    assert stack.literal("see [[1, 2]] and {@x@} {#y#}") == "see &#91;[1, 2]] and &#123;@x@} &#123;#y#}"


def test_texts_are_shown_and_not_obeyed() -> None:
    """HTML in a prompt is text; formulas stand in the delimiters of MathJax with their signs escaped."""
    shown = text.block("Let $a < b & c$ hold. <script>alert(1)</script>\n\n$$x \\\\ y$$")
    assert r"\(a &lt; b &amp; c\)" in shown
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    assert r"\[x \\ y\]" in shown


def test_control_characters_cost_no_file() -> None:
    """XML has no place for them, so they are left out."""
    assert b"ab" in document(node("text", "a\x00\x0b\ud800b"))


@given(st.text(max_size=8), st.text(max_size=8))
def test_identifiers(one: str, other: str) -> None:
    """Any id becomes one that XML and file systems take."""
    assert set(identifier(one)) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


def test_mistakes_that_coincide_are_told_together() -> None:
    """Two misconceptions with one value: both are named, the least credit counts."""
    slips = [Slip("one", 6, "One less.", Fraction(1, 2)), Slip("two", 6, "Two more."), Slip("none", None, "Never.")]
    (entry,) = entries_of(made(Part("n", "?", Integer(7), misconceptions=slips)))
    (mistake,) = entry.blocks[0].fields[0].mistakes
    assert (mistake.names, mistake.credit, mistake.feedback) == (("one", "two"), Fraction(0), "One less. Or: Two more.")


def test_cloze_survives_its_own_signs() -> None:
    """Feedback with braces, tildes and hashes stays one feedback of one alternative."""
    said = r"No ~ not $\frac{1}{2}$ # nor } or { = 5% of 'a' \ \"b\" & <c>."
    parts = [
        Part("n", "?", Integer(7), misconceptions=[Slip("off", 6, said)]),
        Part("c", "?", Choice(1, ("$a}$ ~ b", "c # d"))),
    ]
    (question,) = next(iter(moodle.read(export("moodle", [made(*parts)])).categories.values()))
    number, choice = question.fields
    assert number.judge("7")[0] == 1
    assert number.judge("6") == (0.0, text.inline(said))
    assert choice.options == (text.inline("$a}$ ~ b"), text.inline("c # d"))
    assert [choice.judge(option)[0] for option in "01"] == [0, 1]


def test_variants_share_a_category_a_section_and_a_bank() -> None:
    """Three sheets: each question stands in one place three times, under names that do not change."""
    families = ["convolution.hand", "concepts.statements", "initialisation.variance", "activations.dead_units"]
    questions = [Question(id=f"q{i}", family=family) for i, family in enumerate(families)]
    assignment = Assignment("week-1", Path(), Spec(title="Week 1", questions=questions))
    sheets = [draw_sheet(assignment, f"variant-{i}", "secret") for i in (1, 2, 3)]
    ids = [item.id for item in sheets[0].items]
    quiz = moodle.read(export("moodle", sheets))
    assert all(len(several) == 3 for several in quiz.categories.values())
    names = [question.name for several in quiz.categories.values() for question in several]
    assert len(set(names)) == len(names)
    package = qti21.read(export("qti", sheets))
    assert package.sections == {f"section_{id}": [f"items/{id}_variant-{i}.xml" for i in (1, 2, 3)] for id in ids}
    assert all(len(bank.questions) == 3 for bank in qti12.read(export("qti12", sheets)))


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_sheets_are_the_same_bytes(format: str) -> None:
    """Nothing depends on the time or on chance."""
    sheets = [made(Part("n", "?", Integer(7)), student=f"variant-{i}") for i in (1, 2)]
    assert export(format, sheets) == export(format, sheets)


@pytest.mark.parametrize("format", FORMATS)
def test_ids_of_students_fit_every_format(format: str) -> None:
    """An address or a name in another alphabet as the student's id breaks no identifier and no file name."""
    sheets = [made(Part("n", "?", Integer(7)), student=student) for student in ("ada@b.org", "ada_b.org", "Šárka")]
    data = export(format, sheets)
    if format == "qti":
        assert len(qti21.read(data).items) == 3
    if format == "qti12":
        (bank,) = qti12.read(data)
        assert len({question.name for question in bank.questions}) == 3


def test_credit_for_a_mistake() -> None:
    """A mistake that keeps a third keeps it everywhere but in Canvas, which has no such thing."""
    part = Part("n", "?", Integer(7), misconceptions=[Slip("off", 6, "One less.", Fraction(1, 3))])
    (single,) = next(iter(moodle.read(export("moodle", [made(part)])).categories.values()))
    (item,) = qti21.read(export("qti", [made(part)])).items.values()
    (bank,) = qti12.read(export("qti12", [made(part)]))
    shares = [question.fields[0].judge("6")[0] for question in (single, item, bank.questions[0])]
    assert shares == pytest.approx([1 / 3, 1 / 3, 0], abs=1e-6)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<itemBody>", "<itemBody>loose text"),
        ('responseIdentifier="n"', 'responseIdentifier="m"'),
        ('<variable identifier="n" />', '<variable identifier="unknown" />'),
        ('identifier="SCORE_n" cardinality', 'identifier="SCORE" cardinality'),
        ('adaptive="false"', ""),
        ("</itemBody>", "<span>no block</span></itemBody>"),
    ],
)
def test_the_structural_check_finds_faults(before: str, after: str) -> None:
    """What the round trip relies on: an item that the specification does not allow is refused."""
    good = document(qti_item.item(entries_of(made(Part("n", "?", Integer(7))))[0]), spaced=False).decode()
    qti21.check(ElementTree.fromstring(good))
    assert before in good
    with pytest.raises(AssertionError):
        qti21.check(ElementTree.fromstring(good.replace(before, after, 1)))


def test_rounded_numbers_keep_blanks_of_their_own() -> None:
    """Canvas compares blanks as texts: where a tolerance matters, every part is a numerical question."""
    exact, rounded = Part("n", "?", Integer(7)), Part("x", "?", Number(0.5, 1e-3))
    (together,) = qti12.read(export("qti12", [made(exact, Part("m", "?", Integer(8)))]))
    assert [len(question.fields) for question in together.questions] == [2]
    apart = qti12.read(export("qti12", [made(exact, rounded)]))
    assert [bank.points for bank in apart] == [1.5, 1.5]
    assert apart[1].questions[0].fields[0].judge("0.5009")[0] == 1


def test_rounded_cells_are_blanks_with_their_roundings() -> None:
    """Cells keep together in one question, and take every rounding that the tolerance allows."""
    array = Array((0.123456789, 2.0), tolerance=1e-3)
    (bank,) = qti12.read(export("qti12", [made(Part("v", "?", array))]))
    first, second = bank.questions[0].fields
    assert [first.judge(typed)[0] for typed in ("0.1235", "0.123", "0.123457", "0.12", "0.1")] == [1, 1, 1, 0, 0]
    assert [second.judge(typed)[0] for typed in ("2", "2.0", "2.00", "1")] == [1, 1, 1, 0]


def test_one_variant_decides_for_all() -> None:
    """Where one variant of a question needs a tolerance, all of them are asked part by part, so that banks match."""
    exact = made(Part("n", "?", Rational(Fraction(1, 4))), Part("m", "?", Integer(8)), student="variant-1")
    endless = made(Part("n", "?", Rational(Fraction(1, 3))), Part("m", "?", Integer(8)), student="variant-2")
    banks = qti12.read(export("qti12", [exact, endless]))
    assert [len(bank.questions) for bank in banks] == [2, 2]


def test_unequal_parts_are_never_blanks_of_equal_weight() -> None:
    """Canvas shares points out evenly over blanks; parts of other weights stay apart."""
    banks = qti12.read(export("qti12", [made(Part("n", "?", Integer(7)), Part("m", "?", Integer(8), points=2))]))
    assert [bank.points for bank in banks] == [1, 2]


def test_zips_hold_no_time() -> None:
    """All entries have the same date, so that two exports compare."""
    data = export("qti", [made(Part("n", "?", Integer(7)))])
    dates = {info.date_time for info in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}


def test_tables_keep_the_names_of_their_columns() -> None:
    """Cells of a table of steps stand under their names, in every format, and each is a field."""
    table = Table(((1, 2), (3, 4), (5, 6)), columns=("w1", "loss"))
    sheet = made(Part("steps", "?", table))
    texts = {
        "moodle": export("moodle", [sheet]).decode().replace("&lt;", "<").replace("&gt;", ">"),
        "qti": next(iter(archived(export("qti", [sheet]), "items/"))),
        "qti12": next(iter(archived(export("qti12", [sheet]), "non_cc"))).replace("&lt;", "<").replace("&gt;", ">"),
    }
    for format, found in texts.items():
        assert re.findall("<th>(.*?)</th>", found) == ["w1", "loss"], format
    (question,) = qti21.read(export("qti", [sheet])).items.values()
    assert len(question.fields) == 6


def test_graders_are_told_what_else_is_right() -> None:
    """A part with many right answers says so beside its key: the key is one of them."""
    sheet = made(Part("e", "?", Counterexample((Fraction(-1, 2),), (("x", ()),))))
    (package,) = qti21.read(export("qti", [sheet])).items.values()
    assert "Also right: any object of the kind asked for" in package.open[0].notes


def archived(data: bytes, folder: str) -> list[str]:
    """The texts of a zip whose names begin like this."""
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        return [opened.read(name).decode() for name in opened.namelist() if name.startswith(folder)]
