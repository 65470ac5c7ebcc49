"""Goodfellow et al., Deep Learning, sections 8.3.1, 8.5.3 and 11.4.1: learning rates, compared by their curves."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check
from problem_bank.exercise import Exercise, Part
from problem_bank.families.code._study_texts import CONVENTIONS, DATA, FILES, JUDGED, RUNS
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.studies import Case, Study
from problem_bank.subjects.study_checks import COMMON, early_stopping, on_study
from problem_bank.subjects.study_claims import claim, collected, statement, winner
from problem_bank.subjects.study_networks import layered, one_step, parameters
from solutions.assignment_3 import study_data

Draw = np.random.Generator
STANDINS = ("assignment_3/sentiment.py",)


def _small(rng: Draw) -> Case:
    x, y = rng.normal(size=(240, 7)).astype(np.float32), rng.permutation(np.arange(240) % 3)
    x[:, 0] += y
    data = {"train": (x[:150], y[:150]), "validation": (x[150:], y[150:])}
    rates = [round(float(rate), 4) for rate in rng.permutation([rng.uniform(0.05, 0.1), rng.uniform(0.004, 0.02)])]
    return data, {"rates": rates, "depths": [2, 0], "activation": "tanh", "width": 11, "batch_size": 50, "epochs": 4}


def _easy(rng: Draw) -> Case:
    data = study_data.vectors(int(rng.integers(1000)), (240, 150), 20, 5.0)
    return data, {"rates": [0.01], "depths": [0, 1], "activation": "relu", "width": 16, "batch_size": 20, "epochs": 6}


def _study(student: Any) -> Study:
    return Study(student, "learning_rate_study", {"rates": "rate", "depths": "depth"}, _small, _easy)


@check(points=2, requires=["interface"], seconds=20)
def networks(study: Any, rng: Draw) -> None:
    """Each run's network has the depth of its setting, and the asked width and activation."""
    data, arguments = study.small(rng)
    for activation in ("tanh", "sigmoid"):
        arguments["activation"], x = activation, data["validation"][0]
        for (_, depth), run in study(data, **arguments, seed=1).runs.items():
            layered(study, run, x, [x.shape[1], *[arguments["width"]] * depth, 3], activation)


@check(points=3, requires=["networks"], seconds=20)
def adam(study: Any, rng: Draw) -> None:
    """All rates of one depth start from the same weights, and each run takes steps of Adam with its own rate."""
    data, arguments = study.small(rng)
    rates = [0.0, 1e-9, *sorted(arguments["rates"])]
    arguments |= {"rates": rates, "depths": [1], "epochs": 1, "batch_size": len(data["train"][1])}
    runs = study(data, **arguments, seed=int(rng.integers(1, 1000))).runs
    ends = {rate: parameters(study, runs[rate, 1]) for rate in rates}
    if not np.allclose(ends[0.0], ends[1e-9], atol=1e-6):
        raise CheckFailed(
            "With rates of almost 0 the networks end apart: the runs start from different weights, so the rate is not "
            "all that differs. Seed torch before each network is made.",
            "unequal_starts",
        )
    if np.allclose(ends[0.0], ends[rates[-1]], atol=1e-7):
        raise CheckFailed(
            "Runs with different rates end with the same weights: the rate plays no part.", "rate_ignored"
        )
    for rate in rates[2:]:
        one_step(ends[0.0], ends[rate], rate, runs[rate, 1].place)


