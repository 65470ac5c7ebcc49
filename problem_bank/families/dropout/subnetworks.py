"""Goodfellow et al., Deep Learning, section 7.12: the subnetworks of dropout, and how likely they are."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from itertools import product
from math import comb
from typing import Any

from problem_bank.answers import Integer
from problem_bank.answers import Number as Rounded
from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.dropout._subnetworks_texts import LINES, PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import tex

DROPS = tuple(Fraction(a, b) for a, b in ((1, 10), (1, 5), (3, 10), (2, 5), (3, 5), (1, 4), (1, 3), (2, 3), (3, 4)))
COUNTS = ("subnetworks", "choices", "connected")  # whole numbers
CHANCES = ("exactly", "alive")  # rounded numbers
POINTS = {"subnetworks": 1, "exactly": 3}  # elsewhere 2


@family(
    topic="dropout",
    source="Goodfellow 7.12",
    minutes=7,
    levels={
        "easy": {"ask": ("subnetworks", "choices", "active", "exactly")},
        "medium": {},
        "hard": {"ask": ("choices", "active", "variance", "exactly", "alive", "connected")},
    },
)
def subnetworks(
    rng: Rng, *, ask: tuple[str, ...] = ("subnetworks", "choices", "active", "variance", "exactly")
) -> Exercise:
    """Count the subnetworks of dropout, and find how many units stay, and with which probability."""
    if not ask or not set(ask) <= set(PART):
        raise BadGiven(f"ask: {', '.join(ask)}: write some of {', '.join(PART)}")
    first, second = widths = rng.sample("widths", range(3, 11), 2)
    p, k = rng.choice("p", DROPS), rng.int("k", 1, 8)
    rng.require(k < first and 2 * k != first, "some units stay and some do not, and not as many of both")
    steps, rules = Steps(SAID), _rules(first, second, p, k)
    for name in ask:
        steps.ask(name, PART[name].format(k=k, first=first), *rules[name], points=POINTS.get(name, 2), kind=_kind(name))
    return Exercise(
        given={**rng.drawn, "ask": ask},
        shown={"q": 1 - p, "n": sum(widths), "lines": _lines(steps.keys, widths, p, k)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
    )


def _kind(name: str) -> Any:
    """How a part is answered; exactly where nothing is said."""
    return Integer if name in COUNTS else partial(Rounded, floor=1e-9) if name in CHANCES else None


def _rules(first: int, second: int, p: Fraction, k: int) -> dict[str, tuple[Rule, dict[str, Any]]]:
    """The keys, and what the misconceptions make of them."""
    n, q = first + second, 1 - p
    chances = [float(comb(first, j) * q**j * p ** (first - j)) for j in range(first + 1)]
    alive, swapped = (float((1 - drop**first) * (1 - drop**second)) for drop in (p, q))
    rules: dict[str, tuple[Any, dict[str, Any]]] = {
        "subnetworks": (2**n, {"square": n * n, "doubled": 2 * n, "added": 2**first + 2**second}),
        "choices": (comb(first, k) * 2**second, {
            "one_of_many": 2**second, "added": comb(first, k) + 2**second, "first_alone": comb(first, k),
        }),
        "active": (n * q, {"dropped": n * p}),
        "variance": (n * p * q, {"deviation_of_one": p * q, "mean": n * q}),
        "exactly": (chances[k], {
            "one_choice": chances[k] / comb(first, k), "swapped": float(comb(first, k) * p**k * q ** (first - k)),
            "at_least": sum(chances[k:]),
        }),
        "alive": (alive, {"one_layer": float(1 - p**first), "all_stay": float(q**n), "swapped": swapped}),
        "connected": ((2**first - 1) * (2**second - 1), {"one_empty": 2**n - 1, "all": 2**n}),
    }  # fmt: skip
    return {name: (partial(_same, key), wrong) for name, (key, wrong) in rules.items()}


def _same(key: Any, _: Earlier) -> Any:
    return key


def _lines(keys: Earlier, widths: tuple[int, ...], p: Fraction, k: int) -> list[str]:
    """The worked solution, part by part."""
    first, second = widths
    words = {"n": sum(widths), "q": tex(1 - p), "first": first, "second": second, "k": k, "rest": first - k,
             "ways": comb(first, k)}  # fmt: skip
    return [LINES[name].format(**words, key=tex(key)) for name, key in keys.items()]


@subnetworks.oracle
def by_enumeration(*, widths: Any, p: Fraction, k: int) -> dict[str, Any]:
    """Every mask of either layer, one after the other; how often each number of units stays; then all pairs."""
    layers = [Counter(map(sum, product((0, 1), repeat=width))) for width in widths]
    pairs = {(a, b): m * n for a, m in layers[0].items() for b, n in layers[1].items()}
    units = sum(widths)

    def chance(event: Callable[[int, int], Any], keep: Fraction = 1 - p) -> Fraction:
        return sum((event(a, b) * n * keep ** (a + b) * (1 - keep) ** (units - a - b) for (a, b), n in pairs.items()),
                   Fraction(0))  # fmt: skip

    def count(event: Callable[[int, int], Any]) -> int:
        return sum(n for (a, b), n in pairs.items() if event(a, b))

    total, mean, second = sum(pairs.values()), chance(lambda a, b: a + b), layers[1].total()
    return {
        "subnetworks": total, "subnetworks.square": units**2, "subnetworks.doubled": units + units,
        "subnetworks.added": layers[0].total() + second,
        "choices": count(lambda a, b: a == k), "choices.one_of_many": second, "choices.added": layers[0][k] + second,
        "choices.first_alone": layers[0][k],
        "active": mean, "active.dropped": units - mean,
        "variance": chance(lambda a, b: (a + b) ** 2) - mean**2, "variance.deviation_of_one": p - p * p,
        "variance.mean": mean,
        "exactly": chance(lambda a, b: a == k), "exactly.one_choice": chance(lambda a, b: a == k) / layers[0][k],
        "exactly.swapped": chance(lambda a, b: a == k, p), "exactly.at_least": chance(lambda a, b: a >= k),
        "alive": chance(lambda a, b: a > 0 < b), "alive.one_layer": chance(lambda a, b: a > 0),
        "alive.all_stay": chance(lambda a, b: a + b == units), "alive.swapped": chance(lambda a, b: a > 0 < b, p),
        "connected": count(lambda a, b: a and b), "connected.one_empty": count(lambda a, b: a or b),
        "connected.all": total,
    }  # fmt: skip
