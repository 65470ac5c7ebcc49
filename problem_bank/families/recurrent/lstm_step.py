"""Goodfellow et al., Deep Learning, section 10.10.1: one or two steps of an LSTM."""

from functools import partial
from math import tanh
from typing import Any

import numpy as np

from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.recurrent._gates import TENTHS, activated, changed, draw_blocks, only, parameters
from problem_bank.families.recurrent._lstm_texts import NAMES, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.softmax import sigmoid
from problem_bank.subjects.steps import Steps


@family(
    topic="recurrent",
    source="Goodfellow 10.10.1",
    minutes=10,
    levels={"easy": {"biases": False}, "medium": {}, "hard": {"steps": 2}},
)
def lstm_step(rng: Rng, *, steps: int = 1, biases: bool = True) -> Exercise:
    """Compute gates, cell and state of an LSTM with one unit."""
    blocks = draw_blocks(rng, "fiog", biases)
    x, h0, c0 = rng.ints("x", steps, -2, 3, exclude=(0,)), rng.choice("h0", TENTHS), rng.choice("c0", TENTHS)
    asked, rows = Steps(SAID, tolerance=1e-3), []
    for t, value in enumerate(x, start=1):
        before = {"h": asked.keys.get(f"h{t - 1}", float(h0)), "c": asked.keys.get(f"c{t - 1}", float(c0))}
        _ask(asked, blocks, value, t, before)
        sums = {name: block.sum(value, before["h"]) for name, block in blocks.items()}
        rng.require(all(0.3 < abs(a) < 2.5 for a in sums.values()), "no sum is about 0 or large")
        rng.require(abs(asked.keys[f"c{t}"]) > 0.1, "the cell is not about 0")
        rows.append({"a": sums, "before": before, **{k: asked.keys[f"{k}{t}"] for k in ("gates", "g", "c", "h")}})
    return Exercise(
        given={**rng.drawn, "steps": steps, "biases": biases},
        shown={"table": [(NAMES[name], *block) for name, block in blocks.items()], "rows": rows},
        prompt=PROMPT,
        parts=asked.parts,
        solution=SOLUTION,
        work=float(steps),
    )


def _ask(asked: Steps, blocks: Any, x: int, t: int, start: dict[str, float]) -> None:
    """Append the parts of one step."""

    def old(name: str, e: Earlier) -> Any:
        return e.get(f"{name}{t - 1}", start[name])

    def cell(e: Earlier, keep: int = 0, add: int = 1, kept: str = "c") -> Any:
        return e[f"gates{t}"][keep] * old(kept, e) + e[f"gates{t}"][add] * e[f"g{t}"]

    gates, h, c = [blocks[name] for name in "fio"], partial(old, "h"), partial(old, "c")
    kinds = ["no_state", "swapped_weights"] + ["no_bias"] * any(block.b for block in gates)
    asked.ask(f"gates{t}", f"The gates $(f, i, o)$ of step {t}, in this order.", activated(gates, sigmoid, x, h), {
        **{kind: activated([changed(block, kind) for block in gates], sigmoid, x, h) for kind in kinds},
        "tanh": activated(gates, tanh, x, h),
        "cell_for_state": activated(gates, sigmoid, x, c),
    })  # fmt: skip
    candidate = [blocks["g"]]
    asked.ask(f"g{t}", f"The candidate $g$ of step {t}.", only(activated(candidate, tanh, x, h)), {
        **{kind: only(activated([changed(blocks["g"], kind)], tanh, x, h)) for kind in kinds},
        "sigmoid": only(activated(candidate, sigmoid, x, h)),
    })  # fmt: skip
    asked.ask(f"c{t}", f"The cell $c_{t}$.", cell, {
        "gates_swapped": partial(cell, keep=1, add=0),
        "state_for_cell": partial(cell, kept="h"),
        "nothing_forgotten": lambda e: c(e) + e[f"gates{t}"][1] * e[f"g{t}"],
        "candidate_whole": lambda e: e[f"gates{t}"][0] * c(e) + e[f"g{t}"],
        "one_minus": lambda e: e[f"gates{t}"][0] * c(e) + (1 - e[f"gates{t}"][0]) * e[f"g{t}"],
    })  # fmt: skip
    asked.ask(f"h{t}", f"The state $h_{t}$.", lambda e: e[f"gates{t}"][2] * tanh(e[f"c{t}"]), {
        "no_tanh": lambda e: e[f"gates{t}"][2] * e[f"c{t}"],
        "tanh_outside": lambda e: tanh(e[f"gates{t}"][2] * e[f"c{t}"]),
        "old_cell": lambda e: e[f"gates{t}"][2] * tanh(c(e)),
        "wrong_gate": lambda e: e[f"gates{t}"][0] * tanh(e[f"c{t}"]),
    })  # fmt: skip


@lstm_step.oracle
def by_arrays(**given: Any) -> dict[str, Any]:
    """All blocks of a step at once in NumPy; the sigmoid as a tanh of half the sum, the tanh by its exponentials."""
    w, u, b = parameters(given, "fiog")
    h, c, values = float(given["h0"]), float(given["c0"]), {}

    def squashed(a: Any) -> Any:
        return (1 + np.tanh(a / 2)) / 2

    def by_powers(a: Any) -> Any:
        return np.expm1(2 * a) / (np.exp(2 * a) + 1)

    for t, x in enumerate(given["x"], start=1):
        readings = {"": w * x + u * h + b, ".no_state": w * x + b, ".swapped_weights": u * x + w * h + b,
                    ".no_bias": w * x + u * h}  # fmt: skip
        for slip, a in readings.items():
            values[f"gates{t}{slip}"], values[f"g{t}{slip}"] = squashed(a[:3]), by_powers(a[3])
        a = readings[""]
        (f, i, o), g = squashed(a[:3]), by_powers(a[3])
        values |= {f"gates{t}.tanh": by_powers(a[:3]), f"gates{t}.cell_for_state": squashed(w * x + u * c + b)[:3],
                   f"g{t}.sigmoid": squashed(a[3])}  # fmt: skip
        new = np.dot([f, i], [c, g])
        values |= {f"c{t}": new, f"c{t}.gates_swapped": np.dot([i, f], [c, g]),
                   f"c{t}.state_for_cell": np.dot([f, i], [h, g]), f"c{t}.nothing_forgotten": np.dot([1, i], [c, g]),
                   f"c{t}.candidate_whole": np.dot([f, 1], [c, g]),
                   f"c{t}.one_minus": np.interp(f, [0, 1], [g, c])}  # fmt: skip
        values |= {f"h{t}": o * by_powers(new), f"h{t}.no_tanh": o * new, f"h{t}.tanh_outside": by_powers(o * new),
                   f"h{t}.old_cell": o * by_powers(c), f"h{t}.wrong_gate": f * by_powers(new)}  # fmt: skip
        h, c = o * by_powers(new), new
    return values
