"""Goodfellow et al., Deep Learning, section 6.4.1: how many threshold units a construction takes, wide or deep."""

from itertools import pairwise
from math import comb
from typing import Any

import numpy as np

from problem_bank.answers import Integer
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.family import family
from problem_bank.figures.words import counted
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector

PROMPT = r"""
A Boolean function of {{ n }} inputs, each 0 or 1, is 1 if the number of ones is {{ counts }}, and else 0. It is to be
computed by threshold units ($1$ if a weighted sum of the inputs plus a bias is positive, else $0$).
{% if "sum" in ask %}

Weights that are 0 are no weights and are not counted; biases are not counted either.
{% endif %}
""".strip()
ASKED = {
    "rows": "One hidden unit for each row of the truth table where the function is 1 (an AND of all inputs, each as it "
    "is or negated), and an output unit that is their OR: how many **hidden** units are that?",
    "weights": "How many weights (without biases) has that network, with its output unit?",
    "other": "Now the other way round: one hidden unit for each row where the function is **0** (an OR that is off in "
    "this row alone), and an output unit that is their AND. How many units are that, **with** the output unit?",
    "sum": "All hidden units may instead look at the number of ones (all weights 1, biases as you like); the output "
    "is a weighted sum of them plus a bias, without threshold. With as few hidden units as can be, how many hidden "
    "units and how many weights has the network? Answer `[units, weights]`.",
    "tree": "The XOR of two bits takes 3 threshold units in two layers. The parity of {{ m }} bits is computed by a "
    "balanced tree of such XORs (a bit that is left over waits for the next level). How many units, and how many "
    "layers of units one after the other, has the tree? Answer `[units, layers]`.",
}
SAID = {
    "all_rows": "You counted all rows of the truth table; take those that the construction is about.",
    "one_per_count": "You took one row for each number of ones; many rows have the same number of ones.",
    "zeros": "These are the rows where the function is 0.",
    "ones": "These are the rows where the function is 1.",
    "no_output": "The output unit is missing from your count.",
    "inputs_only": "The weights of the output unit are missing: it has one for each hidden unit.",
    "biases": "You counted the biases too.",
    "clauses": "You gave the number of clauses, but that is no minimum: a unit that counts replaces many of them.",
    "per_count": "One unit for each of the given numbers cannot switch off again after it. Units stay on for all "
    "larger sums, so one is needed wherever the function changes.",
    "per_input": "One unit for each input always suffices, but the function does not change at every step.",
    "chain": "That is a chain, one XOR after the other; in a tree, those of a level work side by side.",
    "one_unit": "You took one unit for each XOR, but a single threshold unit cannot compute it: it takes three.",
    "one_layer": "Each XOR takes two layers of units, one after the other.",
}
SOLUTION = r"""
{% if "rows" in ask %}
- There are {{ terms }} rows with a 1{{ "" if single else " in all: $" ~ keys.rows ~ "$" }}, each with a hidden unit.
{% endif %}
{% if "weights" in ask %}
- Each hidden unit has {{ n }} weights, and the output unit one for each of them: ${{ keys.rows }} \cdot ({{ n }} + 1) =
  {{ keys.weights }}$.
{% endif %}
{% if "other" in ask %}
- The other $2^{ {{- n -}} } - {{ keys.rows }} = {{ keys.other - 1 }}$ rows have a 0, and there is the output unit:
  ${{ keys.other }}$.
{% endif %}
{% if "sum" in ask %}
- With the number of ones as $s = 0, 1, \dots, {{ n }}$, the function is ${{ profile }}$. A unit that switches on at
  one $s$ stays on for all larger ones, so each of the {{ keys["sum"][0] }} changes needs one. Its weight is $1$
  or $-1$: ${{ keys["sum"][0] }} \cdot ({{ n }} + 1) = {{ keys["sum"][1] }}$ weights.
{% endif %}
{% if "tree" in ask %}
- Every XOR leaves one bit less, so there are ${{ m }} - 1$ of them, with ${{ keys.tree[0] }}$ units. A level halves the
  number of bits (rounded up); ${{ keys.tree[1] // 2 }}$ levels bring {{ m }} down to 1, with two layers each.
{% endif %}
""".strip()


