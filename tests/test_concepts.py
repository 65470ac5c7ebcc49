"""Concept items: the form of the files, and what holds for all shipped items."""

from __future__ import annotations

from pathlib import Path

import pytest

import problem_bank
from problem_bank import concepts
from problem_bank.answers import Choice
from problem_bank.concepts.items import alike
from problem_bank.errors import BadGiven
from problem_bank.verdict import Status

GOOD = """
[[choice]]
id = "one"
source = "Goodfellow 9.2"
level = "easy"
question = "What is shared?"
right = "Weights"
why = "They are used again."
wrong = [
  { text = "Inputs", misconception = "inputs", feedback = "Inputs differ." },
  { text = "Outputs", misconception = "outputs", feedback = "Outputs differ." },
]

[[statements]]
id = "two"
subject = "Sharing"
source = "Goodfellow 9.2, 9.3"
level = "hard"
[[statements.items]]
name = "first"
question = "Weights are shared."
right = "true"
why = "They are used again."
wrong = [{ text = "false", misconception = "unshared", feedback = "Look again." }]
[[statements.items]]
name = "second"
question = "Inputs are shared."
right = "false"
why = "They are not."
wrong = [{ text = "true", misconception = "shared", feedback = "Look again." }]
"""

# What is changed in the good file, and what the report must say about it, with its place.
FAULTS = [
    ('id = "one"', 'id = "One!"', "choice[1].id:"),
    ('id = "one"\n', "", "choice[1].id: Field required"),
    ('id = "two"', 'id = "one"', "one: this id is already taken in sharing.toml"),
    ('level = "easy"', 'level = "simple"', "choice[1].level:"),
    ('source = "Goodfellow 9.2"\n', 'source = "the book"\n', "choice[1].source:"),
    ('question = "What is shared?"', 'question = ""', "choice[1].question:"),
    ('question = "What is shared?"', 'question = "What is $x?"', "choice[1].question: the dollars"),
    ('question = "What is shared?"', 'question = "What is {{ x }}?"', "choice[1].question: write no {{"),
    ('right = "Weights"', "right = 3", "choice[1].right:"),
    ('right = "Weights"', 'right = "inputs."', "choice[1]: two options say the same"),
    (
        'misconception = "outputs"',
        'misconception = "inputs"',
        "choice[1]: two options carry the misconception 'inputs'",
    ),
    (', feedback = "Outputs differ."', "", "choice[1].wrong[2].feedback: Field required"),
    ('text = "Outputs"', 'txet = "Outputs"', "choice[1].wrong[2].txet: Extra inputs"),
    ('name = "second"', 'name = "first"', "statements[1]: two statements are called 'first'"),
    (
        'question = "Inputs are shared."',
        'question = "Weights are shared."',
        "two.second: this is nearly the question of",
    ),
]


def _problems(folder: Path, text: str) -> str:
    (folder / "sharing.toml").write_text(text, "utf-8")
    return "\n".join(concepts.check(folder))


def test_a_good_file_has_no_mistakes(tmp_path: Path) -> None:
    """The form that the documentation shows is accepted."""
    assert _problems(tmp_path, GOOD) == ""


@pytest.mark.parametrize(("old", "new", "said"), FAULTS)
def test_every_mistake_is_reported_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    """One changed line gives a message that names file, item and field."""
    assert old in GOOD
    found = _problems(tmp_path, GOOD.replace(old, new, 1))
    assert said in found
    assert found.startswith("sharing.toml: ")


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    """Three faults in two files give three lines, and a broken file does not hide the other."""
    (tmp_path / "broken.toml").write_text("[[choice]\n", "utf-8")
    faulty = GOOD.replace('level = "easy"', 'level = "x"').replace('level = "hard"', 'level = "y"')
    found = _problems(tmp_path, faulty).splitlines()
    assert [line.split(":")[0] for line in found] == ["broken.toml", "sharing.toml", "sharing.toml"]


