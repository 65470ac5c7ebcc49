"""Goodfellow et al., Deep Learning, sections 10.2 and 10.10: the parameters of RNN, LSTM and GRU layers."""

from typing import Any

from problem_bank.answers import Integer
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.recurrent._counts_texts import ASKED, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import size
from problem_bank.subjects.steps import Steps

BLOCKS = {"RNN": 1, "GRU": 3, "LSTM": 4}
WIDTHS = tuple(range(8, 72, 2))


@family(
    topic="recurrent",
    source="Goodfellow 10.10",
    minutes=6,
    levels={"easy": {"ask": ("gates", "first")}, "medium": {}, "hard": {"directions": 2}},
)
def counts(rng: Rng, *, directions: int = 1, ask: tuple[str, ...] = ("first", "second", "output", "total")) -> Exercise:
    """Count the learned parameters of stacked recurrent layers."""
    if directions not in (1, 2) or not set(ask) <= set(ASKED):
        raise BadGiven(f"directions is 1 or 2, and ask some of {', '.join(ASKED)}")
    kind, biases = rng.choice("kind", ("LSTM", "GRU")), rng.choice("biases", (1, 2))
    inputs, units, classes = rng.sample("sizes", WIDTHS, 3)
    length, blocks = rng.int("length", 20, 60), BLOCKS[kind]
    wide = directions * units

    def layer(n: int, blocks: int = blocks, biases: int = biases, directions: int = directions) -> int:
        return directions * blocks * units * (n + units + biases)

    def wrong(n: int, before: int) -> dict[str, Any]:
        return {
            "gates": layer(n, 7 - blocks),
            "one_block": layer(n, 1),
            "biases": layer(n, biases=3 - biases),
            "no_bias": layer(n, biases=0),
            "no_recurrence": layer(n) - directions * blocks * units * units,
            "every_step": layer(n) * length,
            "one_direction": layer(n, directions=1) if directions > 1 else None,
            "narrow": layer(before) if before != n else None,
        }

    def total(e: Any) -> Any:
        return e["first"] + e["second"] + e["output"]

    rules: dict[str, Any] = {
        "gates": (blocks * units * inputs, {"gates": (7 - blocks) * units * inputs, "one_block": units * inputs,
                                            "no_recurrence": blocks * units * units}),
        "first": (layer(inputs), wrong(inputs, inputs)),
        "second": (layer(wide), {**wrong(wide, units), "same_again": layer(inputs)}),
        "output": ((wide + 1) * classes, {"no_bias": wide * classes, "every_step": (wide + 1) * classes * length,
                                          "narrow": (units + 1) * classes if directions > 1 else None}),
        "total": (total, {"twice": lambda e: 2 * e["first"] + e["output"],
                          "no_output": lambda e: total(e) - e["output"]}),
    }  # fmt: skip
    steps = Steps(SAID)
    for name in ask:
        right, slips = rules[name]
        steps.ask(name, ASKED[name], right, slips, kind=Integer)
    return Exercise(
        given={**rng.drawn, "directions": directions, "ask": ask},
        shown={"inputs": inputs, "units": units, "classes": classes, "blocks": blocks, "wide": wide,
               "keys": steps.keys},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )  # fmt: skip


@counts.oracle
def by_arrays(directions: int, **given: Any) -> dict[str, Any]:
    """The sizes of the weights as they are stored, block under block; nothing is stored."""
    (inputs, units, classes), steps, on = given["sizes"], given["length"], given["biases"]
    blocks, other = {"LSTM": (4, 3), "GRU": (3, 4)}[given["kind"]]
    joined, both = units * directions, directions == 2

    def layer(n: int, blocks: int, vectors: int, sides: int = directions) -> int:
        rows = blocks * units
        return sum(size(rows, n) + size(rows, units) + size(vectors, rows) for _ in range(sides))

    def all_of(name: str, n: int, narrow: int | None) -> dict[str, Any]:
        key = layer(n, blocks, on)
        return {
            name: key, f"{name}.gates": layer(n, other, on), f"{name}.one_block": layer(n, 1, on),
            f"{name}.biases": layer(n, blocks, {1: 2, 2: 1}[on]), f"{name}.no_bias": layer(n, blocks, 0),
            f"{name}.no_recurrence": key - size(directions, blocks * units, units),
            f"{name}.every_step": sum(key for _ in range(steps)),
            f"{name}.one_direction": layer(n, blocks, on, 1) if both else None,
            f"{name}.narrow": layer(narrow, blocks, on) if narrow else None,
        }  # fmt: skip

    first, second = all_of("first", inputs, None), all_of("second", joined, units if both else None)
    output = size(classes, joined) + size(classes)
    sums = first["first"] + second["second"]
    values = first | second | {
        "gates": size(blocks * units, inputs), "gates.gates": size(other * units, inputs),
        "gates.one_block": size(units, inputs), "gates.no_recurrence": size(blocks * units, units),
        "second.same_again": first["first"], "output": output, "output.no_bias": size(classes, joined),
        "output.every_step": size(steps, classes, joined) + size(steps, classes),
        "output.narrow": size(classes, units) + size(classes) if both else None,
        "total": sums + output, "total.twice": first["first"] + first["first"] + output, "total.no_output": sums,
    }  # fmt: skip
    return values
