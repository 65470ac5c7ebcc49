"""Questions to be answered in a few sentences of one's own; a person marks them, with a suggestion beside."""

from typing import Any

from problem_bank.answers import Text
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.explanations._items import Item, items, raw, topics
from problem_bank.family import family
from problem_bank.rng import Rng

PROMPT = """{% if told | length > 1 %}Answer each question in your own words, in a few sentences.
{% else %}Answer in your own words, in a few sentences.
{% endif %}"""
SOLUTION = """{% for model, claim, why in told %}
{{ "%d. " % loop.index if told | length > 1 else "" }}{{ model }} A common mistake is “{{ claim }}” {{ why }}
{% endfor %}"""


@family(
    topic="explanations",
    source="Goodfellow 5-10",
    minutes=12,
    levels={"easy": {"count": 2}, "medium": {"count": 3}, "hard": {"count": 4}},
)
def short_answer(rng: Rng, *, topic: str = "", item: str = "", count: int = 3) -> Exercise:
    """Explain something in a few sentences."""
    pool = _pool(topic)
    drawn = (_known(item),) if item else rng.sample("items", pool, min(count, len(pool)))
    asked = [items()[name] for name in drawn]
    return Exercise(
        identity=drawn,
        given={**rng.drawn, "topic": topic, "item": item, "count": count},
        shown={
            "told": [(one.rubric.model, one.claims[0].says, one.claims[0].feedback) for one in asked],
            "count": len(asked),
        },
        prompt=PROMPT,
        parts=[_part(one) for one in asked],
        solution=SOLUTION,
        work=float(len(asked)),
    )


def _part(item: Item) -> Part:
    rubric = item.rubric
    told = {claim.name: claim.feedback for claim in item.claims}
    slips = [Slip(claim.name, claim, told[claim.name]) for claim in rubric.claims]
    return Part(item.id, item.question, Text(rubric, item.limit), sum(p.weight for p in rubric.points), slips)


def _known(item: str) -> str:
    """The id of a pinned item, once it is known to exist."""
    if item not in items():
        raise BadGiven(f"there is no item {item!r}; there are {', '.join(items())}")
    return item


def _pool(topic: str) -> tuple[str, ...]:
    """The ids of this topic, of all if it is empty."""
    if topic and topic not in topics():
        raise BadGiven(f"there is no topic {topic!r}; there are {', '.join(topics())}")
    return topics()[topic] if topic else tuple(items())


@short_answer.oracle
def by_examples(item: str, **given: Any) -> dict[str, Any]:
    """Texts, written by hand: the model sentences must earn everything, each example of a claim must be found."""
    told: dict[str, Any] = {}
    data = raw()
    for name in [item] if item else given["items"]:
        told[name] = " ".join(point["says"] for point in data[name]["points"])
        told |= {f"{name}.{claim['name']}": claim["says"] for claim in data[name]["claims"]}
    return told
