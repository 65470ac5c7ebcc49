"""What checks of normalisation share: random cases, and the numbers that well-known mistakes lead to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from problem_bank.exercise import Slip
from problem_bank.subjects.layer_checks import Array, scaled, sizes

UNSEEN = (1e-12, 2e-12)  # for gradients: who puts eps in the wrong place has paid for it in the forward pass
SHIFTED = "dx has to go through the mean and the variance as well: both change with every entry of x."


@dataclass(frozen=True)
class Norm:
    """A batch, scale and shift, the gradient with respect to the output, and running statistics.

    `axis` is the one that the statistics are taken over: 0 for batch normalisation, 1 for layer normalisation.
    """

    x: Array  # (S, n)
    gamma: Array  # (n,)
    beta: Array
    dout: Array
    running_mean: Array
    running_var: Array
    eps: float
    momentum: float
    axis: int = 0

    @property
    def mean(self) -> Array:
        """Of every group."""
        mean: Array = self.x.mean(self.axis, keepdims=True)
        return mean

    @property
    def var(self) -> Array:
        """The mean square deviation of every group."""
        var: Array = self.x.var(self.axis, keepdims=True)
        return var

    @property
    def unbiased(self) -> Array:
        """The variance with n − 1 below the line."""
        var: Array = self.x.var(self.axis, ddof=1, keepdims=True)
        return var

    @property
    def deviation(self) -> Array:
        """√(var + eps)."""
        return np.sqrt(self.var + self.eps)

    @cached_property
    def normal(self) -> Array:
        """The normalised batch."""
        return (self.x - self.mean) / self.deviation

    @property
    def out(self) -> Array:
        """In training."""
        return self.scaled(self.normal)

    @property
    def evaluated(self) -> Array:
        """The output with the running statistics."""
        return self.scaled((self.x - self.running_mean) / np.sqrt(self.running_var + self.eps))

    @property
    def dx(self) -> Array:
        """dL/dx in training."""
        return self.through(self.dout * self.gamma)

    def scaled(self, normal: Array) -> Array:
        """gamma · normal + beta."""
        return self.gamma * normal + self.beta

    def through(self, dnormal: Array, *, mean: bool = True, variance: bool = True) -> Array:
        """dL/dx from dL/dnormal, through the mean, through the variance, or through one of them only."""
        shift = dnormal.mean(self.axis, keepdims=True)
        stretch = self.normal * (dnormal * self.normal).mean(self.axis, keepdims=True)
        dx: Array = (dnormal - mean * shift - variance * stretch) / self.deviation
        return dx

    def running(self, share: float, var: Array) -> tuple[Array, Array]:
        """The running mean and variance after they moved by this share towards the batch's mean and this variance."""
        pairs = (self.running_mean, self.mean), (self.running_var, var)
        mean, variance = ((1 - share) * old + share * new.ravel() for old, new in pairs)
        return mean, variance


def norm(
    rng: np.random.Generator, *, axis: int = 0, samples: int | None = None, epsilon: tuple[float, float] = (0.01, 0.1)
) -> Norm:
    """A random case whose features differ in mean and spread; by default eps is large enough to be seen."""
    s, n = sizes(rng, 2)
    x = rng.normal(size=(samples or s, n)) * rng.uniform(0.5, 2, n) + rng.uniform(1, 4, n)
    gamma, beta, dout = rng.normal(2, 1, n), rng.normal(1, 1, n), rng.normal(size=x.shape)
    mean, var = rng.normal(size=n), rng.uniform(0.5, 2, n)
    eps, momentum = float(rng.uniform(*epsilon)), float(rng.uniform(0.05, 0.3))
    return Norm(x, gamma, beta, dout, mean, var, eps, momentum, axis)


def output_slips(case: Norm) -> list[Slip]:
    """Wrong outputs in training."""
    x, mean, eps = case.x, case.mean, case.eps
    other = 1 - case.axis
    wrong = "rows" if case.axis == 0 else "columns"
    turned = (x - x.mean(other, keepdims=True)) / np.sqrt(x.var(other, keepdims=True) + eps)
    groups = {"rows": "feature, over the samples", "columns": "sample, over its features"}[wrong]
    return [
        Slip("unbiased", case.scaled((x - mean) / np.sqrt(case.unbiased + eps)),
             "The variance is divided by n - 1; what normalises is the mean square, divided by n."),
        Slip(f"statistics_of_{wrong}", case.scaled(turned),
             f"Mean and variance are those of the {wrong}; take them for every {groups}."),
        Slip("gamma_beta_swapped", case.beta * case.normal + case.gamma,
             "gamma and beta are swapped: gamma scales, beta shifts."),
        Slip("not_rooted", case.scaled((x - mean) / (case.var + eps)),
             "That is divided by the variance; divide by its square root."),
        Slip("epsilon_outside", case.scaled((x - mean) / (np.sqrt(case.var) + eps)),
             "eps is added to the root; add it to the variance, under the root."),
        Slip("epsilon_ignored", case.scaled((x - mean) / np.sqrt(case.var + 1e-5)),
             "eps is fixed in the code; use the one that is given."),
        Slip("epsilon_ignored", case.scaled((x - mean) / np.sqrt(case.var)), "eps is left out."),
        Slip("not_centred", case.scaled(x / case.deviation), "The mean is not subtracted."),
        Slip("no_scale_and_shift", case.normal, "gamma and beta are not used."),
        Slip("running_in_training", case.evaluated, "In training the batch's own mean and variance normalise it."),
    ]  # fmt: skip


