"""The training loop, the metrics, and the command: what is logged, what is kept, and that it learns."""

from __future__ import annotations

import csv
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from solutions import curves
from solutions import train as command
from solutions.data import Dataset, Splits, load, split
from solutions.fitting import Diverged, batches, cross_entropy, evaluate_model, fit
from solutions.generated import motifs
from solutions.metrics import accuracy, class_scores, confusion_matrix
from solutions.numpy_nn import MLP
from solutions.numpy_nn.train import OPTIMISERS, predict, train, train_cnn, train_model

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def spirals() -> Splits:
    return load("spirals", seed=1)


def labelled(y: Any, n_classes: int = 3) -> Dataset:
    """Samples that carry their own position, with these labels."""
    return Dataset(np.arange(float(len(y)))[:, None], np.asarray(y), n_classes)


# Metrics


def test_metrics_of_a_table_by_hand() -> None:
    """Rows are true classes; precision goes down a column, recall along a row, F-beta between; 0 / 0 counts as 0."""
    y, predicted = np.array([0, 0, 0, 1, 1, 2]), np.array([0, 0, 1, 1, 0, 0])
    confusion = confusion_matrix(predicted, y, 4)
    assert confusion.tolist() == [[2, 1, 0, 0], [1, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    scores = class_scores(confusion)
    assert scores["precision"] == pytest.approx([2 / 4, 1 / 2, 0, 0])
    assert scores["recall"] == pytest.approx([2 / 3, 1 / 2, 0, 0])
    assert scores["f_score"] == pytest.approx([4 / 7, 1 / 2, 0, 0])
    assert class_scores(confusion, beta=2.0)["f_score"][0] == pytest.approx(5 * (1 / 2 * 2 / 3) / (4 / 2 + 2 / 3))
    assert accuracy(np.eye(4)[predicted], y) == 0.5


def test_evaluation_weighs_samples_and_not_batches() -> None:
    """Four right in the first batch and two wrong in the last: 4/6, where the mean of batch means says 1/2."""
    data = labelled([0, 0, 0, 0, 1, 1], 2)
    table = np.array([[0.9, 0.1]] * 6)
    loss, score = evaluate_model(lambda x: table[x[:, 0].astype(int)], data, batch_size=4)
    assert score == pytest.approx(4 / 6)
    assert loss == pytest.approx(-(4 * np.log(0.9) + 2 * np.log(0.1)) / 6)
    with pytest.raises(ValueError, match="empty"):
        evaluate_model(lambda x: x, labelled([]), 4)


def test_a_probability_of_zero_costs_a_finite_loss() -> None:
    """One hopeless sample must not make a whole curve infinite."""
    assert 700 < cross_entropy(np.array([[1.0, 0.0]]), np.array([1])) < 710


# Batches


@pytest.mark.parametrize(
    ("n", "size", "sizes"),
    [(10, 4, [4, 4, 2]), (8, 4, [4, 4]), (9, 4, [4, 5]), (3, 10, [3]), (1, 4, [1]), (3, 1, [1, 1, 1])],
)
def test_batches_cover_everything_once(n: int, size: int, sizes: list[int]) -> None:
    """In order without a generator, shuffled with one; a single sample left over joins the batch before."""
    data = labelled(np.zeros(n, int))
    for rng in (None, np.random.default_rng(0)):
        pieces = list(batches(data, size, rng))
        assert [len(piece) for piece in pieces] == sizes
        assert sorted(np.concatenate([piece.x[:, 0] for piece in pieces])) == list(range(n))
    assert [piece.x[0, 0] for piece in batches(data, size)] == list(np.cumsum([0, *sizes[:-1]]))
    with pytest.raises(ValueError, match="at least one sample"):
        next(batches(data, 0))


# The loop, with a toy model that makes every number known


class Scripted:
    """A model whose validation accuracy follows a script, one entry per epoch."""

    def __init__(self, accuracies: list[float]) -> None:
        self.accuracies, self.epoch = accuracies, 0

    def step(self, x: Any, y: Any) -> float:
        self.epoch += 1
        return float(self.epoch)

    def predict(self, x: Any) -> Any:
        right = round(self.accuracies[self.epoch - 1] * len(x))
        return np.eye(2)[(np.arange(len(x)) >= right).astype(int)] * 0.8 + 0.1


def run_script(accuracies: list[float], **options: Any) -> tuple[Scripted, Any]:
    data = labelled(np.zeros(10, int), 2)
    model = Scripted(accuracies)
    settings: dict[str, Any] = {"epochs": len(accuracies), "batch_size": 10, "rng": np.random.default_rng(0)} | options
    return model, fit(model, model.step, Scripted.predict, Splits(data, data, data), **settings)


def test_the_best_model_is_a_copy() -> None:
    """The first epoch with the highest accuracy is kept as it was, though the model went on learning."""
    model, fitted = run_script([0.2, 0.9, 0.5, 0.9, 0.1])
    assert fitted.model is not model
    assert (fitted.model.epoch, model.epoch) == (2, 5)
    assert fitted.history.best_epoch == 2
    assert fitted.history.val_accuracies == pytest.approx([0.2, 0.9, 0.5, 0.9, 0.1])
    assert fitted.history.train_losses == [1, 2, 3, 4, 5]


def test_every_epoch_is_seen_and_none_is_an_error() -> None:
    """The callback gets the log after each epoch; zero epochs have no best model."""
    seen: list[int] = []
    run_script([0.5, 0.6, 0.7], on_epoch=lambda history: seen.append(len(history.val_losses)))
    assert seen == [1, 2, 3]
    with pytest.raises(ValueError, match="at least one epoch"):
        run_script([])


def test_training_loss_of_an_epoch_weighs_samples() -> None:
    """Batches of 6 and 4 with losses 1 and 2: (6 + 8) / 10."""
    _, fitted = run_script([0.5, 0.5], batch_size=6, epochs=1)
    assert fitted.history.batch_losses == [1, 2]
    assert fitted.history.train_losses == [pytest.approx(1.4)]


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:overflow:RuntimeWarning")
def test_a_run_that_diverges_says_so(spirals: Splits) -> None:
    """A loss that is not a number ends the run with advice."""
    with pytest.raises(Diverged, match="smaller learning rate"):
        train([16], 1e200, 64, 3, 0, spirals, activation="relu")


# Runs


def test_a_network_learns_the_spirals(spirals: Splits) -> None:
    """Test accuracy above 0.95, of the model that was best on validation data; a linear one stays below 0.7."""
    model, accuracies, test_accuracy, log = train([64], 0.5, 128, 60, 1, spirals)
    assert test_accuracy > 0.95
    assert len(accuracies) == len(log["train_losses"]) == len(log["val_losses"]) == 60
    assert len(log["batch_losses"]) == 60 * -(-len(spirals.train) // 128)
    assert log["train_losses"][-1] < 0.5 * log["train_losses"][0]
    best = predict(model, spirals.validation.x).argmax(axis=1) == spirals.validation.y
    assert best.mean() == pytest.approx(max(accuracies), abs=1e-12)
    assert train([], 0.5, 128, 60, 1, spirals)[2] < 0.7


def test_batch_norm_and_dropout_train_too(spirals: Splits) -> None:
    """With batch norm as good as without, and gamma and beta have moved; dropout costs little."""
    model, _, test_accuracy, _ = train([64], 0.5, 128, 60, 1, spirals, use_batch_norm=True)
    assert test_accuracy > 0.95
    assert (model.params["1.weight"] != 1).any()
    assert model.params["1.bias"].any()
    assert train([64], 0.5, 128, 60, 1, spirals, dropout=0.1, activation="relu")[2] > 0.9


@pytest.mark.parametrize(
    ("name", "lr"),
    [
        ("sgd", 0.5), ("momentum", 0.1), ("nesterov", 0.1), ("rmsprop", 0.01),
        ("adagrad", 0.1), ("adam", 0.03), ("adamw", 0.03),
    ],
)  # fmt: skip
def test_every_optimiser_trains(spirals: Splits, name: str, lr: float) -> None:
    """Each reaches 0.9 on the spirals in 40 epochs."""
    assert name in OPTIMISERS
    assert train([48], lr, 64, 40, 1, spirals, optimiser=name, activation="relu")[2] > 0.9


def test_one_batch_can_be_learned_by_heart() -> None:
    """300 steps on 32 samples bring the loss below 0.05, and every parameter moves."""
    data = load("prototypes", 0)
    few = data.train.take(slice(32))
    model = MLP(64, [32], 10, rng=np.random.default_rng(0))
    before = {name: value.copy() for name, value in model.params.items()}
    _, _, _, log = train_model(model, Splits(few, few, few), lr=0.1, batch_size=32, epochs=300, seed=0)
    assert log["batch_losses"][-1] < 0.05
    assert all((model.params[name] != value).any() for name, value in before.items())


def test_shifted_motifs_need_a_convolution() -> None:
    """At least 0.2 more test accuracy than a dense network with fourteen times its parameters, after 5 epochs."""
    rng = np.random.default_rng(0)
    data = split(Dataset(*motifs(rng, 1000, 5)), rng)
    dense = train([128], 0.1, 32, 5, 0, data, activation="relu")[2]
    convolution = train_cnn((8, 16), data, lr=0.1, batch_size=32, epochs=5, seed=0)[2]
    assert convolution - dense > 0.2


def test_a_seed_is_a_run(spirals: Splits) -> None:
    """The same seed twice gives the same numbers, bit for bit, dropout included; another seed gives others."""

    def run(seed: int) -> dict[str, Any]:
        return train([16], 0.1, 64, 2, seed, spirals, dropout=0.2)[3]

    assert run(3) == run(3)
    assert run(3)["batch_losses"] != run(4)["batch_losses"]


SETTINGS: list[dict[str, Any]] = [
    {"hidden_dims": [8, 8]},
    {"lr": 0.2},
    {"batch_size": 32},
    {"seed": 1},
    {"use_batch_norm": True},
    {"activation": "tanh"},
    {"dropout": 0.3},
    {"optimiser": "adam"},
    {"weight_decay": 0.1},
]


@pytest.mark.parametrize("change", SETTINGS)
def test_every_setting_matters(spirals: Splits, change: dict[str, Any]) -> None:
    """Changing any one argument changes the losses."""
    base: dict[str, Any] = {"hidden_dims": [8], "lr": 0.1, "batch_size": 64, "epochs": 1, "seed": 0, "data": spirals}
    assert train(**base)[3]["batch_losses"] != train(**base | change)[3]["batch_losses"]


# The command


def arguments(out: Path, *more: str) -> list[str]:
    return ["--data", "spirals", "--hidden", "16", "--epochs", "3", "--out", str(out), *more]


def test_the_command_writes_metrics_and_curves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Settings, test accuracy, a confusion matrix that adds up, and one row of the table per epoch."""
    assert command.main(arguments(tmp_path / "deep" / "run", "--batch-norm", "--lr", "0.3", "--seed", "9")) == 0
    folder = tmp_path / "deep" / "run"
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["settings"]["batch_norm"] is True
    assert metrics["settings"]["lr"] == 0.3
    assert metrics["parameters"] == 2 * 16 + 16 + 32 + 16 * 3 + 3
    confusion = np.array(metrics["confusion_matrix"])
    assert np.trace(confusion) / confusion.sum() == pytest.approx(metrics["test_accuracy"])
    assert confusion.sum() == len(load("spirals", 9).test)
    with (folder / "curves.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    assert [row["epoch"] for row in rows] == ["1", "2", "3"]
    assert [float(row["val_accuracy"]) for row in rows] == metrics["log"]["val_accuracies"]
    out, err = capsys.readouterr()
    assert f"test accuracy {metrics['test_accuracy']:.4f}" in out
    assert (folder / "curves.png").is_file() == curves.can_plot()
    assert ("markscheme[report]" in err) != curves.can_plot()


def test_two_processes_write_the_same_files(tmp_path: Path) -> None:
    """Fresh processes, one thread: equal bytes, and no path of this machine among them."""
    for name in ("one", "two"):
        subprocess.run(
            [sys.executable, "-m", "solutions.train", *arguments(tmp_path / name)],
            check=True, capture_output=True, cwd=ROOT, env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )  # fmt: skip
    for file in ("metrics.json", "curves.csv"):
        content = (tmp_path / "one" / file).read_bytes()
        assert content == (tmp_path / "two" / file).read_bytes()
        assert str(tmp_path).encode() not in content


def test_a_convolutional_run_and_one_without_hidden_layers(tmp_path: Path) -> None:
    """--model cnn on images, and --hidden with no width."""
    cnn = ["--data", "prototypes", "--model", "cnn", "--filters", "4", "6", "--epochs", "1", "--out", str(tmp_path)]
    assert command.main(cnn) == 0
    count = 4 * 9 + 4 + 6 * 4 * 9 + 6 + 6 * 10 + 10
    assert json.loads((tmp_path / "metrics.json").read_text())["parameters"] == count
    assert command.main(["--data", "vectors", "--hidden", "--epochs", "1", "--out", str(tmp_path)]) == 0
    assert json.loads((tmp_path / "metrics.json").read_text())["parameters"] == 51 * 2


REFUSED: list[tuple[list[str], str]] = [
    (["--data", "mnist"], "name the folder"),
    (["--data", "cifar10", "--data-dir", "no/such/folder"], "cifar-10-binary"),
    (["--model", "cnn"], "no images"),
    (["--data", "motifs", "--model", "cnn", "--batch-norm"], "belong to the MLP"),
    (["--epochs", "0"], "at least one epoch"),
    (["--batch-size", "0"], "at least one sample"),
    (["--dropout", "1"], "0 <= p < 1"),
    (["--device", "cuda"], "--backend torch"),
]


@pytest.mark.parametrize(("more", "message"), REFUSED)
def test_options_that_cannot_work_are_explained(
    tmp_path: Path, more: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 2, one line that says why, and no file left behind."""
    assert command.main(arguments(tmp_path / "out", *more)) == 2
    err = capsys.readouterr().err
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "words", [["--hidden", "0"], ["--hidden", "8", "-2"], ["--filters", "4", "x"], ["--lr", "fast"]]
)
def test_numbers_that_cannot_be_read_are_usage_errors(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """A width of 0, a negative one, a word: the option is named."""
    with pytest.raises(SystemExit) as stop:
        command.main([*arguments(tmp_path / "out"), *words])
    assert stop.value.code == 2
    assert f"argument {words[0]}: invalid" in capsys.readouterr().err


def test_libraries_that_are_missing_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without torch the torch backend names its extra; without rich and matplotlib a run needs neither."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert command.main(arguments(tmp_path / "torch", "--backend", "torch")) == 2
    assert "markscheme[torch]" in capsys.readouterr().err
    assert command.main(arguments(tmp_path / "numpy")) == 0
    assert "markscheme[report]" in capsys.readouterr().err
    assert sorted(file.name for file in (tmp_path / "numpy").iterdir()) == ["curves.csv", "metrics.json"]


def test_the_torch_backend_runs_from_the_command(tmp_path: Path) -> None:
    """Both models, on the cpu."""
    pytest.importorskip("torch", reason='PyTorch is not installed: pip install "markscheme[torch]"')
    assert command.main(arguments(tmp_path, "--backend", "torch", "--device", "cpu", "--batch-norm")) == 0
    assert json.loads((tmp_path / "metrics.json").read_text())["parameters"] == 2 * 16 + 16 + 32 + 16 * 3 + 3
    cnn = ["--backend", "torch", "--data", "prototypes", "--model", "cnn", "--epochs", "1", "--out", str(tmp_path)]
    cnn += ["--batch-size", "512"]
    assert command.main(cnn) == 0
    assert json.loads((tmp_path / "metrics.json").read_text())["parameters"] == 5130


def test_curves_are_drawn_where_matplotlib_is(tmp_path: Path) -> None:
    """A PNG of two panels."""
    pytest.importorskip("matplotlib", reason='matplotlib is not installed: pip install "markscheme[report]"')
    log = {"train_losses": [1.0, 0.5], "val_losses": [1.1, 0.7], "val_accuracies": [0.4, 0.8], "best_epoch": 2}
    curves.write_png(log, tmp_path / "curves.png")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("module", ["solutions", "solutions.train", "solutions.numpy_nn", "solutions.data"])
def test_optional_libraries_wait_until_they_are_needed(module: str) -> None:
    """No torch, matplotlib, scikit-learn or rich at import; the package itself not even NumPy."""
    optional = {"torch", "matplotlib", "sklearn", "rich"} | ({"numpy"} if module == "solutions" else set())
    code = f"import sys, {module}; print(sorted(set(sys.modules) & {optional!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout == "[]\n"
