"""Statements about one subject, of which any number is true: none, one, several or all."""

import tomllib
from functools import cache
from typing import Any

from problem_bank import concepts
from problem_bank.answers import Selection
from problem_bank.answers.choice import LETTERS
from problem_bank.concepts import StatementSet
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng

PROMPT = """{{ subject }}. Which of these statements are true? None, one, several or all may be.

{% for statement in options %}
- {{ letters[loop.index0] }}. {{ statement }}
{% endfor %}"""


@family(
    topic="concepts",
    source="Goodfellow 5-20",
    minutes=4,
    levels={
        "easy": {"difficulty": "easy", "count": 3},
        "medium": {"difficulty": "medium"},
        "hard": {"difficulty": "hard"},
    },
)
def select(rng: Rng, *, topic: str = "", difficulty: str = "medium", item: str = "", count: int = 4) -> Exercise:
    """Select every true statement about one subject."""
    drawn = _pure()[_known(item) if item else rng.choice("item", _pool(topic, difficulty))]
    by_name = {statement.name: statement for statement in drawn.items}
    asked = rng.sample("statements", list(by_name), min(count, len(by_name)))
    chosen = [by_name[name] for name in asked]
    key = tuple(i for i, statement in enumerate(chosen) if statement.right == "true")
    # One statement judged the wrong way, all others rightly: the misconception behind it is known.
    slips = [Slip(statement.wrong[0].misconception, _flipped(key, i), statement.wrong[0].feedback)
             for i, statement in enumerate(chosen)]  # fmt: skip
    return Exercise(
        identity=drawn.id,
        topic=drawn.topic,
        given={"item": drawn.id, "statements": asked, "topic": topic, "difficulty": difficulty, "count": count},
        shown={"subject": drawn.subject, "options": tuple(statement.question for statement in chosen),
               "letters": LETTERS, "told": [(statement.right, statement.why) for statement in chosen]},
        prompt=PROMPT,
        parts=[Part("selected", "Write the letters of all true statements, or none.",
                    Selection(key, tuple(statement.question for statement in chosen)), points=len(chosen),
                    misconceptions=slips)],
        solution="{% for right, why in told %}\n- {{ letters[loop.index0] }} is {{ right }}: {{ why }}\n{% endfor %}",
        work=float(len(chosen)),
    )  # fmt: skip


def _flipped(key: tuple[int, ...], i: int) -> tuple[int, ...]:
    """The selection with option i put in or taken out."""
    return tuple(sorted({i} ^ set(key)))


@cache
def _pure() -> dict[str, StatementSet]:
    """The sets of true/false statements whose misconceptions all have names of their own."""
    return {id: found for id, found in concepts.sets().items()
            if all({*item.options} == {"true", "false"} for item in found.items)
            and len({item.wrong[0].misconception for item in found.items}) == len(found.items)}  # fmt: skip


def _known(item: str) -> str:
    """The id of a pinned set, once it is known to exist."""
    if item not in _pure():
        raise BadGiven(f"of true/false statements there is no set {item!r}; there are {', '.join(_pure())}")
    return item


@cache
def _pool(topic: str, difficulty: str) -> tuple[str, ...]:
    """The ids of this difficulty on this topic, on any if it is empty."""
    found = [one for one in _pure().values() if one.level == difficulty]
    if topic and topic not in {one.topic for one in found}:
        topics = ", ".join(sorted({one.topic for one in found}))
        raise BadGiven(f"there is no {difficulty} set on {topic!r}; topics are {topics}")
    return tuple(one.id for one in found if topic in ("", one.topic))


@select.oracle
def by_text(item: str, statements: tuple[str, ...]) -> dict[str, Any]:
    """Judge each statement by the text in the file, letter by letter."""
    raw = {found["name"]: found for found in _data()[item]}
    true = [raw[name]["right"] == "true" for name in statements]
    told: dict[str, Any] = {"selected": tuple(i for i, right in enumerate(true) if right)}
    for i, name in enumerate(statements):
        judged = [right != (i == k) for k, right in enumerate(true)]
        told[f"selected.{raw[name]['wrong'][0]['misconception']}"] = tuple(k for k, right in enumerate(judged) if right)
    return told


@cache
def _data() -> dict[str, list[dict[str, Any]]]:
    """The raw statements by set, past the schema."""
    files = (tomllib.loads(path.read_text("utf-8")) for path in concepts.FOLDER.glob("*.toml"))
    return {found["id"]: found["items"] for file in files for found in file.get("statements", ())}
