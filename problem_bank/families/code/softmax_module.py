"""Goodfellow et al., Deep Learning, sections 4.1 (overflow), 6.2.2.3 and 6.5: softmax as a module with a backward pass.

The Jacobian of a row is symmetric, so a transposed one computes the same and is no mistake. A small number
added to the denominator is accepted: values agree to six digits then.
"""

from functools import partial
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, close, numeric
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import unchanged
from problem_bank.subjects.layer_checks import Array, scaled, sizes
from problem_bank.subjects.module_checks import built, forgets, member
from solutions.numpy_nn.softmax import softmax

Draw = np.random.Generator
SECONDS = 4.0
CLASS = "SoftMaxModule"
near = partial(close, rtol=1e-6, atol=1e-9)


def jacobian_product(s: Array, dout: Array) -> Array:
    """The Jacobian diag(s) − s sᵀ of each row, built entry by entry, times that row of dout."""
    jacobians = s[..., :, None] * (np.eye(s.shape[-1]) - s[..., None, :])
    product: Array = np.einsum("...ij,...j->...i", jacobians, dout)
    return product


@check(points=3, seconds=SECONDS)
def forward(student: Any, rng: Draw) -> None:
    """`forward` turns every row of scores into probabilities that sum to 1."""
    x = rng.normal(size=sizes(rng, 2))
    powers, shifted = np.exp(x), np.exp(x - x.max(axis=1, keepdims=True))
    slips = [
        Slip("wrong_axis", softmax(x.T).T,
             "The columns sum to 1: softmax goes over the classes, the last axis (axis=1, keepdims=True)."),
        *(Slip("whole_batch", p / p.sum(),
               "All entries together sum to 1; divide every row by its own sum (axis=1, keepdims=True).")
          for p in (powers, shifted)),
        Slip("not_normalised", powers, "The powers are not divided by their sum over the row."),
        Slip("not_normalised", shifted, "The powers are not divided by their sum over the row."),
        Slip("column_maximum", softmax(x - x.max(axis=0)),
             "The maximum of each column is subtracted, which changes the result; take the one of each row."),
        Slip("unshifted_sum", shifted / powers.sum(axis=1, keepdims=True),
             "The maximum is subtracted above the fraction bar only; numerator and sum need the same shift."),
        Slip("log_softmax", np.log(softmax(x)), "That is the logarithm of the probabilities."),
        Slip("sigmoid", 1 / (1 + np.exp(-x)), "That is the sigmoid of every entry; softmax shares 1 in a row."),
        Slip("no_exp", x / x.sum(axis=1, keepdims=True), "The exponential is missing."),
        Slip("nothing_done", x, "forward returns the scores themselves."),
    ]  # fmt: skip
    near(member(built(student, CLASS), "forward", CLASS)(x), softmax(x), what="forward(x)", slips=slips)


@check(points=2, requires=["forward"], seconds=SECONDS)
def large(student: Any, rng: Draw) -> None:
    """Scores of ±10000 give right and finite probabilities."""
    row, layer = rng.normal(size=(2, 4)), built(student, CLASS)
    for shift in (1e4, -1e4):
        value = numeric(layer.forward(row + shift), "forward(x)")
        says = f"For scores around {shift:.0f} the result is {{}}: exp overflows or all powers vanish. Subtract the "
        says += "maximum of each row first; a constant added to a row changes nothing."
        if not np.isfinite(value).all():
            raise CheckFailed(says.format("nan or infinite"), "no_maximum")
        if value.shape == row.shape and not np.allclose(value.sum(axis=1), 1):
            raise CheckFailed(says.format("no distribution"), "no_maximum")
        near(value, softmax(row), what=f"forward(x) for scores around {shift:.0f}")
    x = rng.normal(size=(3, 4)) + np.array([[1e4], [0.0], [-1e4]])
    value = numeric(layer.forward(x), "forward(x)")
    if value.shape == x.shape and not (np.isfinite(value).all() and np.allclose(value.sum(axis=1), 1)):
        says = "One maximum is subtracted from the whole batch. Where rows differ much, the powers of the lower ones "
        raise CheckFailed(says + "vanish: take the maximum of each row (axis=1, keepdims=True).", "global_maximum")
    near(value, softmax(x), what="forward(x) for rows of very different height")


