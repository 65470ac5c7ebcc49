"""Goodfellow et al., Deep Learning, section 8.7.1; Ioffe & Szegedy 2015: batch normalisation as two functions.

The running variance is that of the mean square, and `momentum` is the share that is kept: the convention of
the paper's many restatements as functions. PyTorch's layer has both the other way; the class follows it.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, close, data, held
from problem_bank.exercise import Exercise, Part
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import function, results, unchanged, vector
from problem_bank.subjects.layer_checks import Array
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


@check(points=3, seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """In training, `batchnorm_forward` normalises every feature over the batch, scales and shifts it."""
    case = norm(rng)
    close(_forward(student, case, _param(case))[0], case.out, what="out", slips=output_slips(case))


@check(points=2, seconds=SECONDS)
def running_statistics(student: Any, rng: Draw) -> None:
    """In training, the running mean and variance in `bn_param` move towards those of the batch."""
    case = norm(rng)
    param = held(student, _param(case))
    _forward(student, case, param)
    other = "unbiased", case.unbiased, "The running variance takes up the mean square: divide by n."
    expected, slips = case.running(case.momentum, case.var), running_slips(case, case.var, other)
    for name, truth, wrong in zip(STATISTICS, expected, slips, strict=True):
        close(_statistic(param, name, case), truth, what=f'bn_param["{name}"]', slips=wrong)


@check(points=2, seconds=SECONDS)
def evaluation(student: Any, rng: Draw) -> None:
    """In testing, the running statistics are used and stay as they are, even for a batch of one."""
    for samples in (None, 1):
        case = norm(rng, samples=samples)
        param = held(student, _param(case, "test"))
        what = "out in testing" + " for a batch of one" * (samples == 1)
        close(_forward(student, case, param)[0], case.evaluated, what=what, slips=evaluation_slips(case))
        for name, before in zip(STATISTICS, (case.running_mean, case.running_var), strict=True):
            if not np.array_equal(_statistic(param, name, case), before):
                raise CheckFailed(
                    f'bn_param["{name}"] changes in testing; it moves in training only.', "updated_in_testing"
                )


@check(points=3, seconds=SECONDS)
def input_gradient(student: Any, rng: Draw) -> None:
    """`batchnorm_backward` returns dx, through the batch's mean and variance as well."""
    case = norm(rng, epsilon=UNSEEN)
    close(_backward(student, case)[0], case.dx, what="dx", slips=input_slips(case))


@check(points=1, seconds=SECONDS)
def scale_gradient(student: Any, rng: Draw) -> None:
    """`batchnorm_backward` returns dgamma, the derivative with respect to the scale."""
    case = norm(rng, epsilon=UNSEEN)
    dgamma = vector(_backward(student, case)[1], len(case.gamma), "dgamma")
    close(dgamma, (case.dout * case.normal).sum(0), what="dgamma", slips=scale_slips(case))


@check(points=1, seconds=SECONDS)
def shift_gradient(student: Any, rng: Draw) -> None:
    """`batchnorm_backward` returns dbeta, the derivative with respect to the shift."""
    case = norm(rng, epsilon=UNSEEN)
    dbeta = vector(_backward(student, case)[2], len(case.beta), "dbeta")
    close(dbeta, case.dout.sum(0), what="dbeta", slips=shift_slips(case))


