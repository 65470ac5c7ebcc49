"""Goodfellow et al., Deep Learning, section 8.7.1; Ba et al. 2016: layer normalisation as a class."""

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import check, close
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import like, unchanged, vector
from problem_bank.subjects.layer_checks import entry, make
from problem_bank.subjects.norm_checks import UNSEEN, Norm, input_slips, norm, output_slips, scale_slips, shift_slips

Draw = np.random.Generator
SECONDS = 5.0


@check(points=1, seconds=SECONDS)
def interface(student: Any, rng: Draw) -> None:
    """A new layer has gamma 1, beta 0 and gradients 0, n of each."""
    layer = make(student.LayerNorm, 5)
    for table, key, value in (
        ("params", "weight", 1),
        ("params", "bias", 0),
        ("grads", "weight", 0),
        ("grads", "bias", 0),
    ):
        what = f'{table}["{key}"] of LayerNorm(5)'
        close(vector(entry(layer, table, key), 5, what), np.full(5, value), what=what)


@check(points=3, requires=["interface"], seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """`forward` normalises every sample over its features, scales and shifts it."""
    case = norm(rng, axis=1)
    close(_layer(student, case).forward(case.x), case.out, what="forward(x)", slips=output_slips(case))


@check(points=3, requires=["interface"], seconds=SECONDS)
def input_gradient(student: Any, rng: Draw) -> None:
    """`backward` returns the derivative with respect to x, through each sample's mean and variance as well."""
    case = norm(rng, axis=1, epsilon=UNSEEN)
    close(_backward(_layer(student, case), case), case.dx, what="backward(dout)", slips=input_slips(case))


@check(points=1, requires=["interface"], seconds=SECONDS)
def scale_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["weight"]` to the derivative with respect to gamma."""
    case = norm(rng, axis=1, epsilon=UNSEEN)
    layer = _layer(student, case)
    _backward(layer, case)
    value = vector(entry(layer, "grads", "weight"), len(case.gamma), 'grads["weight"]')
    close(value, (case.dout * case.normal).sum(0), what='grads["weight"]', slips=scale_slips(case))


@check(points=1, requires=["interface"], seconds=SECONDS)
def shift_gradient(student: Any, rng: Draw) -> None:
    """`backward` sets `grads["bias"]` to the derivative with respect to beta."""
    case = norm(rng, axis=1, epsilon=UNSEEN)
    layer = _layer(student, case)
    _backward(layer, case)
    value = vector(entry(layer, "grads", "bias"), len(case.beta), 'grads["bias"]')
    close(value, case.dout.sum(0), what='grads["bias"]', slips=shift_slips(case))


@check(points=1, requires=["forward"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """A batch of one works, arguments stay as they are, and a second pass has its own gradients."""
    case = norm(rng, axis=1, samples=1)
    layer = _layer(student, case)
    _backward(layer, case)
    out = unchanged(student, layer.forward, "forward", case.x)
    close(out, case.out, what="forward(x) for a batch of one")
    dx = unchanged(student, layer.backward, "backward", case.dout)
    close(dx, case.dx, what="backward(dout) for a batch of one")
    gradient = case.dout.sum(0)
    slips = [Slip("accumulating", 2 * gradient, "backward adds to the gradients of the pass before.")]
    value = vector(entry(layer, "grads", "bias"), len(case.beta), 'grads["bias"]')
    close(value, gradient, what='grads["bias"] of the second pass', slips=slips)


def _layer(student: Any, case: Norm) -> Any:
    """The student's layer, with the parameters of the case."""
    layer = make(student.LayerNorm, len(case.gamma), eps=case.eps)
    for key, value in (("weight", case.gamma), ("bias", case.beta)):
        layer.params[key] = like(value, entry(layer, "params", key), f'params["{key}"]')
    return layer


def _backward(layer: Any, case: Norm) -> Any:
    """The student's dx."""
    layer.forward(case.x)
    return layer.backward(case.dout)


CORE, GRADIENTS = (interface, forward), (input_gradient, scale_gradient, shift_gradient)


@family(
    topic="code",
    source="Goodfellow 8.7.1",
    minutes=30,
    levels={"easy": {"gradients": False, "careful": False}, "medium": {"careful": False}, "hard": {}},
)
def layer_norm(rng: Rng, *, gradients: bool = True, careful: bool = True) -> Exercise:
    """Write layer normalisation in NumPy as a class: the forward pass and its gradients."""
    n, samples = rng.int("n", 3, 40), rng.int("samples", 4, 40)
    rng.require(n != samples, "the two sizes differ")
    checks = CORE + GRADIENTS * gradients + (edge_cases,) * (gradients and careful)
    return Exercise(
        given={"n": n, "samples": samples, "gradients": gradients, "careful": careful},
        prompt="Write the class `LayerNorm(num_features, eps=1e-5)` in `modules.py`, with NumPy alone. `params` and "
        '`grads` are dicts with the entries `"weight"`, gamma, and `"bias"`, beta, of shape `(num_features,)`; gamma '
        "starts as ones, beta and the gradients as zeros. `forward(x)`, for `x` of shape `(S, num_features)`, returns "
        r"$\gamma (x - \mu) / \sqrt{v + \mathrm{eps}} + \beta$ with each sample's own mean $\mu$ over its features and "
        r"$v$, the mean of $(x - \mu)^2$, divided by `num_features`. Training and evaluation are the same."
        "{% if gradients %} `backward(dout)` gets $dL/d\\mathrm{out}$, sets both gradients in `grads` (new ones "
        "replace old ones) and returns $dL/dx$; a mean over the batch is part of $L$, so do not divide again.{% "
        "endif %} The arguments stay as they are. Compute in float64.\n\n"
        "For example, `LayerNorm({{ n }})` on an `x` of shape `({{ samples }}, {{ n }})` has {{ samples }} means of "
        "{{ n }} numbers each.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="modules.py"), points=c.points) for c in checks],
        solution="With the normalised samples $\\hat x$ and $g = \\gamma\\, dL/d\\mathrm{out}$: $dL/dx = (g - "
        "\\overline{g} - \\hat x\\, \\overline{g \\hat x}) / \\sqrt{v + \\mathrm{eps}}$, the means taken over each "
        "sample's {{ n }} features. The gradients of gamma and beta are still sums over the {{ samples }} samples: of "
        "$dL/d\\mathrm{out} \\cdot \\hat x$, and of $dL/d\\mathrm{out}$. The class is in "
        "`solutions/cnn_layers/modules.py`.",
    )


@layer_norm.oracle
def names(gradients: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface forward"
    if gradients:
        parts += " input_gradient scale_gradient shift_gradient" + " edge_cases" * careful
    return {part: (part,) for part in parts.split()}
