"""Prince, Understanding Deep Learning, sections 10.2, 11.2 and 11.5: separable, grouped and bottleneck convolutions."""

from fractions import Fraction
from typing import Any

from problem_bank.answers import Integer
from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.counting._convolution_blocks_texts import PART, PROMPT, RATIO, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.second_routes import size
from problem_bank.subjects.steps import Steps

CHANNELS = (12, 16, 18, 20, 24, 30, 32, 36, 40, 48, 64, 80, 96)
GROUPS = (2, 4, 8)
SMALL = ("norms", "projection", "pointwise", "reduce", "expand")  # parts of one point


@family(
    topic="counting",
    source="Prince 10.2, 11.2, 11.5",
    minutes=7,
    levels={"easy": {"block": "separable"}, "medium": {}, "hard": {"block": "residual"}},
)
def convolution_blocks(rng: Rng, *, block: str = "bottleneck") -> Exercise:
    """Count the parameters of depthwise separable, grouped and bottleneck convolutions, and compare with a full one."""
    if block not in PROMPT:
        raise BadGiven(f"block: {block!r} is none of {', '.join(PROMPT)}")
    k = rng.choice("k", (3, 5, 7))
    steps = Steps(SAID)
    shown = {"separable": _separable, "bottleneck": _bottleneck, "residual": _residual}[block](rng, steps, k)
    return Exercise(
        given={**rng.drawn, "block": block},
        shown={**shown, "keys": steps.keys},
        prompt=PROMPT[block].strip(),
        parts=steps.parts,
        solution=SOLUTION[block].strip(),
    )


def _separable(rng: Rng, steps: Steps, k: int) -> dict[str, Any]:
    c, f = rng.sample("channels", CHANNELS, 2)
    full = k * k * c * f
    _count(steps, "full", full, {"no_channels": k * k * f, "line": k * c * f})
    _count(steps, "depthwise", k * k * c, {"as_full": full, "per_output": k * k * f, "one_filter": k * k})
    _count(steps, "pointwise", c * f, {"window": full, "added": c + f})

    def both(e: Earlier) -> Any:
        return e["depthwise"] + e["pointwise"]

    steps.ask("ratio", RATIO["separable"], lambda e: Fraction(both(e)) / e["full"], {
        "inverted": lambda e: e["full"] / Fraction(both(e)), "one_step": lambda e: Fraction(e["depthwise"]) / e["full"],
    }, points=2)  # fmt: skip
    return {"c": c, "f": f}


def _bottleneck(rng: Rng, steps: Steps, k: int) -> dict[str, Any]:
    m = rng.choice("m", range(6, 31))
    c, f = (m * factor for factor in rng.sample("factors", range(2, 8), 2))
    full, convolutions = k * k * c * f, ("reduce", "middle", "expand")
    _count(steps, "reduce", c * m, {"window": k * k * c * m, "added": c + m})
    _count(steps, "middle", k * k * m * m, {"wide": k * k * c * m, "pointwise_middle": m * m, "no_channels": k * k * m})
    _count(steps, "expand", m * f, {"window": k * k * m * f, "added": m + f})
    _norms(steps, [m, m, f])
    steps.ask("total", PART["total"], lambda e: sum(e[name] for name in (*convolutions, "norms")), {
        "no_norms": lambda e: sum(e[name] for name in convolutions),
    }, kind=Integer)  # fmt: skip

    def share(e: Earlier) -> Fraction:
        return Fraction(sum(e[name] for name in convolutions)) / full

    steps.ask("ratio", RATIO["bottleneck"].format(k=k, c=c, f=f), share, {
        "inverted": lambda e: 1 / share(e) if share(e) else None,
        "one_step": lambda e: Fraction(e["middle"]) / full,
    }, points=2)  # fmt: skip
    return {"c": c, "f": f, "full": full}


