"""Equal initial weights (Goodfellow et al., Deep Learning, sections 6.2 and 8.4): what moves, and what stays equal."""

from dataclasses import replace
from fractions import Fraction

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.initialisation._activations import ACTIVATIONS
from problem_bank.families.initialisation._simulated import simulated
from problem_bank.families.initialisation._symmetric_parts import Start, limit_part, number_parts, set_parts
from problem_bank.families.initialisation._symmetric_texts import PROMPT, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.normalisation import mean
from problem_bank.values import Number

RATES = tuple(Fraction(1, n) for n in (2, 3, 4, 5, 10))
SMALL = tuple(Fraction(1, n) for n in (20, 25, 40, 50, 100))  # where z moves, it stays where f is neither flat nor huge


@family(
    topic="initialisation",
    source="Goodfellow 6.2, 8.4",
    minutes=10,
    levels={
        "easy": {"count": 6, "xor": False},
        "medium": {},
        "hard": {"weights": (-3, -2, -1, 1, 2, 3), "rates": SMALL},
    },
)
def symmetric(
    rng: Rng, *, count: int = 7, xor: bool = True, weights: tuple[int, ...] = (0,), rates: tuple[Number, ...] = RATES
) -> Exercise:
    """Find out which parameters leave an equal start, for different activation functions, and how far they move."""
    asked, activations = _draw_activations(rng, count)
    x, t = rng.sample("x", (-3, -2, -1, 1, 2, 3), 2), rng.int("t", -20, 20, exclude=range(-2, 3))
    start = Start(ACTIVATIONS[asked], x, t, rng.choice("weight", weights), rng.choice("rate", rates))
    if start.rate <= 0:
        raise BadGiven(f"rate: {start.rate} is no learning rate; give a positive one")
    targets = rng.ints("targets", 4, -9, 25)
    chosen = [ACTIVATIONS[name] for name in activations]
    fit = all(replace(start, activation=one).learns() for one in chosen)
    rng.require(fit, "every step has an error to learn from, and no unit is far out")
    return Exercise(
        given={"activations": activations, "asked": asked, "x": x, "t": t, "weight": start.weight,
               "rate": start.rate, "targets": targets, "count": count, "xor": xor, "weights": weights, "rates": rates},
        shown={"chosen": chosen, "number": activations.index(asked) + 1, "start": start, "mean": mean(targets)},
        prompt=PROMPT,
        parts=[*set_parts(chosen, start.weight, xor), *number_parts(start), limit_part(targets)],
        solution=SOLUTION,
        work=float(count + 8),
    )  # fmt: skip


def _draw_activations(rng: Rng, count: int) -> tuple[str, tuple[str, ...]]:
    """The network that is worked out (in a drawn one everything moves), and all networks in random order."""
    movers = [name for name, one in ACTIVATIONS.items() if one.value and one.slope]
    asked = rng.built("asked", lambda inner: inner.choice("name", movers))

    def fresh(inner: Rng) -> tuple[str, ...]:
        others = inner.sample("others", [name for name in ACTIVATIONS if name != asked], count - 1)
        return inner.sample("order", (asked, *others), count)

    activations = rng.built("activations", fresh)
    if asked not in activations or not set(activations) <= set(ACTIVATIONS):
        raise BadGiven(f"activations: give some of {', '.join(ACTIVATIONS)}, and among them the one asked for, {asked}")
    return asked, activations


symmetric.oracle(simulated)
