"""Cho et al. 2014 and Goodfellow et al., Deep Learning, section 10.10.2: one or two steps of a GRU."""

from functools import partial
from math import tanh
from typing import Any

import numpy as np

from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.recurrent._gates import TENTHS, activated, changed, draw_blocks, parameters
from problem_bank.families.recurrent._gru_texts import FORMS, NAMES, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.softmax import sigmoid
from problem_bank.subjects.steps import Steps


@family(
    topic="recurrent",
    source="Goodfellow 10.10.2; Cho et al. 2014",
    minutes=9,
    levels={"easy": {"biases": False}, "medium": {}, "hard": {"steps": 2}},
)
def gru_step(rng: Rng, *, steps: int = 1, biases: bool = True) -> Exercise:
    """Compute gates, candidate and state of a GRU with one unit."""
    blocks, form = draw_blocks(rng, "rzn", biases), rng.choice("form", tuple(FORMS))
    x, h0 = rng.ints("x", steps, -2, 3, exclude=(0,)), rng.choice("h0", TENTHS)
    asked, rows = Steps(SAID, tolerance=1e-3), []
    for t, value in enumerate(x, start=1):
        before = asked.keys.get(f"h{t - 1}", float(h0))
        _ask(asked, blocks, value, t, before, form == "new")
        (r, _), n = asked.keys[f"gates{t}"], asked.keys[f"n{t}"]
        sums = [blocks[name].sum(value, before) for name in "rz"]
        inner = blocks["n"].sum(value, r * before)
        rng.require(all(0.2 < abs(a) < 2.5 for a in (*sums, inner)), "no sum is about 0 or large")
        rng.require(abs(before) > 0.1 and abs(n - before) > 0.1, "state and candidate differ")
        rows.append({"sums": sums, "inner": inner, "reset": r * before, "before": before,
                     **{name: asked.keys[f"{name}{t}"] for name in ("gates", "n", "h")}})  # fmt: skip
    return Exercise(
        given={**rng.drawn, "steps": steps, "biases": biases},
        shown={"table": [(NAMES[name], *block) for name, block in blocks.items()], "rows": rows,
               "formula": FORMS[form]},
        prompt=PROMPT,
        parts=asked.parts,
        solution=SOLUTION,
        work=float(steps),
    )  # fmt: skip


def _ask(asked: Steps, blocks: Any, x: int, t: int, start: float, new: bool) -> None:  # noqa: PLR0917  # one step
    """Append the parts of one step; `new`: does z weigh the candidate?"""

    def h(e: Earlier) -> Any:
        return e.get(f"h{t - 1}", start)

    def mixed(e: Earlier, gate: int = 1, turned: bool = False) -> Any:
        z = e[f"gates{t}"][gate]
        return (1 - z) * h(e) + z * e[f"n{t}"] if new != turned else z * h(e) + (1 - z) * e[f"n{t}"]

    def candidate(e: Earlier, gate: int = 0, block: Any = blocks["n"]) -> float:
        return tanh(block.sum(x, e[f"gates{t}"][gate] * h(e)))

    gates = [blocks[name] for name in "rz"]
    kinds = ["no_state", "swapped_weights"] + ["no_bias"] * any(block.b for block in gates)
    asked.ask(f"gates{t}", f"The gates $(r, z)$ of step {t}, in this order.", activated(gates, sigmoid, x, h), {
        **{kind: activated([changed(block, kind) for block in gates], sigmoid, x, h) for kind in kinds},
        "tanh": activated(gates, tanh, x, h),
    })  # fmt: skip
    asked.ask(f"n{t}", f"The candidate $n$ of step {t}.", candidate, {
        **{kind: partial(candidate, block=changed(blocks["n"], kind)) for kind in kinds},
        "no_reset": lambda e: tanh(blocks["n"].sum(x, h(e))),
        "update_for_reset": partial(candidate, gate=1),
        "all_reset": lambda e: tanh(e[f"gates{t}"][0] * blocks["n"].sum(x, h(e))),
        "sigmoid": lambda e: sigmoid(blocks["n"].sum(x, e[f"gates{t}"][0] * h(e))),
    })  # fmt: skip
    asked.ask(f"h{t}", f"The state $h_{t}$.", mixed, {
        "turned_round": partial(mixed, turned=True),
        "candidate_only": lambda e: e[f"n{t}"],
        "reset_for_update": partial(mixed, gate=0),
        "added": lambda e: h(e) + e[f"n{t}"],
    })  # fmt: skip


@gru_step.oracle
def by_arrays(form: str, **given: Any) -> dict[str, Any]:
    """All gates of a step at once in NumPy; mixing as interpolation, tanh by its exponentials."""
    w, u, b = parameters(given, "rzn")
    h, values = float(given["h0"]), {}

    def squashed(a: Any) -> Any:
        return (1 + np.tanh(a / 2)) / 2

    def by_powers(a: Any) -> Any:
        return np.expm1(2 * a) / (np.exp(2 * a) + 1)

    def between(z: float, new: bool) -> Any:
        return np.interp(z, [0, 1], [h, n] if new else [n, h])

    for t, x in enumerate(given["x"], start=1):
        r, z = squashed(w * x + u * h + b)[:2]
        reset = np.array([h, h, r * h])
        readings = {"": w * x + u * reset + b, ".no_state": w * x + b, ".swapped_weights": u * x + w * reset + b,
                    ".no_bias": w * x + u * reset}  # fmt: skip
        for slip, a in readings.items():
            values[f"gates{t}{slip}"], values[f"n{t}{slip}"] = squashed(a[:2]), by_powers(a[2])
        n, whole = values[f"n{t}"], (w * x + u * h + b)[2]
        values |= {
            f"gates{t}.tanh": by_powers(readings[""][:2]), f"n{t}.sigmoid": squashed(readings[""][2]),
            f"n{t}.no_reset": by_powers(whole), f"n{t}.all_reset": by_powers(r * whole),
            f"n{t}.update_for_reset": by_powers(w[2] * x + u[2] * z * h + b[2]),
            f"h{t}": between(z, form == "new"), f"h{t}.turned_round": between(z, form == "old"),
            f"h{t}.candidate_only": n, f"h{t}.reset_for_update": between(r, form == "new"), f"h{t}.added": h + n,
        }  # fmt: skip
        h = values[f"h{t}"]
    return values
