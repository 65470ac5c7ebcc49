# ruff: noqa: E501  # tables of edits, one per line
"""The practical's PyTorch network and training scripts: right code passes, each known fault is named and costs its own."""

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
from grader.code import mark_code
from problem_bank.exercise import Part
from problem_bank.verdict import Status, Verdict
from solutions.mlp_from_scratch import cifar10_utils

pytest.importorskip("torch")

ROOT = Path(__file__).parents[1]
SOLUTION = {file.name: file.read_text() for file in (ROOT / "solutions" / "mlp_from_scratch").glob("*.py")}
STARTERS = ROOT / "problem_bank" / "families" / "code" / "starters"
NETWORK, NUMPY, TORCH = "mlp_pytorch.py", "train_mlp_numpy.py", "train_mlp_pytorch.py"
FAMILY = {NETWORK: "code.torch_mlp", NUMPY: "code.numpy_training", TORCH: "code.torch_training"}
Edit = tuple[str, str]


def judged(file: str, *edits: Edit, only: Iterable[str] = (), **others: str) -> dict[str, Verdict]:
    """The verdicts on the model solution with edits in one file; `only` these parts, and what they require."""
    files = SOLUTION | {f"{name}.py": text for name, text in others.items()}
    for old, new in edits:
        assert old in files[file], old
        files[file] = files[file].replace(old, new)
    parts = problem_bank.load(FAMILY[file]).draw("test", level="hard").exercise.parts
    chosen = closed(parts, set(only)) if only else parts
    return mark_code(chosen, {name: text.encode() for name, text in files.items()}, seed="test")[0]


def closed(parts: Iterable[Part], names: set[str]) -> list[Part]:
    """These parts and all that their checks require."""
    table = {part.name: part for part in parts}
    while more := {needed for name in names for needed in table[name].answer.key[0].requires} - names:
        names |= more
    return [part for name, part in table.items() if name in names]


def misconceptions(verdicts: dict[str, Verdict]) -> dict[str, str]:
    """Part and misconception of all that is not right."""
    return {name: ", ".join(v.misconceptions) for name, v in verdicts.items() if v.status is not Status.RIGHT}


@pytest.mark.parametrize("file", FAMILY)
def test_the_model_solution_has_full_marks(file: str) -> None:
    """Every part of each exercise is right for the solution that students read after the deadline."""
    verdicts = judged(file)
    assert {name: v.feedback for name, v in verdicts.items() if v.status is not Status.RIGHT} == {}


