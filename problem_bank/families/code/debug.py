"""Short programs with one planted bug: find its line, and write it as it has to be."""

from typing import Any

from problem_bank.answers import Blank, Integer
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.code._proofs import proven
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects import programs
from problem_bank.subjects.programs import Hole, Program

PROMPT = """**{{ title }}.** {{ task }}

The function below runs, but one line of it is wrong. The numbers in front are those of the lines in their file.

```
{{ listing }}
```

All other lines are right as they stand."""
SOLUTION = """Line {{ line }} is wrong.{% if feedback.rstrip('.') not in why %} {{ feedback }}{% endif %} It has to be

```
{{ right }}
```

{{ why }}"""


@family(
    topic="code",
    source="Goodfellow 6-10",
    minutes=6,
    levels={"easy": {"difficulty": "easy"}, "medium": {}, "hard": {"difficulty": "hard"}},
)
def debug(rng: Rng, *, program: str = "", difficulty: str = "medium") -> Exercise:
    """Find the one wrong line of a short program, and repair it."""
    name = program or rng.choice("program", programs.named(program, difficulty))
    names = rng.each("names", programs.program(name).choices)
    drawn = programs.program(name, names)
    bugs = {f"{hole.name}.{wrong.misconception}": (hole, wrong) for hole in drawn.hole for wrong in hole.wrong}
    bug = rng.choice("bug", tuple(bugs))
    hole, wrong = bugs[bug]
    first = rng.int("first", 11, 89)
    lines = drawn.shown({hole.name: wrong.text}).split("\n")
    at = drawn.line(hole.name)
    return Exercise(
        identity=name,
        given={"program": name, "names": names, "bug": bug, "first": first, "difficulty": difficulty},
        shown={"title": drawn.title, "task": drawn.task, "line": first + at, "feedback": wrong.feedback,
               "why": hole.why, "listing": "\n".join(f"{first + i:>3}  {line}" for i, line in enumerate(lines)),
               "right": drawn.listing.split("\n")[at].strip()},
        prompt=PROMPT,
        parts=[
            Part("line", "Which line is wrong? Give its number.", Integer(first + at), points=1,
                 misconceptions=_suspects(drawn, hole, first)),
            Part("repair", "Write the wrong line as it has to be, whole or only the expression in it. It is put in its "
                 "place and the function is run: whatever makes it compute what it should is right.",
                 Blank(drawn.right[hole.name], drawn.variables, drawn, hole.name, wrong.text), points=3,
                 misconceptions=_repairs(hole, wrong.misconception)),
        ],
        solution=SOLUTION,
        work=float(len(drawn.hole)),
    )  # fmt: skip


def _suspects(drawn: Program, bug: Hole, first: int) -> list[Slip]:
    """The lines that are right, though something could be wrong with them."""
    return [
        Slip(f"suspected_{hole.name}", first + drawn.line(hole.name), f"This line is right. {hole.why}")
        for hole in drawn.hole
        if hole is not bug
    ]


def _repairs(hole: Hole, planted: str) -> list[Slip]:
    """What does not repair the line: another wrong expression, or the same one again."""
    same = "This changes nothing: the line computes what it did before. "
    return [
        Slip("nothing_changed" if wrong.misconception == planted else wrong.misconception, wrong.text,
             same + wrong.feedback if wrong.misconception == planted else wrong.feedback)
        for wrong in hole.wrong
    ]  # fmt: skip


@debug.oracle
def by_running(program: str, names: tuple[int, ...], bug: str, first: int) -> dict[str, Any]:
    """Lines counted in the file of the program; expressions by what the program computes with them."""
    found, (hole, _, planted) = proven(program, names), bug.partition(".")
    text = (programs.FOLDER / f"{program}.toml").read_text("utf-8").partition("text = '''\n")[2]
    places = {name: text.partition(f"<<{name}:")[0].count("\n") + first for name in found}
    told = {f"line.suspected_{name}": place for name, place in places.items() if name != hole}
    told |= {
        f"repair.{'nothing_changed' if name == planted else name}".rstrip("."): expression
        for name, expression in found[hole].items()
    }
    return {**told, "line": places[hole]}