@check(points=4, seconds=SECONDS)
def backward(student: Any, rng: Draw) -> None:
    """`backward` returns the derivative of the loss with respect to the scores, through the whole Jacobian."""
    layer, x = built(student, CLASS), rng.normal(size=sizes(rng, 2))
    dout, own = rng.normal(size=x.shape), numeric(member(layer, "forward", CLASS)(x), "forward(x)")
    # What a wrong forward pass costs is paid for there: backward is judged on the student's own probabilities.
    s = own if own.shape == x.shape and np.isfinite(own).all() else softmax(x)
    value = member(layer, "backward", CLASS)(dout)
    near(value, jacobian_product(s, dout), what="backward(dout)", slips=_gradient_slips(s, dout))


def _gradient_slips(s: Array, dout: Array) -> list[Slip]:
    """What wrong Jacobians send back."""
    row = (dout * s).sum(axis=1, keepdims=True)
    jacobians = s[:, :, None] * (np.eye(s.shape[1]) - s[:, None, :])
    return [
        Slip("diagonal_only", dout * s * (1 - s),
             "Only the diagonal s(1 − s) of the Jacobian is used. Every score moves all probabilities of its row: "
             "the other entries are −sᵢsⱼ."),
        Slip("one_minus_s", dout * (1 - s), "That is neither the diagonal s(1 − s) nor the whole Jacobian."),
        Slip("first_term_only", dout * s, "The second term is missing: the Jacobian is diag(s) − s sᵀ."),
        Slip("second_term_only", -s * row, "The diagonal is missing: the Jacobian is diag(s) − s sᵀ."),
        Slip("plus", s * (dout + row), "The terms are subtracted: diag(s) − s sᵀ."),
        Slip("sum_without_s", s * (dout - dout.sum(axis=1, keepdims=True)),
             "The sum in the second term is that of dout times s."),
        Slip("unweighted", dout - row, "The factor s in front of the bracket is missing."),
        Slip("summed_over_batch", s * (dout - (dout * s).sum(axis=0)),
             "The sum goes over the samples; it belongs to one sample and goes over the classes (axis=1)."),
        Slip("summed_over_all", s * (dout - (dout * s).sum()),
             "The sum goes over the whole batch; every row has its own (axis=1, keepdims=True)."),
        Slip("last_sample", jacobian_product(np.broadcast_to(s[-1], s.shape), dout),
             "The Jacobian of the last sample is used for all; every row has its own."),
        Slip("first_sample", jacobian_product(np.broadcast_to(s[0], s.shape), dout),
             "The Jacobian of the first sample is used for all; every row has its own."),
        Slip("jacobian_returned", jacobians, "These are the Jacobians; multiply each by its row of dout."),
        Slip("rows_summed", np.zeros(s.shape),
             "The gradient is 0 everywhere: every row of the Jacobian sums to 0, so dout has to multiply it first."),
        Slip("dout_returned", dout, "backward returns dout as it is; multiply it by the Jacobian. (The short form for "
             "softmax with cross-entropy belongs to neither of the two modules.)"),
        *scaled("input", jacobian_product(s, dout), len(s)),
    ]  # fmt: skip


@check(points=1, requires=["forward", "backward"], seconds=SECONDS)
def edge_cases(student: Any, rng: Draw) -> None:
    """A batch of one sample works, and `forward` and `backward` leave their arguments as they are."""
    for samples in (1, 3):
        layer, x, dout = built(student, CLASS), rng.normal(size=(samples, 4)), rng.normal(size=(samples, 4))
        near(unchanged(student, layer.forward, "forward", x), softmax(x), what=f"forward(x) for a batch of {samples}")
        value = unchanged(student, layer.backward, "backward", dout)
        near(value, jacobian_product(softmax(x), dout), what=f"backward(dout) for a batch of {samples}")


