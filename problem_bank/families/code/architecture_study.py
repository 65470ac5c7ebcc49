"""Goodfellow et al., Deep Learning, sections 7.1.1, 9.2 and 9.4: a penalty against convolution on shifted images."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, numeric, tools
from problem_bank.exercise import Exercise, Part
from problem_bank.families.code._study_texts import CONVENTIONS, DATA, FILES, JUDGED, RUNS
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.studies import Case, Data, Result, Study
from problem_bank.subjects.study_checks import COMMON, early_stopping, on_study
from problem_bank.subjects.study_claims import claim, statement
from problem_bank.subjects.study_networks import parameters
from solutions.assignment_3 import study_data

Draw = np.random.Generator
STANDINS = ("assignment_3/cnn_pytorch.py",)
KINDS = ["mlp", "cnn", "mlp_l2"]
GAP = 0.2


def _small(rng: Draw) -> Case:
    names = [str(name) for name in rng.permutation(["left", "right", "still", "moved"])[:2]]
    data = {name: _motifs(rng, shift, (100, 70)) for name, shift in zip(names, (0, 2), strict=True)}
    kinds = [str(kind) for kind in rng.permutation(KINDS)]
    arguments = {"architectures": kinds, "width": 9, "n_filters": (3, 4), "lr": 0.01, "weight_decay": 0.01}
    return data, arguments | {"batch_size": 25, "epochs": 3}


def _easy(rng: Draw) -> Case:
    data = {"still": _motifs(rng, 0, (400, 150))}
    arguments = {"architectures": KINDS, "width": 32, "n_filters": (8, 12), "lr": 0.01, "weight_decay": 0.0}
    return data, arguments | {"batch_size": 20, "epochs": 6}


def _motifs(rng: Draw, shift: int, sizes: tuple[int, int], classes: int = 4, motif: int = 6) -> Data:
    data: Data = study_data.motifs(int(rng.integers(1000)), sizes, classes, motif=motif, shift=shift, noise=0.1)
    return data


def _study(student: Any) -> Study:
    axes = {"data": "data", "architectures": "architecture"}
    return Study(student, "architecture_study", axes, _small, _easy)


@check(points=2, requires=["interface"], seconds=20)
def networks(study: Any, rng: Draw) -> None:
    """The CNN has convolutions and the others have none; `parameters` counts what is trained."""
    data, arguments = study.small(rng)
    for (_, kind), run in study(data, **arguments, seed=1).runs.items():
        layers = [name for name, _ in tools(study.module).layers(run.model)]
        if kind == "cnn" and not any(name.startswith("Conv") for name in layers):
            raise CheckFailed(f"The network of {run.place} has no convolution.", "no_convolution")
        if kind != "cnn" and any(name.startswith("Conv") for name in layers):
            raise CheckFailed(
                f"The network of {run.place} has a convolution; it should be dense.", "convolution_in_mlp"
            )
        count = numeric(run.entry("parameters"), f'The entry "parameters" of {run.place}')
        if count.size != 1 or int(count.ravel()[0]) != tools(study.module).registered(run.model):
            raise CheckFailed(
                f'The entry "parameters" of {run.place} is not the number of trained parameters, biases included.',
                "count",
            )


@check(points=3, requires=["networks"], seconds=30)
def penalty(study: Any, rng: Draw) -> None:
    """`weight_decay` acts on `"mlp_l2"` and on nothing else; without it, that is the plain MLP."""
    data, arguments = study.small(rng)
    name = next(iter(data))
    one = {name: data[name]}
    seed, decays = int(rng.integers(1, 1000)), (0.0, 0.2)
    plain, decayed = (_ends(study, study(one, **(arguments | {"weight_decay": by}), seed=seed)) for by in decays)
    if not np.array_equal(plain["mlp"], decayed["mlp"]) or not np.array_equal(plain["cnn"], decayed["cnn"]):
        raise CheckFailed("The networks without a penalty change with weight_decay too.", "penalty_everywhere")
    if np.array_equal(plain["mlp_l2"], decayed["mlp_l2"]):
        raise CheckFailed("weight_decay changes nothing in the runs of mlp_l2.", "penalty_ignored")
    if plain["mlp_l2"].shape != plain["mlp"].shape or not np.allclose(plain["mlp_l2"], plain["mlp"], atol=1e-3):
        raise CheckFailed(
            "With weight_decay=0 the networks mlp and mlp_l2 end apart: they differ in more than the penalty. Seed "
            "torch before each network is made.",
            "unequal_starts",
        )
    if np.sum(decayed["mlp_l2"] ** 2) >= np.sum(plain["mlp_l2"] ** 2):
        raise CheckFailed("The penalty makes the weights larger; it has the wrong sign.", "penalty_sign")


def _ends(study: Study, result: Result) -> dict[str, Any]:
    return {kind: parameters(study, run) for (_, kind), run in result.runs.items()}


@check(points=3, requires=["curves"], seconds=60)
def claims(study: Any, rng: Draw) -> None:
    """Whether the CNN leads by 0.2 or more before each MLP follows from the student's own curves."""
    first, second = (str(name) for name in rng.permutation(["steady", "wandering"]))
    data = {first: _motifs(rng, 0, (200, 120), 8), second: _motifs(rng, 4, (500, 200), 8, motif=4)}
    arguments = {"architectures": KINDS, "width": 24, "n_filters": (12, 16), "lr": 0.01, "weight_decay": 0.0005}
    epochs = 8  # enough for a lead of 0.35 and more where the motif moves
    result = study(data, **arguments, batch_size=25, epochs=epochs, seed=int(rng.integers(1, 1000)))
    for name in data:
        last = {kind: result.runs[name, kind].curve("val_accuracy", epochs)[-1] for kind in KINDS}
        for key, rival in (("cnn_wins", "mlp"), ("cnn_wins_over_l2", "mlp_l2")):
            what = f'claims["{key}"] for the data set {name}'
            statement(claim(result, key, name), last["cnn"] - last[rival] - GAP, what=what)