@check(points=1, requires=["forward"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """A feature that is the same in all samples gives beta, and the arrays that are handed over stay as they are."""
    case = norm(rng)
    x = case.x.copy()
    x[:, 0] = 2.0
    case = replace(case, x=x)
    value = unchanged(student, function(student, "batchnorm_forward"), "batchnorm_forward",
                      case.x, case.gamma, case.beta, more=(_param(case),))  # fmt: skip
    out, cache = results(value, "batchnorm_forward", "out", "cache")
    close(out, case.out, what="out where a feature is constant")
    unchanged(student, function(student, "batchnorm_backward"), "batchnorm_backward", case.dout, more=(cache,))


def _param(case: Norm, mode: str = "train") -> dict[str, Any]:
    statistics = {"running_mean": case.running_mean, "running_var": case.running_var}
    return {"mode": mode, "eps": case.eps, "momentum": 1 - case.momentum, **statistics}


def _forward(student: Any, case: Norm, param: Any) -> list[Any]:
    """The student's out and cache."""
    value = function(student, "batchnorm_forward")(case.x, case.gamma, case.beta, param)
    return results(value, "batchnorm_forward", "out", "cache")


def _backward(student: Any, case: Norm) -> list[Any]:
    """The student's dx, dgamma and dbeta."""
    cache = _forward(student, case, _param(case))[1]
    value = function(student, "batchnorm_backward")(case.dout, cache)
    return results(value, "batchnorm_backward", "dx", "dgamma", "dbeta")


def _statistic(param: Any, name: str, case: Norm) -> Array:
    """A running statistic out of the dict that the student's function was given."""
    what, kept = f'bn_param["{name}"]', data(param)
    if not isinstance(kept, dict) or name not in kept:
        raise CheckFailed(f"{what} is gone after the call; leave it in its place.")
    return vector(kept[name], len(case.gamma), what)


FORWARD, GRADIENTS = (forward, running_statistics, evaluation), (input_gradient, scale_gradient, shift_gradient)


@family(
    topic="code",
    source="Goodfellow 8.7.1",
    minutes=40,
    levels={"easy": {"gradients": False, "careful": False}, "medium": {"careful": False}, "hard": {}},
)
def batch_norm_functions(rng: Rng, *, gradients: bool = True, careful: bool = True) -> Exercise:
    """Write batch normalisation in NumPy: the forward pass and its gradients, as functions."""
    n, samples, percent = rng.int("n", 3, 9), rng.int("samples", 4, 12), rng.int("percent", 80, 95)
    rng.require(n != samples, "the two sizes differ")
    checks = FORWARD + GRADIENTS * gradients + (edge_cases,) * (gradients and careful)
    return Exercise(
        given={"n": n, "samples": samples, "percent": percent, "gradients": gradients, "careful": careful},
        prompt="Write in `layers.py`, with NumPy alone, the function `batchnorm_forward(x, gamma, beta, bn_param)`, "
        "which returns `(out, cache)`. `x` has shape `(S, n)`, one sample per row; `gamma` and `beta` have shape "
        '`(n,)`. `bn_param` is a dict with the entries `"mode"`, `"eps"`, `"momentum"`, `"running_mean"` and '
        '`"running_var"`, all always there. If the mode is `"train"`, $\\mathrm{out} = \\gamma (x - \\mu) / '
        "\\sqrt{v + \\mathrm{eps}} + \\beta$ with each feature's own mean $\\mu$ over the batch and $v$, the mean of "
        "$(x - \\mu)^2$, divided by $S$; and the entries of `bn_param` become $\\mathrm{running} \\leftarrow "
        "\\mathrm{momentum} \\cdot \\mathrm{running} + (1 - \\mathrm{momentum}) \\cdot \\mathrm{batch}$, with $\\mu$ "
        'and with the same $v$. If the mode is `"test"`, the running mean and variance are used instead, and stay as '
        "they are.{% if gradients %} `cache` is whatever `batchnorm_backward(dout, cache)` needs, which gets "
        "$dL/d\\mathrm{out}$ after a pass in training and returns `(dx, dgamma, dbeta)`; a mean over the batch is part "
        "of $L$, so do not divide again.{% endif %} The arrays that are handed over stay as they are. Compute in "
        "float64.\n\n"
        "For example, an `x` of shape `({{ samples }}, {{ n }})` has {{ n }} means and {{ n }} variances, and with "
        "momentum {{ percent }} % the running ones keep {{ percent }} % of what they were.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="layers.py"), points=c.points) for c in checks],
        solution="With the normalised batch $\\hat x$ and $g = \\gamma\\, dL/d\\mathrm{out}$: $dL/dx = (g - "
        "\\overline{g} - \\hat x\\, \\overline{g \\hat x}) / \\sqrt{v + \\mathrm{eps}}$, the means taken over the "
        "{{ samples }} samples; $d\\gamma$ sums $dL/d\\mathrm{out} \\cdot \\hat x$ over the samples, and $d\\beta$ "
        "sums $dL/d\\mathrm{out}$. Both functions are in `solutions/cnn_layers/layers.py`.",
    )


@batch_norm_functions.oracle
def names(gradients: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "forward running_statistics evaluation"
    if gradients:
        parts += " input_gradient scale_gradient shift_gradient" + " edge_cases" * careful
    return {part: (part,) for part in parts.split()}
