"""Claims of concept items that can be run: what the right option says comes out of a computation."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from problem_bank import concepts

RNG = np.random.default_rng


def softmax(z: np.ndarray) -> np.ndarray:
    """Along the last axis."""
    e = np.exp(z - z.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


def attention(x: np.ndarray, mask: np.ndarray | None = None, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(outputs, weights) of self-attention with random projections on rows of x."""
    w = RNG(seed).normal(size=(3, x.shape[1], x.shape[1]))
    q, k, v = (x @ one for one in w)
    scores = q @ k.T / math.sqrt(x.shape[1])
    weights = softmax(scores if mask is None else np.where(mask, scores, -np.inf))
    return weights @ v, weights


def gradient(f: Callable[[float], float], x: float, h: float = 1e-5) -> float:
    return (f(x + h) - f(x - h)) / (2 * h)


def sigmoid(a: float) -> float:
    return 1 / (1 + math.exp(-a))


def log_sigmoid(a: float) -> float:
    return -math.log1p(math.exp(-a))


# Each claim: the items that it is behind, and the computation.


def gan_losses() -> bool:
    """Where the discriminator is sure, log(1 - D) is flat and -log D is steep."""
    a = -8.0  # D = 0.0003
    flat, steep = gradient(lambda z: math.log(1 - sigmoid(z)), a), gradient(lambda z: -log_sigmoid(z), a)
    return abs(flat) < 1e-3 and abs(steep) > 0.99


def gan_best_discriminator() -> bool:
    """With equal densities, the cross-entropy of a constant answer is least at 1/2."""
    answers = np.linspace(0.01, 0.99, 99)
    return math.isclose(answers[np.argmin(-np.log(answers) - np.log(1 - answers))], 0.5)


def reparameterised() -> bool:
    """mu + sigma eps has mean mu and variance sigma^2, and its derivatives by mu and sigma are 1 and eps."""
    z = 2 + 3 * RNG(0).normal(size=200_000)
    return bool(abs(z.mean() - 2) < 0.05 and abs(z.std() - 3) < 0.05)


def log_variance() -> bool:
    return all(math.isclose(math.exp(math.log(s**2) / 2), s) for s in (0.1, 1.0, 7.0))


def diffusion_variance() -> bool:
    """The variance of the signal-free part after many steps, by the recurrence of each step."""
    betas, variance = np.linspace(1e-3, 0.3, 40), 0.0
    for beta in betas:
        variance = (1 - beta) * variance + beta
    return math.isclose(variance, 1 - np.prod(1 - betas))


def mode_seeking() -> bool:
    """KL(q || p) for a mixture p is less on one mode than across both."""
    x = np.linspace(-15, 15, 20_001)

    def normal(mean: float, sd: float) -> np.ndarray:
        return np.asarray(np.exp(-((x - mean) ** 2) / (2 * sd**2)) / (sd * math.sqrt(2 * math.pi)))

    p = (normal(-5, 1) + normal(5, 1)) / 2

    def reverse(q: np.ndarray) -> float:
        return float(np.sum(q * (np.log(q + 1e-300) - np.log(p + 1e-300))) * (x[1] - x[0]))

    return reverse(normal(5, 1)) < reverse(normal(0, 5)) < reverse(normal(0, 0.3))


def flow_density() -> bool:
    """p(x/3) / 3 integrates to 1 and matches samples of 3 z."""
    x = np.linspace(-30, 30, 60_001)
    density = np.exp(-((x / 3) ** 2) / 2) / math.sqrt(2 * math.pi) / 3
    inside = np.abs(3 * RNG(1).normal(size=100_000)) < 3
    return (
        math.isclose(density.sum() * (x[1] - x[0]), 1, rel_tol=1e-6)
        and abs(inside.mean() - density[np.abs(x) < 3].sum() * (x[1] - x[0])) < 0.01
    )


def scores_variance() -> bool:
    """The product of independent standard vectors of length d has variance d, divided by sqrt(d) variance 1."""
    q, k = RNG(0).normal(size=(2, 50_000, 64))
    return bool(abs((q * k).sum(1).var() / 64 - 1) < 0.03)


def equivariant() -> bool:
    x, order = RNG(0).normal(size=(5, 4)), np.array([3, 0, 4, 1, 2])
    y, _ = attention(x)
    return np.allclose(attention(x[order])[0], y[order]) and not np.allclose(attention(x[order])[0], y)


def weights_by_query() -> bool:
    _, weights = attention(RNG(0).normal(size=(5, 4)))
    return np.allclose(weights.sum(1), 1) and not np.allclose(weights.sum(0), 1) and not np.allclose(weights, weights.T)


