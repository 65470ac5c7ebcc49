"""Short programs with holes: an expression for each, marked by running the program with it."""

from typing import Any

from problem_bank.answers import Blank
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.code._proofs import proven
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects import programs

PROMPT = """**{{ title }}.** {{ task }}

```
{{ listing }}
```

What stands in the numbered holes? Write one Python expression for each, with the names of the function and NumPy as
`np`. Each hole is marked by itself: the function is run with your expression in it and the right ones in all others,
and any expression that makes it compute what it should is right."""
SOLUTION = """```
{{ complete }}
```

{% for right, why in reasons %}
{{ loop.index }}. `{{ right }}`: {{ why }}
{% endfor %}"""


@family(
    topic="code",
    source="Goodfellow 6-10",
    minutes=8,
    levels={"easy": {"difficulty": "easy"}, "medium": {}, "hard": {"difficulty": "hard", "count": 5}},
)
def blanks(rng: Rng, *, program: str = "", difficulty: str = "medium", count: int = 4) -> Exercise:
    """Fill in what is missing in a short program, one expression for each hole."""
    name = program or rng.choice("program", programs.named(program, difficulty))
    names = rng.each("names", programs.program(name).choices)
    drawn = programs.program(name, names)
    sampled = rng.sample("holes", tuple(drawn.right), min(count, len(drawn.right)))
    asked = [hole for hole in drawn.hole if hole.name in sampled]
    parts = [
        Part(f"blank_{i}", f"What stands in `__{i}__`?",
             Blank(drawn.right[hole.name], drawn.variables, drawn, hole.name),
             misconceptions=[Slip(wrong.misconception, wrong.text, wrong.feedback) for wrong in hole.wrong])
        for i, hole in enumerate(asked, 1)
    ]  # fmt: skip
    return Exercise(
        identity=name,
        given={"program": name, "names": names, "holes": sampled, "difficulty": difficulty, "count": count},
        shown={"title": drawn.title, "task": drawn.task, "complete": drawn.listing,
               "listing": drawn.shown({hole.name: f"__{i}__" for i, hole in enumerate(asked, 1)}),
               "reasons": [(drawn.right[hole.name], hole.why) for hole in asked]},
        prompt=PROMPT,
        parts=parts,
        solution=SOLUTION,
        work=float(len(asked)),
    )  # fmt: skip


@blanks.oracle
def by_running(program: str, names: tuple[int, ...], holes: tuple[str, ...]) -> dict[str, Any]:
    """The expressions with which the program computes what another implementation does, and those with which not."""
    found = proven(program, names)
    return {
        f"blank_{i}.{misconception}".rstrip("."): text
        for i, hole in enumerate((hole for hole in found if hole in holes), 1)
        for misconception, text in found[hole].items()
    }
