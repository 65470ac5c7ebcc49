# ruff: noqa: E501  # tables of edits, one per line
"""Networks and studies in PyTorch: right code passes, each known fault is named and costs its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

import problem_bank
from assignments.handouts import joined
from grader.code import mark_code
from problem_bank.checks import CheckFailed
from problem_bank.exercise import Part
from problem_bank.subjects.study_claims import statement, winner
from problem_bank.verdict import Status, Verdict
from solutions.assignment_3 import study_data

pytest.importorskip("torch")

ROOT = Path(__file__).parents[1]
SOLUTION = {file.name: file.read_text("utf-8") for file in (ROOT / "solutions" / "assignment_3").glob("*.py")}
STARTERS = ROOT / "problem_bank" / "families" / "code" / "starters"
FILES = {
    "sentiment_classifier": "sentiment.py",
    "torch_cnn": "cnn_pytorch.py",
    "depth_study": "experiments.py",
    "learning_rate_study": "experiments.py",
    "architecture_study": "experiments.py",
}
Fault = tuple[str, dict[str, str]]  # "old|new", more of them behind "&&"; parts that fail and their misconceptions


def judged(family: str, edits: str = "", only: Iterable[str] = (), **others: str) -> dict[str, Verdict]:
    """The verdicts on the model solution with edits in the family's file; `only` these parts, and what they require."""
    files = SOLUTION | {f"{name}.py": text for name, text in others.items()}
    for edit in filter(None, edits.split("&&")):
        old, _, new = edit.partition("|")
        assert old in files[FILES[family]], old
        files[FILES[family]] = files[FILES[family]].replace(old, new)
    parts = problem_bank.load(f"code.{family}").draw("test", level="hard").exercise.parts
    chosen = closed(parts, set(only)) if only else parts
    return mark_code(chosen, {name: text.encode() for name, text in files.items()}, seed="test")[0]


def closed(parts: Iterable[Part], names: set[str]) -> list[Part]:
    """These parts and all that their checks require."""
    table = {part.name: part for part in parts}
    while more := {needed for name in names for needed in table[name].answer.key[0].requires} - names:
        names |= more
    return [part for name, part in table.items() if name in names]


def failed(verdicts: dict[str, Verdict]) -> dict[str, str]:
    """Part and misconception of all that is not right, apart from what was not run."""
    return {
        name: ", ".join(v.misconceptions) or v.feedback
        for name, v in verdicts.items()
        if v.status is not Status.RIGHT and not v.feedback.startswith("Not run")
    }


@pytest.mark.parametrize("family", FILES)
def test_the_model_solution_has_full_marks(family: str) -> None:
    """Every part of each exercise is right for the solution that students read after the deadline."""
    assert failed(judged(family)) == {}


@pytest.mark.parametrize("family", FILES)
def test_the_starter_is_nothing_submitted(family: str) -> None:
    """Bodies that only raise NotImplementedError are missing, not wrong."""
    starter = (STARTERS / family / FILES[family]).read_text("utf-8")
    verdicts = judged(family, **{FILES[family].removesuffix(".py"): starter})
    assert {v.status for v in verdicts.values()} == {Status.MISSING}


