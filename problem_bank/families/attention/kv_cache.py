"""Shazeer, Fast Transformer Decoding (2019): what the cache of keys and values takes while a model writes."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.answers import Integer
from problem_bank.exercise import Exercise
from problem_bank.families.attention._counts_texts import ASK_CACHE, CACHE, CACHED, SAID
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps

MIB = 1024**2


@family(
    topic="attention",
    source="Shazeer 2019",
    minutes=6,
    levels={
        "easy": {"ask": ("token", "cache")},
        "medium": {"most_shared": 4},
        "hard": {"most_shared": 4, "ask": tuple(ASK_CACHE)},
    },
)
def kv_cache(rng: Rng, *, most_shared: int = 1, ask: tuple[str, ...] = ("token", "cache", "products")) -> Exercise:
    """Find the size of the cache of keys and values, and what it saves."""
    layers, length = 2 * rng.int("layer_pairs", 5, 24), rng.choice("length", (32, 48, 64, 80, 96, 128))
    groups, shared = rng.int("groups", 4, 12), rng.int("shared", min(2, most_shared), most_shared)
    bytes_, batch = rng.choice("bytes", (1, 2, 4)), rng.choice("batch", (3, 5, 6, 7, 8, 10, 12))
    tokens, memory = 128 * rng.int("blocks", 3, 40), 512 * rng.int("memory_blocks", 1, 32)
    heads, numbers = groups * shared, layers * groups * length

    def wrong_tokens(e: Any) -> Any:
        return -(-memory * MIB // (batch * e["token"]))

    rules: dict[str, Any] = {
        "token": (lambda e: 2 * numbers * bytes_, {
            "keys_only": numbers * bytes_, "queries_too": (2 + shared) * numbers * bytes_,
            "one_layer_only": 2 * groups * length * bytes_, "numbers": 2 * numbers if bytes_ > 1 else None,
            "all_heads": 2 * shared * numbers * bytes_ if shared > 1 else None,
        }),
        "cache": (lambda e: Fraction(batch * tokens * e["token"], MIB), {
            "one_text": lambda e: Fraction(tokens * e["token"], MIB), "bytes": lambda e: batch * tokens * e["token"],
            "megabytes": lambda e: Fraction(batch * tokens * e["token"], 10**6),
        }),
        "products": (lambda e: layers * heads * tokens * length, {
            "one_layer_only": heads * tokens * length, "no_length": layers * heads * tokens,
            "recomputed": layers * heads * tokens * tokens * length,
            "shared_queries": layers * groups * tokens * length if shared > 1 else None,
        }),
        "longest": (lambda e: memory * MIB // (batch * e["token"]), {
            "one_text": lambda e: memory * MIB // e["token"], "rounded_up": wrong_tokens,
            "megabytes": lambda e: memory * 10**6 // (batch * e["token"]),
        }),
    }  # fmt: skip
    steps = Steps(SAID)
    for name in ask:
        steps.ask(name, ASK_CACHE[name], *rules[name], kind=None if name == "cache" else Integer)
    return Exercise(
        given={**rng.drawn, "most_shared": most_shared, "ask": ask},
        shown={"layers": layers, "heads": heads, "tokens": tokens, "memory": memory, "keys": steps.keys},
        prompt=CACHE,
        parts=steps.parts,
        solution=CACHED,
        work=float(len(ask)),
    )


@kv_cache.oracle
def by_array_sizes(**given: Any) -> dict[str, Any]:
    """The bytes of the arrays that would be cached, by NumPy; nothing is stored."""
    layers, length, groups, batch = 2 * given["layer_pairs"], given["length"], given["groups"], given["batch"]
    heads, tokens = groups * given["shared"], sum(128 for _ in range(given["blocks"]))
    number = np.dtype(f"i{given['bytes']}").type(0)

    def held(*shape: int) -> int:
        view = np.broadcast_to(number, shape)
        return view.size * view.itemsize

    def size(*shape: int) -> int:
        return np.broadcast_to(number, shape).size

    token, shared = held(2, layers, groups, length), given["shared"] > 1
    cache, memory = held(batch, tokens, 2, layers, groups, length), given["memory_blocks"] * 512
    row = held(batch, 2, layers, groups, length)
    fits = divmod(memory * 2**20, row)
    values = {
        "token": token, "token.keys_only": held(layers, groups, length),
        "token.queries_too": token + held(layers, heads, length), "token.one_layer_only": held(2, groups, length),
        "token.numbers": size(2, layers, groups, length) if given["bytes"] > 1 else None,
        "token.all_heads": held(2, layers, heads, length) if shared else None,
        "cache": Fraction(cache) / 2**20, "cache.one_text": Fraction(cache // batch) / 2**20, "cache.bytes": cache,
        "cache.megabytes": Fraction(cache) / 1_000_000,
        "products": size(layers, heads, tokens, length), "products.one_layer_only": size(heads, tokens, length),
        "products.no_length": size(layers, heads, tokens),
        "products.recomputed": size(layers, heads, tokens, tokens, length),
        "products.shared_queries": size(layers, groups, tokens, length) if shared else None,
        "longest": fits[0], "longest.rounded_up": fits[0] + (fits[1] > 0),
        "longest.one_text": int(Fraction(memory * 2**20, row) * batch),
        "longest.megabytes": int(Fraction(memory * 1_000_000, row)),
    }  # fmt: skip
    return values
