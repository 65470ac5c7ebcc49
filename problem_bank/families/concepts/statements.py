"""Sets of statements about one subject, each to be judged by itself."""

import tomllib
from functools import cache
from typing import Any

from problem_bank import concepts
from problem_bank.answers import Choice
from problem_bank.answers.choice import LETTERS
from problem_bank.concepts import Question, StatementSet
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng


@family(
    topic="concepts",
    source="Goodfellow 5-10",
    minutes=4,
    levels={"easy": {"difficulty": "easy", "count": 3}, "medium": {"difficulty": "medium"}, "hard": {"difficulty": "hard"}},
)
def statements(rng: Rng, *, topic: str = "", difficulty: str = "medium", item: str = "", count: int = 4) -> Exercise:
    """Judge several statements about one subject."""
    drawn = concepts.sets()[rng.choice("item", _pool(topic, difficulty, item))]
    names = [statement.name for statement in drawn.items]
    asked = rng.sample("statements", names, min(count, len(names)))
    chosen = [drawn.items[names.index(name)] for name in asked]
    rng.require(len({statement.right for statement in chosen}) > 1, "one answer is not right everywhere")
    return Exercise(
        given={"item": drawn.id, "statements": asked, "topic": topic, "difficulty": difficulty, "count": count},
        shown={"subject": drawn.subject, "chosen": [(statement.right, statement.why) for statement in chosen],
               **{f"text_{statement.name}": _asked(statement) for statement in chosen}},
        prompt="{{ subject }}: judge each statement by itself.",
        parts=[_part(statement.name, statement) for statement in chosen],
        solution="{% for right, why in chosen %}\n{{ loop.index }}. {{ right }}: {{ why }}\n{% endfor %}",
        work=float(len(chosen)),
    )  # fmt: skip
