"""Generative models: hand-worked cases, PyTorch's distributions and gradients, properties, follow-through."""

from __future__ import annotations

from fractions import Fraction
from math import log, pi, sqrt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.families.generative._coupling import Coupling
from problem_bank.families.generative._divergences import discrete, normal
from problem_bank.variant import Variant
from problem_bank.verdict import Status

VAE: dict[str, Any] = {"mu": [1, "1/2"], "sigma": [2, "1/2"], "R": 3}
SAMPLE: dict[str, Any] = {"mu": [1, -1], "sigma": [2, "1/2"], "eps": ["1/2", -1], "w": [3, 1], "b": -1, "x": 2}
TABLE: dict[str, Any] = {"P": ["1/2", "3/10", "1/5"], "Q": ["1/10", "3/10", "3/5"]}
NORMAL: dict[str, Any] = {"mean": 1, "sd": 2, "a": 3, "b": "1/2"}
LAYER: dict[str, Any] = {"power1": 1, "width1": 1, "slope1": 1, "offset1": 1, "z": [1, 2]}
NOISE: dict[str, Any] = {"beta": ["1/10", "1/5", "3/10"], "start": [1, -1], "noise": [2, "1/2"]}
LEVELS = ("easy", "medium", "hard")
rationals = st.fractions(-4, 4, max_denominator=6)
positive = st.fractions(Fraction(1, 5), 5, max_denominator=6)
weights = st.lists(st.integers(1, 20), min_size=3, max_size=3)


def drawn(name: str, level: str | None = None, **given: Any) -> Variant:
    return load(f"generative.{name}").draw("", level=level, given=given)


def some(name: str, level: str) -> list[Variant]:
    """A few draws."""
    return [load(f"generative.{name}").draw(("test", i), level=level) for i in range(4)]


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def tensor(value: Any) -> Any:
    """A float64 leaf of torch that wants its gradient."""
    torch = pytest.importorskip("torch")
    return torch.tensor(np.array(value, dtype=float), requires_grad=True)


@given(rationals, positive, rationals, positive)
@settings(max_examples=60, deadline=None)
def test_a_divergence_of_normals_is_its_integral(m: Fraction, s: Fraction, a: Fraction, b: Fraction) -> None:
    """The closed form is the integral of p ln(p/q), summed over a fine grid; it is 0 only for the same distribution."""
    x = np.linspace(float(m - 9 * s), float(m + 9 * s), 4001)
    log_p, log_q = (-(((x - float(c)) / float(d)) ** 2) / 2 - np.log(float(d)) for c, d in ((m, s), (a, b)))
    integral = (np.exp(log_p) * (log_p - log_q)).sum() * (x[1] - x[0]) / sqrt(2 * pi)
    closed = normal(m, s, a, b)
    assert closed == pytest.approx(integral, rel=1e-6, abs=1e-6)
    assert closed > 0 if (m, s) != (a, b) else closed == 0


@given(weights, weights)
@settings(max_examples=60, deadline=None)
def test_a_divergence_of_tables_is_not_negative(p: list[int], q: list[int]) -> None:
    """KL >= 0, and 0 for proportional weights alone."""
    first, second = ([Fraction(v, sum(row)) for v in row] for row in (p, q))
    value = discrete(first, second)
    assert value > 1e-9 if first != second else value == pytest.approx(0, abs=1e-12)


def test_the_loss_of_a_vae_by_hand() -> None:
    """N(1, 4) costs (1 + 4 - 1 - ln 4)/2 = 2 - ln 2, and N(1/2, 1/4) costs ln 2 - 1/4; the bound is -3 - 7/4."""
    keys = drawn("vae_loss", "easy", **VAE).exercise.keys()
    assert keys["kl"] == pytest.approx((2 - log(2), log(2) - 1 / 4))
    assert keys["divergence"] == pytest.approx(7 / 4)
    assert keys["elbo"] == pytest.approx(-4.75)


