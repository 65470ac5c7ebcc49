"""Prince, Understanding Deep Learning, section 8.2; Goodfellow 5.4 and 7.11: bias, variance, noise, and committees."""

from fractions import Fraction
from itertools import product
from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.evaluation._bias_variance_texts import PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps, bracketed
from problem_bank.values import Matrix, Number, Vector, whole

NOISES = tuple(whole(Fraction(n * n, 4)) for n in (1, 2, 3, 4))  # squares, so that the noise may be two equal numbers
RHOS = (Fraction(1, 2), Fraction(1, 4), Fraction(1, 5), Fraction(1, 3))
DECOMPOSED = ("bias", "variance", "error")


@family(
    topic="evaluation",
    source="Prince 8.2; Goodfellow 5.4.4, 7.11",
    minutes=7,
    levels={"easy": {"points": 1, "trainings": 5}, "medium": {}, "hard": {"committee": True}},
)
def bias_variance(rng: Rng, *, points: int = 2, trainings: int = 4, committee: bool = False) -> Exercise:
    """Split the expected error of a model into squared bias, variance and noise."""
    if points < 1 or trainings < 2:
        raise BadGiven(f"points {points}, trainings {trainings}: write at least 1 and 2")
    truths = rng.ints("truths", points, -15, 25)
    table = rng.built("predictions", lambda r: tuple(_scattered(r, i, t, trainings) for i, t in enumerate(truths)))
    noise = rng.choice("noise", NOISES)
    members, rho = rng.choice("members", (2, 3)), rng.choice("rho", RHOS)
    model = _Model(truths, table, noise)
    rng.require(all(1 < abs(m - t) <= 6 for m, t in zip(model.means, truths, strict=True)), "the biases are clear")
    rng.require(all(1 < v <= 16 for v in map(_variance, table)), "the variances are clear, and small")
    steps = Steps(SAID)
    model.ask(steps)
    if committee:
        model.ask_committee(steps, members, rho)
    rows = [{"truth": t, "predictions": row, "mean": _mean(row), "bracketed": bracketed(t), "variance": _variance(row),
             "bias": (_mean(row) - t) ** 2} for t, row in zip(truths, table, strict=True)]  # fmt: skip
    return Exercise(
        given={**rng.drawn, "points": points, "trainings": trainings, "committee": committee},
        shown={"rows": rows, "keys": steps.keys},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(points * trainings),
    )


def _scattered(rng: Rng, row: int, truth: int, trainings: int) -> Vector:
    """Predictions around a value that lies beside the true one."""
    centre = truth + rng.int(f"offset{row}", -5, 5, exclude=(-1, 0, 1))
    return rng.ints(f"row{row}", trainings, centre - 5, centre + 5)