CHECKS = on_study((*COMMON[:2], networks, penalty, *COMMON[2:], claims), _study)
EARLY = on_study((early_stopping,), _study)


@family(
    topic="code",
    source="Goodfellow 7.1.1, 9.2, 9.4",
    minutes=60,
    levels={"easy": {"claimed": False}, "medium": {}, "hard": {"early": True}},
)
def architecture_study(rng: Rng, *, claimed: bool = True, early: bool = False) -> Exercise:
    """Compare an MLP, an MLP with an L2 penalty and a CNN on images whose motif moves or stays."""
    size, width, classes = rng.int("size", 10, 20), rng.int("width", 16, 128), rng.int("classes", 3, 9)
    checks = CHECKS[: None if claimed else -1] + EARLY * early
    return Exercise(
        given={"size": size, "width": width, "classes": classes, "claimed": claimed, "early": early},
        shown={"count": (size**2 + 1) * width + (width + 1) * classes, "pixels": size**2},
        prompt="Write `architecture_study(data, architectures, width=128, n_filters=(16, 16), lr=0.003, "
        "weight_decay=0.001, batch_size=50, epochs=12, seed=0)` in `experiments.py`. `data` is a dict of named data "
        f"sets, each of the form {DATA}; here `x` are square images, shape `(n, size, size)`. For every data set and "
        "every name in `architectures`, train one network:\n\n"
        '- `"mlp"`: a hidden layer of `width` units with ReLU, then one score per class;\n'
        '- `"mlp_l2"`: the same network, trained with an L2 penalty: `weight_decay` of Adam;\n'
        '- `"cnn"`: convolution, ReLU, pooling, convolution, ReLU, pooling, with `n_filters` channels, and a linear '
        "layer to the scores.\n\n"
        f"{CONVENTIONS} A good pair of data sets are `study_data.motifs(shift=0)` and `study_data.motifs(shift=3)`.\n\n"
        'Return `{"runs": [...], "claims": {...} }`. Each entry of `runs` is a dict with\n\n'
        '- `"data"` and `"architecture"`: the setting, by name;\n'
        '- `"parameters"`: how many numbers are trained;\n'
        f"{RUNS}\n\n"
        '{% if claimed %}`claims` holds two dicts with True or False for the name of each data set: `"cnn_wins"`, '
        'whether the validation accuracy of the CNN is at least 0.2 above that of the MLP, and `"cnn_wins_over_l2"`, '
        "whether it is at least 0.2 above that of the MLP with a penalty.{% else %}`claims` may stay empty.{% endif %} "
        f"{JUDGED}\n\n"
        "For example, for images of {{ size }} by {{ size }} and {{ classes }} classes the MLP with `width={{ width "
        "}}` "
        "has {{ count }} parameters.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), standins=STANDINS, **FILES), points=c.points) for c in checks],
        solution=r"$({{ pixels }} + 1) \cdot {{ width }} + ({{ width }} + 1) \cdot {{ classes }} = {{ count }}$ "
        "parameters. The whole study is in `solutions/assignment_3/experiments.py`. Where the motif stays, every "
        "network learns it. Where it moves, a dense layer has to learn it anew for every place, while a convolution "
        "looks for it everywhere. A penalty makes weights smaller but shares none of them, and so does not close the "
        "gap.",
    )


@architecture_study.oracle
def names(claimed: bool, early: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface curves networks penalty measured training_loss reproducible learns"
    return {part: (part,) for part in (parts + " claims" * claimed + " early_stopping" * early).split()}