@pytest.mark.parametrize("level", LEVELS)
def test_the_loss_of_a_vae_is_that_of_torch(level: str) -> None:
    """torch.distributions: divergence, log-probability of pixels or coordinates; autograd by the log-variance."""
    torch = pytest.importorskip("torch")
    draw = torch.distributions
    for variant in some("vae_loss", level):
        given, keys = variant.exercise.given, variant.exercise.keys()
        log_variance = tensor([2 * log(s) for s in given["sigma"]])
        q = draw.Normal(tensor(given["mu"]), (log_variance / 2).exp())
        kl = draw.kl_divergence(q, draw.Normal(0.0, 1.0))
        assert kl.tolist() == pytest.approx(keys["kl"])
        error = float(given["R"]) if level == "easy" else keys["error"]
        assert keys["elbo"] == pytest.approx(-error - kl.sum().item())
        if level == "medium":
            likelihood = draw.Normal(tensor(given["outputs"]), 1.0).log_prob(tensor(given["x"])) + log(2 * pi) / 2
            assert error == pytest.approx(-likelihood.sum().item())
        if level == "hard":
            likelihood = draw.Bernoulli(tensor(given["outputs"])).log_prob(tensor(given["x"]))
            assert error == pytest.approx(-likelihood.sum().item())
            kl.sum().backward()
            assert log_variance.grad.tolist() == pytest.approx([float(v) for v in keys["dlogvar"]])


def test_a_variance_for_a_standard_deviation_is_paid_once() -> None:
    """exp(l) as sigma is named; what follows from it is consistent."""
    kl = normal(1, 4, 0, 1), normal(Fraction(1, 2), Fraction(1, 4), 0, 1)
    verdicts = marked(drawn("vae_loss", "easy", **VAE), sigma="[4, 1/4]", kl=list(kl), divergence=sum(kl))
    assert verdicts["sigma"].misconceptions == ("variance",)
    assert {verdicts[name].status for name in ("kl", "divergence")} == {Status.CONSISTENT}


def test_a_gradient_through_a_sample_by_hand() -> None:
    """z = (2, -3/2), the output 7/2, its error 3/2; by l the code moves by sigma eps / 2 = (1/2, -1/4)."""
    keys = drawn("reparameterise", **SAMPLE).exercise.keys()
    assert keys["z"] == (2, Fraction(-3, 2))
    assert keys["xhat"] == Fraction(7, 2)
    assert keys["dmu"] == (Fraction(9, 2), Fraction(3, 2))
    assert keys["dlogvar"] == (Fraction(9, 4), Fraction(-3, 8))


@pytest.mark.parametrize("level", LEVELS)
def test_gradients_through_a_sample_are_those_of_autograd(level: str) -> None:
    """The same loss in torch, with the divergence of torch.distributions where the prior counts."""
    torch = pytest.importorskip("torch")
    for variant in some("reparameterise", level):
        given, keys = variant.exercise.given, variant.exercise.keys()
        mu, log_variance = tensor(given["mu"]), tensor([2 * log(s) for s in given["sigma"]])
        q = torch.distributions.Normal(mu, (log_variance / 2).exp())
        z = q.loc + q.scale * tensor(given["eps"])
        error = tensor(given["w"]) @ z + given["b"] - given["x"] if level != "easy" else z - tensor(given["t"])
        loss = (error**2).sum() / 2
        if level == "hard":
            loss = loss + torch.distributions.kl_divergence(q, torch.distributions.Normal(0.0, 1.0)).sum()
        loss.backward()
        assert mu.grad.tolist() == pytest.approx([float(v) for v in keys["dmu"]])
        assert log_variance.grad.tolist() == pytest.approx([float(v) for v in keys["dlogvar"]])


def test_a_slope_by_sigma_is_named_and_followed() -> None:
    """By sigma the code moves by eps; the gradient that follows from this is consistent."""
    verdicts = marked(drawn("reparameterise", **SAMPLE), slope="[1/2, -1]", dlogvar="[9/4, -3/2]")
    assert verdicts["slope"].misconceptions == ("by_sigma",)
    assert verdicts["dlogvar"].status is Status.CONSISTENT


def test_adversarial_losses_by_hand() -> None:
    """D = 0.8, 0.5 for real and 0.2, 0.5, 0.5 for generated examples."""
    keys = drawn("gan_values", "easy", real=["4/5", "1/2"], fake=["1/5", "1/2", "1/2"]).exercise.keys()
    assert keys["critic"] == pytest.approx(-log(0.4) / 2 - log(0.2) / 3)
    assert keys["saturating"] == pytest.approx(log(0.2) / 3)
    assert keys["non_saturating"] == pytest.approx(-log(0.05) / 3)


