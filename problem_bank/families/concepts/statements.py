"""Sets of statements about one subject, each to be judged by itself."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

from problem_bank import concepts
from problem_bank.answers import Choice
from problem_bank.answers.choice import LETTERS
from problem_bank.concepts import Statement
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng


@family(
    topic="concepts",
    source="Goodfellow 5-20",
    minutes=4,
    levels={
        "easy": {"difficulty": "easy", "count": 3},
        "medium": {"difficulty": "medium"},
        "hard": {"difficulty": "hard"},
    },
    version=3,
)
def statements(rng: Rng, *, topic: str = "", difficulty: str = "medium", item: str = "", count: int = 4) -> Exercise:
    """Judge several statements about one subject."""
    drawn = concepts.sets()[_known(item) if item else rng.choice("item", _pool(topic, difficulty))]
    names = [statement.name for statement in drawn.items]
    asked = rng.sample("statements", names, min(count, len(names)))
    chosen = [drawn.items[names.index(name)] for name in asked]
    rng.require(_most(chosen) <= _fair(drawn.items, len(chosen)), "no answer is right more often than need be")
    return Exercise(
        identity=drawn.id,
        topic=drawn.topic,
        given={"item": drawn.id, "statements": asked, "topic": topic, "difficulty": difficulty, "count": count},
        shown={"subject": drawn.subject, "chosen": [(statement.right, statement.why) for statement in chosen]},
        prompt="{{ subject }}: judge each statement by itself.",
        parts=[_part(statement) for statement in chosen],
        solution="{% for right, why in chosen %}\n{{ loop.index }}. {{ right }}: {{ why }}\n{% endfor %}",
        work=float(len(chosen)),
    )  # fmt: skip


def _most(chosen: Sequence[Statement]) -> int:
    """How often the most frequent answer is right."""
    return max(Counter(statement.right for statement in chosen).values())


def _fair(items: Sequence[Statement], count: int) -> int:
    """The least that `_most` can be for so many of these statements."""
    rights = Counter(statement.right for statement in items).values()
    return next(most for most in range(1, count + 1) if sum(min(most, n) for n in rights) >= count)


def _part(statement: Statement) -> Part:
    options = _ordered(statement.options)
    answer = Choice(options.index(statement.right), options)
    listed = "".join(f"\n- {LETTERS[i]}. {option}" for i, option in enumerate(options))
    asked = f"{statement.question} ({' or '.join(options)})" if answer.plain else f"{statement.question}\n{listed}"
    slips = [Slip(wrong.misconception, options.index(wrong.text), wrong.feedback) for wrong in statement.wrong]
    return Part(statement.name, asked, answer, points=1, misconceptions=slips)


def _ordered(options: tuple[str, ...]) -> tuple[str, ...]:
    """Yes before no, true before false, others likewise: an order that does not depend on what is right."""
    return tuple(sorted(options, reverse=True))


def _known(item: str) -> str:
    """The id of a pinned set, once it is known to exist."""
    if item not in concepts.sets():
        raise BadGiven(f"there is no set {item!r}; there are {', '.join(concepts.sets())}")
    return item


@cache
def _pool(topic: str, difficulty: str) -> tuple[str, ...]:
    """The ids of this difficulty on this topic, on any if it is empty."""
    found = [i for i in concepts.sets().values() if i.level == difficulty]
    if topic and topic not in {i.topic for i in found}:
        topics = ", ".join(sorted({i.topic for i in found}))
        raise BadGiven(f"there is no {difficulty} set on {topic!r}; topics are {topics}")
    return tuple(i.id for i in found if topic in ("", i.topic))


@statements.oracle
def by_text(item: str, statements: tuple[str, ...]) -> dict[str, Any]:
    """Look each text up among its options, from the data as it stands in the file."""
    told: dict[str, Any] = {}
    for name in statements:
        raw = _data()[item][name]
        options = [raw["right"], *(wrong["text"] for wrong in raw["wrong"])]
        told[name] = sum(option > raw["right"] for option in options)  # so many stand before it
        told |= {f"{name}.{w['misconception']}": sum(option > w["text"] for option in options) for w in raw["wrong"]}
    return told


@cache
def _data() -> dict[str, dict[str, Any]]:
    """The raw statements by set and name, past the schema."""
    files = (tomllib.loads(path.read_text("utf-8")) for path in concepts.FOLDER.glob("*.toml"))
    sets = (found for file in files for found in file.get("statements", ()))
    return {found["id"]: {raw["name"]: raw for raw in found["items"]} for found in sets}
