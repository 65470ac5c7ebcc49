"""What holds for every family of the bank, once for all of them."""

from __future__ import annotations

import json

import pytest

import problem_bank
from problem_bank.answers import Answer
from problem_bank.answers.reader import reader
from problem_bank.audit import FLOOR, MISCONCEPTIONS, audit, never_applied, verified
from problem_bank.errors import Unreadable
from problem_bank.values import freeze, plain
from problem_bank.variant import plain_options

ALL = problem_bank.ids()


@pytest.mark.parametrize("id", ALL)
def test_the_audit_finds_nothing(id: str) -> None:
    """Key = oracle, the work in its band; three misconceptions or more, each of them shown by some draw; one answer
    typed everywhere earns next to nothing beyond guessing.
    """
    middle = problem_bank.load(id).middle_level  # enough of it to tell whether draws differ; CI has little time
    found = [audit(id, level, 50 if level == middle else 30) for level in problem_bank.load(id).levels]
    assert [problem for result in found for problem in result.problems] == []
    assert never_applied(found) == []
    # a few of so few draws share a key by chance; the audit of more of them allows no more than FLOOR
    assert sum(result.floor for result in found) / len(found) <= 3 * FLOOR
    # the misconceptions of code stand in its checks, which tests of their own run on planted faults
    assert id.startswith("code.") or len(verified(found)) >= MISCONCEPTIONS


@pytest.mark.parametrize("id", ALL)
def test_a_family_says_what_it_is(id: str) -> None:
    """Easy, medium and hard; a docstring, a source and the minutes."""
    family = problem_bank.load(id)
    assert set(family.levels) == {"easy", "medium", "hard"}
    assert family.source
    assert family.title != id
    assert family.minutes > 0


@pytest.mark.parametrize("id", ALL)
def test_draws_depend_on_the_key_alone(id: str) -> None:
    """The same key gives the same exercise, and a draw in between changes nothing."""
    family = problem_bank.load(id)
    first = family.draw(("secret", "a", "ada"))
    family.draw(("secret", "a", "alan"))
    assert family.draw(("secret", "a", "ada")).fingerprint == first.fingerprint


@pytest.mark.parametrize("id", ALL)
def test_what_a_student_sees_pins_the_exercise(id: str) -> None:
    """`given` names streams and knobs, so it alone rebuilds key and prompt; it survives JSON."""
    variant = problem_bank.load(id).draw("pin")
    given = json.loads(json.dumps({name: plain(value) for name, value in variant.exercise.given.items()}))
    again = problem_bank.load(id).draw("other", level=variant.level, given={**variant.drawn, **given})
    assert again.key() == variant.key()
    assert again.prompt == variant.prompt


@pytest.mark.parametrize("id", ALL)
def test_public_holds_no_key(id: str) -> None:
    """The public form names how answers are read, never the key, the slips or the solution."""
    for i in range(5):
        variant = problem_bank.load(id).draw(("public", i))
        public = json.dumps(variant.public())
        assert variant.solution not in public
        for part in variant.parts:
            assert "key" not in part.answer.public()
            assert all(slip.feedback not in public for slip in part.misconceptions)


@pytest.mark.parametrize("id", ALL)
def test_the_answer_kinds_read_their_own_samples(id: str) -> None:
    """Each kind's right samples are right, its wrong ones are not, its malformed ones are unreadable."""
    for i in range(10):
        for part in problem_bank.load(id).draw(("samples", i)).parts:
            _replay(part.answer)


@pytest.mark.parametrize("id", ALL)
def test_answers_are_read_without_the_key(id: str) -> None:
    """What `public` says suffices to read an answer, through JSON, as the student's own check does."""
    for part in problem_bank.load(id).draw("reader").parts:
        blind = reader(json.loads(json.dumps(plain_options(part.answer.public()))))
        for raw in part.answer.samples().right + part.answer.samples().wrong:
            assert blind.show(blind.parse(raw)) == part.answer.show(part.answer.parse(raw))


def _replay(answer: Answer) -> None:
    samples = answer.samples()
    for raw in samples.right:
        assert answer.compare(answer.parse(raw)).right, (answer, raw)
    for raw in samples.wrong:
        assert not answer.compare(answer.parse(raw)).right, (answer, raw)
    for raw in samples.malformed:
        with pytest.raises(Unreadable) as error:
            answer.parse(raw)
        assert str(error.value)


@pytest.mark.parametrize("value", [3, -1, (1, 2), ((1, 2), (3, 4)), "word", ((("a", 1),), 2)])
def test_values_survive_storing(value: object) -> None:
    """freeze undoes plain."""
    assert freeze(json.loads(json.dumps(plain(value)))) == value
