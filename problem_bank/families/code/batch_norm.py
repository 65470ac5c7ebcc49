"""Goodfellow et al., Deep Learning, section 8.7.1; Ioffe & Szegedy 2015: batch normalisation as a class.

The running statistics follow PyTorch: `momentum` is the share of the new batch, and the variance has n − 1 below
the line.
"""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, close
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import like, unchanged, vector
from problem_bank.subjects.layer_checks import Array, entry, make
from problem_bank.subjects.norm_checks import (
    UNSEEN,
    Norm,
    evaluation_slips,
    input_slips,
    norm,
    output_slips,
    running_slips,
    scale_slips,
    shift_slips,
)

Draw = np.random.Generator
SECONDS = 5.0
STATISTICS = ("running_mean", "running_var")


@check(points=1, seconds=SECONDS)
def interface(student: Any, rng: Draw) -> None:
    """A new layer has gamma 1, beta 0, gradients 0, running mean 0 and running variance 1, n of each."""
    layer = make(student.BatchNorm1d, 5)
    for table, key, value in (
        ("params", "weight", 1),
        ("params", "bias", 0),
        ("grads", "weight", 0),
        ("grads", "bias", 0),
    ):
        what = f'{table}["{key}"] of BatchNorm1d(5)'
        close(vector(entry(layer, table, key), 5, what), np.full(5, value), what=what)
    for name, value in zip(STATISTICS, (0, 1), strict=True):
        what = f"{name} of BatchNorm1d(5)"
        close(vector(getattr(layer, name), 5, what), np.full(5, value), what=what)


