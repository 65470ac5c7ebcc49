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

NONE, NONE_TEXT = -1, "None of these."
PROMPT = """{{ question }}

{% for option in options %}
- {{ letters[loop.index0] }}. {{ option }}
{% endfor %}"""


@family(
    topic="concepts",
    source="Goodfellow 5-20",
    minutes=2,
    levels={"easy": {"difficulty": "easy"}, "medium": {"difficulty": "medium"}, "hard": {"difficulty": "hard"}},
    version=2,
)
def choice(
    rng: Rng, *, topic: str = "", difficulty: str = "medium", item: str = "", none_of_these: bool = False
) -> Exercise:
    """Choose the right answer to a question on concepts."""
    drawn = concepts.choices()[_known(item) if item else rng.choice("item", _pool(topic, difficulty))]
    # With "none of these" as the last option, every fourth question has its right option left out.
    left = rng.int("left_out", 1, 4) if none_of_these else 0
    left_out = left == 1
    order = rng.shuffle("order", len(drawn.options))
    sources = [*(i for i in order if i or not left_out), *([NONE] if none_of_these else [])]
    options = tuple(NONE_TEXT if i == NONE else drawn.options[i] for i in sources)
    key = sources.index(NONE if left_out else 0)
    slips = [Slip(wrong.misconception, sources.index(i), wrong.feedback) for i, wrong in enumerate(drawn.wrong, 1)]
    if none_of_these and not left_out:
        slips.append(Slip("none_of_these", sources.index(NONE), "One of the options is right; test each by itself."))
    return Exercise(
        identity=drawn.alike or drawn.id,
        topic=drawn.topic,
        given={"item": drawn.id, "order": order, "topic": topic, "difficulty": difficulty,
               "none_of_these": none_of_these, **({"left_out": left} if none_of_these else {})},
        shown={"question": drawn.question, "options": options, "letters": LETTERS, "right": drawn.right,
               "why": drawn.why, "letter": LETTERS[key], "absent": left_out},
        prompt=PROMPT,
        parts=[Part("choice", "Which option is right? Answer with its letter.", Choice(key, options), points=1,
                    misconceptions=slips)],
        solution="Right is {{ letter }}. {% if absent %}None of the others; right would be: {% endif %}{{ right }}"
        "\n\n{{ why }}",
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
def by_text(item: str, order: tuple[int, ...], none_of_these: bool, **given: Any) -> dict[str, Any]:
    """Look the texts up among the options as they are listed, from the data as it stands in the file."""
    data = _data()[item]
    texts = [data["right"], *(wrong["text"] for wrong in data["wrong"])]
    listed = [" ".join(texts[source].split()) for source in order]
    if given.get("left_out") == 1:
        listed.remove(" ".join(data["right"].split()))
    told = {
        f"choice.{wrong['misconception']}": listed.index(" ".join(wrong["text"].split())) for wrong in data["wrong"]
    }
    if given.get("left_out") == 1:
        return {**told, "choice": len(listed)}
    if none_of_these:
        told["choice.none_of_these"] = len(listed)
    return {**told, "choice": listed.index(" ".join(data["right"].split()))}


@cache
def _data() -> dict[str, Any]:
    """The raw items by id, past the schema."""
    files = (tomllib.loads(path.read_text("utf-8")) for path in concepts.FOLDER.glob("*.toml"))
    return {item["id"]: item for file in files for item in file.get("choice", ())}