@check(points=1, requires=["forward", "backward"], seconds=SECONDS)
def reuse(student: Any, rng: Draw) -> None:
    """A second pass gives its own values, and after `clear_cache` nothing is left of the one before."""
    layer, shape = built(student, CLASS), sizes(rng, 2)
    first, x, dout = rng.normal(size=(3, *shape))
    layer.forward(first)
    layer.backward(dout)
    layer.forward(x)
    stale = Slip("stale", jacobian_product(softmax(first), dout), "backward still uses the first forward pass.")
    near(layer.backward(dout), jacobian_product(softmax(x), dout), what="backward(dout) of the second pass",
         slips=[stale])  # fmt: skip
    forgets(layer, 2 * dout, 2 * jacobian_product(softmax(x), dout))


@check(points=1, requires=["forward", "backward"], seconds=SECONDS)
def leading_axes(student: Any, rng: Draw) -> None:
    """Scores may have more axes in front; the last one holds the classes."""
    layer, x = built(student, CLASS), rng.normal(size=sizes(rng, 3))
    dout = rng.normal(size=x.shape)
    near(layer.forward(x), softmax(x), what="forward(x) for x with three axes")
    near(layer.backward(dout), jacobian_product(softmax(x), dout), what="backward(dout) for x with three axes")


@family(
    topic="code",
    source="Goodfellow 6.2.2.3",
    minutes=20,
    levels={"easy": {"careful": False}, "medium": {}, "hard": {"leading": True}},
)
def softmax_module(rng: Rng, *, careful: bool = True, leading: bool = False) -> Exercise:
    """Write softmax as a module in NumPy: stable forward pass, whole Jacobian backward."""
    samples, classes = rng.int("samples", 2, 7), rng.int("classes", 3, 9)
    rng.require(samples != classes, "the two sizes differ")
    powers = rng.ints("powers", 3, 1, 9)
    rng.require(len(set(powers)) == 3, "the three powers differ")
    checks = (forward, large, backward) + (edge_cases, reuse) * careful + (leading_axes,) * leading
    return Exercise(
        given={"samples": samples, "classes": classes, "powers": powers, "careful": careful, "leading": leading},
        prompt="Write the class `SoftMaxModule` in `modules.py`, with NumPy alone. `forward(x)` gets scores, one "
        "sample per row, and returns probabilities: $s_k = e^{x_k} / \\sum_j e^{x_j}$ in every row, right and finite "
        "for scores as large as ±10000 as well. `backward(dout)` gets $dL/dS$ and returns $dL/dX$; the loss may be any "
        "function of the probabilities. `clear_cache()` forgets what `forward` kept.{% if careful %} Neither method "
        "changes the array that it is given.{% endif %}{% if leading %} Axes of `x` and `dout` before the last one all "
        "count samples.{% endif %}\n\n"
        "For example, the scores $(\\ln {{ powers[0] }}, \\ln {{ powers[1] }}, \\ln {{ powers[2] }})$ become "
        "probabilities in the ratio ${{ powers[0] }} : {{ powers[1] }} : {{ powers[2] }}$, and an `x` of shape "
        "`({{ samples }}, {{ classes }})` gives {{ samples }} rows of {{ classes }} probabilities.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="modules.py"), points=c.points) for c in checks],
        solution=r"With the row maximum subtracted no power exceeds 1. The Jacobian of a row is "
        r"$\mathrm{diag}(s) - s s^T$; times $g = dL/ds$ that is $s \odot (g - \sum_k g_k s_k)$, so no matrix is "
        "needed. The whole class is in `solutions/mlp_from_scratch/modules.py`.",
    )


@softmax_module.oracle
def names(careful: bool, leading: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "forward large backward" + " edge_cases reuse" * careful + " leading_axes" * leading
    return {part: (part,) for part in parts.split()}