@check(points=3, requires=["interface"], seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """In training, `forward` normalises every feature over the batch, scales and shifts it."""
    case = norm(rng)
    close(_layer(student, case).forward(case.x), case.out, what="forward(x)", slips=output_slips(case))


@check(points=2, requires=["interface"], seconds=SECONDS)
def running_statistics(student: Any, rng: Draw) -> None:
    """In training, the running mean and variance move by the share `momentum` towards those of the batch."""
    case = norm(rng)
    layer = _layer(student, case)
    layer.forward(case.x)
    other = "biased", case.var, "The running variance takes up the population's: divide by n - 1."
    expected, slips = case.running(case.momentum, case.unbiased), running_slips(case, case.unbiased, other)
    for name, truth, wrong in zip(STATISTICS, expected, slips, strict=True):
        close(_statistic(layer, name, case), truth, what=name, slips=wrong)


@check(points=2, requires=["interface"], seconds=SECONDS)
def evaluation(student: Any, rng: Draw) -> None:
    """After `eval()`, the running statistics are used and stay as they are, even for a batch of one."""
    for samples in (None, 1):
        case = norm(rng, samples=samples)
        layer = _layer(student, case)
        layer.eval()
        what = "forward(x) in evaluation" + " for a batch of one" * (samples == 1)
        close(layer.forward(case.x), case.evaluated, what=what, slips=evaluation_slips(case))
        for name, before in zip(STATISTICS, (case.running_mean, case.running_var), strict=True):
            if not np.array_equal(_statistic(layer, name, case), before):
                raise CheckFailed(f"{name} changes in evaluation; it moves in training only.", "updated_in_evaluation")


@check(points=3, requires=["interface"], seconds=SECONDS)
def input_gradient(student: Any, rng: Draw) -> None:
    """`backward` returns the derivative with respect to x, through the batch's mean and variance as well."""
    case = norm(rng, epsilon=UNSEEN)
    close(_backward(_layer(student, case), case), case.dx, what="backward(dout)", slips=input_slips(case))


@check(points=1, requires=["interface"], seconds=SECONDS)
def scale_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["weight"]` to the derivative with respect to gamma."""
    case = norm(rng, epsilon=UNSEEN)
    layer = _layer(student, case)
    _backward(layer, case)
    value = vector(entry(layer, "grads", "weight"), len(case.gamma), 'grads["weight"]')
    close(value, (case.dout * case.normal).sum(0), what='grads["weight"]', slips=scale_slips(case))


@check(points=1, requires=["interface"], seconds=SECONDS)
def shift_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["bias"]` to the derivative with respect to beta."""
    case = norm(rng, epsilon=UNSEEN)
    layer = _layer(student, case)
    _backward(layer, case)
    value = vector(entry(layer, "grads", "bias"), len(case.beta), 'grads["bias"]')
    close(value, case.dout.sum(0), what='grads["bias"]', slips=shift_slips(case))


@check(points=1, requires=["evaluation"], seconds=SECONDS)
def evaluation_gradient(student: Any, rng: Draw) -> None:
    """After `eval()`, `backward` takes the running statistics for constants; `train()` leads back."""
    case = norm(rng)
    layer = _layer(student, case)
    layer.eval()
    constant = case.dout * case.gamma / np.sqrt(case.running_var + case.eps)
    slips = [
        Slip("through_statistics", case.dx, "In evaluation the statistics do not depend on x: they are constants.")
    ]
    close(_backward(layer, case), constant, what="backward(dout) in evaluation", slips=slips)
    layer.train()
    close(layer.forward(case.x), case.out, what="forward(x) after eval() and train()")


@check(points=1, requires=["forward", "input_gradient"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """Arguments stay as they are, and a second pass has its own gradients."""
    case = norm(rng)
    layer = _layer(student, case)
    _backward(layer, case)
    unchanged(student, layer.forward, "forward", case.x)
    unchanged(student, layer.backward, "backward", case.dout)
    gradient = case.dout.sum(0)
    slips = [Slip("accumulating", 2 * gradient, "backward adds to the gradients of the pass before.")]
    value = vector(entry(layer, "grads", "bias"), len(case.beta), 'grads["bias"]')
    close(value, gradient, what='grads["bias"] of the second pass', slips=slips)


def _layer(student: Any, case: Norm) -> Any:
    """The student's layer, with the parameters and running statistics of the case."""
    layer = make(student.BatchNorm1d, len(case.gamma), eps=case.eps, momentum=case.momentum)
    for key, value in (("weight", case.gamma), ("bias", case.beta)):
        layer.params[key] = like(value, entry(layer, "params", key), f'params["{key}"]')
    for name, value in zip(STATISTICS, (case.running_mean, case.running_var), strict=True):
        setattr(layer, name, like(value, getattr(layer, name), name))
    return layer


def _backward(layer: Any, case: Norm) -> Any:
    """The student's dx."""
    layer.forward(case.x)
    return layer.backward(case.dout)


def _statistic(layer: Any, name: str, case: Norm) -> Array:
    return vector(getattr(layer, name), len(case.gamma), name)


CORE = (interface, forward, running_statistics, evaluation)
GRADIENTS = (input_gradient, scale_gradient, shift_gradient)


@family(
    topic="code",
    source="Goodfellow 8.7.1",
    minutes=40,
    levels={"easy": {"gradients": False, "careful": False}, "medium": {"careful": False}, "hard": {}},
)
def batch_norm(rng: Rng, *, gradients: bool = True, careful: bool = True) -> Exercise:
    """Write batch normalisation in NumPy as a class: training, evaluation, gradients."""
    n, samples, percent = rng.int("n", 3, 9), rng.int("samples", 4, 12), rng.int("percent", 11, 40)
    rng.require(n != samples, "the two sizes differ")
    checks = CORE + GRADIENTS * gradients + (evaluation_gradient, edge_cases) * (gradients and careful)
    return Exercise(
        given={"n": n, "samples": samples, "percent": percent, "gradients": gradients, "careful": careful},
        prompt="Write the class `BatchNorm1d(num_features, eps=1e-5, momentum=0.1)` in `modules.py`, with NumPy alone. "
        '`params` and `grads` are dicts with the entries `"weight"`, gamma, and `"bias"`, beta, of shape '
        "`(num_features,)`; gamma starts as ones, beta and the gradients as zeros. `running_mean` and `running_var` "
        "are attributes of that shape, zeros and ones at first. `train()` and `eval()` switch between training, in "
        "which a new layer is, and evaluation. In training `forward(x)`, for `x` of shape `(S, num_features)`, returns "
        r"$\gamma (x - \mu) / \sqrt{v + \mathrm{eps}} + \beta$ with each feature's own mean $\mu$ over the batch and "
        r"$v$, the mean of $(x - \mu)^2$, divided by $S$. The running statistics become $(1 - \mathrm{momentum}) \cdot "
        r"\mathrm{running} + \mathrm{momentum} \cdot \mathrm{batch}$, where the batch's variance is divided by $S - 1$ "
        "this time. In evaluation the running mean and variance are used instead, and stay as they are; a batch of one "
        "works then."
        "{% if gradients %} `backward(dout)` gets $dL/d\\mathrm{out}$, sets both gradients in `grads` (new ones "
        "replace old ones) and returns $dL/dx$; a mean over the batch is part of $L$, so do not divide again. In "
        "evaluation the statistics are constants.{% endif %} The arguments stay as they are. Compute in float64.\n\n"
        "For example, `BatchNorm1d({{ n }}, momentum=0.{{ percent }})` on an `x` of shape `({{ samples }}, {{ n }})` "
        "has {{ n }} means of {{ samples }} numbers each, and the running ones take up {{ percent }} % of them.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="modules.py"), points=c.points) for c in checks],
        solution="With the normalised batch $\\hat x$ and $g = \\gamma\\, dL/d\\mathrm{out}$: $dL/dx = (g - "
        "\\overline{g} - \\hat x\\, \\overline{g \\hat x}) / \\sqrt{v + \\mathrm{eps}}$, the means taken over the "
        "{{ samples }} samples; the gradient of gamma sums $dL/d\\mathrm{out} \\cdot \\hat x$ over them, that of beta "
        "$dL/d\\mathrm{out}$. The class is in `solutions/cnn_layers/modules.py`.",
    )


@batch_norm.oracle
def names(gradients: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface forward running_statistics evaluation"
    if gradients:
        parts += " input_gradient scale_gradient shift_gradient" + " evaluation_gradient edge_cases" * careful
    return {part: (part,) for part in parts.split()}
