"""Goodfellow et al., Deep Learning, section 6.5: a fully connected layer, forward and backward, in NumPy.

Weights stored (in, out) in place of (out, in), and a bias of shape (1, n) or (n, 1), are judged by
what the layer computes.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, close, data, held, numeric
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.layer_checks import Array, drawn, entry, make, scaled, sizes
from solutions.numpy_nn import LinearModule

Draw = np.random.Generator
SECONDS = 4.0  # honest code takes milliseconds


@check(points=1, seconds=SECONDS)
def interface(student: Any, rng: Draw) -> None:
    """`params` and `grads` have entries "weight" and "bias" of fitting shapes."""
    n, m = sizes(rng, 2)
    layer = make(student.LinearModule, m, n)
    for key, fitting in (("weight", ((n, m), (m, n))), ("bias", ((n,), (1, n), (n, 1)))):
        parameter, gradient = entry(layer, "params", key).shape, entry(layer, "grads", key).shape
        if parameter not in fitting:
            raise CheckFailed(
                f'params["{key}"] of LinearModule({m}, {n}) has shape {parameter}; expected {fitting[0]}.'
            )
        if parameter != gradient:
            raise CheckFailed(f'grads["{key}"] has shape {gradient}; it needs that of params["{key}"], {parameter}.')


@check(points=3, requires=["interface"], seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """`forward` computes $Y = XW^T + b$."""
    trial = _trial(student, rng)
    y, b = trial.reference.forward(trial.x), trial.reference.params["bias"]
    slips = [
        Slip("no_bias", y - b, "forward leaves the bias out."),
        Slip("bias_subtracted", y - 2 * b, "forward subtracts the bias; add it."),
        Slip("transposed", y.T, "forward returns the transposed output; samples belong in the rows."),
    ]
    close(trial.layer.forward(trial.x), y, what="forward(x)", rtol=1e-10, slips=slips)


@check(points=3, requires=["interface"], seconds=SECONDS)
def weight_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["weight"]` to the derivative of the loss with respect to $W$."""
    trial = _trial(student, rng)
    trial.backward()
    x, dout, gradient = trial.x, trial.dout, trial.reference.grads["weight"]
    slips = [
        *scaled("weight", gradient, len(x)),
        Slip("transposed_weight_gradient", gradient.T, "The weight gradient is transposed; it needs W's shape."),
        Slip("last_sample", np.outer(dout[-1], x[-1]), "The weight gradient uses the last sample only; sum over all."),
        Slip("summed_first", np.outer(dout.sum(0), x.sum(0)),
             "dout and x were summed over the batch before they were multiplied; multiply first, then sum."),
    ]  # fmt: skip
    slips = [Slip(slip.name, trial.stored(slip.value), slip.feedback) for slip in slips]
    close(trial.gradient(), trial.stored(gradient), what='grads["weight"]', slips=slips)


