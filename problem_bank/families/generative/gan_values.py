"""Goodfellow et al. 2014, sections 3 and 4: the value of an adversarial game, its losses and its optimum."""

from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.generative._entrywise import each, total
from problem_bank.families.generative._gan_values_steps import Samples, ask_optimum, not_
from problem_bank.families.generative._gan_values_texts import (
    DENSITIES,
    DENSITIES_SOLUTION,
    SAID,
    SAMPLES,
    SAMPLES_SOLUTION,
)
from problem_bank.families.generative._tables import draw_table, tables
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.softmax import logs
from problem_bank.subjects.steps import Steps
from problem_bank.values import whole

LIKELY = tuple(Fraction(n, 100) for n in range(52, 98))
UNLIKELY = tuple(Fraction(n, 100) for n in range(3, 49))
ODDS = tuple(whole(Fraction(a, b)) for a, b in ((3, 2), (2, 1), (3, 1), (4, 1), (5, 1), (7, 1), (9, 1), (1, 2), (2, 3)))
TABLES = tables(20)


@family(
    topic="generative",
    source="Goodfellow et al. 2014, sections 3 and 4",
    minutes=8,
    levels={"easy": {"outputs": "probabilities"}, "medium": {"outputs": "logits"}, "hard": {"outputs": "table"}},
)
def gan_values(rng: Rng, *, outputs: str = "logits") -> Exercise:
    """Find the losses of an adversarial game, or its optimum."""
    if outputs not in ("probabilities", "logits", "table"):
        raise BadGiven(f"outputs: {outputs}; write probabilities, logits or table")
    steps = Steps(SAID, tolerance=1e-3)
    shown = _table(rng, steps) if outputs == "table" else _samples(rng, steps, outputs)
    return Exercise(
        given={**rng.drawn, "outputs": outputs},
        shown={**shown, **{name: value for name, value in steps.keys.items() if name not in rng.drawn}},
        prompt=DENSITIES if outputs == "table" else SAMPLES,
        parts=steps.parts,
        solution=DENSITIES_SOLUTION if outputs == "table" else SAMPLES_SOLUTION,
        work=float(len(steps.parts)),
    )


def _samples(rng: Rng, steps: Steps, outputs: str) -> dict[str, Any]:
    """The losses over a few examples; the values that the texts show."""
    if outputs == "logits":
        odds: Any = rng.sample("real", ODDS, 2), each(lambda k: 1 / Fraction(k), rng.sample("fake", ODDS, 3))
        players = Samples(*(each(lambda k: Fraction(k) / (1 + k), row) for row in odds))
        players.ask_outputs(steps)
        shown: tuple[Any, ...] = tuple(map(logs, odds))
    else:
        players = Samples(rng.sample("real", LIKELY, 2), rng.sample("fake", UNLIKELY, 3))
        shown = tuple(each(float, row) for row in players)
    players.ask_losses(steps)
    if outputs == "logits":
        players.ask_gradients(steps)
    return {"D_real": players.real, "D_fake": players.fake, "real_shown": shown[0], "fake_shown": shown[1],
            "on_real": -steps.keys["critic"] - steps.keys["saturating"]}  # fmt: skip


def _table(rng: Rng, steps: Steps) -> dict[str, Any]:
    """The optimum over a table of probabilities; the values that the texts show."""
    p, q, d = draw_table(rng, "p", TABLES), draw_table(rng, "q", TABLES), rng.sample("d", LIKELY + UNLIKELY, 3)
    rng.require(total(lambda a, b: abs(a - b), p, q) >= Fraction(2, 5), "data and generator differ")
    ask_optimum(steps, p, q, d)
    rng.require(steps.keys["best_value"] > steps.keys["value"] + 0.02, "the discriminator is not nearly the best one")
    return {
        "rows": [{"p": a, "q": b, "d": v} for a, b, v in zip(p, q, d, strict=True)],
        "on_real": total(lambda a, v: a * not_(1 - v), p, d), "on_fake": total(lambda b, v: b * not_(v), q, d),
    }  # fmt: skip