def test_reading_faulty_files_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever draws from a faulty bank is told what to mend, not given a half-read bank."""
    (tmp_path / "sharing.toml").write_text(GOOD.replace('id = "one"\n', ""), "utf-8")
    monkeypatch.setattr(concepts, "FOLDER", tmp_path)
    concepts._files.cache_clear()
    concepts.choices.cache_clear()
    with pytest.raises(concepts.ConceptError, match=r"sharing\.toml: choice"):
        concepts.choices()
    concepts._files.cache_clear()


LONG = "The gradient of the loss by the weights of layer 1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("It doubles.", "it doubles", True),
        ("It grows.", "It shrinks.", False),
        (LONG, LONG.replace("weights", "weight"), True),
        (LONG, LONG.replace("1", "2"), False),
        (LONG, "The sum of the inputs to the unit, over all examples of batch 1", False),
    ],
)
def test_near_duplicates(one: str, other: str, same: bool) -> None:
    """Copies with a changed letter are alike; texts that differ in a number or are short are not."""
    assert alike(one, other) is same


def test_the_shipped_items_are_sound() -> None:
    """No mistakes, at least 150 questions and 140 statements, and enough of every level."""
    assert concepts.check() == []
    assert len(concepts.choices()) >= 150
    assert sum(len(found.items) for found in concepts.sets().values()) >= 140
    for level in ("easy", "medium", "hard"):
        assert sum(item.level == level for item in concepts.choices().values()) >= 30
        assert sum(found.level == level for found in concepts.sets().values()) >= 5


@pytest.mark.parametrize("topic", ["generative", "attention", "recurrent", "evaluation", "numerics", "embeddings",
                                   "convexity", "complexity"])  # fmt: skip
def test_every_topic_has_questions_and_statements(topic: str) -> None:
    """Five questions or more, and a set of statements of which neither answer is right everywhere."""
    assert sum(item.topic == topic for item in concepts.choices().values()) >= 5
    sets = [found for found in concepts.sets().values() if found.topic == topic]
    assert sets
    assert all(len({item.right for item in found.items}) > 1 for found in sets)


def test_feedback_teaches_and_does_not_answer() -> None:
    """What a wrong option is told is a sentence of its own, and never the text of the right option."""
    for item in concepts.choices().values():
        told = [wrong.feedback for wrong in item.wrong]
        assert len(set(told)) == len(told), item.id
        assert not [said for said in told if len(item.right) > 25 and item.right.rstrip(".").lower() in said.lower()], (
            item.id
        )


def test_the_right_option_is_not_given_away_by_its_length() -> None:
    """Choosing always the longest or always the shortest option earns at most half of the points."""
    items = list(concepts.choices().values())
    for pick in (min, max):
        lucky = sum(len(item.right) == pick(map(len, item.options)) for item in items)
        assert lucky <= len(items) / 2


@pytest.mark.parametrize("id", sorted(concepts.choices()))
def test_every_choice_item_can_be_pinned(id: str) -> None:
    """The right text is marked right, each other text names its misconception and gives its feedback."""
    item = concepts.choices()[id]
    variant = problem_bank.load("concepts.choice").draw("pin", given={"item": id})
    assert all(option in variant.prompt for option in item.options)
    assert variant.mark({"choice": item.right})["choice"].status is Status.RIGHT
    for wrong in item.wrong:
        verdict = variant.mark({"choice": wrong.text})["choice"]
        assert (verdict.status, verdict.misconceptions) == (Status.WRONG, (wrong.misconception,))
        assert verdict.feedback == wrong.feedback


@pytest.mark.parametrize("id", sorted(concepts.sets()))
def test_every_set_can_be_pinned_whole(id: str) -> None:
    """With count at its size, all statements of a set are asked, and their texts are marked."""
    items = concepts.sets()[id].items
    variant = problem_bank.load("concepts.statements").draw("pin", given={"item": id, "count": len(items)})
    assert sorted(part.name for part in variant.parts) == sorted(item.name for item in items)
    assert all(v.status is Status.RIGHT for v in variant.mark({i.name: i.right for i in items}).values())
    wrong = variant.mark({i.name: i.wrong[0].text for i in items})
    assert {i.name: (i.wrong[0].misconception,) for i in items} == {n: v.misconceptions for n, v in wrong.items()}


def test_true_and_false_are_read_in_every_form() -> None:
    """TOML's booleans, words and their first letters answer a true/false statement."""
    given = {"item": "symmetry", "statements": ["equal_units", "larger_is_better"], "count": 2}
    variant = problem_bank.load("concepts.statements").draw("", given=given)
    for yes, no in ((True, False), ("True", "FALSE"), ("yes", "no"), ("t", "f"), ("a", "b"), ("(a)", "b.")):
        verdicts = variant.mark({"equal_units": yes, "larger_is_better": no})
        assert all(verdict.status is Status.RIGHT for verdict in verdicts.values()), (yes, no)