def test_adversarial_losses_are_those_of_torch() -> None:
    """Binary cross-entropy with logits: real examples labelled 1, generated ones 0, and 1 for the generator's trick."""
    torch = pytest.importorskip("torch")
    cost = torch.nn.functional.binary_cross_entropy_with_logits
    for variant in some("gan_values", "medium"):
        given, keys = variant.exercise.given, variant.exercise.keys()
        real, fake = tensor([log(k) for k in given["real"]]), tensor([-log(k) for k in given["fake"]])
        assert real.sigmoid().tolist() == pytest.approx([float(v) for v in keys["real"]])
        assert fake.sigmoid().tolist() == pytest.approx([float(v) for v in keys["fake"]])
        zeros, ones = torch.zeros_like(fake), torch.ones_like(fake)
        critic = cost(real, torch.ones_like(real)) + cost(fake, zeros)
        assert critic.item() == pytest.approx(keys["critic"])
        for name, loss in (("saturating", -cost(fake, zeros)), ("non_saturating", cost(fake, ones))):
            assert loss.item() == pytest.approx(keys[name])
            (slope,) = torch.autograd.grad(loss, fake)
            assert slope.tolist() == pytest.approx([float(v) for v in keys[f"d_{name}"]])


def test_no_discriminator_beats_the_best_one() -> None:
    """Goodfellow et al. 2014, proposition 1: the value falls in every direction from p / (p + q)."""
    for variant in some("gan_values", "hard"):
        given, keys = variant.exercise.given, variant.exercise.keys()
        p, q, best = (np.array(row, dtype=float) for row in (given["p"], given["q"], keys["best"]))
        moved = best + 0.05 * np.random.default_rng(1).uniform(-1, 1, (200, 3)) * np.minimum(best, 1 - best)
        values = np.log(moved) @ p + np.log(1 - moved) @ q
        assert values.max() < keys["best_value"]
        assert 0 < keys["js"] < log(2)


def test_equal_distributions_leave_the_discriminator_with_a_half() -> None:
    """Theorem 1: for p = q the best one says 1/2 everywhere, and the value is -ln 4."""
    same = ["1/2", "3/10", "1/5"]
    keys = drawn("gan_values", "hard", p=same, q=same, d=["3/5", "2/5", "1/5"]).exercise.keys()
    assert keys["best"] == (Fraction(1, 2),) * 3
    assert keys["best_value"] == pytest.approx(-log(4))
    assert keys["js"] == pytest.approx(0, abs=1e-12)


def test_exchanged_losses_of_the_generator_are_named() -> None:
    """ln(1 - D) where -ln D is asked for, and the other way round."""
    variant = drawn("gan_values", "easy", real=["4/5", "1/2"], fake=["1/5", "1/2", "2/5"])
    keys = variant.exercise.keys()
    verdicts = marked(variant, saturating=keys["non_saturating"], non_saturating=keys["saturating"])
    assert verdicts["saturating"].misconceptions == ("non_saturating",)
    assert verdicts["non_saturating"].misconceptions == ("saturating",)


def test_divergences_by_hand() -> None:
    """(1/2, 3/10, 1/5) against (1/10, 3/10, 3/5): ln(5)/2 - ln(3)/5 and 3 ln(3)/5 - ln(5)/10."""
    keys = drawn("divergence", "easy", **TABLE).exercise.keys()
    assert keys["forward"] == pytest.approx(log(5) / 2 - log(3) / 5)
    assert keys["reverse"] == pytest.approx(3 * log(3) / 5 - log(5) / 10)


def test_divergences_of_normals_are_those_of_torch() -> None:
    """torch.distributions at the drawn numbers; the least is a least."""
    torch = pytest.importorskip("torch")
    draw = torch.distributions
    for variant in some("divergence", "hard"):
        given, keys = variant.exercise.given, variant.exercise.keys()
        p, q = (draw.Normal(*(float(given[name]) for name in names)) for names in (("mean", "sd"), ("a", "b")))
        assert draw.kl_divergence(p, q).item() == pytest.approx(keys["at"], rel=1e-5)
        assert draw.kl_divergence(q, p).item() == pytest.approx(keys["back"], rel=1e-5)
        best, at = float(keys["best"]), (given["mean"], given["sd"], given["a"])
        least = normal(*at, sqrt(best))
        assert least < min(normal(*at, sqrt(best * factor)) for factor in (0.5, 0.98, 1.02, 2))


