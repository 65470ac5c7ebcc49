"""Goodfellow et al., Deep Learning, section 12.4.2; Prince, Understanding Deep Learning, 12.5: embeddings, counted."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.answers import Integer
from problem_bank.errors import BadGiven
from problem_bank.exact import matvec, scale, transpose
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.counting._embedding_texts import LINES, PART, PROMPT, SAID
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import size
from problem_bank.subjects.steps import Steps
from problem_bank.tex import tex
from problem_bank.values import Matrix, Vector, whole

WORDS = ("deep", "flat", "large", "small", "fast", "slow", "net", "graph", "layer", "learns", "fails", "often")
WIDTHS = (64, 96, 100, 128, 160, 192, 200, 256, 300, 320, 384, 512, 640, 768)
LENGTHS = (128, 200, 256, 300, 400, 512, 768, 1024)
SMALL, COUNTED = ("weights", "mean"), ("table", "positions", "output")


@family(
    topic="counting",
    source="Goodfellow 12.4.2",
    minutes=7,
    levels={
        "easy": {"ask": ("table", "weights", "mean")},
        "medium": {"ask": ("table", "positions", "output", "total", "mean")},
        "hard": {"ask": ("table", "positions", "output", "total", "one_hot", *SMALL), "tied": True, "columns": 3},
    },
)
def embedding_counts(
    rng: Rng, *, ask: tuple[str, ...] = ("table", *SMALL), tied: bool = False, columns: int = 2
) -> Exercise:
    """Count what embeddings learn, and average those of a text."""
    if not set(ask) <= set(PART):
        raise BadGiven(f"ask: {', '.join(ask)}; write some of {', '.join(PART)}")
    vocabulary = 1000 * rng.int("thousands", 8, 60)
    width, length = rng.choice("width", WIDTHS), rng.choice("length", LENGTHS)
    words, table = rng.sample("words", WORDS, 4), rng.int_matrix("table", 4, columns, -4, 6)
    text = rng.built("text", lambda r: tuple(r.int(f"word {i}", 0, 3) for i in range(r.choice("count", (4, 5)))))
    if not all(word in range(4) for word in text):
        raise BadGiven(f"text: {text} holds something else than places 0 to 3 in the small vocabulary")
    counts = tuple(text.count(word) for word in range(4))
    rng.require(sorted(counts)[0] == 0 and 2 <= max(counts) < len(text), "a word is missing and another one repeats")
    rng.require(len(set(table)) == 4, "the words differ")
    if "total" in ask and not {"table", "positions", "output"} <= set(ask):
        raise BadGiven("ask: the total is that of table, positions and output; ask for these as well")
    steps = Steps(SAID)
    rules = _counted(vocabulary, width, length, tied) | _averaged(table, counts)
    for name in ask:
        kind = None if name in SMALL else Integer
        steps.ask(name, PART[name], *rules[name], points=2 if name == "mean" else 1, kind=kind)
    return Exercise(
        given={**rng.drawn, "ask": ask, "tied": tied, "columns": columns},
        shown={"vocabulary": vocabulary, "large": bool(set(ask) - set(SMALL)), "keys": steps.keys,
               "entries": list(zip(words, table, strict=True)), "bag": " ".join(words[i] for i in text),
               "counts": [steps.keys.get(name) for name in COUNTED], "n": len(text), "mean": _sum(table, counts)},
        prompt=PROMPT,
        parts=steps.parts,
        solution="\n".join(f"- {LINES[name]}" for name in ask),
        work=float(len(ask) + columns),
    )  # fmt: skip


Question = tuple[Any, dict[str, Any]]  # the key or its rule, and the misconceptions


def _counted(vocabulary: int, width: int, length: int, tied: bool) -> dict[str, Question]:
    """The counts of the large model."""
    table, scores = vocabulary * width, vocabulary * width + vocabulary

    def total(e: Earlier) -> int:
        return sum(e[name] for name in COUNTED)

    output = {"not_tied": scores} if tied else {"tied_anyway": vocabulary}
    return {
        "table": (table, {
            "with_bias": table + width, "per_position": length * table, "tokens_only": vocabulary,
        }),
        "positions": (length * width, {
            "positions_only": length, "per_token": length * table, "with_bias": length * width + width,
        }),
        "output": (vocabulary if tied else scores, {
            **output, "no_bias": 0 if tied else table, "bias_per_input": width if tied else table + width,
        }),
        "total": (total, {
            "counted_twice" if tied else "shared_anyway": lambda e: total(e) + (table if tied else -table),
            "no_positions": lambda e: total(e) - e["positions"],
        }),
        "one_hot": (length * table, {"one_token": table, "lookup": length * width}),
    }  # fmt: skip


def _averaged(table: Matrix, counts: Vector) -> dict[str, Question]:
    """The small example: the weights of the rows, and the mean."""
    n, occurring = sum(counts), tuple(int(count > 0) for count in counts)

    def share(of: Vector, among: Any) -> Vector:
        return tuple(whole(Fraction(v)) for v in scale(Fraction(1, among), of))

    def mean(e: Earlier) -> Vector:
        return share(matvec(transpose(table), tuple(e.get("weights", share(counts, n)))), 1)

    wrong = {
        "not_divided": counts, "occurring": share(occurring, sum(occurring)),
        "by_vocabulary": share(counts, len(table)) if n != len(table) else None,
    }  # fmt: skip
    means = {name: q and share(matvec(transpose(table), q), 1) for name, q in wrong.items()}
    means["all_rows"] = share(matvec(transpose(table), (1,) * len(table)), len(table))
    return {"weights": (share(counts, n), wrong), "mean": (mean, means)}


def _sum(table: Matrix, counts: Vector) -> str:
    """1/4 (2 (1, 2) + (3, 4))"""
    terms = [f"{count if count > 1 else ''} {tex(row)}" for row, count in zip(table, counts, strict=True) if count]
    return rf"\frac{{1}}{{{sum(counts)}}} \left({' + '.join(terms)}\right)"


@embedding_counts.oracle
def by_one_hot(table: Matrix, text: Vector, **given: Any) -> dict[str, Any]:
    """Sizes of NumPy arrays, and the mean as a product of one-hot vectors with the table."""
    tokens, width, length = 1000 * given["thousands"], given["width"], given["length"]
    arrays = {"table": [(tokens, width)], "positions": [(length, width)], "output": [(width, tokens), (tokens,)]}
    sizes = {name: sum(size(*shape) for shape in shapes) for name, shapes in arrays.items()}
    if given["tied"]:
        sizes["output"] = size(*arrays["output"][1])
    e, n = np.array(table, dtype=object), Fraction(len(text))
    one_hot = np.eye(len(table), dtype=int)[np.array(text)].astype(object)
    q, distinct = one_hot.sum(axis=0), one_hot.max(axis=0)
    weights = {
        "": q / n, ".not_divided": q, ".occurring": distinct / Fraction(distinct.sum()),
        ".by_vocabulary": q / Fraction(len(table)) if n != len(table) else None,
    }  # fmt: skip
    total = sum(sizes.values())
    return sizes | {
        "table.with_bias": sizes["table"] + size(width), "table.per_position": size(length, tokens, width),
        "table.tokens_only": size(tokens),
        "positions.positions_only": size(length), "positions.per_token": size(length, tokens, width),
        "positions.with_bias": size(length + 1, width),
        "output.not_tied": sizes["table"] + tokens, "output.tied_anyway": tokens,
        "output.no_bias": 0 if given["tied"] else sizes["table"],
        "output.bias_per_input": size(width) if given["tied"] else size(tokens + 1, width),
        "total": total, "total.no_positions": sizes["table"] + sizes["output"],
        "total.counted_twice": total + sizes["table"], "total.shared_anyway": total - sizes["table"],
        "one_hot": size(length, tokens, width), "one_hot.one_token": sizes["table"],
        "one_hot.lookup": sizes["positions"],
        **{f"weights{name}": value for name, value in weights.items()},
        **{f"mean{name}": None if value is None else value @ e for name, value in weights.items()},
        "mean.all_rows": e.sum(axis=0) / Fraction(len(e)),
    }  # fmt: skip