WORDS = "vectors = [embeddings[word] for word in text.lower().split() if word in embeddings]"
MEAN = "return torch.tensor(np.mean(vectors, axis=0), dtype=torch.float32)"
SCORES = "return self.layers(x)"
LAST = "self.layers = nn.Sequential(*layers, nn.Linear(width, num_classes))"
CLASSIFIER_FAULTS: dict[str, Fault] = {
    "sum": ("np.mean(vectors|np.sum(vectors", {"mean_vector": "summed"}),
    "last word": (f"{MEAN}|return torch.tensor(vectors[-1])", {"mean_vector": "last_word"}),
    "each word once": ("in text.lower().split() if|in dict.fromkeys(text.lower().split()) if", {"mean_vector": "words_once"}),
    "mean over the entries": ("vectors, axis=0|vectors, axis=1", {"mean_vector": "wrong_axis"}),
    "unknown words counted": (f"{MEAN}|return torch.tensor(np.sum(vectors, axis=0) / len(text.split()))", {"unknown_words": "unknown_words_counted"}),
    "capital letters": ("text.lower()|text", {"unknown_words": "case"}),
    "zeros for no word": ("return None|return torch.zeros(len(next(iter(embeddings.values()))))", {"empty_text": "empty_zeros"}),
    "nan for no word": ("return None|return torch.tensor([float('nan')])", {"empty_text": "empty_nan"}),
    "error for no word": ("return None|raise ValueError", {"empty_text": "empty_raises"}),
    "softmax": (f"{SCORES}|{SCORES}.softmax(1)", {"output": "softmax_in_model"}),
    "log-softmax": (f"{SCORES}|{SCORES}.log_softmax(1)", {"output": "log_softmax_in_model"}),
    "activation at the end": (f"{LAST}|self.layers = nn.Sequential(*layers, nn.Linear(width, num_classes), ACTIVATIONS[activation]())", {"output": "activation_at_the_end"}),
    "no activation": (", ACTIVATIONS[activation]()]|]", {"output": "no_activation"}),
    "no bias": (f"nn.Linear(width, units), |nn.Linear(width, units, bias=False), &&{LAST}|{LAST.replace('classes)', 'classes, bias=False)')}", {"output": "bias_missing"}),
    "always tanh": ("ACTIVATIONS[activation]()|nn.Tanh()", {"activations": "activation_ignored"}),
    "plain list": (f"{LAST}|self.stack = [*layers, nn.Linear(width, num_classes)]&&{SCORES}|\n        for layer in self.stack: x = layer(x)\n        return x", {"registered": "unregistered"}),
    "one hidden layer only": ("in hidden_dims:|in hidden_dims[:1]:", {"layers": "layer_missing"}),
    "a hidden layer too many": ("in hidden_dims:|in [*hidden_dims, num_classes]:", {"layers": "other_layers"}),
    "every text kept": ("    kept = [place for place, feature in enumerate(features) if feature is not None]|    kept = list(range(len(texts)))&&features[place] for|torch.zeros(len(next(iter(embeddings.values())))) if features[place] is None else features[place] for", {"many_texts": "all_kept"}),
    "places of the rows": ("in kept]), kept|in kept]), list(range(len(kept)))", {"many_texts": "renumbered"}),
    "places of what is left out": ("in kept]), kept|in kept]), [i for i in range(len(texts)) if i not in kept]", {"many_texts": "dropped_places"}),
    "detached": (f"{SCORES}|return self.layers[-1](self.layers[:-1](x).detach())", {"gradients": "detached"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CLASSIFIER_FAULTS)
def test_a_fault_of_the_classifier_is_named(name: str) -> None:
    """Each fault costs the part that it concerns, and what depends on nothing but that stays right."""
    edits, expected = CLASSIFIER_FAULTS[name]
    assert failed(judged("sentiment_classifier", edits)) == expected


FAIR_CLASSIFIERS = {
    "module list": f"{LAST}|self.stack = nn.ModuleList([*layers, nn.Linear(width, num_classes)])&&{SCORES}|\n        for layer in self.stack: x = layer(x)\n        return x",
    "a class for the activation": "ACTIVATIONS[activation]()|activation()",
    "an object for the activation": "ACTIVATIONS[activation]()|activation",
    "one activation for all layers": "layers, width = [], embed_dim|layers, width, shared = [], embed_dim, ACTIVATIONS[activation]()&&ACTIVATIONS[activation]()]|shared]",
    "mean as an array": f"{MEAN}|return np.mean(vectors, axis=0)&&torch.stack([f|np.stack([f",
    "mean as a row, printed": f"{MEAN}|print(text * 1000)\n    return torch.tensor(np.mean(vectors, axis=0))[None]",
    "a loop over words": f"{WORDS}|vectors = []\n    for word in text.lower().strip().split():\n        try:\n            vectors.append(embeddings[word])\n        except KeyError:\n            continue",
}  # fmt: skip


@pytest.mark.parametrize("name", FAIR_CLASSIFIERS)
def test_a_classifier_in_another_style_has_full_marks(name: str) -> None:
    """Containers, forms of the activation and of the mean are the student's own business."""
    assert failed(judged("sentiment_classifier", FAIR_CLASSIFIERS[name])) == {}


FEATURES = "return self.classifier(maps.mean(dim=(2, 3)) if self.global_pooling else maps.flatten(1))"
CNN_FAULTS: dict[str, Fault] = {
    "no activation": (", nn.ReLU(), nn|, nn", {"output": "no_activation"}),
    "tanh": ("nn.ReLU|nn.Tanh", {"output": "other_activation"}),
    "mean pooling": ("nn.MaxPool2d|nn.AvgPool2d", {"output": "mean_pooling"}),
    "softmax": (f"{FEATURES}|{FEATURES}.softmax(1)", {"output": "softmax_in_model"}),
    "log-softmax": (f"{FEATURES}|{FEATURES}.log_softmax(1)", {"output": "log_softmax_in_model"}),
    "activation at the end": (f"{FEATURES}|{FEATURES}.relu()", {"output": "activation_at_the_end"}),
    "channels last": (f"{FEATURES}|return self.classifier(maps.mean(dim=(2, 3)) if self.global_pooling else maps.permute(0, 2, 3, 1).flatten(1))", {"output": "channels_last"}),
    "no bias": ("padding=kernel_size // 2|padding=kernel_size // 2, bias=False&&image_size**2, n_classes)|image_size**2, n_classes, bias=False)", {"output": "bias_missing"}),
    "kernel fixed": ("filters, kernel_size, padding=kernel_size // 2|filters, 3, padding=1", {"layers": "kernel_ignored"}),
    "no padding": (", padding=kernel_size // 2|&&image_size //= 2|image_size = (image_size - kernel_size + 1) // 2", {"layers": "flatten_size"}),
    "pooling rounds up": ("nn.MaxPool2d(2)|nn.MaxPool2d(2, ceil_mode=True)&&image_size //= 2|image_size = -(-image_size // 2)", {"layers": "flatten_size"}),
    "a layer too many": ("self.classifier = |self.hidden = nn.Linear(3, 3)\n        self.classifier = ", {"layers": "other_layers"}),
    "two blocks at most": ("in n_filters:|in n_filters[:2]:", {"any_depth": "other_layers"}),
    "largest pixel": ("maps.mean(dim=(2, 3))|maps.amax(dim=(2, 3))", {"global_pooling": "largest"}),
    "flattened all the same": ("channels if global_pooling else |", {"global_pooling": "not_averaged"}),
    "plain list": ("self.features = nn.Sequential(*layers)|self.stack = layers&&self.features(x)|self.run(x)&&    def forward|    def run(self, x):\n        for layer in self.stack: x = layer(x)\n        return x\n\n    def forward", {"registered": "unregistered"}),
    "detached": ("self.features(x)|self.features(x).detach()", {"gradients": "detached"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CNN_FAULTS)
def test_a_fault_of_the_convolutional_network_is_named(name: str) -> None:
    """Each fault costs the part that it concerns, and what depends on nothing but that stays right."""
    edits, expected = CNN_FAULTS[name]
    assert failed(judged("torch_cnn", edits)) == expected


def test_a_convolutional_network_in_another_style_has_full_marks() -> None:
    """Functions in place of layers, another order of ReLU and max pooling, and named padding give the same network."""
    functional = ", nn.ReLU(), nn.MaxPool2d(2)]|]&&padding=kernel_size // 2|padding='same'&&nn.Sequential(*layers)|nn.ModuleList(layers)&&maps.flatten(1)|maps.reshape(len(x), -1)&&self.features(x)|self.run(x)&&    def forward|    def run(self, x):\n        for layer in self.features: x = nn.functional.max_pool2d(layer(x), 2).relu()\n        return x\n\n    def forward"
    assert failed(judged("torch_cnn", functional)) == {}


CURVES = 'return {**curves, **best, "model": model}'
LOSS = 'curves["train_loss"].append(total / len(y))'
DEPTH = "depth_study"
RATES = "learning_rate_study"
SHAPES = "architecture_study"
STUDY_FAULTS: dict[str, tuple[str, str, str, str]] = {  # family, edits, the part that fails, misconception
    "a setting is missing": (DEPTH, "for depth in depths:\n        for activation|for depth in depths[:-1]:\n        for activation", "interface", "missing_setting"),
    "its own settings": (DEPTH, "for depth in depths:\n        for activation|for depth in (0, 1, 2, 3):\n        for activation", "interface", "other_settings"),
    "one number per run": (DEPTH, f"{CURVES}|return {{**{{name: curve[-1] for name, curve in curves.items()}}, 'model': model}}&&run[\"val_accuracy\"][-1]|run[\"val_accuracy\"]&&run[\"train_loss\"][-1]|run[\"train_loss\"]", "curves", "one_number"),
    "one number per batch": (DEPTH, f"{LOSS}|&&total += loss.item() * len(chosen)|curves['train_loss'].append(loss.item())", "curves", "one_number_per_batch"),
    "validation curve is the training curve": (DEPTH, 'nn.functional.cross_entropy(scores, classes).item())|curves["train_loss"][-1])', "curves", "validation_is_training"),
    "percentage": (DEPTH, "classes).float().mean().item()|classes).float().mean().item() * 100", "curves", "not_a_share"),
    "all runs the same": (DEPTH, "model = _network(data, depth, activation, width, seed)|model = _network(data, 1, 'relu', width, seed)", "curves", "settings_ignored"),
    "one depth too many": (DEPTH, "[width] * depth|[width] * (depth + 1)", "networks", "depth"),
    "width ignored": (DEPTH, "[width] * depth|[16] * depth", "networks", "width_ignored"),
    "activation ignored": (DEPTH, "[width] * depth, activation)|[width] * depth, 'relu')", "networks", "activation"),
    "measured on the training data": (DEPTH, 'held, classes = (torch.as_tensor(array) for array in data["validation"])|held, classes = x, y', "measured", "measured_on_training"),
    "counted from zero": (DEPTH, "range(1, epochs + 1)|range(epochs)", "early_stopping", "counted_from_zero"),
    "a reference to the model": (DEPTH, "deepcopy(model)|model", "early_stopping", "reference_for_a_copy"),
    "the last epoch is called best": (RATES, '{"best_epoch": epoch|{"best_epoch": epochs', "early_stopping", "other_epoch"),
    "best so far": (DEPTH, '== classes).float().mean().item())|== classes).float().mean().item())\n        curves["val_accuracy"][-1] = max(curves["val_accuracy"])', "measured", "best_so_far"),
    "the best network": (RATES, f"{CURVES}|model.load_state_dict(kept)\n    return {{**curves, 'model': model}}&&        total = 0.0|        kept = {{k: v.clone() for k, v in model.state_dict().items()}}\n        total = 0.0", "measured", "best_epoch"),
    "mean of batch means": (DEPTH, "nn.functional.cross_entropy(scores, classes).item())|sum(nn.functional.cross_entropy(s, c).item() for s, c in zip(scores.split(batch_size), classes.split(batch_size))) / len(scores.split(batch_size)))&&(scores.argmax(1) == classes).float().mean().item()|sum((s.argmax(1) == c).float().mean().item() for s, c in zip(scores.split(batch_size), classes.split(batch_size))) / len(scores.split(batch_size))", "measured", "mean_of_batch_means"),
    "loss of the last batch": (DEPTH, "total += loss.item() * len(chosen)|total = loss.item() * len(y)", "training_loss", "one_batch"),
    "loss summed": (DEPTH, "total / len(y)|total / batch_size", "training_loss", "summed"),
    "unseeded": (DEPTH, "    torch.manual_seed(seed)|    pass", "reproducible", "unseeded"),
    "seed ignored": (DEPTH, "    torch.manual_seed(seed)|    torch.manual_seed(0)", "reproducible", "seed_ignored"),
    "no training": (DEPTH, "        optimizer.step()|        pass", "learns", "The last validation accuracy"),
    "the worst depth": (DEPTH, "return max(runs|return min(runs", "claims", "claim_inverted"),
    "a depth for every occasion": (DEPTH, '_best([run for run in runs if run["activation"] == name])["depth"]|1', "claims", "claim_against_numbers"),
    "no claims": (DEPTH, '"claims": {"best_depth": best, "slowest_activation": slowest}|"claims": {}', "claims", "missing_claim"),
    "gradient descent": (RATES, "optim.Adam(model.parameters(), lr=lr, weight_decay=weight_decay)|optim.SGD(model.parameters(), lr=lr)", "adam", "other_optimiser"),
    "RMSProp": (RATES, "optim.Adam|optim.RMSprop", "adam", "other_optimiser"),
    "rate ignored": (RATES, "data, rate, batch_size|data, 0.01, batch_size", "adam", "rate_ignored"),
    "batch size ignored": (RATES, ".split(batch_size)|.split(32)", "adam", "settings_ignored"),
    "unequal starts": (RATES, "    torch.manual_seed(seed)|    pass&&    for depth in depths:\n        for rate|    torch.manual_seed(seed)  # once\n    for depth in depths:\n        for rate", "adam", "unequal_starts"),
    "the worst rate": (RATES, "min(losses, key=|max(losses, key=", "claims", "claim_inverted"),
    "always smaller": (RATES, "losses[min(rates)] < losses[max(rates)]|True", "claims", "claim_against_numbers"),
    "no convolution": (SHAPES, 'if name == "cnn"|if name == "conv"', "networks", "no_convolution"),
    "convolution everywhere": (SHAPES, 'if name == "cnn"|if name', "networks", "convolution_in_mlp"),
    "biases not counted": (SHAPES, "in model.parameters())\n|in model.parameters() if parameter.ndim > 1)\n", "networks", "count"),
    "penalty ignored": (SHAPES, 'if architecture == "mlp_l2" else 0.0|* 0.0', "penalty", "penalty_ignored"),
    "penalty everywhere": (SHAPES, 'if architecture == "mlp_l2" else 0.0|', "penalty", "penalty_everywhere"),
    "the CNN always wins": (SHAPES, 'last[name, "cnn"] - last[name, "mlp"] >= 0.2|True', "claims", "claim_against_numbers"),
    "the gap in percent": (SHAPES, 'last[name, "cnn"] - last[name, "mlp"] >= 0.2|last[name, "cnn"] - last[name, "mlp"] >= 20', "claims", "claim_against_numbers"),
}  # fmt: skip


@pytest.mark.parametrize("name", STUDY_FAULTS)
def test_a_fault_of_a_study_is_named(name: str) -> None:
    """Each fault is told by what the log lacks, or by what it says that is not true of its own networks."""
    family, edits, part, expected = STUDY_FAULTS[name]
    found = failed(judged(family, edits, only=[part]))
    assert list(found) == [part]
    assert expected in found[part]


OWN = "class Net(nn.Module):\n    def __init__(self, n, k, hidden, act):\n        super().__init__()\n        w = [n, *hidden]\n        self.out = nn.Linear(w[-1], k)\n        self.inner = nn.ModuleList([nn.Linear(a, b) for a, b in zip(w, w[1:])])\n        self.act = getattr(torch, act)\n    def forward(self, x):\n        for layer in self.inner: x = self.act(layer(x))\n        return self.out(x)\n\n\ndef _network("
FAIR_STUDIES: dict[str, tuple[str, str, tuple[str, ...]]] = {  # family, edits, parts
    "a network of one's own": (DEPTH, f"def _network(|{OWN}&&return SentimentClassifier|return Net", ("networks", "claims")),
    "rounded arrays": (DEPTH, f"{CURVES}|import numpy as np\n    return {{**{{k: np.round(v, 2) for k, v in curves.items()}}, 'model': model}}", ("measured", "training_loss", "claims")),
    "tensors in the curves": (DEPTH, "classes).float().mean().item())|classes).float().mean())&&cross_entropy(scores, classes).item()|cross_entropy(scores, classes)", ("measured", "reproducible", "claims")),
    "training loss after the epoch": (DEPTH, f"{LOSS}|curves['train_loss'].append(nn.functional.cross_entropy(model(x), y).item())", ("curves", "training_loss", "learns")),
    "more entries, other names in claims": (DEPTH, f'{CURVES}|return {{**curves, "model": model, "test": [1], "note": None}}&&"slowest_activation": slowest|"slowest_activation": slowest.upper(), "more": 3', ("interface", "claims")),
    "an order of its own": (RATES, "for depth in depths:\n        for rate in rates|for depth in reversed(depths):\n        for rate in sorted(rates)&&smaller[depth] =|smaller[str(depth)] =", ("measured", "claims")),
    "data loaders": (RATES, "for chosen in torch.randperm(len(y)).split(batch_size)|for (chosen,) in torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.arange(len(y))), batch_size, shuffle=True)", ("adam", "training_loss", "reproducible")),
    "AdamW": (RATES, "optim.Adam|optim.AdamW", ("adam",)),
    "plots and prints": (SHAPES, "    runs = []\n|    import matplotlib.pyplot as plt\n    print('x' * 100_000)\n    runs = []\n", ("interface",)),
    "penalty in the loss": (SHAPES, "y[chosen])\n|y[chosen]) + weight_decay * sum((p**2).sum() for p in model.parameters())\n&&, weight_decay=weight_decay)|)", ("penalty", "training_loss")),
    "channels added in the network": (SHAPES, "return nn.Sequential(nn.Unflatten(1, (1, size)), CNN(1, n_filters, classes, size))|return CNN(1, n_filters, classes, size)&&data[\"train\"])\n    held, classes = (torch.as_tensor(array) for array in data[\"validation\"])|data[\"train\"])\n    held, classes = (torch.as_tensor(array) for array in data[\"validation\"])\n    if isinstance(model, CNN): x, held = x[:, None], held[:, None]", ("measured", "training_loss")),
}  # fmt: skip


@pytest.mark.parametrize("name", FAIR_STUDIES)
def test_a_study_in_another_style_has_full_marks(name: str) -> None:
    """What honest studies do beside the point costs nothing."""
    family, edits, parts = FAIR_STUDIES[name]
    assert failed(judged(family, edits, only=parts)) == {}


def test_broken_networks_do_not_bring_a_study_down() -> None:
    """A study is judged on our networks where the student's own modules are empty or wrong."""
    wrong = "class SentimentClassifier: pass\n"
    assert failed(judged(DEPTH, only=["networks", "measured"], sentiment=wrong)) == {}
    assert failed(judged(SHAPES, only=["networks"], cnn_pytorch="raise NotImplementedError\n")) == {}


def test_claims_are_held_against_the_own_numbers_only() -> None:
    """A study that trains in the wrong direction has the marks for claims that follow from its curves."""
    assert (
        failed(judged(DEPTH, "        loss.backward()|        (-0.1 * loss).backward()", only=["measured", "claims"]))
        == {}
    )


RISING, FALLING, LATE = np.array([0.5, 0.7, 0.8]), np.array([0.5, 0.95, 0.6]), np.array([0.4, 0.5, 0.8])


@pytest.mark.parametrize(
    ("claimed", "misconception"),
    [(1, None), (3, None), (2, "claim_by_best_epoch"), (4, "claim_inverted"), (5, "claim_against_numbers"), (9, "missing_claim")],
)  # fmt: skip
def test_a_claimed_winner_is_judged_by_the_last_epoch(claimed: int, misconception: str | None) -> None:
    """Equals count for each; the best epoch, the wrong end and what is no setting are told apart."""
    curves = {1: RISING, 2: FALLING, 3: LATE, 4: np.array([0.5, 0.4, 0.3]), 5: np.array([0.1, 0.2, 0.4])}
    found = None
    try:
        winner(claimed, curves, curve="val_accuracy", most=True, what="The best depth")
    except CheckFailed as failure:
        found = failure.misconception
    assert found == misconception


@pytest.mark.parametrize(("said", "difference", "right"), [(True, 0.3, True), (False, 0.3, False), (1, -0.1, False), (np.False_, -0.1, True), (True, -1e-4, True), ("yes", 0.3, False)])  # fmt: skip
def test_a_statement_is_judged_by_the_difference(said: object, difference: float, right: bool) -> None:
    """True where it is positive; near 0 both will do; a word is no truth value."""
    try:
        statement(said, difference, what="The claim")
    except CheckFailed:
        assert not right
    else:
        assert right


def test_public_tests_pass_with_the_solution_and_fail_with_the_starter(tmp_path: Path) -> None:
    """Students run them with pytest alone, from their own folder; here all exercises lie in one."""
    for family, file in FILES.items():
        shutil.copy(STARTERS / family / f"test_{family}.py", tmp_path)
        starters = [(STARTERS / other / file).read_text("utf-8") for other in FILES if FILES[other] == file]
        (tmp_path / file).write_text(joined(starters))
    (tmp_path / "study_data.py").write_text(SOLUTION["study_data.py"])
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-rA", "-p", "no:cacheprovider", "-p", "no:xdist", f"--rootdir={tmp_path}", str(tmp_path)]  # fmt: skip
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    unfinished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert "PASSED" not in unfinished.stdout
    for family in FILES:
        assert f"test_{family}.py::" in unfinished.stdout
    for name, text in SOLUTION.items():
        (tmp_path / name).write_text(text)
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert finished.returncode == 0, finished.stdout


@pytest.mark.parametrize("name", ["vectors", "spirals", "motifs"])
def test_the_data_are_balanced_drawn_by_the_seed_and_of_the_promised_types(name: str) -> None:
    """The same seed gives the same data, another seed others; no class is rare; torch takes the arrays as they are."""
    make = getattr(study_data, name)
    one, again, other = make(1), make(1), make(2)
    for part in ("train", "validation"):
        x, y = one[part]
        assert x.dtype == np.float32 and y.dtype == np.int64 and len(x) == len(y)
        assert np.array_equal(x, again[part][0]) and not np.array_equal(x, other[part][0])
        assert np.bincount(y).min() > 0.7 * np.bincount(y).mean()


def test_a_motif_without_a_shift_stays_in_the_middle() -> None:
    """The border of the canvas is noise then; with a shift the motif reaches it."""
    border = {shift: np.abs(study_data.motifs(3, shift=shift, noise=0.01)["train"][0][:, 0]).max() for shift in (0, 3)}
    assert border[0] < 0.1 < border[3]
