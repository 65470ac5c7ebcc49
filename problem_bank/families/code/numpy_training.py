"""Goodfellow et al., Deep Learning, sections 8.1.3 and 7.8: training and evaluating a network in NumPy."""

from problem_bank.answers.code import Code
from problem_bank.exercise import Exercise, Part
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.practical_checks import COMMON, on_script
from problem_bank.subjects.practical_update import no_hidden_layer

CHECKS, LOGISTIC = on_script(COMMON, torch=False), on_script((no_hidden_layer,), torch=False)
FILES = {
    "file": "train_mlp_numpy.py",
    "without": (),
    "profile": "torch",  # the practical's own scripts import it for its data loaders
    "provided": ("mlp_from_scratch/cifar10_utils.py",),
    "standins": ("mlp_from_scratch/modules.py", "mlp_from_scratch/mlp_numpy.py"),
}


@family(
    topic="code",
    source="Goodfellow 8.1.3, 7.8",
    minutes=60,
    levels={"easy": {"runs": False}, "medium": {}, "hard": {"logistic": True}},
)
def numpy_training(rng: Rng, *, runs: bool = True, logistic: bool = False) -> Exercise:
    """Write the training loop of a NumPy network: batches, validation, the best model."""
    width, epochs = rng.int("width", 20, 200), rng.int("epochs", 2, 9)
    checks = (CHECKS if runs else CHECKS[:-2]) + LOGISTIC * logistic
    return Exercise(
        given={"width": width, "epochs": epochs, "runs": runs, "logistic": logistic},
        shown={"count": 3072 * width + width + 10 * width + 10},
        prompt="Complete `train_mlp_numpy.py`, on top of your `modules.py` and `mlp_numpy.py` and the given "
        "`cifar10_utils.py`.\n\n"
        "- `accuracy(predictions, targets)` is the share, from 0 to 1, of the samples whose highest prediction is "
        "their class. Instead you may write `confusion_matrix(predictions, targets)` of shape `(10, 10)` and "
        "`confusion_matrix_to_metrics(confusion_matrix, beta)`, a dict with `accuracy`, and with `precision`, "
        "`recall` and `f1_beta` per class.\n"
        "- `evaluate_model(model, data_loader)` returns the accuracy (or the metrics) over the whole data set; the "
        "last batch may be short.\n"
        "- `train(hidden_dims, lr, batch_size, epochs, seed, data_dir)` seeds NumPy, builds `MLP(3 * 32 * 32, "
        "hidden_dims, 10)`, runs plain stochastic gradient descent on the mean cross-entropy for `epochs` passes over "
        "the training batches, and evaluates on the validation set after each of them. It returns `(model, "
        "val_accuracies, test_accuracy, logging_dict)`: the model that was **best on the validation set**, one "
        "accuracy per epoch, the test accuracy of that model, and whatever you logged."
        "{% if logistic %} `hidden_dims` may be empty.{% endif %}\n\n"
        'For example, `train([{{ width }}], 0.1, 128, {{ epochs }}, 42, "data/")` returns a network with {{ count }} '
        "parameters and {{ epochs }} validation accuracies.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), **FILES), points=c.points) for c in checks],  # type: ignore[arg-type]
        solution="The whole script is in `solutions/mlp_from_scratch/train_mlp_numpy.py`. Two places deserve "
        "care: count hits over all samples, because the mean of the batches' accuracies weighs a short last batch too "
        "much; and keep `deepcopy(model)`, because a reference to the model goes on learning.",
    )


@numpy_training.oracle
def names(runs: bool, logistic: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface arguments metric evaluation test_accuracy update best_model reproducible"
    return {part: (part,) for part in (parts + " learns overfits" * runs + " no_hidden_layer" * logistic).split()}
