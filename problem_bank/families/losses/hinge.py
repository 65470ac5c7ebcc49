"""Prince, Understanding Deep Learning, section 5.8 (notes); Bishop 7.1: hinge losses and their gradients."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.exact import dot, matvec, scale
from problem_bank.exercise import Earlier, Exercise
from problem_bank.families.losses import _hinge_by_differences as by_differences
from problem_bank.families.losses._hinge_texts import BINARY, BINARY_SOLUTION, MULTI, MULTI_SOLUTION, PART, SAID
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Number, Vector, whole

HALVES: Vector = tuple(whole(Fraction(n, 2)) for n in (-4, -3, -2, -1, 1, 2, 3, 4))
PENALTIES = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 5))


@family(
    topic="losses",
    source="Bishop 7.1",
    minutes=8,
    levels={"easy": {"classes": 2, "weights": False}, "medium": {"weights": False}, "hard": {}},
)
def hinge(rng: Rng, *, classes: int = 5, samples: int = 4, weights: bool = True) -> Exercise:
    """Compute hinge losses, binary or of several classes, and their gradients."""
    if classes < 2 or samples < 2:
        raise BadGiven(f"classes {classes}, samples {samples}: write at least 2 of each")
    steps = Steps(SAID)
    binary = classes == 2
    shown = _binary(rng, steps, samples) if binary else _multi(rng, steps, classes, weights)
    return Exercise(
        given={**rng.drawn, "classes": classes, "samples": samples, "weights": weights},
        shown={**shown, "keys": steps.keys},
        prompt=BINARY if binary else MULTI,
        parts=steps.parts,
        solution=BINARY_SOLUTION if binary else MULTI_SOLUTION,
    )


def _binary(rng: Rng, steps: Steps, samples: int) -> dict[str, Any]:
    """Margins, losses and gradients of a batch; returns what the texts need."""
    w: Vector = rng.choices("w", HALVES, 2)
    b = rng.choice("b", (-1, 1))
    x, t = rng.int_matrix("x", samples, 2, -3, 3), rng.choices("t", (-1, 1), samples)
    f = tuple(dot(w, row) + b for row in x)
    margins: Any = tuple(label * value for label, value in zip(t, f, strict=True))
    rng.require(len(set(x)) == samples and len(set(t)) == 2, "the samples differ, and both classes occur")
    rng.require(all(abs(m) <= 8 and m != 1 for m in margins), "no margin is large or on the kink")
    if 1 in margins and not rng.free:
        raise BadGiven("a margin is exactly 1, where the loss has no derivative; change w, b or x")
    rng.require(any(m > 1 for m in margins) and any(0 < m < 1 for m in margins), "some cost nothing, some little")
    rng.require(sum(m < 1 for m in margins) >= 2, "two samples cost something")

    def pull(e: Earlier, chosen: Any = None, divisor: int = samples) -> Vector:
        on = [m < 1 if chosen is None else chosen for m in e["margins"]]
        terms = [scale(-label * hit, row) for hit, label, row in zip(on, t, x, strict=True)]
        return tuple(Fraction(sum(column)) / divisor for column in zip(*terms, strict=True))

    def active(e: Earlier) -> int:
        return sum(m < 1 for m in e["margins"]) or 1

    steps.ask("margins", PART["margins"], lambda e: margins, {
        "no_label": f, "no_bias": tuple(label * (v - b) for label, v in zip(t, f, strict=True)),
    }, points=2)  # fmt: skip
    steps.ask("losses", PART["losses"], lambda e: tuple(max(0, 1 - m) for m in e["margins"]), {
        "no_margin": lambda e: tuple(max(0, -m) for m in e["margins"]),
        "not_clipped": lambda e: tuple(1 - m for m in e["margins"]),
    })  # fmt: skip
    steps.ask(
        "L", PART["L"], lambda e: Fraction(sum(e["losses"])) / samples, {"sum_for_mean": lambda e: sum(e["losses"])}
    )
    steps.ask("dw", PART["dw"], pull, {
        "sign": lambda e: scale(-1, pull(e)), "every_sample": lambda e: pull(e, chosen=True),
        "sum_for_mean": lambda e: pull(e, divisor=1), "active_only": lambda e: pull(e, divisor=active(e)),
    }, points=3)  # fmt: skip
    return {"f": f}


def _multi(rng: Rng, steps: Steps, classes: int, weights: bool) -> dict[str, Any]:
    """Loss and gradients of one sample; returns what the texts need."""
    label, delta = rng.int("label", 1, classes), rng.choice("delta", (1, 2, 3))
    s: Any
    y = label - 1
    if weights:
        w, x = rng.int_matrix("W", classes, 2, -3, 3, exclude=(0,)), rng.ints("x", 2, -3, 4, exclude=(0, 1, -1))
        penalty, s = rng.choice("penalty", PENALTIES), matvec(w, x)
        wrong = tuple(map(sum, w))  # as if x were (1, 1)
        rng.require(abs(x[0]) != abs(x[1]), "the inputs differ")
        steps.ask("s", PART["s"], lambda e: s, {"no_input": wrong})
    else:
        s = rng.choices("s", tuple(whole(Fraction(n, 2)) for n in range(-6, 13)), classes)
    rng.require(len(set(s)) == classes and max(map(abs, s)) <= 12, "the scores differ, and are small")
    terms = _violations(s, y, delta)
    if 0 in terms and not rng.free:
        raise BadGiven("a term of the loss is exactly 0, where it has no derivative; change the scores or delta")
    hit = [v for j, v in enumerate(terms) if j != y and v > 0]
    rng.require(
        2 <= len(hit) < classes - 1 and 0 not in terms and hit[0] not in (1, 2), "some classes count, some do not"
    )
    steps.ask("loss", PART["loss"], lambda e: _loss(e.get("s", s), y, delta), {
        "own_class": lambda e: _loss(e.get("s", s), y, delta) + delta,
        "no_margin": lambda e: _loss(e.get("s", s), y, 0),
        "not_clipped": lambda e: sum(_violations(e.get("s", s), y, delta)) - delta,
        "turned": lambda e: _loss(scale(-1, e.get("s", s)), y, delta),
        "largest_only": lambda e: max(0, *(v for j, v in enumerate(_violations(e.get("s", s), y, delta)) if j != y)),
    }, points=3)  # fmt: skip
    steps.ask("ds", PART["ds"], lambda e: _slopes(e.get("s", s), y, delta), {
        "sign": lambda e: scale(-1, _slopes(e.get("s", s), y, delta)),
        "own_once": lambda e: _replaced(_slopes(e.get("s", s), y, delta), y, -1),
        "own_forgotten": lambda e: _replaced(_slopes(e.get("s", s), y, delta), y, 0),
        "values": lambda e: _replaced(tuple(max(0, v) for v in _violations(e.get("s", s), y, delta)), y,
                                      -_loss(e.get("s", s), y, delta)),
    }, points=2)  # fmt: skip
    if weights:
        _ask_weights(steps, w, x, penalty)
    return {"violations": [(j + 1, v) for j, v in enumerate(terms) if j != y], "active": len(hit)}


def _ask_weights(steps: Steps, w: Matrix, x: Vector, penalty: Fraction) -> None:
    def by_weights(e: Earlier, share: Number, fed: Sequence[Number] = x) -> Matrix:
        rows = zip(e["ds"], w, strict=True)
        return tuple(tuple(d * v + share * entry for v, entry in zip(fed, row, strict=True)) for d, row in rows)

    steps.ask("dW", PART["dW"], lambda e: by_weights(e, penalty), {
        "no_penalty": lambda e: by_weights(e, 0), "penalty_doubled": lambda e: by_weights(e, 2 * penalty),
        "no_input": lambda e: by_weights(e, penalty, (1, 1)),
    }, points=3)  # fmt: skip


def _violations(s: Vector, y: int, delta: int) -> Vector:
    """s_j - s_y + delta for every class, the right one as well."""
    return tuple(v - s[y] + delta for v in s)


def _loss(s: Vector, y: int, delta: int) -> Number:
    return sum(max(0, v) for j, v in enumerate(_violations(s, y, delta)) if j != y)


def _slopes(s: Vector, y: int, delta: int) -> Vector:
    on = tuple(int(v > 0) for v in _violations(s, y, delta))
    return _replaced(on, y, on[y] - sum(on))


def _replaced(v: Vector, place: int, entry: Number) -> Vector:
    return (*v[:place], entry, *v[place + 1 :])


@hinge.oracle
def differences(*, classes: int, weights: bool, **given: Any) -> dict[str, Any]:
    """Exact differences of the losses, which are linear near the point, on NumPy arrays of fractions."""
    return by_differences.binary(given) if classes == 2 else by_differences.several(given, weights)