@pytest.mark.parametrize("id", ["concepts.choice", "concepts.statements", "concepts.select"])
def test_an_unknown_topic_or_item_is_named(id: str) -> None:
    """The error tells which topics and items exist."""
    with pytest.raises(BadGiven, match=r"on 'cooking'; topics are .*convolution"):
        problem_bank.load(id).draw("", given={"topic": "cooking"})
    with pytest.raises(BadGiven, match=r"'nothing'; there are .*"):
        problem_bank.load(id).draw("", given={"item": "nothing"})


def test_a_topic_limits_the_draw() -> None:
    """With a topic pinned, only its items are drawn."""
    for i in range(20):
        variant = problem_bank.load("concepts.choice").draw(("topic", i), given={"topic": "dropout"})
        assert concepts.choices()[variant.drawn["item"]].topic == "dropout"


def test_none_of_these_is_sometimes_right() -> None:
    """With the knob, the right option is left out of about every fourth question; then the last one is right."""
    family, absent = problem_bank.load("concepts.choice"), 0
    for i in range(200):
        variant = family.draw(("none", i), given={"none_of_these": True})
        answer, item = variant.parts[0].answer, concepts.choices()[variant.drawn["item"]]
        assert isinstance(answer, Choice)
        assert answer.options[-1] == "None of these."
        left_out = item.right not in answer.options
        assert (answer.key == len(answer.options) - 1) is left_out
        assert len(answer.options) == len(item.options) + (not left_out)
        assert variant.mark(variant.key())["choice"].status is Status.RIGHT
        absent += left_out
    assert 30 <= absent <= 70


def test_none_of_these_is_told_when_it_is_wrong() -> None:
    """Who gives up on the options is told that one is right, and not which."""
    family = problem_bank.load("concepts.choice")
    drawn = (family.draw(("none", i), given={"none_of_these": True}) for i in range(20))
    variant = next(one for one in drawn if one.drawn["left_out"] != 1)
    verdict = variant.mark({"choice": "None of these."})["choice"]
    assert verdict.misconceptions == ("none_of_these",)
    assert "One of the options is right" in verdict.feedback


def test_none_one_several_or_all_may_be_right() -> None:
    """Over many draws every number of right statements occurs, and each single slip is named."""
    family, counts = problem_bank.load("concepts.select"), set()
    for i in range(150):
        variant = family.draw(("select", i), level=("easy", "medium", "hard")[i % 3])
        [part] = variant.parts
        counts.add(len(part.answer.key))
        for slip in part.misconceptions:
            verdict = variant.mark({"selected": part.answer.show(slip.value)})["selected"]
            assert (verdict.status, verdict.misconceptions) == (Status.WRONG, (slip.name,))
    assert counts == {0, 1, 2, 3, 4}


def test_items_that_give_each_other_away_share_a_tag() -> None:
    """Every tag joins at least two items, which then count as the same question in a sheet."""
    tagged = [item for item in concepts.choices().values() if item.alike]
    assert tagged
    for item in tagged:
        assert sum(other.alike == item.alike for other in tagged) >= 2
        variant = problem_bank.load("concepts.choice").draw("tag", given={"item": item.id})
        assert variant.identity == ("concepts.choice", repr(item.alike))