@check(points=3, requires=["curves"], seconds=40)
def claims(study: Any, rng: Draw) -> None:
    """The best rate of each depth, and whether the smallest beats the largest, follow from the student's own curves."""
    noisy = study_data.vectors(int(rng.integers(1000)), (120, 200), 30, 2.0)
    # many epochs on few samples overfit soonest at large rates; in one epoch a tiny rate gets nowhere
    for rates, epochs in (([0.08, 0.005, 0.03], 10), ([0.00001, 0.02], 2)):
        common = {"activation": "relu", "width": 16, "batch_size": 24, "seed": int(rng.integers(1, 1000))}
        result = study(noisy, rates=rates, depths=[0, 2], epochs=epochs, **common)
        for depth in (0, 2):
            curves = collected(result.runs, "val_loss", epochs, {1: depth}, 0)
            what = f"The best rate at depth {depth}"
            winner(claim(result, "best_rate", depth), curves, curve="val_loss", most=False, what=what)
            gain = curves[max(curves)][-1] - curves[min(curves)][-1]
            said = claim(result, "smaller_is_better", depth)
            statement(said, float(gain), what=f"That the smallest rate is better at depth {depth}")


CHECKS = on_study((*COMMON[:2], networks, adam, *COMMON[2:], claims), _study)
EARLY = on_study((early_stopping,), _study)


@family(
    topic="code",
    source="Goodfellow 8.3.1, 8.5.3, 11.4.1",
    minutes=60,
    levels={"easy": {"claimed": False}, "medium": {}, "hard": {"early": True}},
)
def learning_rate_study(rng: Rng, *, claimed: bool = True, early: bool = False) -> Exercise:
    """Compare learning rates of Adam by depth: complete curves, and claims that follow from them."""
    samples, batch, epochs = 100 * rng.int("hundreds", 5, 30), 10 * rng.int("tens", 2, 10), rng.int("epochs", 5, 20)
    checks = CHECKS[: None if claimed else -1] + EARLY * early
    return Exercise(
        given={"hundreds": samples // 100, "tens": batch // 10, "epochs": epochs, "claimed": claimed, "early": early},
        shown={"samples": samples, "batch": batch, "steps": epochs * -(-samples // batch)},
        prompt='Write `learning_rate_study(data, rates, depths, activation="relu", width=512, batch_size=50, '
        f"epochs=10, seed=0)` in `experiments.py`. `data` is {DATA}. For every rate in `rates` and every depth in "
        "`depths` (0 to 3), train one network: linear layers with `depth` hidden layers of `width` units, the "
        'activation (`"sigmoid"`, `"tanh"` or `"relu"`) after each of them, and one score per class. Use your '
        f"`SentimentClassifier` of `sentiment.py`, or a class of its own in `experiments.py`. {CONVENTIONS}\n\n"
        'Return `{"runs": [...], "claims": {...} }`. Each entry of `runs` is a dict with\n\n'
        f'- `"rate"` and `"depth"`: the setting;\n{RUNS}\n\n'
        '{% if claimed %}`claims` holds two dicts with an entry for each depth: `"best_rate"`, the rate with the '
        'lowest validation loss, and `"smaller_is_better"`, whether the smallest rate ends with a lower validation '
        "loss than the largest one.{% else %}`claims` may stay empty.{% endif %} "
        f"{JUDGED}\n\n"
        "Try it with the rates 0.125, 0.1, 0.075, 0.05 and 0.01. For example, {{ epochs }} epochs with {{ samples }} "
        "training samples in batches of {{ batch }} (the last one may be short) are {{ steps }} steps of Adam.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), standins=STANDINS, **FILES), points=c.points) for c in checks],
        solution=r"$\lceil {{ samples }} / {{ batch }} \rceil \cdot {{ epochs }} = {{ steps }}$ steps. The whole study "
        "is in `solutions/assignment_3/experiments.py`. What to expect depends on the optimiser, the depth and the "
        "number of epochs. Adam moves every parameter by about the rate in each step, whatever the size of the "
        "gradient: at 0.1 networks with two or more hidden layers mostly end with a higher validation loss than at "
        "0.01. With plain gradient descent and few epochs it is often the other way round.",
    )


@learning_rate_study.oracle
def names(claimed: bool, early: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface curves networks adam measured training_loss reproducible learns"
    return {part: (part,) for part in (parts + " claims" * claimed + " early_stopping" * early).split()}