@pytest.mark.parametrize(
    ("typed", "misconceptions"),
    [
        ("0.5*(ln(b^2/4) + (4 + (a - 1)^2)/b^2 - 1)", ()),
        ("ln(b/2) + (a^2 - 2a + 5)/(2 b^2) - 1/2", ()),
        ("ln(2/b) + (b^2 + (a - 1)^2)/8 - 1/2", ("direction",)),
        ("ln(b/4) + (16 + (a - 1)^2)/(2 b^2) - 1/2", ("sd_for_variance",)),
    ],
)
def test_the_formula_is_read_in_any_form(typed: str, misconceptions: tuple[str, ...]) -> None:
    """KL(N(1, 4) || N(a, b^2)) in other words is right; the other direction, or 4 as the sd, is named."""
    verdict = marked(drawn("divergence", "hard", **NORMAL), formula=typed)["formula"]
    assert verdict.misconceptions == misconceptions
    assert (verdict.status is Status.RIGHT) == (not misconceptions)


def test_the_own_formula_is_followed_unless_it_is_a_number() -> None:
    """A wrong formula costs its own mark; a constant typed twice earns nothing."""
    variant = drawn("divergence", "hard", **NORMAL)
    own = log(1 / 4) + (4 + 4) / (2 / 4)
    verdicts = marked(variant, formula="ln(b/2) + (4 + (a - 1)^2)/(2 b^2)", at=own)
    assert verdicts["formula"].misconceptions == ("no_half",)
    assert verdicts["at"].status is Status.CONSISTENT
    assert marked(variant, formula="7", at="7")["at"].score == 0


def test_any_table_may_be_given() -> None:
    """Also thirds: (1/2, 1/4, 1/4) against the uniform distribution, ln 3 - 3/2 ln 2."""
    given = {"P": ["1/2", "1/4", "1/4"], "Q": ["1/3", "1/3", "1/3"]}
    assert drawn("divergence", "easy", **given).exercise.keys()["forward"] == pytest.approx(log(3) - 1.5 * log(2))


def test_a_skipped_gap_is_named() -> None:
    """Where P is 0, Q still counts in KL(Q || M)."""
    variant = some("divergence", "medium")[0]
    given, keys = variant.exercise.given, variant.exercise.keys()
    gap = given["P"].index(0)
    verdict = marked(variant, q_to_m=keys["q_to_m"] - float(given["Q"][gap]) * log(2))["q_to_m"]
    assert verdict.misconceptions == ("gap_skipped",)
    assert 0 < keys["js"] < log(2)


def test_a_coupling_layer_by_hand() -> None:
    """At v = 1, v^2 + 1 = 2 and v + 1 = 2: (1, 2) becomes (1, 6), stretched by 2."""
    keys = drawn("change_of_variables", "easy", **LAYER).exercise.keys()
    assert keys["x"] == (1, 6)
    assert keys["logdet"] == pytest.approx(log(2))
    assert keys["logp"] == pytest.approx(-5 / 2 - log(2 * pi) - log(2))


signs, whole = st.sampled_from([-1, 1]), st.integers(-4, 4)
layers = st.builds(Coupling, st.sampled_from([0, 1]), signs, st.integers(1, 5), whole, whole)


@given(layers, st.tuples(rationals, rationals))
@settings(max_examples=60, deadline=None)
def test_a_coupling_layer_is_undone_exactly(layer: Coupling, pair: tuple[Fraction, Fraction]) -> None:
    """Backwards after forwards is where we were, without rounding; the other way round too."""
    assert layer.inverse(layer.forward(pair)) == pair
    assert layer.forward(layer.inverse(pair)) == pair


def test_the_density_of_a_flow_integrates_to_one() -> None:
    """Two layers, the density of the key's formula summed over a fine grid that holds nearly all examples."""
    first, second = Coupling(0, -1, 1, 1, 1), Coupling(1, -1, 1, 1, 0)
    step = 0.02
    x = np.meshgrid(np.arange(-10, 12, step), np.arange(-8, 10, step))
    u = second.inverse(x)
    z = first.inverse(u)
    stretch = np.log(first.factor(z[0])) + np.log(second.factor(u[1]))
    density = np.exp(-(z[0] ** 2 + z[1] ** 2) / 2 - stretch) / (2 * pi)
    assert density.sum() * step**2 == pytest.approx(1, abs=0.01)