def evaluation_slips(case: Norm) -> list[Slip]:
    """Wrong outputs in evaluation."""
    centred, var, eps = case.x - case.running_mean, case.running_var, case.eps
    outside, fixed = (centred / (np.sqrt(var) + eps), centred / np.sqrt(var + 1e-5))
    return [
        Slip("batch_statistics", case.out,
             "The batch's own statistics are used; in evaluation the running ones take their place."),
        Slip("not_rooted", case.scaled(centred / (var + eps)),
             "That is divided by the running variance; divide by its square root."),
        Slip("nothing_done", case.x, "The input comes back as it is; normalise it with the running statistics."),
        Slip("gamma_beta_swapped", case.beta * centred / np.sqrt(var + eps) + case.gamma,
             "gamma and beta are swapped: gamma scales, beta shifts."),
        Slip("no_scale_and_shift", centred / np.sqrt(var + eps), "gamma and beta are not used in evaluation."),
        Slip("epsilon_outside", case.scaled(outside), "eps is added to the root; add it to the variance."),
        Slip("epsilon_ignored", case.scaled(fixed), "eps is fixed in the code; use the one that is given."),
        Slip("epsilon_ignored", case.scaled(centred / np.sqrt(var)), "eps is left out in evaluation."),
    ]  # fmt: skip


def running_slips(case: Norm, var: Array, other: tuple[str, Array, str]) -> tuple[list[Slip], list[Slip]]:
    """Wrong running means and variances, where `var` is the one that is taken up.

    `other` is the batch's variance with the wrong number below the line: its name, itself, what to tell.
    """
    share, name, wrong, says = case.momentum, *other
    mistakes = {
        "momentum_reversed": (case.running(1 - share, var),
                              "momentum counts for the wrong side: the old and the new are swapped."),
        name: (case.running(share, wrong), says),
        "not_updated": ((case.running_mean, case.running_var),
                        "The running statistics do not move; store the new ones in training."),
        "replaced": ((case.mean.ravel(), var.ravel()), "The running statistics are those of the last batch alone."),
        "deviation": (case.running(share, np.sqrt(var)),
                      "The running variance takes up the standard deviation; take the variance."),
    }  # fmt: skip
    means, variances = ([Slip(slip, pair[i], text) for slip, (pair, text) in mistakes.items()] for i in (0, 1))
    return means, variances


def input_slips(case: Norm) -> list[Slip]:
    """Wrong dx."""
    dnormal = case.dout * case.gamma
    return [
        *scaled("input", case.dx, len(case.x)),
        Slip("constant_statistics", dnormal / case.deviation, SHIFTED),
        Slip("constant_variance", case.through(dnormal, variance=False),
             "dx takes the variance for a constant; it changes with x, too."),
        Slip("constant_mean", case.through(dnormal, mean=False),
             "dx takes the mean for a constant; it changes with x, too."),
        Slip("no_gamma", case.through(case.dout), "gamma is missing in dx: the normalised values are scaled by it."),
    ]  # fmt: skip


def scale_slips(case: Norm) -> list[Slip]:
    """Wrong dgamma."""
    raw = (case.dout * case.x).sum(0)
    return [
        *scaled("gamma", (case.dout * case.normal).sum(0), len(case.x)),
        Slip("raw_x", raw, "gamma multiplies the normalised x, not x itself: so does dout in its gradient."),
        Slip("gamma_axes", (case.dout * case.normal).sum(1),
             "gamma's gradient is summed over the features; sum over samples."),
        Slip("no_dout", case.normal.sum(0), "gamma's gradient is not multiplied by dout."),
        Slip("beta_for_gamma", case.dout.sum(0), "This is the gradient of beta."),
    ]  # fmt: skip


def shift_slips(case: Norm) -> list[Slip]:
    """Wrong dbeta."""
    return [
        *scaled("beta", case.dout.sum(0), len(case.x)),
        Slip("beta_axes", case.dout.sum(1), "beta's gradient is summed over the features; sum over the samples."),
        Slip("not_summed", case.dout, "beta's gradient has one row per sample; sum over them."),
        Slip("gamma_for_beta", (case.dout * case.normal).sum(0), "This is the gradient of gamma."),
    ]