SEQUENTIAL = "self.layers = nn.Sequential(*layers)"
FORWARD = "return self.layers(x.flatten(1))"
BATCH_NORM = "            if use_batch_norm:\n                layers.append(nn.BatchNorm1d(units))\n"
NETWORK_FAULTS: dict[str, tuple[list[Edit], dict[str, str]]] = {
    "softmax": ([(FORWARD, FORWARD + ".softmax(1)")], {"output": "softmax_in_model"}),
    "log-softmax": ([(FORWARD, FORWARD + ".log_softmax(1)")], {"output": "log_softmax_in_model"}),
    "no activation": ([("            layers.append(nn.ELU())\n", "")], {"output": "no_activation"}),
    "activation at the end": ([(SEQUENTIAL, "self.layers = nn.Sequential(*layers, nn.ELU())")], {"output": "activation_at_the_end"}),
    "tanh": ([("nn.ELU()", "nn.Tanh()")], {"output": "other_activation"}),
    "plain list": ([(SEQUENTIAL, "self.modules = layers"), (FORWARD, "\n        for layer in self.modules: x = layer(x)\n        return x")], {"registered": "unregistered"}),
    "norm after activation": ([(BATCH_NORM, ""), ("layers.append(nn.ELU())", "layers.append(nn.ELU())\n" + BATCH_NORM.rstrip())], {"batch_norm": "norm_after_activation"}),
    "norm always": ([("if use_batch_norm", "if True")], {"batch_norm": "norm_always"}),
    "norm never": ([("if use_batch_norm", "if False")], {"batch_norm": "no_norm"}),
    "norm on the output": ([(SEQUENTIAL, "layers += [nn.BatchNorm1d(n_classes)] * use_batch_norm\n        " + SEQUENTIAL)], {"batch_norm": "norm_on_output"}),
    "norm on the input": ([(SEQUENTIAL, "layers = [nn.BatchNorm1d(n_inputs)] * use_batch_norm + layers\n        " + SEQUENTIAL)], {"batch_norm": "norm_on_input"}),
    "no bias": ([("out_features)\n", "out_features, bias=False)\n"), ("    nn.init.zeros_(layer.bias)\n", "")], {"output": "bias_missing"}),
    "zero weights": ([("nn.init.kaiming_normal_(layer.weight", "nn.init.zeros_(layer.weight) #")], {"initialisation": "symmetric", "kaiming": "no_kaiming"}),
    "PyTorch's own start": ([('    nn.init.kaiming_normal_(layer.weight, nonlinearity="linear" if input_layer else "relu")\n', "")], {"kaiming": "no_kaiming"}),
    "detached": ([(FORWARD, "return self.layers[-1](self.layers[:-1](x.flatten(1)).detach())")], {"gradients": "detached"}),
    "one hidden layer only": ([("for units in n_hidden:", "for units in n_hidden[:1]:")], {"layers": "layer_missing"}),
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORK_FAULTS)
def test_a_fault_of_the_network_is_named(name: str) -> None:
    """Each wrong network loses the part that its fault concerns; what depends on nothing but that stays right."""
    edits, expected = NETWORK_FAULTS[name]
    found = misconceptions(judged(NETWORK, *edits))
    assert {part: names for part, names in found.items() if names} == expected
    if name != "one hidden layer only":
        assert found == expected


FAIR_NETWORKS: dict[str, list[Edit]] = {
    "module list": [(SEQUENTIAL, "self.layers = nn.ModuleList(layers)"), (FORWARD, "\n        for layer in self.layers: x = layer(x)\n        return x")],
    "relu": [("nn.ELU()", "nn.ReLU()")],
    "input layer like the others": [('"linear" if input_layer else "relu"', '"relu"')],
    "functional activation": [("            layers.append(nn.ELU())\n", "            layers.append(F())\n"), ("class MLP", "class F(nn.Module):\n    def forward(self, x): return nn.functional.elu(x)\n\n\nclass MLP")],
    "prints": [(FORWARD, "print('x' * 100_000)\n        " + FORWARD)],
}  # fmt: skip


@pytest.mark.parametrize("name", FAIR_NETWORKS)
def test_a_network_in_another_style_has_full_marks(name: str) -> None:
    """Containers, activations, initial values and prints are the student's own business."""
    assert misconceptions(judged(NETWORK, *FAIR_NETWORKS[name])) == {}


NUMPY_FAULTS: dict[str, tuple[Edit, str, str]] = {
    "mean of batch means": ('return confusion_matrix_to_metrics(_counts(model, data_loader))["accuracy"]|return np.mean([accuracy(model.forward(_flat(x)), y) for x, y in data_loader])', "evaluation", "mean_of_batch_means"),
    "last model": ("return best, accuracies|return model, accuracies", "best_model", "last_model"),
    "reference for a copy": ("best = deepcopy(model)|best = model", "best_model", "last_model"),
    "unseeded": ("np.random.seed(seed)|pass", "reproducible", "unseeded"),
    "another seed": ("np.random.seed(seed)|np.random.seed(42)", "reproducible", "seed_ignored"),
    "biases frozen": ('layer.grads[name]|layer.grads[name] * (name == "weight")', "update", "biases_frozen"),
    "ascent": ("parameter -= lr|parameter += lr", "update", "ascent"),
    "step size ignored": ("parameter -= lr|parameter -= 0.1", "update", "lr_ignored"),
    "averaged twice": ("parameter -= lr|parameter -= lr / len(x)", "update", "averaged_twice"),
    "summed": ("parameter -= lr|parameter -= lr * len(x)", "update", "summed"),
    "no update": ("parameter -= lr * layer.grads[name]|pass", "update", "untrained"),
    "batch size ignored": ("get_cifar10(data_dir), batch_size|get_cifar10(data_dir), 128", "update", "batch_size_ignored"),
    "widths ignored": ("hidden_dims, 10)|[100], 10)", "update", "no_such_layer"),
    "no logistic regression": ("hidden_dims, 10)|hidden_dims or [9], 10)", "no_hidden_layer", "no_such_layer"),
    "folder ignored": ("get_cifar10(data_dir)|get_cifar10()", "arguments", "data_dir_ignored"),
    "epochs ignored": ("in range(epochs)|in range(3)", "arguments", "epochs_ignored"),
    "percent": ("return float((pre|return 100 * float((pre", "metric", "not_a_share"),
    "swapped": ("called, actual =|actual, called =", "metric", "precision_recall_swapped"),
    "classes from the batch": ("n_classes = predictions.shape[1]|n_classes = int(targets.max()) + 1\n    predictions = predictions[:, :n_classes]", "metric", "classes_from_batch"),
    "test on validation data": ('data["test"]))|data["validation"]))', "test_accuracy", "wrong_set"),
}  # fmt: skip