@family(
    topic="expressiveness",
    source="Goodfellow 6.4.1",
    minutes=6,
    levels={
        "easy": {"most": 2, "ask": ("rows", "weights")},
        "medium": {},
        "hard": {"most": 4, "ask": tuple(ASKED)},
    },
)
def gate_count(rng: Rng, *, most: int = 3, ask: tuple[str, ...] = ("rows", "weights", "other", "sum")) -> Exercise:
    """Count the threshold units of constructions for a Boolean function."""
    n, m = rng.int("n", 7, 13), rng.int("m", 6, 40)
    ones = tuple(sorted(rng.sample("ones", range(1, n), most)))
    if set(ask) - set(ASKED) or not set(ones) <= set(range(n + 1)):
        raise BadGiven(f"ones: numbers from 0 to {n}; ask: some of {', '.join(ASKED)}")
    rows, every = sum(comb(n, k) for k in ones), 2**n
    profile = tuple(int(k in ones) for k in range(n + 1))
    changes, levels = sum(a != b for a, b in pairwise(profile)), (m - 1).bit_length()
    rules: dict[str, Any] = {
        "rows": (rows, {"all_rows": every, "one_per_count": most, "zeros": every - rows}),
        "weights": (lambda e: e["rows"] * (n + 1), {
            "inputs_only": lambda e: e["rows"] * n, "biases": lambda e: e["rows"] * (n + 2) + 1}),
        "other": (lambda e: every - e["rows"] + 1, {
            "no_output": lambda e: every - e["rows"], "ones": lambda e: e["rows"] + 1, "all_rows": every + 1}),
        "sum": ((changes, changes * (n + 1)), {
            "clauses": (rows, rows * (n + 1)), "inputs_only": (changes, changes * n),
            "biases": (changes, changes * (n + 2) + 1), "per_count": _unlike(most, changes, n),
            "per_input": _unlike(n, changes, n)}),
        "tree": ((3 * (m - 1), 2 * levels), {
            "chain": (3 * (m - 1), 2 * (m - 1)), "one_unit": (m - 1, 2 * levels), "one_layer": (3 * (m - 1), levels)}),
    }  # fmt: skip
    steps = Steps(SAID)
    for name in ask:
        right, wrong = rules[name]
        steps.ask(name, ASKED[name], right, wrong, kind=Integer if name in ("rows", "weights", "other") else None)
    listed = [f"${comb(n, k)}$ (for {k})" for k in ones]
    return Exercise(
        given={**rng.drawn, "most": most, "ask": ask},
        shown={"counts": counted([str(k) for k in ones], "or"), "keys": steps.keys, "profile": profile,
               "single": most == 1, "terms": counted(listed)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )  # fmt: skip


def _unlike(units: int, right: int, n: int) -> Vector | None:
    """So many units and their weights, unless that is right."""
    return None if units == right else (units, units * (n + 1))


@gate_count.oracle
def by_enumeration(ones: Vector, n: int, m: int, most: int) -> dict[str, Any]:
    """All rows of the truth table in NumPy; the tree is built level by level."""
    sums = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1).sum(1)
    table = np.isin(sums, [int(k) for k in ones])
    rows, zeros = int(table.sum()), int((~table).sum())
    profile = [bool(table[sums == s][0]) for s in range(n + 1)]
    changes = int(np.abs(np.diff(np.array(profile, dtype=int))).sum())
    bits, xors, levels = m, 0, 0
    while bits > 1:
        bits, xors, levels = bits - bits // 2, xors + bits // 2, levels + 1

    def of(units: int, per: int, more: int = 0) -> list[int]:
        return [units, units * per + more]

    values: dict[str, Any] = {
        "rows": rows, "rows.all_rows": len(table), "rows.one_per_count": len(ones), "rows.zeros": zeros,
        "weights": np.ones((rows, n)).size + rows, "weights.inputs_only": np.ones((rows, n)).size,
        "weights.biases": np.ones((rows, n + 1)).size + rows + 1,
        "other": zeros + 1, "other.no_output": zeros, "other.ones": rows + 1, "other.all_rows": len(table) + 1,
        "sum": of(changes, n + 1), "sum.clauses": of(rows, n + 1), "sum.inputs_only": of(changes, n),
        "sum.biases": of(changes, n + 2, 1), "sum.per_count": of(len(ones), n + 1) if len(ones) != changes else None,
        "sum.per_input": of(n, n + 1) if n != changes else None,
        "tree": [3 * xors, 2 * levels], "tree.chain": [3 * xors, 2 * xors], "tree.one_unit": [xors, 2 * levels],
        "tree.one_layer": [3 * xors, levels],
    }  # fmt: skip
    return values
