"""Vaswani et al., Attention Is All You Need (2017), sections 3.2.2 and 3.3: the parameters of a transformer block."""

from typing import Any

from problem_bank.answers import Integer
from problem_bank.exercise import Exercise
from problem_bank.families.attention._counts_texts import ASK_COUNTS, COUNTED, COUNTS, SAID
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import size
from problem_bank.subjects.steps import Steps

LENGTHS = tuple(range(12, 132, 2))


@family(
    topic="attention",
    source="Vaswani et al. 2017, section 3.2.2",
    minutes=6,
    levels={"easy": {"ask": ("length", "attention")}, "medium": {}, "hard": {"grouped": True}},
)
def multi_head_counts(rng: Rng, *, grouped: bool = False, ask: tuple[str, ...] = tuple(ASK_COUNTS)) -> Exercise:
    """Count the learned parameters of multi-head attention and of the block around it."""
    length, groups = rng.choice("length", LENGTHS), rng.int("groups", 2, 8)
    heads = groups * (rng.int("shared", 2, 4) if grouped else 1)
    biases, wide = rng.choice("biases", (0, 1)), rng.choice("wide", (2, 3, 4))
    d, kv = heads * length, groups * length
    hidden = wide * d

    def linear(inputs: int, *outputs: int, bias: int = biases) -> int:
        return sum((inputs + bias) * n for n in outputs)

    def block(e: Any) -> Any:
        return e["attention"] + e["feed_forward"] + e["norms"]

    rules: dict[str, Any] = {
        "length": (length, {"not_split": d, "multiplied": d * heads}),
        "attention": (linear(d, d, kv, kv, d), {
            "no_output": linear(d, d, kv, kv), "biases": linear(d, d, kv, kv, d, bias=1 - biases),
            "not_divided": heads * linear(d, d) + 2 * groups * linear(d, d) + linear(d, d),
            "one_head_only": linear(d, length, length, length, length),
            "not_grouped": linear(d, d, d, d, d) if grouped else None,
        }),
        "feed_forward": (linear(d, hidden) + linear(hidden, d), {
            "one_layer": linear(d, hidden), "not_wider": 2 * linear(d, d),
            "biases": linear(d, hidden, bias=1 - biases) + linear(hidden, d, bias=1 - biases),
        }),
        "norms": (4 * d, {"scale_only": 2 * d, "one_pair": 4}),
        "total": (block, {"no_norms": lambda e: block(e) - e["norms"],
                          "attention_left_out": lambda e: block(e) - e["attention"]}),
    }  # fmt: skip
    steps = Steps(SAID)
    for name in ask:
        right, wrong = rules[name]
        steps.ask(name, ASK_COUNTS[name], right, wrong, kind=Integer)
    return Exercise(
        given={**rng.drawn, "grouped": grouped, "ask": ask},
        shown={"d": d, "kv": kv, "heads": heads, "hidden": hidden, "keys": steps.keys},
        prompt=COUNTS,
        parts=steps.parts,
        solution=COUNTED,
        work=float(len(ask)),
    )


@multi_head_counts.oracle
def by_arrays(grouped: bool, **given: Any) -> dict[str, Any]:
    """The sizes of the arrays that such a block holds, head by head; nothing is stored."""
    length, groups, on = given["length"], given["groups"], given["biases"]
    heads = groups * (given["shared"] if grouped else 1)
    d = sum(length for _ in range(heads))

    def layer(inputs: int, outputs: int, on: int = on) -> int:
        return size(inputs, outputs) + (size(outputs) if on else 0)

    def attention(on: int = on, kv: int = groups, width: int = length) -> int:
        return sum(layer(d, width, on) for _ in range(heads)) + sum(layer(d, width, on) for _ in range(2 * kv))

    wide = given["wide"] * d
    values = {
        "length": length, "length.not_split": d, "length.multiplied": size(d, heads),
        "attention": attention() + layer(d, d), "attention.no_output": attention(),
        "attention.biases": attention(1 - on) + layer(d, d, 1 - on),
        "attention.not_divided": attention(width=d) + layer(d, d),
        "attention.one_head_only": 4 * layer(d, length),
        "attention.not_grouped": attention(kv=heads) + layer(d, d) if grouped else None,
        "feed_forward": layer(d, wide) + layer(wide, d), "feed_forward.one_layer": layer(d, wide),
        "feed_forward.not_wider": layer(d, d) + layer(d, d),
        "feed_forward.biases": layer(d, wide, 1 - on) + layer(wide, d, 1 - on),
        "norms": size(2, 2, d), "norms.scale_only": size(2, d), "norms.one_pair": size(2, 2),
    }  # fmt: skip
    rest = values["feed_forward"] + values["norms"]
    values |= {"total": values["attention"] + rest, "total.attention_left_out": rest,
               "total.no_norms": values["attention"] + values["feed_forward"]}  # fmt: skip
    return values
