"""Goodfellow et al., Deep Learning, section 6.5: a fully connected layer, forward and backward, in NumPy.

Weights stored (in, out) in place of (out, in), a bias of shape (1, n) or (n, 1), parameters in float32, and dicts
that are replaced are judged by what the layer computes. Gradients that are None before the first `backward`
cost what they touch, the start with zeros.
"""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, close
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.code._linear_trial import input_layer, trial
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import unchanged
from problem_bank.subjects.layer_checks import drawn, entry, make, scaled, sizes, unset
from problem_bank.subjects.module_checks import member

Draw = np.random.Generator
SECONDS = 4.0  # honest code takes milliseconds


@check(points=1, seconds=SECONDS)
def interface(student: Any, rng: Draw) -> None:
    """`params` and `grads` have entries "weight" and "bias" of fitting shapes."""
    n, m = sizes(rng, 2)
    layer = make(member(student, "LinearModule", "modules.py"), m, n)
    for key, fitting in (("weight", ((n, m), (m, n))), ("bias", ((n,), (1, n), (n, 1)))):
        parameter = entry(layer, "params", key).shape
        if parameter not in fitting:
            raise CheckFailed(
                f'params["{key}"] of LinearModule({m}, {n}) has shape {parameter}; expected {fitting[0]}.'
            )
        if not unset(layer, key) and (gradient := entry(layer, "grads", key).shape) != parameter:
            raise CheckFailed(f'grads["{key}"] has shape {gradient}; it needs that of params["{key}"], {parameter}.')


