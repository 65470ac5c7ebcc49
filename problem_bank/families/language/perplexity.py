"""Jurafsky and Martin, Speech and Language Processing, chapter 3: how well a language model expects a text."""

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from math import exp, log, log2, prod
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Rule
from problem_bank.families.language._perplexity_texts import ASK_BITS, ASK_NATS, PROBABILITIES, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import decimal
from problem_bank.values import Matrix, Vector, entries

WORDS = ("a", "b", "c", "⟨end⟩")
HALVINGS = tuple(Fraction(1, 2**n) for n in range(1, 13))
DECIMALS = tuple(Fraction(n, 100) for n in (2, 4, 5, 6, 8, 10, 12, 15, 16, 20, 24, 25, 30, 35, 40, 45, 50, 60, 70, 80))
ROWS = [
    tuple(Fraction(n, 20) for n in (*row, 20 - sum(row))) for row in permutations(range(1, 12), 3) if 20 - sum(row) > 0
]  # of a table of bigrams; the last column is the end of the text


@family(
    topic="language",
    source="Jurafsky and Martin 3",
    minutes=6,
    levels={"easy": {"tokens": "halvings", "length": 6}, "medium": {}, "hard": {"tokens": "table", "length": 6}},
)
def perplexity(rng: Rng, *, tokens: str = "decimals", length: int = 5) -> Exercise:
    """Turn the probabilities of the tokens into cross-entropy, bits and perplexity."""
    if tokens not in {"halvings", "decimals", "table"}:
        raise BadGiven(f"tokens: {tokens!r} is none of halvings, decimals, table")
    steps = Steps(SAID, tolerance=1e-3)
    table: Matrix = ()
    if tokens == "table":
        table, text = rng.each("table", [ROWS] * (len(WORDS) - 1)), rng.ints("text", length, 0, len(WORDS) - 2)
        if any(sum(row) != 1 for row in table) or not set(text) <= set(range(len(table))):
            raise BadGiven(f"table, text: rows have to sum to 1, and words are numbered from 0 to {len(table) - 1}")
        p = _read(rng, table, text, steps)
    else:
        p = rng.choices("p", HALVINGS if tokens == "halvings" else DECIMALS, length)
    if not all(0 < v <= 1 for v in entries((p, table))):
        raise BadGiven("p, table: give probabilities above 0 and up to 1")
    rng.require(len(set(p)) > length // 2, "the probabilities differ")
    _scores(steps, p, bits=tokens == "halvings")
    return Exercise(
        given={**rng.drawn, "tokens": tokens, "length": length},
        shown={"keys": steps.keys, "words": WORDS, "said": [WORDS[i] for i in rng.drawn.get("text", ())],
               "q": p if tokens == "halvings" else tuple(map(float, p)),
               "rows": [tuple(map(decimal, row)) for row in table]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(p)),
    )  # fmt: skip


def _read(rng: Rng, table: Matrix, text: tuple[int, ...], steps: Steps) -> Vector:
    """Ask for the probabilities of the tokens after the first, and of the end, from a table of bigrams."""
    pairs = list(zip(text, (*text[1:], len(WORDS) - 1), strict=True))
    square = [row[: len(table)] for row in table]
    right = tuple(table[i][j] for i, j in pairs)
    wrong = {
        "columns": (*(square[j][i] for i, j in pairs[:-1]), right[-1]),
        "likeliest": tuple(max(table[i]) for i, _ in pairs),
        "no_end": right[:-1],
    }
    rng.require(len(set(text)) == len(table), "the text uses every word")
    return tuple(steps.ask("p", PROBABILITIES, tuple(map(float, right)), wrong))


def _scores(steps: Steps, p: Vector, *, bits: bool) -> None:
    """Append the steps from the probabilities to the perplexity; with `bits`, every logarithm has base 2."""
    logarithm, other, power = (log2, log, lambda h: 2.0**h) if bits else (log, log2, exp)
    n = len(p)

    def of(score: Callable[[Any], float]) -> Rule:
        """A score of the student's own probabilities, where they are asked for."""
        return lambda e: score(tuple(map(float, e.get("p", p))))

    def mean(q: Any) -> float:
        return float(sum(q) / len(q))

    ask, base = ASK_BITS if bits else ASK_NATS, {"arithmetic": of(lambda q: 1 / mean(q))}
    total = of(lambda q: sum(map(logarithm, q)))
    if bits:
        surprise = tuple(-log2(v) for v in p)
        steps.ask("surprisals", ask["surprisals"], surprise, {
            "sign": tuple(-v for v in surprise), "base": tuple(-log(v) for v in p),
            "reciprocals": tuple(float(1 / Fraction(v)) for v in p),
        }, points=2)  # fmt: skip
    steps.ask("log_likelihood", ask["log_likelihood"], (lambda e: -sum(e["surprisals"])) if bits else total, {
        "base": of(lambda q: sum(map(other, q))), "sign": of(lambda q: -sum(map(logarithm, q))),
        "arithmetic": of(lambda q: len(q) * logarithm(mean(q))), "product": of(prod),
    })  # fmt: skip
    steps.ask("cross_entropy", ask["cross_entropy"], lambda e: -e["log_likelihood"] / n, {
        "sign": lambda e: e["log_likelihood"] / n, "summed": lambda e: -e["log_likelihood"],
        "arithmetic": of(lambda q: -logarithm(mean(q))), "probability": of(lambda q: 1 - mean(q)),
    })  # fmt: skip
    if not bits:
        base["of_bits"] = lambda e: exp(e["bits"])
        steps.ask("bits", ask["bits"], lambda e: e["cross_entropy"] / log(2), {
            "multiplied": lambda e: e["cross_entropy"] * log(2), "base_ten": lambda e: e["cross_entropy"] / log(10),
            "log_of_entropy": lambda e: log2(e["cross_entropy"]),
        })  # fmt: skip
    steps.ask("perplexity", ask["perplexity"], lambda e: power(e["cross_entropy"]), {
        "wrong_base": lambda e: exp(e["cross_entropy"]) if bits else 2.0 ** e["cross_entropy"],
        "reciprocal": lambda e: power(-e["cross_entropy"]), "not_divided": lambda e: power(-e["log_likelihood"]),
        "mean_of_reciprocals": of(lambda q: mean([1 / v for v in q])), **base,
    }, points=2)  # fmt: skip


@perplexity.oracle
def by_geometric_mean(tokens: str, **given: Any) -> dict[str, Any]:
    """Backwards, from the perplexity as one over the geometric mean; probabilities as one-hot products in NumPy."""
    values: dict[str, Any] = {}
    p = np.array(given.get("p", ()), dtype=float)
    if tokens == "table":
        values, p = _from_table(np.array(given["table"], dtype=float), given["text"])
    n, bits = len(p), tokens == "halvings"
    unit, other = (np.log(2), 1.0) if bits else (1.0, np.log(2))
    surprise = float(np.prod(p)) ** (-1 / n)
    flat, nats = 1 / float(np.average(p)), float(np.log(surprise))
    values |= {
        "log_likelihood": np.log(np.prod(p)) / unit, "log_likelihood.base": np.log(np.prod(p)) / other,
        "log_likelihood.sign": -np.log(np.prod(p)) / unit, "log_likelihood.arithmetic": -n * np.log(flat) / unit,
        "log_likelihood.product": np.prod(p),
        "cross_entropy": nats / unit, "cross_entropy.sign": -nats / unit, "cross_entropy.summed": n * nats / unit,
        "cross_entropy.arithmetic": np.log(flat) / unit, "cross_entropy.probability": np.average(1 - p),
        "perplexity": surprise, "perplexity.wrong_base": surprise ** (1 / unit if bits else other),
        "perplexity.reciprocal": 1 / surprise, "perplexity.not_divided": 1 / np.prod(p),
        "perplexity.mean_of_reciprocals": np.average(1 / p), "perplexity.arithmetic": flat,
    }  # fmt: skip
    if bits:
        surprisals = np.log(1 / p) / np.log(2)
        values |= {"surprisals": surprisals, "surprisals.sign": -surprisals, "surprisals.base": surprisals * np.log(2),
                   "surprisals.reciprocals": np.exp2(surprisals)}  # fmt: skip
    else:
        values |= {
            "bits": np.log2(surprise), "bits.multiplied": nats * np.log(2), "bits.base_ten": np.log10(surprise),
            "bits.log_of_entropy": np.log2(nats), "perplexity.of_bits": np.exp(np.log2(surprise)),
        }  # fmt: skip
    return values


def _from_table(table: Any, text: Any) -> tuple[dict[str, Any], Any]:
    before, after = np.eye(len(table))[list(text)], np.eye(len(table) + 1)[[*text[1:], len(table)]]
    p = np.sum((before @ table) * after, axis=1)
    turned = np.sum((before @ table[:, :-1].T)[:-1] * after[:-1, :-1], axis=1)
    wrong = {"p.columns": np.append(turned, p[-1]), "p.likeliest": (before @ table).max(axis=1), "p.no_end": p[:-1]}
    return {"p": p, **wrong}, p