class _Model:
    """True values, the predictions for each of them, and the variance of the noise."""

    def __init__(self, truths: Vector, table: Matrix, noise: Number) -> None:
        self.truths, self.table, self.noise = truths, table, noise
        self.means = tuple(map(_mean, table))

    def ask(self, steps: Steps) -> None:
        """The mean prediction, the two parts of the error, and their sum."""
        n = len(self.table[0])
        scattered = _mean(tuple(_mean(tuple((p - t) ** 2 for p in row)) for t, row in self._rows()))
        variance = _mean(tuple(map(_variance, self.table)))
        single = len(self.table) == 1
        means, errors = self.means, tuple(m - t for m, t in zip(self.means, self.truths, strict=True))
        if single:
            steps.ask("mean", PART["mean"], lambda e: means[0], {"errors": errors[0]})
        else:
            steps.ask("means", PART["means"], lambda e: means, {"errors": errors})

        def biases(e: Earlier) -> Vector:
            own = (e["mean"],) if single else e["means"]
            return tuple(Fraction(m - t) for m, t in zip(own, self.truths, strict=True))

        steps.ask("bias", PART["bias"], lambda e: _mean(tuple(b * b for b in biases(e))), {
            "not_squared": lambda e: _mean(tuple(max(b, -b) for b in biases(e))), "mean_of_squares": scattered,
        }, points=2)  # fmt: skip
        steps.ask("variance", PART["variance"], lambda e: variance, {
            "n_minus_one": variance * n / (n - 1), "around_truth": scattered,
        }, points=2)  # fmt: skip
        steps.ask("error", PART["error"], lambda e: e["bias"] + e["variance"] + self.noise, {
            "no_noise": lambda e: e["bias"] + e["variance"], "no_variance": lambda e: e["bias"] + self.noise,
        })  # fmt: skip

    def ask_committee(self, steps: Steps, m: int, rho: Fraction) -> None:
        """What is left when m networks are averaged."""

        def left(share: Number, noise: Number = 1) -> Rule:
            return lambda e: e["bias"] + share * e["variance"] + noise * self.noise

        share, common = Fraction(1, m), rho + (1 - rho) / m
        steps.ask("committee", PART["committee"], left(share), {
            "all_divided": lambda e: Fraction(e["error"]) / m, "noise_divided": left(share, share),
            "unchanged": lambda e: e["error"],
        }, points=2)  # fmt: skip
        steps.ask("correlated", PART["correlated"], left(common), {
            "as_independent": left(share), "common_only": left(rho),
        }, points=2)  # fmt: skip

    def _rows(self) -> list[tuple[Number, Vector]]:
        return list(zip(self.truths, self.table, strict=True))


def _mean(values: Vector) -> Fraction:
    return Fraction(sum(values)) / len(values)


def _variance(values: Vector) -> Fraction:
    mean = _mean(values)
    return _mean(tuple((v - mean) ** 2 for v in values))


@bias_variance.oracle
def by_enumeration(*, truths: Vector, predictions: Matrix, noise: Number, members: int, rho: Fraction,
                   points: int, committee: bool) -> dict[str, Any]:  # fmt: skip
    """Every training set, every sign of a noise of one size, and every committee, one after the other."""
    size, n = _root(noise), len(predictions[0])

    def error(m: int, noisy: Fraction = size) -> Fraction:
        """The mean squared error of committees of m independent networks."""
        tests = list(zip(truths, predictions, strict=True))
        squares = [(t + sign * noisy - sum(group) / Fraction(m)) ** 2
                   for t, row in tests for group in product(row, repeat=m) for sign in (-1, 1)]  # fmt: skip
        return sum(squares, Fraction(0)) / len(squares)

    centres = [Fraction(sum(row), n) for row in predictions]
    lifted = [c - t for c, t in zip(centres, truths, strict=True)]
    bias = sum(v**2 for v in lifted) / points
    pairs = [(a - b) ** 2 for row in predictions for a in row for b in row]  # their mean is twice the variance
    variance, scattered = Fraction(sum(pairs), 2 * len(pairs)), error(1, Fraction(0))
    name = "mean" if points == 1 else "means"
    found = {
        name: centres[0] if points == 1 else centres, f"{name}.errors": lifted[0] if points == 1 else lifted,
        "bias": bias, "bias.not_squared": sum(map(abs, lifted)) / points, "bias.mean_of_squares": scattered,
        "variance": variance, "variance.n_minus_one": Fraction(sum(pairs), 2 * points * n * (n - 1)),
        "variance.around_truth": scattered, "error": error(1), "error.no_noise": scattered,
        "error.no_variance": bias + size**2,
    }  # fmt: skip
    if not committee:
        return found
    alone, mixed = error(1), error(members)
    return found | {
        "committee": mixed, "committee.all_divided": alone / members,
        "committee.noise_divided": error(members, Fraction(0)) + size**2 / members, "committee.unchanged": alone,
        "correlated": rho * alone + (1 - rho) * mixed,  # all members alike with the probability rho
        "correlated.as_independent": mixed, "correlated.common_only": rho * alone + (1 - rho) * (bias + size**2),
    }  # fmt: skip


def _root(square: Number) -> Fraction:
    """The side of a square of halves."""
    return next(Fraction(n, 2) for n in range(1, 9) if Fraction(n, 2) ** 2 == square)