def causal() -> bool:
    """Masked before the softmax, weights of the future are 0, those of the first row (1, 0, ...), the past is fixed."""
    x, mask = RNG(0).normal(size=(6, 4)), np.tril(np.ones((6, 6), bool))
    y, weights = attention(x, mask)
    shorter, _ = attention(x[:5], mask[:5, :5])
    return bool(np.all(weights[~mask] == 0) and weights[0, 0] == 1 and np.allclose(weights.sum(1), 1)
                and np.allclose(shorter, y[:5]))  # fmt: skip


def zero_score() -> bool:
    """A score of 0 is no mask, and a softmax ignores summands and not factors."""
    z = np.array([1.0, -2.0, 0.5])
    return (
        softmax(z * np.array([1, 1, 0]))[2] > 0.1
        and np.allclose(softmax(z + 7), softmax(z))
        and (softmax(2 * z).max() > softmax(z).max())
    )


def heads_share_the_width() -> bool:
    d = 64
    return len({h * 3 * d * (d // h) for h in (1, 2, 8)}) == 1


def lstm_weights() -> bool:
    """PyTorch-like layout: four maps of inputs, state and one bias."""
    m, n = 3, 5
    maps = [np.zeros((n, m + n + 1)) for _ in ("input", "forget", "output", "candidate")]
    return sum(one.size for one in maps) == 4 * n * (m + n + 1)


def powers_shrink() -> bool:
    rng = RNG(0)
    basis, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    w, h = basis @ np.diag([0.9, -0.9, 0.3, 0.1]) @ basis.T, rng.normal(size=4)
    return all(
        np.linalg.norm(np.linalg.matrix_power(w, t) @ h) <= 0.9**t * np.linalg.norm(h) * 1.0001 for t in range(40)
    )


def shared_uses_add_up() -> bool:
    """d/dw of w (w (w x)) by differences is the sum over the three uses, 3 w^2 x, and not the last one alone."""
    w, x = 1.3, 0.7
    return math.isclose(gradient(lambda v: v**3 * x, w), 3 * w**2 * x, rel_tol=1e-6)


def rare_class() -> bool:
    truth = np.array([1] * 10 + [0] * 990)
    return bool(np.mean(truth == 0) == 0.99)


def lower_threshold() -> bool:
    """Recall never falls as the threshold does."""
    scores, truth = RNG(0).normal(size=200), RNG(1).random(200) < 0.3
    recalls = [np.mean(scores[truth] > t) for t in np.linspace(3, -3, 40)]
    return all(later >= earlier for earlier, later in pairwise(recalls))


def best_of_twenty() -> bool:
    """The least of twenty noisy test errors lies below the true one on average."""
    errors = RNG(0).binomial(500, 0.2, size=(300, 20)) / 500
    return bool(errors.min(1).mean() < 0.19)


def ranks_decide_auc() -> bool:
    scores, truth = RNG(0).normal(size=300), RNG(1).random(300) < 0.4

    def auc(s: np.ndarray) -> float:
        return float(np.mean(s[truth][:, None] > s[~truth][None]))

    return auc(scores) == auc(scores**3)


def overflow_avoided() -> bool:
    z = np.array([1000.0, 999.0])
    with np.errstate(over="ignore", invalid="ignore"):
        naive = np.exp(z) / np.exp(z).sum()
    return bool(np.isnan(naive).all() and np.isfinite(softmax(z)).all())


def log_of_zero() -> bool:
    z = np.array([0.0, -800.0])
    with np.errstate(divide="ignore"):
        return bool(np.isneginf(np.log(softmax(z))[1]) and z[1] - np.log(np.exp(z).sum()) == -800)


def lost_one() -> bool:
    return (1e20 + 1) - 1e20 == 0 and (0.1 + 0.2) + 0.3 != 0.1 + (0.2 + 0.3) and math.prod([0.01] * 1000) == 0


def step_too_small() -> bool:
    """The error of a central difference of exp at 1 is far larger with h = 1e-15 than with h = 1e-5."""
    return abs(gradient(math.exp, 1, 1e-15) - math.e) > 1e4 * abs(gradient(math.exp, 1, 1e-5) - math.e)


def cancelled_variance() -> bool:
    x = (1e8 + RNG(0).normal(size=1000)).astype(np.float32)
    naive = np.float32(np.mean(x * x, dtype=np.float32)) - np.float32(np.mean(x, dtype=np.float32)) ** 2
    return not 0.5 < naive < 2


def uniform_perplexity() -> bool:
    size = 50
    return math.isclose(math.exp(-sum(math.log(1 / size) for _ in range(7)) / 7), size)


def colder_is_sharper() -> bool:
    z = np.array([1.0, 0.0, -1.0])
    return bool(softmax(z / 0.5).max() > softmax(z).max())


def looked_up() -> bool:
    matrix, token = RNG(0).normal(size=(7, 3)), 4
    return bool(np.array_equal(np.eye(7)[token] @ matrix, matrix[token]))


def step_limit() -> bool:
    """On curvatures 1 and 10, rates just below 0.2 converge and just above diverge."""

    def last(rate: float) -> float:
        x = np.array([1.0, 1.0])
        for _ in range(3000):
            x = x - rate * np.array([1.0, 10.0]) * x
        return float(np.linalg.norm(x))

    with np.errstate(over="ignore", invalid="ignore"):
        return last(0.199) < 1e-6 and not last(0.201) < 1e6


def logistic_is_convex() -> bool:
    """Midpoints lie below chords for logistic regression; for two linear layers in a row some do not."""
    rng = RNG(0)
    x, t = rng.normal(size=(30, 3)), rng.integers(0, 2, 30) * 2 - 1

    def loss(w: np.ndarray) -> float:
        return float(np.mean(np.log1p(np.exp(-t * (x @ w)))))

    def deep(w: np.ndarray) -> float:
        return float((w[0] * w[1] - 1) ** 2)

    pairs = rng.normal(scale=3, size=(200, 2, 3))
    below = all(loss((a + b) / 2) <= (loss(a) + loss(b)) / 2 + 1e-12 for a, b in pairs)
    return below and deep(np.zeros(2)) > (deep(np.ones(2)) + deep(-np.ones(2))) / 2


def bottleneck_saves() -> bool:
    return 256 * 32 + 9 * 32 * 256 < 9 * 256 * 256 and 9 * 64 + 64**2 < 9 * 64**2


def folded_normalisation() -> bool:
    """In evaluation mode, normalisation behind a linear layer is another linear layer."""
    rng = RNG(0)
    w, b, x = rng.normal(size=(4, 3)), rng.normal(size=4), rng.normal(size=(9, 3))
    mean, var, gamma, beta = rng.normal(size=4), rng.random(4) + 0.5, rng.normal(size=4), rng.normal(size=4)
    y = gamma * ((x @ w.T + b) - mean) / np.sqrt(var) + beta
    scale = gamma / np.sqrt(var)
    return bool(np.allclose(y, x @ (scale[:, None] * w).T + scale * (b - mean) + beta))


CLAIMS: dict[Callable[[], bool], tuple[str, ...]] = {
    gan_losses: ("gan_saturation", "gan_diffusion_facts.perfect_discriminator"),
    gan_best_discriminator: ("gan_equilibrium",),
    reparameterised: ("vae_reparameterisation",),
    log_variance: ("vae_log_variance",),
    diffusion_variance: ("diffusion_jump",),
    mode_seeking: ("kl_direction",),
    flow_density: ("flow_jacobian",),
    scores_variance: ("attention_scaling",),
    equivariant: ("attention_permutation",),
    weights_by_query: ("attention_weights", "attention_facts.symmetric"),
    causal: ("causal_mask", "mask_facts.first_row", "mask_facts.past_unchanged"),
    zero_score: ("mask_facts.padding", "attention_facts.query_scale"),
    heads_share_the_width: ("multi_head_parameters",),
    lstm_weights: ("lstm_count",),
    powers_shrink: ("rnn_vanishing",),
    shared_uses_add_up: ("bptt_gradient",),
    rare_class: ("imbalanced_accuracy",),
    lower_threshold: ("threshold_move",),
    best_of_twenty: ("test_set_reuse",),
    ranks_decide_auc: ("metric_facts.auc",),
    overflow_avoided: ("softmax_overflow",),
    log_of_zero: ("log_of_softmax",),
    lost_one: ("float_addition", "numerics_facts.associative", "numerics_facts.product_of_probabilities"),
    step_too_small: ("gradient_check_step",),
    cancelled_variance: ("variance_formula",),
    uniform_perplexity: ("perplexity_uniform",),
    colder_is_sharper: ("temperature",),
    looked_up: ("embedding_lookup",),
    step_limit: ("largest_step",),
    logistic_is_convex: ("convex_losses",),
    bottleneck_saves: ("one_by_one_cost", "depthwise_saving"),
    folded_normalisation: ("test_time_facts.fold",),
}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.__name__)
def test_the_claim_holds_when_it_is_run(claim: Callable[[], bool]) -> None:
    """The computation behind the right option, on numbers."""
    assert claim()


def test_every_claim_belongs_to_an_item() -> None:
    """The items that the table names exist."""
    known = {*concepts.choices(), *(f"{id}.{one.name}" for id, found in concepts.sets().items() for one in found.items)}
    assert {name for names in CLAIMS.values() for name in names} <= known
