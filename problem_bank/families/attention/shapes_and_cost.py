"""Vaswani et al., Attention Is All You Need (2017), table 1 and section 4: what attention costs, and why n squared."""

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from problem_bank.answers import Integer, Shape
from problem_bank.exercise import Exercise
from problem_bank.families.attention._shapes_texts import ASKED, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps

LENGTHS = tuple(range(12, 61))
WIDTHS = (8, 10, 12, 14, 16, 18, 20, 24)


@family(
    topic="attention",
    source="Vaswani et al. 2017, section 4",
    minutes=6,
    levels={
        "easy": {"ask": ("scores", "output", "score_cost", "memory")},
        "medium": {},
        "hard": {"most_heads": 8},
    },
)
def shapes_and_cost(rng: Rng, *, most_heads: int = 1, ask: tuple[str, ...] = tuple(ASKED)) -> Exercise:
    """Find the shapes in attention, count its products, and see how they grow."""
    batch, heads = rng.int("batch", 2, 9), rng.int("heads", min(2, most_heads), most_heads)
    queries, keys = rng.sample("lengths", LENGTHS, 2)
    d_k, d_v = rng.sample("widths", WIDTHS, 2)
    rng.require(len({batch, heads, queries, keys, d_k, d_v}) == 6, "all sizes differ")
    bytes_, longer = rng.choice("bytes", (2, 4)), rng.int("longer", 3, 9)
    sizes = _Sizes(batch, heads, queries, keys, d_k, d_v, bytes_, longer)
    steps = Steps(SAID)
    for name in ask:
        right, wrong = sizes.asked(name)
        kind: Any = Shape if name in ("scores", "output") else Integer
        steps.ask(name, ASKED[name], right, wrong, kind=kind)
    return Exercise(
        given={**rng.drawn, "most_heads": most_heads, "ask": ask},
        shown={"queries": queries, "keys": keys, "d_k": d_k, "d_v": d_v, "scores": sizes.scores,
               **{name: sizes.asked(name)[0] for name in ("score_cost", "value_cost", "memory", "grown")}},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Sizes:
    """Everything that a count depends on."""

    batch: int
    heads: int
    queries: int
    keys: int
    d_k: int
    d_v: int
    bytes: int
    longer: int

    @property
    def scores(self) -> int:
        """How many scores there are."""
        return self.batch * self.heads * self.queries * self.keys

    def asked(self, name: str) -> tuple[Any, dict[str, Any]]:
        """The key of a part, and where misconceptions lead."""
        if name.endswith("_cost"):
            return self._cost(name)
        return {"scores": self._scores, "output": self._output, "memory": self._memory, "grown": self._grown}[name]()

    def _scores(self) -> tuple[Any, dict[str, Any]]:
        first, n, m = self._first, self.queries, self.keys
        return (*first, n, m), {"transposed": (*first, m, n), "inner": (*first, self.d_k, self.d_k), "no_batch": (n, m)}

    def _output(self) -> tuple[Any, dict[str, Any]]:
        b, n, h, d = self.batch, self.queries, self.heads, self.d_v
        return (b, n, h * d), {
            "keys_length": (b, n, h * self.d_k),
            "keys_number": (b, self.keys, h * d),
            "heads_apart": (b, h, n, d) if h > 1 else None,
        }

    @property
    def _first(self) -> tuple[int, ...]:
        return (self.batch, self.heads) if self.heads > 1 else (self.batch,)

    def _cost(self, name: str) -> tuple[int, dict[str, Any]]:
        length, other = (self.d_k, self.d_v) if name == "score_cost" else (self.d_v, self.d_k)
        key = self.scores * length
        return key, {
            "no_products": self.scores if name == "score_cost" else key // self.keys,
            "linear": key // self.keys if name == "score_cost" else None,
            "doubled": 2 * key,
            "other_length": self.scores * other,
            "no_batch": key // self.batch,
        }

    def _memory(self) -> tuple[int, dict[str, Any]]:
        stored = self.batch * self.heads * self.keys * self.d_v * self.bytes
        return self.scores * self.bytes, {
            "numbers": self.scores,
            "bits": 8 * self.scores * self.bytes,
            "values_stored": stored,
            "no_batch": self.scores * self.bytes // self.batch,
        }

    def _grown(self) -> tuple[int, dict[str, Any]]:
        cost = self.scores * (self.d_k + self.d_v)
        return cost * self.longer**2, {
            "linearly": cost * self.longer,
            "keys_grow": self.scores * self.d_k * self.longer**2,
            "doubled": 2 * cost * self.longer**2,
        }


@shapes_and_cost.oracle
def by_arrays(**given: Any) -> dict[str, Any]:
    """Real products of arrays for the shapes, and the sizes of the arrays that hold every single product."""
    batch, heads, (n, m), (d, e) = given["batch"], given["heads"], given["lengths"], given["widths"]
    first = (batch, heads) if heads > 1 else (batch,)
    q, k, v = (np.zeros((*first, *tail), np.float32) for tail in ((n, d), (m, d), (m, e)))
    scores = q @ np.swapaxes(k, -1, -2)
    output = scores @ v

    def joined(o: Any) -> Any:
        return (np.concatenate(np.swapaxes(o, 0, 1), axis=-1) if heads > 1 else o).shape

    def products(n: int, m: int, width: int) -> int:
        left, right = (*first, n, 1, width), (*first, 1, m, width)
        return prod(np.broadcast_shapes(left, right))

    long, stored = given["longer"], np.dtype(f"f{given['bytes']}").itemsize
    both = products(long * n, long * m, d) + products(long * n, long * m, e)
    values = {
        "scores": scores.shape, "scores.transposed": (k @ np.swapaxes(q, -1, -2)).shape, "scores.no_batch": (n, m),
        "scores.inner": (np.swapaxes(q, -1, -2)[..., :1] @ k[..., :1, :]).shape,
        "output": joined(output), "output.keys_length": joined(scores @ k),
        "output.keys_number": joined(np.swapaxes(scores, -1, -2) @ output), "output.heads_apart": output.shape,
        "score_cost": products(n, m, d), "score_cost.no_products": scores.size, "score_cost.linear": q.size,
        "score_cost.doubled": products(n, 2 * m, d), "score_cost.other_length": products(n, m, e),
        "score_cost.no_batch": products(n, m, d) // batch,
        "value_cost": products(n, m, e), "value_cost.no_products": output.size, "value_cost.linear": None,
        "value_cost.doubled": products(2 * n, m, e), "value_cost.other_length": products(n, m, d),
        "value_cost.no_batch": products(n, m, e) // batch,
        "memory": scores.size * stored, "memory.numbers": scores.size, "memory.bits": 8 * scores.size * stored,
        "memory.values_stored": v.size * stored, "memory.no_batch": scores[0].size * stored,
        "grown": both, "grown.linearly": both // long, "grown.keys_grow": products(long * n, long * m, d),
        "grown.doubled": 2 * both,
    }  # fmt: skip
    if heads == 1:
        values["output.heads_apart"] = None
    return values
