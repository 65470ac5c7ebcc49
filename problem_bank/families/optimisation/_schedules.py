"""One function for each schedule: it draws the numbers, appends the parts, and returns the line of the solution."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import cos, pi

from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.tex import decimal
from problem_bank.values import Number

GAMMAS = (Fraction(1, 2), Fraction(1, 5), Fraction(1, 10), Fraction(3, 10))
DECAYS = (Fraction(9, 10), Fraction(19, 20), Fraction(4, 5))
LASTS = (Fraction(1, 100), Fraction(1, 20), Fraction(1, 10))  # of the first rate
WAYS = (Fraction(1, 4), Fraction(1, 5), Fraction(2, 5), Fraction(3, 5), Fraction(3, 4), Fraction(3, 10))
TURNS = (Fraction(1, 3), Fraction(1, 2), Fraction(2, 3))  # of half a wave: there the cosine is rational


@dataclass(frozen=True)
class Moment:
    """Update k of a training with this first rate and so many updates per epoch."""

    start: Fraction
    batches: int
    k: int

    @property
    def epoch(self) -> int:
        """The epoch that the update belongs to."""
        return self.k // self.batches

    def towards(self, last: Number, share: float) -> float:
        """The rate this far on the straight way from the first to the last."""
        return float(self.start + (last - self.start) * share)


Ask = Callable[[Rng, Moment, Steps], str]


def step(rng: Rng, at: Moment, steps: Steps) -> str:
    """A factor after every so many epochs."""
    gamma, every = float(rng.choice("gamma", GAMMAS)), rng.choice("every", (2, 3, 4, 5))
    count = at.epoch // every
    rng.require(at.epoch % every > 0 and 1 <= count <= 3, "one to three reductions lie behind, the last not just now")

    def after(reductions: float) -> float:
        return float(at.start * gamma**reductions)

    wrong = {
        "no_floor": lambda e: after(e["place"][0] / every),
        "per_epoch": lambda e: after(e["place"][0]),
        "one_more": lambda e: after(e["place"][0] // every + 1),
    }
    rate = steps.ask("step", "The rate under step decay.", lambda e: after(e["place"][0] // every), wrong)
    return (
        rf"Step decay: $\lfloor {at.epoch} / {every} \rfloor = {count}$ times reduced, "
        rf"${decimal(at.start)} \cdot {decimal(gamma)}^{count} = {decimal(rate)}$."
    )


def exponential(rng: Rng, at: Moment, steps: Steps) -> str:
    """A factor after every epoch."""
    decay = float(rng.choice("decay", DECAYS))
    wrong = {
        "one_more": lambda e: float(at.start) * decay ** (e["place"][0] + 1),
        "subtracted": lambda e: float(at.start) * (1 - e["place"][0] * (1 - decay)),
    }
    said = "The rate under exponential decay."
    rate = steps.ask("exponential", said, lambda e: float(at.start) * decay ** e["place"][0], wrong)
    return rf"Exponential decay: ${decimal(at.start)} \cdot {decimal(decay)}^{{{at.epoch}}} = {decimal(rate)}$."


def linear(rng: Rng, at: Moment, steps: Steps) -> str:
    """A straight line to the last rate, which is kept."""
    end = rng.choice("end", tuple(at.start * share for share in LASTS))
    tau = rng.choice("tau", [int(at.k / way) for way in WAYS if (at.k / way).denominator == 1])
    late = rng.choice("late", [tau + 60 * n for n in (1, 2, 3)])
    share = at.k / tau
    wrong = {"ends_swapped": at.towards(end, 1 - share), "to_zero": at.towards(0, share)}
    rate = steps.ask("linear", "The rate under linear decay.", lambda e: at.towards(end, share), wrong)
    past = {"not_held": at.towards(end, late / tau), "to_zero": 0.0}
    said = f"The rate under linear decay in update $k = {late}$, which comes after the end of the line."
    steps.ask("linear_late", said, lambda e: float(end), past)
    return (
        rf"Linear decay: $\alpha = {at.k} / {tau} = {decimal(share)}$ of the way is done, "
        rf"$(1 - \alpha) \cdot {decimal(at.start)} + \alpha \cdot {decimal(end)} = {decimal(rate)}$. "
        rf"Update {late} comes after $\tau$: ${decimal(end)}$."
    )


def cosine(rng: Rng, at: Moment, steps: Steps) -> str:
    """Half a wave of the cosine, to the last rate."""
    return _wave(rng, at, steps, name="cosine", said="The rate under cosine decay.", begin=0)


def warm(rng: Rng, at: Moment, steps: Steps) -> str:
    """A linear rise, then half a wave of the cosine."""
    begin = rng.choice("warm", (at.k // 2, at.k // 4))
    rise = rng.choice("rise", [n * begin // 6 - 1 for n in (1, 2, 4, 5)])

    def risen(updates: int) -> float:
        return float(at.start) * updates / begin

    wrong = {"from_zero": risen(rise), "falling": risen(begin - rise - 1)}
    said = f"The rate during the warm-up, in update $j = {rise}$."
    rate = steps.ask("warm_rise", said, lambda e: risen(rise + 1), wrong)
    line = rf"Warm-up: ${decimal(at.start)} \cdot {rise + 1} / {begin} = {decimal(rate)}$ in update {rise}. "
    return line + _wave(
        rng, at, steps, name="warm", said=f"The rate in update ${at.k}$, after the warm-up.", begin=begin
    )


def _wave(rng: Rng, at: Moment, steps: Steps, *, name: str, said: str, begin: int) -> str:
    """The part of a cosine that begins at this update."""
    least, done = rng.choice("least", tuple(at.start * share for share in LASTS)), at.k - begin
    period = rng.choice("period", [int(done / turn) for turn in TURNS if (done / turn).denominator == 1])

    def fallen(angle: float, half: float = 0.5, last: Number = least) -> float:
        return float(last) + half * float(at.start - last) * (1 + cos(angle))

    angle = pi * done / period
    wrong = {
        "no_half": fallen(angle, half=1),
        "ends_swapped": fallen(pi - angle) if 2 * done != period else None,
        "to_zero": fallen(angle, last=0),
        "straight": at.towards(least, done / period) if 2 * done != period else None,
        "warm_up_counted": fallen(pi * at.k / period) if begin else None,
    }
    rate = steps.ask(name, said, lambda e: fallen(angle), wrong)
    span = f"({decimal(at.start)} - {decimal(least)})"
    return (
        rf"Cosine decay: {done} of {period} updates are done, "
        rf"${decimal(least)} + \frac{{1}}{{2}} {span} (1 + \cos(\pi \cdot {done} / {period})) = {decimal(rate)}$."
    )


ASK: dict[str, Ask] = {"step": step, "exponential": exponential, "linear": linear, "cosine": cosine, "warm": warm}