def test_a_turned_log_determinant_is_paid_once() -> None:
    """The sign of the log-determinant is named; the density that follows from it is consistent."""
    variant = drawn("change_of_variables", "easy", **LAYER)
    verdicts = marked(variant, logdet=-log(2), logp=-5 / 2 - log(2 * pi) + log(2))
    assert verdicts["logdet"].misconceptions == ("sign",)
    assert verdicts["logp"].status is Status.CONSISTENT


def test_the_schedule_and_a_jump_by_hand() -> None:
    """0.9, then 0.9 * 0.8 = 0.72 and 0.72 * 0.7 = 0.504 of the signal's power are left."""
    keys = drawn("diffusion_step", "easy", **NOISE).exercise.keys()
    assert keys["abar"] == pytest.approx((0.9, 0.72, 0.504))
    assert keys["mean"] == pytest.approx((sqrt(0.504), -sqrt(0.504)))
    assert keys["variance"] == pytest.approx(0.496)
    assert keys["noised"] == pytest.approx((sqrt(0.504) + 2 * sqrt(0.496), -sqrt(0.504) + sqrt(0.496) / 2))


def test_a_jump_has_the_distribution_of_single_steps() -> None:
    """Mean and variance of 200,000 examples that went step by step are those of the key."""
    keys, random = drawn("diffusion_step", "easy", **NOISE).exercise.keys(), np.random.default_rng(0)
    x = np.ones(200_000)
    for beta in (0.1, 0.2, 0.3):
        x = sqrt(1 - beta) * x + sqrt(beta) * random.standard_normal(x.size)
    assert x.mean() == pytest.approx(keys["mean"][0], abs=0.01)
    assert x.var() == pytest.approx(keys["variance"], abs=0.01)


def test_the_right_guess_leads_back_to_the_data() -> None:
    """With the added noise itself as the guess, the estimate is the data and the loss 0."""
    keys = drawn("diffusion_step", "medium", **NOISE, guess=NOISE["noise"]).exercise.keys()
    assert keys["estimate"] == pytest.approx((1, -1))
    assert keys["loss"] == 0


def test_a_step_back_is_that_of_the_paper() -> None:
    """Ho et al. 2020, equation 11 for the mean and equation 7 for the variance, which is below beta."""
    for variant in some("diffusion_step", "hard"):
        given, keys = variant.exercise.given, variant.exercise.keys()
        beta, (*_, before, last) = float(given["beta"][-1]), keys["abar"]
        for x, guess, mean in zip(given["now"], given["guess"], keys["back"], strict=True):
            share = beta / sqrt(1 - last) * float(guess)
            assert mean == pytest.approx((float(x) - share) / sqrt(1 - beta), abs=1e-12)
        assert keys["spread"] == pytest.approx((1 - before) / (1 - last) * beta)
        assert keys["spread"] < beta


def test_factors_for_products_are_paid_once() -> None:
    """The alphas in place of their products are named; the jump that follows from them is consistent."""
    jump = [sqrt(0.7) + 2 * sqrt(0.3), -sqrt(0.7) + sqrt(0.3) / 2]
    verdicts = marked(drawn("diffusion_step", "easy", **NOISE), abar="[0.9, 0.8, 0.7]", noised=jump)
    assert verdicts["abar"].misconceptions == ("alphas",)
    assert verdicts["noised"].status is Status.CONSISTENT


@pytest.mark.parametrize(
    ("name", "knobs", "said"),
    [
        ("vae_loss", {"decoder": "laplace"}, "given, normal or pixels"),
        ("gan_values", {"outputs": "scores"}, "probabilities, logits or table"),
        ("divergence", {"kind": "both ways"}, "both, mixture or normal"),
        ("change_of_variables", {"layers": 3}, "inverse with 1 or 2"),
        ("diffusion_step", {"task": "sample"}, "noise, denoise, back"),
        ("divergence", {"P": ["1/2", "1/2", "1/2", 0]}, "probabilities that sum to 1"),
        ("divergence", {"P": ["1/2", "1/4", "1/8", "1/8"]}, "expected 1 of the probabilities to be 0"),
    ],
)
def test_unknown_settings_are_refused(name: str, knobs: dict[str, Any], said: str) -> None:
    """The message lists what there is."""
    with pytest.raises(BadGiven, match=said):
        drawn(name, **knobs)
