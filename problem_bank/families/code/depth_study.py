"""Goodfellow et al., Deep Learning, sections 6.3, 6.4.1 and 11.4: depth and activation, compared by their curves."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import check
from problem_bank.exercise import Exercise, Part
from problem_bank.families.code._study_texts import CONVENTIONS, DATA, FILES, JUDGED, RUNS
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.studies import Case, Study
from problem_bank.subjects.study_checks import COMMON, early_stopping, on_study
from problem_bank.subjects.study_claims import claim, collected, winner
from problem_bank.subjects.study_networks import layered
from solutions.assignment_3 import study_data

Draw = np.random.Generator
STANDINS = ("assignment_3/sentiment.py",)


def _small(rng: Draw) -> Case:
    """Three classes in 7 features, and all but one of the depths 0 to 3; 90 validation samples leave a short batch."""
    x, y = rng.normal(size=(240, 7)).astype(np.float32), rng.permutation(np.arange(240) % 3)
    x[:, 0] += y
    data = {"train": (x[:150], y[:150]), "validation": (x[150:], y[150:])}
    activations = [str(name) for name in rng.permutation(["sigmoid", "tanh", "relu"])[:2]]
    depths = [int(depth) for depth in rng.permutation([0, int(rng.integers(1, 3)), 3])]
    return data, {"depths": depths, "activations": activations, "width": 11, "lr": 0.01, "batch_size": 50, "epochs": 4}


def _easy(rng: Draw) -> Case:
    data = study_data.spirals(int(rng.integers(1000)), (300, 150))
    return data, {"depths": [2], "activations": ["relu"], "width": 32, "lr": 0.02, "batch_size": 30, "epochs": 20}


def _study(student: Any) -> Study:
    return Study(student, "depth_study", {"depths": "depth", "activations": "activation"}, _small, _easy)


@check(points=3, requires=["interface"], seconds=20)
def networks(study: Any, rng: Draw) -> None:
    """Each run's network has the depth, the width and the activation of its setting."""
    data, arguments = study.small(rng)
    x = data["validation"][0]
    for (depth, activation), run in study(data, **arguments, seed=1).runs.items():
        layered(study, run, x, [x.shape[1], *[arguments["width"]] * depth, 3], activation)


@check(points=3, requires=["curves"], seconds=40)
def claims(study: Any, rng: Draw) -> None:
    """The best depth of each activation, and the slowest activation, are those of the student's own curves."""
    bent = study_data.spirals(int(rng.integers(1000)), (300, 150))
    flat = study_data.vectors(int(rng.integers(1000)), (160, 150), 8)
    activations = ["sigmoid", "relu"]
    # a curved problem needs a hidden layer; on a linear one, two layers of one sigmoid learn nothing in two epochs
    for data, width, epochs in ((bent, 24, 8), (flat, 1, 2)):
        common = {"lr": 0.02, "batch_size": 20, "seed": int(rng.integers(1, 1000))}
        result = study(data, depths=[0, 1, 2], activations=activations, width=width, epochs=epochs, **common)
        for activation in activations:
            curves = collected(result.runs, "val_accuracy", epochs, {1: activation}, 0)
            chosen = claim(result, "best_depth", activation)
            winner(chosen, curves, curve="val_accuracy", most=True, what=f"The best depth with {activation}")
        curves = collected(result.runs, "train_loss", epochs, {0: 2}, 1)
        chosen = claim(result, "slowest_activation")
        winner(chosen, curves, curve="train_loss", most=True, what="The slowest activation")


CHECKS = on_study((*COMMON[:2], networks, *COMMON[2:], claims), _study)
EARLY = on_study((early_stopping,), _study)


@family(
    topic="code",
    source="Goodfellow 6.3, 6.4.1, 11.4",
    minutes=60,
    levels={"easy": {"claimed": False}, "medium": {}, "hard": {"early": True}},
)
def depth_study(rng: Rng, *, claimed: bool = True, early: bool = False) -> Exercise:
    """Compare networks by depth and activation: complete curves, and claims that follow from them."""
    width, classes, features = rng.int("width", 16, 128), rng.int("classes", 2, 6), rng.int("features", 20, 90)
    checks = CHECKS[: None if claimed else -1] + EARLY * early
    return Exercise(
        given={"width": width, "classes": classes, "features": features, "claimed": claimed, "early": early},
        shown={"count": (features + 1) * width + (width + 1) * width + (width + 1) * classes},
        prompt="Write `depth_study(data, depths, activations, width=512, lr=0.001, batch_size=50, epochs=10, seed=0)` "
        f"in `experiments.py`. `data` is {DATA}. For every depth in `depths` (0 to 3) and every activation in "
        '`activations` (among `"sigmoid"`, `"tanh"`, `"relu"`), train one network: linear layers with `depth` hidden '
        "layers of `width` units, the activation after each of them, and one score per class. Use your "
        f"`SentimentClassifier` of `sentiment.py`, or a class of its own in `experiments.py`. {CONVENTIONS}\n\n"
        'Return `{"runs": [...], "claims": {...} }`. Each entry of `runs` is a dict with\n\n'
        f'- `"depth"` and `"activation"`: the setting;\n{RUNS}\n\n'
        '{% if claimed %}`claims` holds `"best_depth"`, a dict from each activation to the depth with the highest '
        'validation accuracy, and `"slowest_activation"`, the activation whose network of the largest depth has the '
        "highest training loss.{% else %}`claims` may stay empty.{% endif %} "
        f"{JUDGED}\n\n"
        "For example, with `width={{ width }}` the network of depth 2 for {{ classes }} classes of vectors with "
        "{{ features }} entries has {{ count }} parameters.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), standins=STANDINS, **FILES), points=c.points) for c in checks],
        solution=r"$({{ features }} + 1) \cdot {{ width }} + ({{ width }} + 1) \cdot {{ width }} + ({{ width }} + 1) "
        r"\cdot {{ classes }} = {{ count }}$ parameters. The whole study is in "
        "`solutions/assignment_3/experiments.py`. On linearly separable data depth buys nothing; on spirals a network "
        "without a hidden layer stays near guessing. Deep sigmoid networks start slowest: each layer multiplies the "
        "gradient by at most 1/4.",
    )


@depth_study.oracle
def names(claimed: bool, early: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface curves networks measured training_loss reproducible learns"
    return {part: (part,) for part in (parts + " claims" * claimed + " early_stopping" * early).split()}
