"""Goodfellow et al., Deep Learning, sections 5.5 and 6.2.1.1: the cross-entropy of probabilities and class numbers.

A small number inside the logarithm is accepted, so values are held to three digits; so are infinity and any
large number for the logarithm of 0.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, StudentError, check, close, numeric
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.code._cross_entropy_slips import OURS, gradient_slips, loss_slips
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import unchanged
from problem_bank.subjects.layer_checks import Array
from problem_bank.subjects.module_checks import agrees, built, member
from solutions.numpy_nn.softmax import softmax

Draw = np.random.Generator
Call = Callable[[Array, Array], Any]
Batch = tuple[Array, Array]
SECONDS = 4.0
CLASS = "CrossEntropyModule"
near = partial(close, rtol=1e-3, atol=1e-7)
LARGE = 5.0  # the mean of a small loss and −ln of 1e-5, say
ONE_HOT = (
    "y holds class numbers, shape (S,); your code works with one-hot rows only. Pick x[np.arange(S), y], or build the "
    "rows with as many columns as x has."
)
FROM_BATCH = (
    "The one-hot rows are as wide as the classes that occur in this batch. A batch may lack some: the number of "
    "classes is x.shape[1]."
)
ZERO = (
    "A probability of 0 at a class that is not asked for gives nan, since 0 times log 0 is nan. Take the logarithm of "
    "the probability of the right class only, or keep it away from 0 by a tiny number."
)


@check(points=4, seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    r"""`forward` returns the mean over the batch of $-\ln x_{i, y_i}$."""
    batch = _batch(rng)
    _judge(_loss(student), batch, OURS.forward(*batch), "forward(x, y)", loss_slips(*batch))


@check(points=4, seconds=SECONDS)
def backward(student: Any, rng: Draw) -> None:
    """`backward` returns the derivative of that mean with respect to the probabilities."""
    batch = _batch(rng)
    _judge(_gradient(student), batch, OURS.backward(*batch), "backward(x, y)", gradient_slips(*batch))


@check(points=1, seconds=SECONDS)
def missing_classes(student: Any, rng: Draw) -> None:
    """A batch that lacks some of the classes, or holds one sample only, works as well."""
    x, _ = _batch(rng)
    few, order = x.shape[1] - 1, np.arange(len(x))
    for call, right in _working(student, rng):
        for y in (order % few, 1 + order % few, np.array([few - 1])):
            try:
                near(call(x[: len(y)], y), right(x[: len(y)], y), what=f"The result for y = {y.tolist()}")
            except (CheckFailed, StudentError) as error:
                raise CheckFailed(FROM_BATCH, "one_hot_from_batch") from error


@check(points=1, seconds=SECONDS)
def zero_probability(student: Any, rng: Draw) -> None:
    """A probability of exactly 0 never gives nan: the loss is right where its class is not asked for, else large."""
    x, y = np.array([[0.0, 0.25, 0.75], [0.5, 0.0, 0.5]]), np.array([1, 2])
    what = "The result with a probability of 0"
    for call, right in _working(student, rng):
        value = numeric(call(x, y), what)
        if np.isnan(value).any():
            raise CheckFailed(ZERO, "zero_times_log_zero")
        near(value, right(x, y), what=what)
        if right == OURS.forward and not numeric(call(x, np.array([0, 2])), what).min() > LARGE:  # nor is nan larger
            raise CheckFailed("Where the right class got probability 0 the loss has to be large (infinity will do).")


@check(points=1, seconds=SECONDS)
def arguments(student: Any, rng: Draw) -> None:
    """`forward` and `backward` leave their arguments as they are, and `backward` needs no `forward` before it."""
    x, y = _batch(rng)
    alone = unchanged(student, _gradient(student), "backward", x, y)
    if np.shape(alone) != x.shape:
        raise CheckFailed("backward(x, y) has to return one number for each entry of x.")
    module = built(student, CLASS)
    unchanged(student, module.forward, "forward", x, y)
    near(alone, numeric(module.backward(x, y), "backward(x, y)"), what="backward(x, y) without forward")


@check(points=1, requires=["forward", "backward"], seconds=SECONDS)
def distributions(student: Any, rng: Draw) -> None:
    """`y` may also hold one row of target probabilities per sample."""
    x, _ = _batch(rng)
    t = softmax(rng.normal(size=x.shape))
    largest = "Only the most likely class of each target row counts; all of them do, by their share."
    hard = t.argmax(axis=1)
    near(_loss(student)(x, t), OURS.forward(x, t), what="forward(x, y) for rows of probabilities",
         slips=[Slip("largest_only", OURS.forward(x, hard), largest)])  # fmt: skip
    near(_gradient(student)(x, t), OURS.backward(x, t), what="backward(x, y) for rows of probabilities",
         slips=[Slip("largest_only", OURS.backward(x, hard), largest)])  # fmt: skip


def _batch(rng: Draw) -> Batch:
    """Probabilities, none below 0.01, and class numbers among which all classes occur."""
    classes = int(rng.integers(3, 6))
    samples = classes + int(rng.integers(2, 4))
    x = softmax(rng.uniform(-1, 1, size=(samples, classes)))
    return x, rng.permutation(np.arange(samples) % classes)


def _loss(student: Any) -> Call:
    call = member(built(student, CLASS), "forward", CLASS)

    def loss(x: Array, y: Array) -> Any:
        value = call(x, y)
        return float(value.ravel()[0]) if isinstance(value, np.ndarray) and value.shape in ((1,), (1, 1)) else value

    return loss


def _gradient(student: Any) -> Call:
    call: Call = member(built(student, CLASS), "backward", CLASS)
    return call


def _judge(call: Call, batch: Batch, truth: Any, what: str, slips: list[Slip]) -> None:
    """Hold a call against the truth; if it fails, see whether it wanted one-hot rows."""
    try:
        near(call(*batch), truth, what=what, slips=slips)
    except (CheckFailed, StudentError) as error:
        named = isinstance(error, CheckFailed) and error.misconception
        x, y = batch
        if not named and _right(call, (x, np.eye(x.shape[1])[y]), truth):
            raise CheckFailed(ONE_HOT, "one_hot_expected") from error
        raise


def _working(student: Any, rng: Draw) -> list[tuple[Call, Call]]:
    """The student's forward and backward, with ours, so far as they are right on a batch that holds every class.

    What is wrong there is paid for there. Raises CheckFailed where neither is right.
    """
    batch = _batch(rng)
    pairs: list[tuple[Call, Call]] = [(_loss(student), OURS.forward), (_gradient(student), OURS.backward)]
    working = [(call, right) for call, right in pairs if _right(call, batch, right(*batch))]
    if not working:
        raise CheckFailed("Neither forward nor backward is right, so that this cannot be judged.")
    return working


def _right(call: Call, batch: Batch, truth: Any) -> bool:
    try:
        return agrees(call(*batch), truth, rtol=1e-3, atol=1e-7)
    except StudentError:
        return False


@family(
    topic="code",
    source="Goodfellow 6.2.1.1",
    minutes=15,
    levels={"easy": {"careful": False}, "medium": {}, "hard": {"soft": True}},
)
def cross_entropy_module(rng: Rng, *, careful: bool = True, soft: bool = False) -> Exercise:
    """Write the cross-entropy loss and its gradient in NumPy."""
    samples, classes = rng.int("samples", 2, 30), rng.int("classes", 3, 20)
    rng.require(samples != classes, "the two sizes differ")
    checks = (forward, backward, missing_classes) + (zero_probability, arguments) * careful + (distributions,) * soft
    return Exercise(
        given={"samples": samples, "classes": classes, "careful": careful, "soft": soft},
        prompt="Write the class `CrossEntropyModule` in `modules.py`, with NumPy alone. `x` holds probabilities (the "
        "output of a softmax), one sample per row, and `y` the right class of each sample as a whole number, counted "
        "from 0.{% if soft %} Where `y` has two axes instead, its rows are target probabilities $t$, and a sample's "
        "loss is $-\\sum_k t_k \\ln x_k$.{% endif %} `forward(x, y)` returns the loss, the mean over the batch of "
        "$-\\ln x_{i, y_i}$, as one number. `backward(x, y)` returns $dL/dX$ in the shape of `x`: with respect to the "
        "probabilities, not to the scores before the softmax. A batch need not hold every class."
        "{% if careful %} A probability of exactly 0 must not lead to nan, and neither method changes the arrays that "
        "it is given.{% endif %}\n\n"
        "For example, `x` of shape `({{ samples }}, {{ classes }})` comes with a `y` of shape `({{ samples }},)` that "
        "holds numbers from 0 to {{ classes - 1 }}.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="modules.py"), points=c.points) for c in checks],
        solution=r"With $S = {{ samples }}$: $L = -\frac{1}{S} \sum_i \ln x_{i, y_i}$, so $dL/dx_{i, y_i} = "
        r"-1/(S\, x_{i, y_i})$ and all other entries are 0. The softmax module turns that into (probabilities − "
        r"one-hot)$/S$. The whole class is in `solutions/mlp_from_scratch/modules.py`.",
    )


@cross_entropy_module.oracle
def names(careful: bool, soft: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "forward backward missing_classes" + " zero_probability arguments" * careful + " distributions" * soft
    return {part: (part,) for part in parts.split()}