@check(points=2, requires=["interface"], seconds=SECONDS)
def bias_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["bias"]` to the derivative of the loss with respect to $b$."""
    trial = _trial(student, rng)
    trial.backward()
    dout, gradient = trial.dout, trial.reference.grads["bias"]
    slips = [
        *scaled("bias", gradient, len(dout)),
        Slip("not_summed", dout.ravel(), "The bias gradient has one row per sample; sum over the batch."),
        Slip("wrong_axis", dout.sum(axis=1), "The bias gradient is summed over the outputs; sum over the samples."),
        Slip("ones", np.ones(gradient.shape), "The bias gradient is 1 everywhere: that is dY/db, not yet times dout."),
    ]
    close(entry(trial.layer, "grads", "bias").ravel(), gradient, what='grads["bias"]', slips=slips)


@check(points=2, requires=["interface"], seconds=SECONDS)
def input_gradient(student: Any, rng: Draw) -> None:
    """`backward` returns the derivative of the loss with respect to $X$."""
    trial = _trial(student, rng)
    actual, gradient = trial.backward()
    slips = [
        *scaled("input", gradient, len(trial.x)),
        Slip("transposed_input_gradient", gradient.T, "The input gradient is transposed; give it the shape of x."),
        Slip("dout_returned", trial.dout, "backward returns dout itself; it has to be multiplied by the weights."),
    ]
    close(actual, gradient, what="backward(dout)", slips=slips)


@check(points=2, requires=["interface"], seconds=SECONDS)
def initialisation(student: Any, rng: Draw) -> None:
    """Weights start with mean 0 and variance 2/in_features (1/in_features in the input layer), all else with zeros."""
    m, n = int(rng.integers(100, 130)), int(rng.integers(160, 200))
    hidden, first = make(student.LinearModule, m, n), make(student.LinearModule, m, n, input_layer=True)
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
        if np.any(entry(hidden, table, key)):
            raise CheckFailed(f'{table}["{key}"] of a new layer is not zero everywhere.', f"{table}_not_zero")


@check(points=1, requires=["interface"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """A batch of one sample works, and `forward` and `backward` leave their arguments as they are."""
    single = _trial(student, rng, samples=1)
    actual, expected = single.backward()
    close(actual, expected, what="backward(dout) for a batch of one")
    weight = single.reference.grads["weight"]
    close(single.gradient(), single.stored(weight), what='grads["weight"] for a batch of one')
    trial = _trial(student, rng)
    x, dout = held(student, trial.x), held(student, trial.dout)
    trial.layer.forward(x)
    trial.layer.backward(dout)
    for method, kept, before in (("forward", x, trial.x), ("backward", dout, trial.dout)):
        if not np.array_equal(numeric(data(kept), "the argument"), before):
            raise CheckFailed(f"{method} changes the array that it is given; work on a new one.", "input_changed")


@check(points=1, requires=["interface"], seconds=SECONDS)
def reuse(student: Any, rng: Draw) -> None:
    """A second pass, after `clear_cache`, gives its own gradients: nothing is left of the first."""
    trial = _trial(student, rng)
    trial.backward()
    first = trial.reference.grads["weight"]
    trial.layer.clear_cache()
    trial.x, trial.dout = rng.normal(size=trial.x.shape), rng.normal(size=trial.dout.shape)
    actual, expected = trial.backward()
    second = trial.reference.grads["weight"]
    slips = [
        Slip("accumulating", trial.stored(first + second), "backward adds to the gradients of the pass before."),
        Slip("stale", trial.stored(first), "After a second pass the gradients are still those of the first."),
    ]
    close(trial.gradient(), trial.stored(second), what='grads["weight"] of the second pass', slips=slips)
    close(actual, expected, what="backward(dout) of the second pass")


@dataclass
class _Trial:
    """The student's layer and the reference with the same random parameters, and fresh inputs for both."""

    layer: Any
    reference: LinearModule
    x: Array
    dout: Array
    flipped: bool  # the student stores weights as (in, out)

    def backward(self) -> tuple[Any, Array]:
        """A forward and a backward pass of both: what `backward` returns, the student's first."""
        self.layer.forward(self.x)
        self.reference.forward(self.x)
        return self.layer.backward(self.dout), self.reference.backward(self.dout)

    def stored(self, weights: Array) -> Array:
        """An array like W in the student's orientation."""
        return weights.T if self.flipped else weights

    def gradient(self) -> Array:
        """The student's weight gradient."""
        return entry(self.layer, "grads", "weight")


def _trial(student: Any, rng: Draw, samples: int | None = None) -> _Trial:
    s, n, m = sizes(rng, 3)
    s = samples or s
    layer, reference = make(student.LinearModule, m, n), LinearModule(m, n)
    reference.params = {"weight": rng.normal(size=(n, m)), "bias": rng.normal(size=n)}
    flipped = entry(layer, "params", "weight").shape == (m, n)
    trial = _Trial(layer, reference, rng.normal(size=(s, m)), rng.normal(size=(s, n)), flipped)
    layer.params["weight"] = trial.stored(reference.params["weight"]).copy()
    layer.params["bias"] = reference.params["bias"].reshape(entry(layer, "params", "bias").shape)
    return trial


@check(points=2, requires=["forward", "weight_gradient"], seconds=SECONDS)
def leading_axes(student: Any, rng: Draw) -> None:
    """`x` and `dout` may have more axes in front, all of which count samples."""
    trial = _trial(student, rng)
    trial.x, trial.dout = (np.stack([array, rng.normal(size=array.shape)]) for array in (trial.x, trial.dout))
    close(trial.layer.forward(trial.x), trial.reference.forward(trial.x), what="forward(x) for x with three axes")
    actual, expected = trial.backward()
    close(actual, expected, what="backward(dout) for dout with three axes")
    gradients = trial.reference.grads
    close(trial.gradient(), trial.stored(gradients["weight"]), what='grads["weight"] for x with three axes')
    close(entry(trial.layer, "grads", "bias").ravel(), gradients["bias"], what='grads["bias"] for x with three axes')


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