@gan_values.oracle
def by_logits(outputs: str, **given: Any) -> dict[str, Any]:
    """Losses as softplus of logits, their gradients by complex steps; the optimum by the entropy of the mixture."""
    if outputs == "table":
        return _optimum(*(np.array(given[name], dtype=float) for name in ("p", "q", "d")))
    drawn = [np.array(given[name], dtype=float) for name in ("real", "fake")]
    logits = [np.log(v) - np.log1p(-v) for v in drawn] if outputs == "probabilities" else [np.log(v) for v in drawn]
    a, b = logits[0], logits[1] * (1 if outputs == "probabilities" else -1)
    costs = {(kind, sign): np.logaddexp(0, sign * v) for kind, v in (("real", a), ("fake", b)) for sign in (-1, 1)}
    accepted, rejected = costs["fake", -1], costs["fake", 1]  # -ln D and -ln(1 - D) of the generated examples
    value = -costs["real", -1].mean() - rejected.mean()
    values = {
        "critic": -value, "critic.sign": value, "critic.summed": costs["real", -1].sum() + rejected.sum(),
        "critic.one_mean": np.concatenate([costs["real", -1], rejected]).mean(),
        "critic.labels_swapped": costs["real", 1].mean() + accepted.mean(),
        "critic.same_for_both": costs["real", -1].mean() + accepted.mean(),
        "critic.inside": -np.log(np.exp(-costs["real", -1]).mean()) - np.log(np.exp(-rejected).mean()),
        "critic.base_two": -value * np.log2(np.e),
        "saturating": -rejected.mean(), "saturating.sign": rejected.mean(), "saturating.whole": value,
        "saturating.non_saturating": accepted.mean(), "saturating.summed": -rejected.sum(),
        "non_saturating": accepted.mean(), "non_saturating.sign": -accepted.mean(),
        "non_saturating.saturating": -rejected.mean(), "non_saturating.summed": accepted.sum(),
    }  # fmt: skip
    return values if outputs == "probabilities" else values | _outputs(a, b)


def _softplus(sign: int, logits: Any) -> Any:
    """The mean of sign ln(1 + exp(-sign a))."""
    return sign * np.log(1 + np.exp(-sign * logits)).mean()


def _outputs(a: Any, b: Any) -> dict[str, Any]:
    """Probabilities of logits through tanh; gradients of the mean losses by the logits of the generated examples."""
    values: dict[str, Any] = {}
    for name, logits in (("real", a), ("fake", b)):
        values |= {name: (1 + np.tanh(logits / 2)) / 2, f"{name}.odds": np.exp(logits),
                   f"{name}.other_class": (1 - np.tanh(logits / 2)) / 2}  # fmt: skip
    d = values["fake"]
    down, up = (gradient(partial(_softplus, sign), b) for sign in (-1, 1))
    outputs: dict[str, Any] = {
        "saturating": lambda d: np.log(1 - d).mean(),
        "non_saturating": lambda d: -np.log(d).mean(),
    }
    for name, right, other in (("saturating", down, up), ("non_saturating", up, down)):
        swapped = "saturating" if name == "non_saturating" else "non_saturating"
        values |= {f"d_{name}": right, f"d_{name}.{swapped}": other, f"d_{name}.sign": -right,
                   f"d_{name}.no_mean": right * len(b), f"d_{name}.by_outputs": gradient(outputs[name], d)}  # fmt: skip
    return values


def _optimum(p: Any, q: Any, d: Any) -> dict[str, Any]:
    """The best discriminator as a sigmoid of the log-ratio; its value from entropies, H(M) - H(p)/2 - H(q)/2 = JS."""

    def entropy(v: Any) -> Any:
        return -v @ np.log(v)

    ratio = np.log(p) - np.log(q)
    best = 1 / (1 + np.exp(-ratio))
    js = entropy((p + q) / 2) - entropy(p) / 2 - entropy(q) / 2
    yes, no = np.log(d), np.log1p(-d)
    top = 2 * js - 2 * np.log(2)
    return {
        "value": np.dot([*p, *q], [*yes, *no]), "value.same_for_both": yes @ (p + q),
        "value.same_weights": p @ (yes + no),
        "value.only_real": p @ yes, "value.unweighted": (yes + no).mean(),
        "value.base_two": p @ np.log2(d) + q @ np.log2(1 - d),
        "best": best, "best.swapped": 1 - best, "best.ratio": np.exp(ratio), "best.always_real": np.ones(3),
        "best.half": np.full(3, 0.5), "best.winner": np.heaviside(ratio, 0),
        "best_value": top, "best_value.equilibrium": -2 * np.log(2), "best_value.sign": -top,
        "best_value.same_for_both": (p + q) @ np.log(best), "best_value.only_real": p @ np.log(best),
        "js": js, "js.no_half": 2 * js, "js.no_constant": js - np.log(2), "js.log_two": js - np.log(2) / 2,
    }  # fmt: skip