def _residual(rng: Rng, steps: Steps, k: int) -> dict[str, Any]:
    groups = rng.choice("groups", GROUPS)
    c, f = (groups * share for share in rng.sample("shares", range(3, 16), 2))
    for name, inputs in (("c1", c), ("c2", f)):
        full = k * k * inputs * f
        _count(steps, name, full // groups, {
            "groups_ignored": full, "groups_twice": full // groups**2, "line": k * inputs * f // groups,
        })  # fmt: skip
    _count(steps, "projection", c * f, {"identity": 0, "window": k * k * c * f, "grouped": c * f // groups})
    _norms(steps, [f] * 3)
    steps.ask("total", PART["total"], lambda e: e["c1"] + e["c2"] + e["projection"] + e["norms"], {
        "no_norms": lambda e: e["c1"] + e["c2"] + e["projection"],
        "no_projection": lambda e: e["c1"] + e["c2"] + e["norms"],
    }, kind=Integer)  # fmt: skip
    steps.ask("ungrouped", PART["ungrouped"], lambda e: groups * (e["c1"] + e["c2"]) + e["projection"] + e["norms"], {
        "all_grouped": lambda e: groups * e["total"],
    }, kind=Integer)  # fmt: skip
    return {"c": c, "f": f}


def _norms(steps: Steps, channels: list[int]) -> None:
    """A scale and a shift for each channel of each batch normalisation."""
    total = sum(channels)
    wrong = {"running_statistics": 4 * total, "scale_only": total, "first_only": 2 * channels[0]}
    _count(steps, "norms", 2 * total, wrong)


def _count(steps: Steps, name: str, key: int, wrong: dict[str, int]) -> None:
    steps.ask(name, PART[name], lambda e: key, wrong, points=1 if name in SMALL else 2, kind=Integer)


@convolution_blocks.oracle
def by_arrays(*, block: str, k: int, **given: Any) -> dict[str, Any]:
    """The sizes of the weight arrays, laid out as filters x channels seen x height x width."""
    if block == "separable":
        c, f = given["channels"]
        full, depthwise, pointwise = size(f, c, k, k), size(c, 1, k, k), size(f, c, 1, 1)
        return {
            "full": full, "full.no_channels": size(f, k, k), "full.line": size(f, c, k),
            "depthwise": depthwise, "depthwise.as_full": full, "depthwise.per_output": size(f, k, k),
            "depthwise.one_filter": size(k, k), "pointwise": pointwise, "pointwise.window": full,
            "pointwise.added": size(c) + size(f), "ratio": Fraction(1, f) + Fraction(1, k * k),
            "ratio.inverted": 1 / (Fraction(1, f) + Fraction(1, k * k)), "ratio.one_step": Fraction(1, f),
        }  # fmt: skip
    if block == "bottleneck":
        return _bottleneck_arrays(k, given["m"], given["factors"])
    return _residual_arrays(k, given["groups"], given["shares"])


def _bottleneck_arrays(k: int, m: int, factors: tuple[int, int]) -> dict[str, Any]:
    c, f = m * factors[0], m * factors[1]
    reduce, middle, expand, norms = size(m, c, 1, 1), size(m, m, k, k), size(f, m, 1, 1), size(2, m, 2) + size(2, f)
    three, full = reduce + middle + expand, size(f, c, k, k)
    return {
        "reduce": reduce, "reduce.window": size(m, c, k, k), "reduce.added": m + c, "middle": middle,
        "middle.wide": size(m, c, k, k), "middle.pointwise_middle": size(m, m), "middle.no_channels": size(m, k, k),
        "expand": expand, "expand.window": size(f, m, k, k), "expand.added": m + f, "norms": norms,
        "norms.running_statistics": size(2, norms), "norms.scale_only": size(m, 2) + size(f),
        "norms.first_only": size(2, m), "total": three + norms, "total.no_norms": three,
        "ratio": Fraction(three, full), "ratio.inverted": Fraction(full, three),
        "ratio.one_step": Fraction(middle, full),
    }  # fmt: skip


def _residual_arrays(k: int, groups: int, shares: tuple[int, int]) -> dict[str, Any]:
    share, filters = shares  # of a group: the channels that come in, and its filters
    c, f = groups * share, groups * filters
    values: dict[str, Any] = {}
    for name, seen in (("c1", share), ("c2", filters)):
        own = size(f, seen, k, k)
        values |= {name: own, f"{name}.groups_ignored": size(groups, own), f"{name}.line": size(f, seen, k),
                   f"{name}.groups_twice": size(filters, seen, k, k)}  # fmt: skip
    projection, norms = size(f, c, 1, 1), size(3, 2, f)
    total = values["c1"] + values["c2"] + projection + norms
    return values | {
        "projection": projection, "projection.identity": 0, "projection.window": size(f, c, k, k),
        "projection.grouped": size(f, share), "norms": norms, "norms.running_statistics": size(2, norms),
        "norms.scale_only": size(3, f), "norms.first_only": size(2, f), "total": total,
        "total.no_norms": total - norms, "total.no_projection": total - projection,
        "ungrouped": size(f, c, k, k) + size(f, f, k, k) + projection + norms,
        "ungrouped.all_grouped": size(groups, total),
    }  # fmt: skip