@check(points=3, requires=["interface"], seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """`forward` computes $Y = XW^T + b$."""
    case = trial(student, rng)
    y, b = case.reference.forward(case.x), case.reference.params["bias"]
    slips = [
        Slip("no_bias", y - b, "forward leaves the bias out."),
        Slip("bias_subtracted", y - 2 * b, "forward subtracts the bias; add it."),
        Slip("transposed", y.T, "forward returns the transposed output; samples belong in the rows."),
    ]
    close(case.layer.forward(case.x), y, what="forward(x)", rtol=case.rtol, slips=slips)


@check(points=3, requires=["interface"], seconds=SECONDS)
def weight_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["weight"]` to the derivative of the loss with respect to $W$."""
    case = trial(student, rng)
    case.backward()
    x, dout, gradient = case.x, case.dout, case.reference.grads["weight"]
    slips = [
        *scaled("weight", gradient, len(x)),
        Slip("transposed_weight_gradient", gradient.T, "The weight gradient is transposed; it needs W's shape."),
        Slip("last_sample", np.outer(dout[-1], x[-1]), "The weight gradient uses the last sample only; sum over all."),
        Slip("summed_first", np.outer(dout.sum(0), x.sum(0)),
             "dout and x were summed over the batch before they were multiplied; multiply first, then sum."),
    ]  # fmt: skip
    slips = [Slip(slip.name, case.stored(slip.value), slip.feedback) for slip in slips]
    close(case.gradient(), case.stored(gradient), what='grads["weight"]', rtol=case.rtol, slips=slips)


@check(points=2, requires=["interface"], seconds=SECONDS)
def bias_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["bias"]` to the derivative of the loss with respect to $b$."""
    case = trial(student, rng)
    case.backward()
    dout, gradient = case.dout, case.reference.grads["bias"]
    slips = [
        *scaled("bias", gradient, len(dout)),
        Slip("not_summed", dout.ravel(), "The bias gradient has one row per sample; sum over the batch."),
        Slip("wrong_axis", dout.sum(axis=1), "The bias gradient is summed over the outputs; sum over the samples."),
        Slip("ones", np.ones(gradient.shape), "The bias gradient is 1 everywhere: that is dY/db, not yet times dout."),
    ]
    actual = entry(case.layer, "grads", "bias").ravel()
    close(actual, gradient, what='grads["bias"]', rtol=case.rtol, slips=slips)


@check(points=2, requires=["interface"], seconds=SECONDS)
def input_gradient(student: Any, rng: Draw) -> None:
    """`backward` returns the derivative of the loss with respect to $X$."""
    case = trial(student, rng)
    actual, gradient = case.backward()
    slips = [
        *scaled("input", gradient, len(case.x)),
        Slip("transposed_input_gradient", gradient.T, "The input gradient is transposed; give it the shape of x."),
        Slip("dout_returned", case.dout, "backward returns dout itself; it has to be multiplied by the weights."),
    ]
    close(actual, gradient, what="backward(dout)", rtol=case.rtol, slips=slips)


@check(points=2, requires=["interface"], seconds=SECONDS)
def initialisation(student: Any, rng: Draw) -> None:
    """Weights start with mean 0 and variance 2/in_features (1/in_features in the input layer), all else with zeros."""
    m, n = int(rng.integers(100, 130)), int(rng.integers(160, 200))
    hidden, first = make(student.LinearModule, m, n), input_layer(student, m, n)
    drawn(entry(hidden, "params", "weight"), 2 / m, {
        "unscaled": (1, "The weights have variance 1; scale them down by the number of inputs."),
        "variance_as_deviation": (4 / m**2, "2/in_features is the variance; its root is the standard deviation."),
        "fan_out": (2 / n, "The variance uses the number of outputs; use the number of inputs."),
        "no_gain": (1 / m, "The variance is 1/in_features; behind a ReLU it is 2/in_features."),
        "deviation_as_bound": (2 / m / 3, "The standard deviation was used as the bound of a uniform draw."),
    })  # fmt: skip
    ignored = (2 / m, "With input_layer=True no ReLU comes before, so the variance is 1/in_features.")
    drawn(entry(first, "params", "weight"), 1 / m, {"flag_ignored": ignored})
    for table, key in (("params", "bias"), ("grads", "weight"), ("grads", "bias")):
        if table == "grads" and unset(hidden, key):
            raise CheckFailed(f'grads["{key}"] of a new layer is None; start it with zeros.', "grads_unset")
        if np.any(entry(hidden, table, key)):
            raise CheckFailed(f'{table}["{key}"] of a new layer is not zero everywhere.', f"{table}_not_zero")


@check(points=1, requires=["interface"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """A batch of one sample works, and `forward` and `backward` leave their arguments as they are."""
    single = trial(student, rng, samples=1)
    actual, expected = single.backward()
    close(actual, expected, what="backward(dout) for a batch of one", rtol=single.rtol)
    weight = single.stored(single.reference.grads["weight"])
    close(single.gradient(), weight, what='grads["weight"] for a batch of one', rtol=single.rtol)
    case = trial(student, rng)
    unchanged(student, case.layer.forward, "forward", case.x)
    unchanged(student, case.layer.backward, "backward", case.dout)


@check(points=1, requires=["interface"], seconds=SECONDS)
def reuse(student: Any, rng: Draw) -> None:
    """A second pass, after `clear_cache`, gives its own gradients: nothing is left of the first."""
    case = trial(student, rng)
    case.backward()
    first = case.reference.grads["weight"]
    case.forgets(rng)
    case.x, case.dout = rng.normal(size=case.x.shape), rng.normal(size=case.dout.shape)
    actual, expected = case.backward()
    second = case.reference.grads["weight"]
    slips = [
        Slip("accumulating", case.stored(first + second), "backward adds to the gradients of the pass before."),
        Slip("stale", case.stored(first), "After a second pass the gradients are still those of the first."),
    ]
    close(case.gradient(), case.stored(second), what='grads["weight"] of the second pass', rtol=case.rtol,
          slips=slips)  # fmt: skip
    close(actual, expected, what="backward(dout) of the second pass", rtol=case.rtol)


@check(points=2, requires=["forward", "weight_gradient"], seconds=SECONDS)
def leading_axes(student: Any, rng: Draw) -> None:
    """`x` and `dout` may have more axes in front, all of which count samples."""
    case = trial(student, rng)
    case.x, case.dout = (np.stack([array, rng.normal(size=array.shape)]) for array in (case.x, case.dout))
    close(
        case.layer.forward(case.x),
        case.reference.forward(case.x),
        what="forward(x) for x with three axes",
        rtol=case.rtol,
    )
    actual, expected = case.backward()
    close(actual, expected, what="backward(dout) for dout with three axes", rtol=case.rtol)
    weight, bias = case.stored(case.reference.grads["weight"]), case.reference.grads["bias"]
    close(case.gradient(), weight, what='grads["weight"] for x with three axes', rtol=case.rtol)
    actual = entry(case.layer, "grads", "bias").ravel()
    close(actual, bias, what='grads["bias"] for x with three axes', rtol=case.rtol)


CORE = (interface, forward, weight_gradient, bias_gradient, input_gradient, initialisation)


@family(
    topic="code",
    source="Goodfellow 6.5",
    minutes=30,
    levels={"easy": {"careful": False}, "medium": {}, "hard": {"leading": True}},
)
def linear_module(rng: Rng, *, careful: bool = True, leading: bool = False) -> Exercise:
    """Write a fully connected layer in NumPy: forward pass, gradients, initialisation."""
    m, n, samples = rng.int("m", 4, 9), rng.int("n", 3, 8), rng.int("samples", 2, 7)
    rng.require(len({m, n, samples}) == 3, "the three sizes differ")
    checks = CORE + (edge_cases, reuse) * careful + (leading_axes,) * leading
    return Exercise(
        given={"m": m, "n": n, "samples": samples, "careful": careful, "leading": leading},
        prompt="Write the class `LinearModule(in_features, out_features, input_layer=False)` in `modules.py`, with "
        "NumPy alone: $Y = XW^T + b$ for a batch $X$ with one sample per row. `params` and `grads` are dicts with the "
        'entries `"weight"`, $W$ of shape `(out_features, in_features)`, and `"bias"`, $b$ of shape '
        "`(out_features,)`. `forward(x)` returns $Y$. `backward(dout)` gets $dL/dY$, sets both gradients in `grads` "
        "(new ones replace old ones) and returns $dL/dX$; a mean over the batch is part of $L$, so do not divide "
        "again. Neither changes the array it is given. `clear_cache()` forgets what `forward` kept. Draw the weights "
        "with mean 0 and variance 2/`in_features` (Kaiming), or 1/`in_features` if `input_layer` is true; the bias "
        "and all gradients start as zeros. Compute in float64."
        "{% if leading %} Axes of `x` and `dout` before the last one all count samples, as in `(2, S, in_features)`."
        "{% endif %}\n\n"
        "For example, `LinearModule({{ m }}, {{ n }})` turns an `x` of shape `({{ samples }}, {{ m }})` into a $Y$ of "
        "shape `({{ samples }}, {{ n }})`.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="modules.py"), points=c.points) for c in checks],
        solution=r"With $G = dL/dY$ of shape $({{ samples }}, {{ n }})$: $dL/dW = G^T X$ of shape "
        r"$({{ n }}, {{ m }})$, $dL/db = G^T \mathbf{1}$ (the sum over the rows), and $dL/dX = GW$ of shape "
        r"$({{ samples }}, {{ m }})$. The whole class is in `solutions/numpy_nn/linear.py`.",
    )


@linear_module.oracle
def names(careful: bool, leading: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface forward weight_gradient bias_gradient input_gradient initialisation"
    parts += " edge_cases reuse" if careful else ""
    parts += " leading_axes" if leading else ""
    return {part: (part,) for part in parts.split()}
