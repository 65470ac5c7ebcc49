"""Derivations of the field with their lines in disorder, among lines that do not belong."""

import tomllib
from functools import cache
from itertools import permutations
from typing import Any

import numpy as np

from problem_bank.answers import Dependencies, Ordering, Uses
from problem_bank.answers.choice import LETTERS
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects import derivations
from problem_bank.subjects.derivations import Derivation

PROMPT = """**{{ title }}.** {{ setting }}

{{ claim }}

The lines of the proof are in disorder, and some do not belong to it. Put those that belong in order, so that every line
comes after the lines that it uses. Where several orders do that, any of them is right."""
QUESTION = """These are the lines:

{% for line in lines %}
- {{ letters[loop.index0] }}. {{ line }}
{% endfor %}

Which of them belong, and in which order?"""
SOLUTION = """One right order:

{% for letter, text in proof %}
{{ loop.index }}. ({{ letter }}) {{ text }}
{% endfor %}

What does not belong:

{% for letter, feedback in outside %}
- ({{ letter }}) {{ feedback }}
{% endfor %}"""


@family(
    topic="derivations",
    source="Goodfellow 4.3-9.2",
    minutes=6,
    levels={"easy": {"difficulty": "easy", "wrong": 2}, "medium": {}, "hard": {"difficulty": "hard"}},
)
def order_lines(rng: Rng, *, derivation: str = "", difficulty: str = "medium", wrong: int = 3) -> Exercise:
    """Put the lines of a derivation in order."""
    known = derivations.named(derivation, difficulty)
    drawn = derivations.derivations()[derivation or rng.choice("derivation", known)]
    tags = [distractor.misconception for distractor in drawn.distractor]
    strange = rng.sample("strange", tags, min(wrong, len(tags)))
    order = rng.shuffle("order", len(drawn.line) + len(strange))
    texts = [derivations.complete(line.text) for line in drawn.line]
    texts += [drawn.distractor[tags.index(tag)].text for tag in strange]
    key, place = _key(drawn, order), {source: at for at, source in enumerate(order)}
    shown = tuple(line for line in range(len(order)) if key.uses[line] is not None)
    rng.require(bool(key.faults(shown)), "the lines are in disorder as they are shown")
    answer = Ordering(key, tuple(texts[source] for source in order))
    slips = [
        Slip(tag, Uses(place[at]), drawn.distractor[tags.index(tag)].feedback)
        for at, tag in enumerate(strange, len(drawn.line))
    ]
    return Exercise(
        identity=drawn.name,
        given={"derivation": drawn.name, "strange": strange, "order": order, "difficulty": difficulty, "wrong": wrong},
        shown={"title": drawn.title, "setting": drawn.setting, "claim": drawn.claim,
               "lines": answer.options, "letters": LETTERS,
               "proof": [(LETTERS[line], answer.options[line]) for line in key.order],
               "outside": [(LETTERS[slip.value.line], slip.feedback) for slip in slips]},
        prompt=PROMPT,
        parts=[Part("order", QUESTION, answer, points=3, misconceptions=slips)],
        solution=SOLUTION,
        work=float(len(order)),
    )  # fmt: skip


def _key(drawn: Derivation, order: tuple[int, ...]) -> Dependencies:
    """The dependencies of the lines as they are shown; those beyond the derivation's own do not belong."""
    names = [line.name for line in drawn.line]
    place = {names[source]: at for at, source in enumerate(order) if source < len(names)}
    uses = {line.name: tuple(place[use] for use in line.uses) for line in drawn.line}
    return Dependencies(tuple(uses[names[source]] if source < len(names) else None for source in order))


@order_lines.oracle
def by_permutations(derivation: str, strange: tuple[str, ...], order: tuple[int, ...]) -> dict[str, Any]:
    """Write down every permutation of the lines, keep those that the data allows; read off what all of them keep."""
    names, before = _kept(derivation)
    sources = [*names, *strange]
    place = {sources[source]: at for at, source in enumerate(order)}
    uses: list[tuple[int, ...] | None] = [None] * len(order)
    for name in names:
        uses[place[name]] = tuple(place[use] for use in before[name])
    return {"order": Dependencies(tuple(uses)), **{f"order.{tag}": Uses(place[tag]) for tag in strange}}


@cache
def _kept(derivation: str) -> tuple[list[str], dict[str, list[str]]]:
    """The names of the lines, and for each those that stand before it in every allowed permutation."""
    lines = tomllib.loads((derivations.FOLDER / f"{derivation}.toml").read_text("utf-8"))["line"]
    names = [line["name"] for line in lines]
    orders = np.array(list(permutations(range(len(names)))), dtype=np.int8)  # the place of each line, in each row
    allowed = np.ones(len(orders), dtype=bool)
    for line in lines:
        for use in line.get("uses", ()):
            allowed &= orders[:, names.index(use)] < orders[:, names.index(line["name"])]
    kept = orders[allowed]
    earlier = np.all(kept[:, :, None] < kept[:, None, :], axis=0)
    return names, {name: [names[i] for i in np.flatnonzero(earlier[:, j])] for j, name in enumerate(names)}
