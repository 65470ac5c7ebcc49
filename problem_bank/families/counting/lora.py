"""Hu et al., LoRA: Low-Rank Adaptation of Large Language Models (2021), section 4.1: what an adapter learns."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.answers import Integer, Shape
from problem_bank.errors import BadGiven
from problem_bank.exact import add, matmul, scale
from problem_bank.exercise import Exercise
from problem_bank.families.counting._lora_texts import ASK, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import size
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, entries, whole

NAMES = ("query", "value", "feed-forward")
WIDTHS = tuple(range(256, 1600, 64))
SCALES = (1, 3, 4, 6, 8)
SMALL = 2  # the rank of the small example
Question = tuple[Any, dict[str, Any], Any]  # the key or its rule, the misconceptions, and the kind of the answer


@family(
    topic="counting",
    source="Hu 2021",
    minutes=8,
    levels={
        "easy": {"kinds": 1, "ask": ("shape", "one", "all", "change", "merged")},
        "medium": {},
        "hard": {"kinds": 3, "ask": ("one", "all", "share", "largest", "change", "merged")},
    },
)
def lora(rng: Rng, *, kinds: int = 2, ask: tuple[str, ...] = ("one", "all", "share", "change", "merged")) -> Exercise:
    """Count what low-rank adapters learn, and merge one into its matrix."""
    widths, layers = rng.sample("widths", WIDTHS, kinds + 1), rng.int("layers", 6, 40)
    r, alpha = rng.choice("r", (3, 4, 5, 6, 8, 12, 16)), rng.choice("alpha", SCALES)
    if any(v < 1 or v % 1 for v in entries((widths, layers, r))):
        raise BadGiven("widths, layers, r: give whole numbers from 1 up")
    w, b, a = (rng.int_matrix(name, *shape, -3, 3) for name, shape in (("W", (3, 3)), ("B", (3, 2)), ("A", (2, 3))))
    rng.require(all(sum(v == 0 for v in entries(m)) < 2 for m in (b, a)), "at most one zero in each factor")
    n, m = widths[:2]
    matrices = [(widths[0], width) for width in widths[1:]]
    frozen = layers * sum(i * o for i, o in matrices)
    rules = _counts(matrices, layers, r, frozen) | _merged(w, b, a, alpha)
    steps = Steps(SAID)
    for name in ask:
        right, wrong, kind = rules[name]
        steps.ask(name, ASK[name], right, wrong, kind=kind)
    return Exercise(
        given={**rng.drawn, "kinds": kinds, "ask": ask},
        shown={"matrices": matrices, "names": NAMES, "keys": steps.keys, "frozen": frozen, "product": matmul(b, a),
               "factor": whole(Fraction(alpha, SMALL)), "small": SMALL, "n": n, "m": m},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask) + kinds),
    )  # fmt: skip


def _counts(matrices: list[tuple[int, int]], layers: int, r: int, frozen: int) -> dict[str, Question]:
    """What is learned for matrices of so many inputs and outputs, all of them with the same inputs."""
    n, m = matrices[0]
    rank = (n * m - 1) // (n + m)
    others = sum(r * (i + o) for i, o in matrices[1:])
    return {
        "shape": ((r, n), {"transposed": (n, r), "of_b": (m, r), "of_w": (m, n)}, Shape),
        "one": (r * (n + m), {
            "one_factor": r * n, "full": n * m, "rank_once": n + m, "same_shape": 2 * r * n, "biases": r * (n + m) + m,
        }, Integer),
        "all": (lambda e: layers * (e["one"] + others), {
            "with_frozen": layers * (r * (n + m) + others) + frozen, "full": frozen,
            "one_layer": lambda e: e["one"] + others,
            "first_matrix": (lambda e: layers * e["one"]) if others else None,
        }, Integer),
        "share": (lambda e: Fraction(e["all"], frozen), {
            "among_all": lambda e: Fraction(e["all"], e["all"] + frozen),
            "one_layer": lambda e: Fraction(e["all"] * layers, frozen),
            "upside_down": lambda e: Fraction(frozen, e["all"]),
        }, None),
        "largest": (rank, {"one_side": min(n, m) - 1, "rounded_up": rank + 1, "half_side": m // 2}, Integer),
    }  # fmt: skip


def _merged(w: Matrix, b: Matrix, a: Matrix, alpha: int) -> dict[str, Question]:
    """The change of W that alpha / r B A makes, and W with it."""
    product, factor = matmul(b, a), whole(Fraction(alpha, SMALL))

    def scaled(c: Any, product: Matrix = product) -> Matrix:
        return tuple(scale(c, row) for row in product)

    def plus(update: Matrix, sign: int = 1) -> Matrix:
        return tuple(add(row, scale(sign, more)) for row, more in zip(w, update, strict=True))

    return {
        "change": (scaled(factor), {
            "unscaled": product, "alpha_alone": scaled(alpha), "inverse_factor": scaled(Fraction(SMALL, alpha)),
            "swapped": scaled(factor, matmul(a, b)),
        }, None),
        "merged": (lambda e: plus(e["change"]), {
            "replaced": lambda e: e["change"], "subtracted": lambda e: plus(e["change"], -1),
        }, None),
    }  # fmt: skip


@lora.oracle
def by_arrays(kinds: int, **given: Any) -> dict[str, Any]:
    """NumPy: the sizes of arrays that are never stored, the rank by trying, the product by an einsum."""
    (n, *outputs), layers, r = given["widths"], given["layers"], given["r"]
    m = outputs[0]

    def adapters(*widths: int) -> int:
        return sum(size(r, n) + size(width, r) for width in widths)

    one, every, frozen = adapters(m), size(layers, adapters(*outputs)), size(layers, n, sum(outputs))
    ranks = np.arange(1, min(n, m))
    fewer = int(ranks[ranks * n + m * ranks < m * n].max())
    w, b, a = (np.array(given[name]) for name in "WBA")
    update = np.einsum("ir,rj->ij", b, a) * given["alpha"]
    values = {
        "shape": (r, n), "shape.transposed": (n, r), "shape.of_b": (m, r), "shape.of_w": (m, n),
        "one": one, "one.one_factor": size(r, n), "one.full": size(m, n), "one.rank_once": size(1, n) + size(m, 1),
        "one.same_shape": size(2, r, n), "one.biases": one + size(m),
        "all": every, "all.with_frozen": every + frozen, "all.full": frozen, "all.one_layer": adapters(*outputs),
        "all.first_matrix": size(layers, one) if kinds > 1 else None,
        "share": Fraction(every, frozen), "share.among_all": Fraction(every, every + frozen),
        "share.upside_down": Fraction(frozen, every), "share.one_layer": Fraction(layers * every, frozen),
        "largest": fewer, "largest.one_side": min(n, m) - 1, "largest.rounded_up": fewer + 1,
        "largest.half_side": sum(1 for _ in range(0, m - 1, 2)),
        "change": update / 2, "change.unscaled": b @ a, "change.alpha_alone": update,
        "change.inverse_factor": [[Fraction(2 * int(v), given["alpha"]) for v in row] for row in b @ a],
        "change.swapped": a @ b * given["alpha"] / 2,
        "merged": w + update / 2, "merged.replaced": update / 2, "merged.subtracted": w - update / 2,
    }  # fmt: skip
    return values
