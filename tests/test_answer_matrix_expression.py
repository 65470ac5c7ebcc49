"""The answer kind for matrix expressions: samples, marking, definitions, instances."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from problem_bank.answers import Instance, MatrixExpression
from problem_bank.answers.reader import reader
from problem_bank.errors import Unreadable
from problem_bank.exercise import Exercise, Part
from problem_bank.marking import mark
from problem_bank.variant import plain_options
from problem_bank.verdict import Status
from tests.matrix_language import SHAPES

KINDS = {
    "product": MatrixExpression("G^T X", SHAPES),
    "row": MatrixExpression("1^T G", SHAPES, loose_vectors=True),
    "open function": MatrixExpression("G .* h'(P)", SHAPES, functions=("h", "h'"), definitions={"T": "h(P)"}),
    "numbers": MatrixExpression("1/n (P - T) * c", SHAPES, symbols={"c": "positive"}, aliases={"Y": "P"}),
    "zero": MatrixExpression("0 w^T", SHAPES, layouts=("numerator",)),
    "allowed": MatrixExpression("P .* (1 - P)", SHAPES, entrywise=True),
}


@pytest.mark.parametrize("kind", KINDS)
def test_samples_are_what_they_say(kind: str) -> None:
    """Right ones are right, wrong ones are not, malformed ones unreadable; all read alike without the key."""
    answer = KINDS[kind]
    samples, blind = answer.samples(), reader(json.loads(json.dumps(plain_options(answer.public()))))
    for raw in samples.right:
        assert answer.compare(answer.parse(raw)).right, raw
    for raw in samples.wrong:
        assert not answer.compare(answer.parse(raw)).right, raw
    for raw in samples.malformed:
        with pytest.raises(Unreadable):
            answer.parse(raw)
    for raw in (*samples.right, *samples.wrong):
        assert blind.show(blind.parse(raw)) == answer.show(answer.parse(raw))
        assert answer.parse(answer.show(answer.parse(raw))) == answer.parse(raw)
    assert answer.hint
    assert not {"key", "layouts", "loose_vectors"} & set(answer.public())


def test_a_clash_is_wrong_and_never_unreadable() -> None:
    """The verdict carries the message; a text with two meanings is unreadable instead."""
    part = Part("dW", "dL/dW?", KINDS["product"])
    exercise = Exercise(given={}, prompt="", parts=[part], solution="")
    verdict = mark(exercise, {"dW": "X G"})["dW"]
    assert verdict.status is Status.WRONG
    assert "did you mean X^T G?" in verdict.feedback + verdict.remark
    assert mark(exercise, {"dW": "A*A"})["dW"].status is Status.UNREADABLE
    assert mark(exercise, {"dW": "(X'*G)'"})["dW"].status is Status.RIGHT
    undecided = mark(exercise, {"dW": "G^T X A A A A A A A A - G^T X A (A A A A A A A) + G^T X"})["dW"]
    assert undecided.status is Status.UNGRADED


def test_definitions_are_written_out() -> None:
    """Y may be used for h(X), and is worth the same."""
    answer = MatrixExpression(
        "G .* sigmoid(P) .* (1 - sigmoid(P))", SHAPES, definitions={"T": "sigmoid(P)"}, entrywise=True
    )
    assert answer.compare(answer.parse("G .* T .* (1 - T)")).right
    assert not answer.compare(answer.parse("G .* T")).right


def test_an_instance_is_a_second_route() -> None:
    """A key agrees with its value for some arrays, and with no other value or shape."""
    answer = MatrixExpression("X w", {"X": ("n", "d"), "w": ("d",)})
    given = {"X": ((1, 2, 3), (4, 5, 6)), "w": (1, 0, -1)}
    assert answer.agrees(Instance(given, (-2, -2)))
    assert answer.agrees(Instance(given, ((-2,), (-2,))))
    assert not answer.agrees(Instance(given, (-2, -3)))
    assert not answer.agrees(Instance(given, ((-2, -2),)))
    assert answer.evaluate(answer.key, given) == (-2, -2)
    with pytest.raises(ValueError, match="elsewhere"):
        answer.evaluate(answer.key, {**given, "w": (1, 2)})


def test_the_kind_is_light() -> None:
    """Reading and comparing without functions needs neither NumPy nor mpmath nor SymPy."""
    code = (
        "import sys; from problem_bank.answers import MatrixExpression as M; m = M('G^T X', {'G': 'nk', 'X': 'nd'});"
        "assert m.compare(m.parse('(X.T @ G).T')).right and not m.compare(m.parse('X^T G')).right;"
        "assert not {'sympy', 'mpmath', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