def split(edit: str) -> Edit:
    old, _, new = edit.partition("|")
    return old, new


@pytest.mark.parametrize("name", NUMPY_FAULTS)
def test_a_fault_of_the_numpy_script_is_named(name: str) -> None:
    """Each fault of training or evaluation is told apart by what it leads to."""
    edit, part, misconception = NUMPY_FAULTS[name]
    found = misconceptions(judged(NUMPY, split(edit), only=[part]))
    assert found == {part: misconception}


TORCH_FAULTS: dict[str, tuple[str, str, str]] = {
    "mean of batch means": ("labels) * len(labels)\n            count += len(labels)|labels)\n            count += 1", "evaluation", "mean_of_batch_means"),
    "no eval mode": ("    model.eval()  # batch|    # batch", "modes", "no_eval_mode"),
    "stays in eval mode": ("        model.train()\n|", "modes", "stays_in_eval"),
    "gradients not zeroed": ("    optimizer.zero_grad()\n|", "update", "gradients_not_zeroed"),
    "last model": ("return best, accuracies|return model, accuracies", "best_model", "last_model"),
    "norm ignored": ("10, use_batch_norm)|10)", "batch_norm", "no_norm"),
    "norm always": ("10, use_batch_norm)|10, True)", "batch_norm", "norm_always"),
    "unseeded": ("    torch.manual_seed(seed)\n|", "reproducible", "unseeded"),
    "summed": ("y)\n    optimizer|y, reduction='sum')\n    optimizer", "update", "summed"),
}  # fmt: skip


@pytest.mark.parametrize("name", TORCH_FAULTS)
def test_a_fault_of_the_torch_script_is_named(name: str) -> None:
    """Each fault of training or evaluation is told apart by what it leads to."""
    edit, part, misconception = TORCH_FAULTS[name]
    assert misconceptions(judged(TORCH, split(edit), only=[part])).get(part) == misconception


UNFOLLOWED = {"softmax twice": "model(x), y|model(x).softmax(1), y", "Adam": "optim.SGD|optim.Adam", "momentum": "lr=lr)|lr=lr, momentum=0.9)"}  # fmt: skip


@pytest.mark.parametrize("name", UNFOLLOWED)
def test_another_rule_is_no_gradient_descent(name: str) -> None:
    """What leads elsewhere by a rule that nobody named is wrong all the same."""
    verdict = judged(TORCH, split(UNFOLLOWED[name]), only=["update"])["update"]
    assert verdict.status is Status.WRONG
    assert "does not lead where gradient descent" in verdict.feedback


