"""Goodfellow et al., Deep Learning, sections 8.1.3, 7.8 and 8.7.1: training and evaluating a network in PyTorch."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check
from problem_bank.exercise import Exercise, Part
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects import practical_runs as runs_of
from problem_bank.subjects.practical import CLASSES, INPUTS, Layer, Run, Script, images, share
from problem_bank.subjects.practical_checks import COMMON, on_script
from problem_bank.subjects.practical_update import no_hidden_layer

FILES = {
    "file": "train_mlp_pytorch.py",
    "without": (),
    "profile": "torch",
    "provided": ("mlp_from_scratch/cifar10_utils.py",),
    "standins": ("mlp_from_scratch/mlp_pytorch.py",),
}
WIDTHS, SIZE = [INPUTS, 14, 12, CLASSES], 50


@check(points=2, requires=["interface"], seconds=30)
def batch_norm(script: Script, rng: np.random.Generator) -> None:
    """With `use_batch_norm` each hidden layer is normalised and the scales are trained; without it none is."""
    seed = int(rng.integers(1, 10_000))
    plain = script.train(seed, hidden_dims=WIDTHS[1:-1]).model
    if _norms(script.parameters(plain, WIDTHS)):
        raise CheckFailed("The network has batch normalisation although use_batch_norm is false.", "norm_always")
    norms = _norms(_normalised(script, seed, lr=0.1, batch_size=SIZE)[1])
    if len(norms) < len(WIDTHS) - 2:
        raise CheckFailed(
            "With use_batch_norm=True there is no batch normalisation after each hidden layer.", "no_norm"
        )
    if any(np.all(norm["gamma"] == 1) and np.all(norm["beta"] == 0) for norm in norms):
        raise CheckFailed("The scale and shift of batch normalisation are not trained.", "norm_frozen")


@check(points=2, requires=["interface", "batch_norm"], seconds=40)
def modes(script: Script, rng: np.random.Generator) -> None:
    """Validation runs in evaluation mode, and training goes on in training mode."""
    x, y = images("validation")
    for seed in rng.integers(1, 10_000, 5).tolist():
        run, _ = _normalised(script, seed, lr=0.1, batch_size=SIZE)
        evaluated = share(script.predict(run.model, x), y)
        starts = range(0, len(y), SIZE)
        trained = np.concatenate([script.predict(run.model, x[i : i + SIZE], training=True) for i in starts])
        if abs(evaluated - share(trained, y)) > 1e-3:  # else this run says nothing
            break
    if abs(run.accuracies[0] - evaluated) > 1e-4 and abs(run.accuracies[0] - share(trained, y)) < 1e-4:
        raise CheckFailed(
            "The validation accuracy was measured in training mode, with the statistics of the validation batch; call "
            "model.eval() first.",
            "no_eval_mode",
        )
    _stays_in_training(script, seed)


def _stays_in_training(script: Script, seed: int) -> None:
    start, layers = _normalised(script, seed, lr=0.0, batch_size=runs_of.WHOLE)
    activation = runs_of.activation(script, start.model, layers, WIDTHS)
    _, trained = _normalised(script, seed, lr=0.1, batch_size=runs_of.WHOLE, epochs=4)
    initial, actual = runs_of.flat(layers, WIDTHS), runs_of.flat(trained, WIDTHS)
    for stuck in (False, True):
        states = runs_of.follow(layers, WIDTHS, activation, lr=0.1, epochs=4, stays_in_eval=stuck)
        if any(runs_of.moved_alike(initial, actual, state) for state in states):
            if stuck:
                raise CheckFailed(
                    "After the first validation the network stays in evaluation mode; call model.train() at the start "
                    "of each epoch.",
                    "stays_in_eval",
                )
            return


def _normalised(script: Script, seed: int, **settings: Any) -> tuple[Run, list[Layer]]:
    run = script.train(seed, batch_norm=True, hidden_dims=WIDTHS[1:-1], **settings)
    return run, script.parameters(run.model, WIDTHS)


def _norms(layers: list[Layer]) -> list[Layer]:
    return [layer for layer in layers if "gamma" in layer]


CHECKS = on_script((*COMMON[:-2], batch_norm, modes, *COMMON[-2:]), torch=True)
LOGISTIC = on_script((no_hidden_layer,), torch=True)


@family(
    topic="code",
    source="Goodfellow 8.1.3, 7.8, 8.7.1",
    minutes=45,
    levels={"easy": {"runs": False}, "medium": {}, "hard": {"logistic": True}},
)
def torch_training(rng: Rng, *, runs: bool = True, logistic: bool = False) -> Exercise:
    """Write the training loop of a PyTorch network, with batch normalisation on request."""
    width, epochs = rng.int("width", 20, 200), rng.int("epochs", 2, 9)
    checks = (CHECKS if runs else CHECKS[:-2]) + LOGISTIC * logistic
    return Exercise(
        given={"width": width, "epochs": epochs, "runs": runs, "logistic": logistic},
        shown={"count": 3072 * width + width + 2 * width + 10 * width + 10},
        prompt="Complete `train_mlp_pytorch.py`, on top of your `mlp_pytorch.py` and the given `cifar10_utils.py`.\n\n"
        "- `accuracy(predictions, targets)` is the share, from 0 to 1, of the samples whose highest score is their "
        "class; the confusion matrix of the NumPy script will do instead.\n"
        "- `evaluate_model(model, data_loader)` returns the accuracy (or the metrics) over the whole data set, in "
        "evaluation mode and without gradients; the last batch may be short.\n"
        "- `train(hidden_dims, lr, use_batch_norm, batch_size, epochs, seed, data_dir)` seeds PyTorch, builds "
        "`MLP(3 * 32 * 32, hidden_dims, 10, use_batch_norm)`, runs `torch.optim.SGD` without momentum on the mean "
        "cross-entropy for `epochs` passes over the training batches, and evaluates on the validation set after each "
        "of them. It returns `(model, val_accuracies, test_accuracy, logging_dict)`: the model that was **best on the "
        "validation set**, one accuracy per epoch, the test accuracy of that model, and whatever you logged. Batch "
        "normalisation keeps PyTorch's defaults.{% if logistic %} `hidden_dims` may be empty.{% endif %}\n\n"
        'For example, `train([{{ width }}], 0.1, True, 128, {{ epochs }}, 42, "data/")` returns a network with '
        "{{ count }} parameters and {{ epochs }} validation accuracies.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), **FILES), points=c.points) for c in checks],  # type: ignore[arg-type]
        solution="The whole script is in `solutions/mlp_from_scratch/train_mlp_pytorch.py`. `model.eval()` before "
        "every evaluation, `model.train()` before every epoch, `optimizer.zero_grad()` before every backward pass, and "
        "`deepcopy(model)` for the best one.",
    )


@torch_training.oracle
def names(runs: bool, logistic: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface arguments metric evaluation test_accuracy update best_model reproducible batch_norm modes"
    return {part: (part,) for part in (parts + " learns overfits" * runs + " no_hidden_layer" * logistic).split()}
