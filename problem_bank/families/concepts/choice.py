"""Concept questions with one right option; every other option is a misconception of its own."""

import tomllib
from functools import cache
from typing import Any

from problem_bank import concepts
from problem_bank.answers import Choice
from problem_bank.answers.choice import LETTERS
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng

PROMPT = """{{ question }}

{% for option in options %}
- {{ letters[loop.index0] }}. {{ option }}
{% endfor %}"""


@family(
    topic="concepts",
    source="Goodfellow 5-10",
    minutes=2,
    levels={"easy": {"difficulty": "easy"}, "medium": {"difficulty": "medium"}, "hard": {"difficulty": "hard"}},
)
def choice(rng: Rng, *, topic: str = "", difficulty: str = "medium", item: str = "") -> Exercise:
    """Choose the right answer to a question on concepts."""
    drawn = concepts.choices()[_known(item) if item else rng.choice("item", _pool(topic, difficulty))]
    order = rng.shuffle("order", len(drawn.options))
    options = tuple(drawn.options[i] for i in order)
    slips = [Slip(wrong.misconception, order.index(i), wrong.feedback) for i, wrong in enumerate(drawn.wrong, 1)]
    return Exercise(
        identity=drawn.id,
        given={"item": drawn.id, "order": order, "topic": topic, "difficulty": difficulty},
        shown={"question": drawn.question, "options": options, "letters": LETTERS, "right": drawn.right,
               "why": drawn.why, "letter": LETTERS[order.index(0)]},
        prompt=PROMPT,
        parts=[Part("choice", "Which option is right? Answer with its letter.",
                    Choice(order.index(0), options), points=1, misconceptions=slips)],
        solution="Right is {{ letter }}. {{ right }}\n\n{{ why }}",
    )  # fmt: skip


def _known(item: str) -> str:
    """The id of a pinned item, once it is known to exist."""
    if item not in concepts.choices():
        raise BadGiven(f"there is no item {item!r}; there are {', '.join(concepts.choices())}")
    return item


@cache
def _pool(topic: str, difficulty: str) -> tuple[str, ...]:
    """The ids of this difficulty on this topic, on any if it is empty."""
    found = [i for i in concepts.choices().values() if i.level == difficulty]
    if topic and topic not in {i.topic for i in found}:
        topics = ", ".join(sorted({i.topic for i in found}))
        raise BadGiven(f"there is no {difficulty} item on {topic!r}; topics are {topics}")
    return tuple(i.id for i in found if topic in ("", i.topic))


@choice.oracle
def by_text(item: str, order: tuple[int, ...]) -> dict[str, Any]:
    """Look the texts up among the options as they are listed, from the data as it stands in the file."""
    data = _data()[item]
    texts = [data["right"], *(wrong["text"] for wrong in data["wrong"])]
    listed = {" ".join(texts[source].split()): place for place, source in enumerate(order)}
    return {
        "choice": listed[" ".join(data["right"].split())],
        **{f"choice.{wrong['misconception']}": listed[" ".join(wrong["text"].split())] for wrong in data["wrong"]},
    }


@cache
def _data() -> dict[str, Any]:
    """The raw items by id, past the schema."""
    files = (tomllib.loads(path.read_text("utf-8")) for path in concepts.FOLDER.glob("*.toml"))
    return {item["id"]: item for file in files for item in file.get("choice", ())}