FAIR_SCRIPTS: dict[str, tuple[str, str]] = {
    "metrics for an accuracy": (NUMPY, 'data_loader))["accuracy"]|data_loader))'),
    "an array of accuracies": (NUMPY, "return best, accuracies|return best, np.array(accuracies)"),
    "five results": (NUMPY, 'test["accuracy"], log|test["accuracy"], log, test'),
    "files written": (NUMPY, "    test = confusion|    np.save('accuracies.npy', accuracies)\n    test = confusion"),
    "peeking into the data": (NUMPY, "    model, loss = MLP|    next(iter(data['train']))[0].shape\n    model, loss = MLP"),
    "plots": (TORCH, "import argparse|import argparse\nimport matplotlib.pyplot as plt\nfrom tqdm.auto import tqdm"),
    "accuracy as a tensor": (TORCH, "mean().item()|mean()"),
    "extra settings": (TORCH, "seed, data_dir):|seed, data_dir, save_path=None):"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAIR_SCRIPTS)
def test_a_script_in_another_style_has_full_marks(name: str) -> None:
    """What real submissions do beside the point costs nothing."""
    file, edit = FAIR_SCRIPTS[name]
    edits = [split(edit)]
    if name == "metrics for an accuracy":
        edits.append(
            ('evaluate_model(model, data["validation"]))', 'evaluate_model(model, data["validation"])["accuracy"])')
        )
    assert misconceptions(judged(file, *edits, only=["evaluation", "update", "arguments"])) == {}


def test_broken_modules_do_not_bring_the_scripts_down() -> None:
    """A training script is judged on our modules where the student's own are empty or wrong."""
    empty = {
        "modules": "class LinearModule: pass\nclass CrossEntropyModule: pass\n",
        "mlp_numpy": "raise NotImplementedError\n",
    }
    assert misconceptions(judged(NUMPY, only=["update", "evaluation"], **empty)) == {}
    assert misconceptions(judged(TORCH, only=["batch_norm"], mlp_pytorch="def MLP(*a): return None\n")) == {}


@pytest.mark.parametrize("file", FAMILY)
def test_public_tests_pass_with_the_solution_and_fail_with_the_starter(file: str, tmp_path: Path) -> None:
    """Students run them with pytest alone, from their own folder."""
    name = FAMILY[file].removeprefix("code.")
    for starter in (STARTERS / name).iterdir():
        shutil.copy(starter, tmp_path)
    (tmp_path / "cifar10_utils.py").write_text(SOLUTION["cifar10_utils.py"])
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:xdist",
        f"--rootdir={tmp_path}",
        f"test_{name}.py",
    ]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    unfinished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert unfinished.returncode != 0
    for other in SOLUTION.items():
        (tmp_path / other[0]).write_text(other[1])
    finished = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment, check=False)
    assert finished.returncode == 0, finished.stdout


def test_the_data_module_reads_real_images(tmp_path: Path) -> None:
    """With CIFAR-10's binary files in the folder, images and labels come from there, normalised per channel."""
    rng = np.random.default_rng(0)
    for name in ("data_batch_1.bin", "data_batch_2.bin", "test_batch.bin"):
        records = rng.integers(0, 256, (20, 1 + 3 * 32 * 32), dtype=np.uint8)
        records[:, 0] %= 10
        records.tofile(tmp_path / name)
    data = cifar10_utils.get_cifar10(tmp_path, validation_size=5)
    assert [len(data[name]) for name in ("train", "validation", "test")] == [35, 5, 20]
    first = np.fromfile(tmp_path / "test_batch.bin", np.uint8)[: 1 + 3 * 32 * 32]
    assert data["test"].targets[0] == first[0]
    red = (first[1:1025].reshape(32, 32) / 255 - 0.491) / 0.247
    assert np.allclose(data["test"].data[0][0], red, atol=1e-6)


def test_loaders_give_every_image_once() -> None:
    """Validation and test are complete; training drops a short last batch and changes its order with the epoch."""
    data = cifar10_utils.get_cifar10("small")
    loaders = cifar10_utils.get_dataloader(data, 64, return_numpy=True)
    assert sum(len(y) for _, y in loaders["validation"]) == len(data["validation"]) == 150
    epochs = [np.concatenate([y for _, y in loaders["train"]]) for _ in range(2)]
    assert len(epochs[0]) == 640
    assert not np.array_equal(*epochs)
    assert np.array_equal(np.sort(epochs[0]), np.sort(epochs[1]))
