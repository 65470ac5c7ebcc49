"""Goodfellow et al., Deep Learning, chapter 6: a multi-layer perceptron put together from modules, in NumPy.

Every check that fails is tried again on right modules, so a broken layer is paid for once, where it is asked.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import Check, CheckFailed, StudentError, check, close, data, held, numeric
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.code._mlp_gradients import compare_gradients, forgotten, sent_back
from problem_bank.families.code._mlp_slips import (
    ATOL,
    RTOL,
    architecture,
    built_so,
    output_slips,
)
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import unchanged
from problem_bank.subjects.layer_checks import drawn, entry, sizes
from problem_bank.subjects.mlp_checks import Trial, call, made, matched, trial
from problem_bank.subjects.module_checks import agrees, member
from solutions.numpy_nn import ReLUModule

Draw = np.random.Generator
SECONDS = 6.0


@check(points=2, seconds=SECONDS)
def parameters(student: Any, rng: Draw) -> None:
    """There is one linear layer, with weight and bias, between each two neighbouring widths, and no other."""
    _new(student, rng)


@check(points=3, requires=["parameters"], seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """`forward` is linear and ELU for every hidden layer, then linear and softmax."""
    case = _new(student, rng)
    expected = case.chain().forward(case.x)
    value = member(case.model, "forward", "MLP")(case.x)
    close(value, expected, what="forward(x)", rtol=RTOL, atol=ATOL, slips=output_slips(case))


def _forward_or_relu(student: Any, rng: Draw) -> None:
    """`forward` is linear and ELU, or ReLU, for every hidden layer, then linear and softmax."""
    case = _new(student, rng)
    value = member(case.model, "forward", "MLP")(case.x)
    if not agrees(value, case.chain(hidden=ReLUModule).forward(case.x), rtol=RTOL, atol=ATOL):
        close(value, case.chain().forward(case.x), what="forward(x)", rtol=RTOL, atol=ATOL, slips=output_slips(case))


forward_or_relu = replace(forward, sentence=str(_forward_or_relu.__doc__), function=_forward_or_relu)


@check(points=4, requires=["parameters"], seconds=SECONDS)
def gradients(student: Any, rng: Draw) -> None:
    """After `backward` every layer holds the derivatives of the loss with respect to its own parameters."""
    case = _new(student, rng)
    sent_back(student, rng, case, architecture(case))


@check(points=2, requires=["parameters"], seconds=SECONDS)
def no_hidden_layer(student: Any, rng: Draw) -> None:
    """With `n_hidden=[]` the network is one linear layer and softmax: logistic regression."""
    samples, *widths = sizes(rng, 3)
    wrong = architecture(_new(student, rng))
    try:
        case = trial(student, rng, widths, samples)
        value = case.model.forward(case.x)
    except StudentError as error:
        place = f"{error.file}, line {error.line}: " if error.file else ""
        says = f"n_hidden=[] stands for one linear layer and softmax, but MLP{call(widths)} fails with {error.type} "
        raise CheckFailed(f"{says}({place}{error.message}).", "empty_n_hidden") from error
    expected = built_so(case, wrong).forward(case.x)
    close(value, expected, what=f"forward(x) of MLP{call(widths)}", rtol=RTOL, atol=ATOL, slips=output_slips(case))
    sent_back(student, rng, case, wrong)


@check(points=1, requires=["parameters"], seconds=SECONDS)
def images(student: Any, rng: Draw) -> None:
    """A batch of images is flattened: one row of numbers per image."""
    case = trial(student, rng, (12, 5, 4), samples=3)
    pictures, expected = case.x.reshape(3, 2, 3, 2), numeric(case.model.forward(case.x), "forward(x)")
    try:
        value = case.model.forward(pictures)
    except StudentError as error:
        says = f"x of shape {pictures.shape} raises {error.type}; flatten it first: x.reshape(len(x), -1)."
        raise CheckFailed(says, "not_flattened") from error
    turned = case.model.forward(pictures.transpose(0, 2, 3, 1).reshape(3, 12))
    swapped = Slip("axes_swapped", turned, "The axes of an image are swapped before it is flattened.")
    close(value, expected, what="forward(x) for images", rtol=RTOL, atol=ATOL, slips=[swapped])


@check(points=1, requires=["parameters"], seconds=SECONDS)
def initialisation(student: Any, rng: Draw) -> None:
    """The first layer is made as input layer (variance 1/n_inputs), every other one is not (2 over its inputs)."""
    widths = [int(n) for n in rng.permutation([110, 130, 150])]
    first, second = matched(student, made(student, widths), widths)
    unused = "The first layer is to be made with input_layer=True: no activation comes before it."
    drawn(entry(first, "params", "weight"), 1 / widths[0], {"flag_unused": (2 / widths[0], unused)})
    everywhere = "input_layer=True is for the first layer only; the others have an activation before them."
    drawn(entry(second, "params", "weight"), 2 / widths[1], {"flag_everywhere": (1 / widths[1], everywhere)})


@check(points=1, requires=["gradients"], seconds=SECONDS)
def reuse(student: Any, rng: Draw) -> None:
    """`clear_cache` empties every layer, and a second pass gives its own gradients."""
    case = _new(student, rng)
    wrong = architecture(case)
    first = case.gradients(built_so(case, wrong))
    case.model.backward(case.dout)
    member(case.model, "clear_cache", "MLP")()
    for i, layer in enumerate(case.layers):
        forgotten(case, wrong, i, layer)
    case.x, case.dout = rng.normal(size=case.x.shape), rng.normal(size=case.dout.shape)
    compare_gradients(case, wrong, " of the second pass", first)


@check(points=1, requires=["gradients"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """One sample works, and the arguments (`n_hidden` as well) stay as they are."""
    widths = sizes(rng, 4)
    hidden = held(student, widths[1:-1])
    member(student, "MLP", "mlp_numpy.py")(widths[0], hidden, widths[-1])
    if data(hidden) != widths[1:-1]:
        raise CheckFailed("MLP changes the list n_hidden that it is given; copy it first.", "n_hidden_changed")
    case = trial(student, rng, widths, samples=1)
    compare_gradients(case, architecture(_new(student, rng)), " for a batch of one")
    case = _new(student, rng)
    unchanged(student, case.model.forward, "forward", case.x)
    unchanged(student, case.model.backward, "backward", case.dout)


@check(points=2, requires=["gradients"], seconds=SECONDS)
def deep(student: Any, rng: Draw) -> None:
    """Four hidden layers work as well."""
    samples, *widths = sizes(rng, 7)
    wrong, case = architecture(_new(student, rng)), trial(student, rng, widths, samples)
    expected = built_so(case, wrong).forward(case.x)
    value = case.model.forward(case.x)
    close(value, expected, what="forward(x) with four hidden layers", rtol=RTOL, atol=ATOL, slips=output_slips(case))
    compare_gradients(case, wrong, " with four hidden layers")


def _new(student: Any, rng: Draw) -> Trial:
    """A network with two hidden layers; all its widths and the batch size differ."""
    samples, *widths = sizes(rng, 5)
    return trial(student, rng, widths, samples)


def _code(rule: Check) -> Code:
    return Code(key=(rule,), file="mlp_numpy.py", standins=("mlp_from_scratch/modules.py",))


CORE = (parameters, forward, gradients, no_hidden_layer)


@family(
    topic="code",
    source="Goodfellow 6.5",
    minutes=25,
    levels={"easy": {"careful": False, "pictures": False}, "medium": {}, "hard": {"depth": True}},
)
def numpy_mlp(
    rng: Rng, *, careful: bool = True, pictures: bool = True, relu: bool = False, depth: bool = False
) -> Exercise:
    """Put a multi-layer perceptron together from modules in NumPy."""
    n_inputs, n_classes = rng.int("n_inputs", 4, 20), rng.int("n_classes", 3, 10)
    n_hidden = rng.ints("n_hidden", 2, 3, 12)
    rng.require(len({n_inputs, n_classes, *n_hidden}) == 4, "the sizes differ")
    checks = [*CORE, *[images] * pictures, *[initialisation, reuse, edge_cases] * careful, *[deep] * depth]
    if relu:
        checks[checks.index(forward)] = forward_or_relu
    return Exercise(
        given={
            "n_inputs": n_inputs,
            "n_hidden": n_hidden,
            "n_classes": n_classes,
            "careful": careful,
            "pictures": pictures,
            "relu": relu,
            "depth": depth,
        },
        shown={"hidden": list(n_hidden)},
        prompt="Write the class `MLP(n_inputs, n_hidden, n_classes)` in `mlp_numpy.py`, built of your own modules in "
        "`modules.py`. `n_hidden` is a list of widths: each hidden layer is a `LinearModule` and an `ELUModule` with "
        "$\\alpha = 1${% if relu %} (or a `ReLUModule`){% endif %}; a last `LinearModule` leads to the classes, and a "
        "`SoftMaxModule` ends the network. The list may be empty, and of any length. The first linear layer is made "
        "with `input_layer=True`, the others without. `forward(x)` returns probabilities, one row per sample"
        "{% if pictures %}; images are flattened first{% endif %}. `backward(dout)` gets "
        "$dL/d(\\text{probabilities})$ and sets `grads` in every layer. `clear_cache()` clears every layer. Keep the "
        "layers in a list `layers`. (If your modules have faults, this class is judged on right ones.)\n\n"
        "For example, `MLP({{ n_inputs }}, [{{ n_hidden[0] }}, {{ n_hidden[1] }}], {{ n_classes }})` has three linear "
        "layers.",
        parts=[Part(c.name, c.sentence, _code(c), points=c.points) for c in checks],
        solution="The widths ${{ n_inputs }}, {{ n_hidden[0] }}, {{ n_hidden[1] }}, {{ n_classes }}$, taken in pairs, "
        "are the linear layers. `forward` sends x through the list, `backward` sends dout through it in reverse. The "
        "whole class is in `solutions/mlp_from_scratch/mlp_numpy.py`.",
    )


@numpy_mlp.oracle
def names(careful: bool, pictures: bool, depth: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "parameters forward gradients no_hidden_layer"
    parts += " images" * pictures + " initialisation reuse edge_cases" * careful + " deep" * depth
    return {part: (part,) for part in parts.split()}
