"""The activation functions that a student may be asked to write, each with what wrong rules compute in its place."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from problem_bank.exercise import Slip
from problem_bank.subjects.layer_checks import Array
from solutions.numpy_nn import activations as ours

Function = Callable[..., Array]
ALPHA = 0.7


@dataclass(frozen=True)
class Target:
    """One function to write: ours of the same name, what it is, and what wrong rules compute from (x, ...)."""

    name: str
    meaning: str
    wrong: tuple[tuple[str, Function, str], ...]

    @property
    def arguments(self) -> tuple[float, ...]:
        """What it takes besides x."""
        return (ALPHA,) if self.name.startswith("elu") else ()

    @property
    def signature(self) -> str:
        """The call that a student reads."""
        return f"{self.name}(x, alpha)" if self.arguments else f"{self.name}(x)"

    def right(self, x: Array, *more: float) -> Array:
        """The true values."""
        value: Array = getattr(ours, self.name)(x, *(more or self.arguments))
        return value

    def slips(self, x: Array) -> list[Slip]:
        """The values that wrong rules lead to."""
        return [Slip(name, wrong(x, *self.arguments), says) for name, wrong, says in self.wrong]


def _s(x: Array) -> Array:
    return ours.sigmoid(x)


AT_OUTPUT = "Its argument is x, not the output: compute the function first, then the slope from it."
RELU = Target("relu", r"$\max(x, 0)$", (
    ("absolute", np.abs, "That is |x|; left of 0 the output is 0."),
    ("wrong_side", lambda x: np.minimum(x, 0), "The positive entries are cut off in place of the negative ones."),
    ("leaky", ours.leaky_relu, "Left of 0 the output is exactly 0; with a small slope it is a leaky ReLU."),
    ("step", lambda x: (x > 0) * 1.0, "That is the derivative; to the right of 0 the output is x itself."),
))  # fmt: skip
RELU_GRAD = Target("relu_grad", "the derivative of `relu`", (
    ("one_everywhere", np.ones_like, "The derivative is 1 right of 0 only; left of it the output is constant."),
    ("value", ours.relu, "That is the function itself, not its derivative."),
    ("sign", np.sign, "Left of 0 the derivative is 0, not −1: the output is constant there."),
    ("wrong_side", lambda x: (x < 0) * 1.0, "The sides are swapped: the derivative is 1 right of 0."),
))  # fmt: skip
SIGMOID = Target("sigmoid", r"$1 / (1 + e^{-x})$", (
    ("sign_in_exp", lambda x: _s(-x), "The sign in the exponent is wrong: it is 1/(1 + e⁻ˣ), which grows with x."),
    ("not_inverted", lambda x: 1 + np.exp(-x), "That is the denominator; the sigmoid is 1 over it."),
    ("tanh", np.tanh, "That is tanh; the sigmoid lies between 0 and 1."),
))  # fmt: skip
SIGMOID_GRAD = Target("sigmoid_grad", "the derivative of `sigmoid`", (
    ("value", _s, "That is the sigmoid itself; its derivative is σ(x)(1 − σ(x))."),
    ("at_output", lambda x: ours.sigmoid_grad(_s(x)), AT_OUTPUT),
    ("of_the_input", lambda x: x * (1 - x), "x(1 − x) takes x for the output. " + AT_OUTPUT),
    ("as_tanh", lambda x: 1 - _s(x) ** 2, "1 − y² is the rule for tanh; the sigmoid has y(1 − y)."),
    ("factor_missing", lambda x: 1 - _s(x), "A factor is missing: the derivative is σ(x)(1 − σ(x))."),
    ("sign", lambda x: -ours.sigmoid_grad(x), "The sigmoid grows, so its derivative is positive."),
))  # fmt: skip
TANH = Target("tanh", r"$(e^x - e^{-x}) / (e^x + e^{-x})$", (
    ("inverted", lambda x: 1 / np.tanh(x), "Numerator and denominator are swapped."),
    ("sign", lambda x: np.tanh(-x), "The sign is wrong: tanh grows with x."),
    ("unscaled_sigmoid", lambda x: 2 * _s(x) - 1, "That is tanh(x/2): tanh(x) = 2σ(2x) − 1."),
    ("halved", lambda x: np.tanh(x) / 2, "A factor 2 is missing."),
))  # fmt: skip
TANH_GRAD = Target("tanh_grad", "the derivative of `tanh`", (
    ("value", np.tanh, "That is tanh itself; its derivative is 1 − tanh²(x)."),
    ("at_output", lambda x: 1 - np.tanh(np.tanh(x)) ** 2, AT_OUTPUT),
    ("of_the_input", lambda x: 1 - x**2, "1 − x² takes x for the output. " + AT_OUTPUT),
    ("as_sigmoid", lambda x: np.tanh(x) * (1 - np.tanh(x)), "y(1 − y) is the rule for the sigmoid; tanh has 1 − y²."),
    ("not_squared", lambda x: 1 - np.tanh(x), "The square is missing: 1 − tanh²(x)."),
))  # fmt: skip
ELU = Target("elu", r"$x$ right of 0, $\alpha(e^x - 1)$ left of it", (
    ("alpha_ignored", lambda x, a: ours.elu(x), "alpha is not used: left of 0 the output is alpha times (eˣ − 1)."),
    ("one_missing", lambda x, a: np.where(x > 0, x, a * np.exp(x)),
     "The −1 is missing: α(eˣ − 1), so that both sides meet at 0."),
    ("alpha_on_exp_only", lambda x, a: np.where(x > 0, x, a * np.exp(x) - 1), "alpha multiplies the whole of eˣ − 1."),
    ("one_formula", lambda x, a: a * np.expm1(x), "Right of 0 the output is x itself."),
    ("leaky", lambda x, a: np.where(x > 0, x, a * x), "Left of 0 that is a leaky ReLU; ELU is α(eˣ − 1) there."),
    ("alpha_in_exp", lambda x, a: np.where(x > 0, x, np.expm1(a * x)), "alpha is a factor, not in the exponent."),
))  # fmt: skip
ELU_GRAD = Target("elu_grad", "the derivative of `elu`", (
    ("slope_without_alpha", lambda x, a: ours.elu_grad(x), "alpha is not used: left of 0 the slope is αeˣ."),
    ("one_subtracted", ours.elu, "The −1 disappears in the derivative: left of 0 the slope is αeˣ, right of it 1."),
    ("one_left", lambda x, a: np.where(x > 0, 1, a * np.expm1(x)),
     "The −1 disappears in the derivative: the slope is αeˣ left of 0."),
    ("at_output", lambda x, a: ours.elu_grad(ours.elu(x, a), a), AT_OUTPUT),
    ("one_everywhere", lambda x, a: np.ones_like(x), "The derivative is 1 right of 0 only; left of it, it is αeˣ."),
    ("as_relu", lambda x, a: ours.relu_grad(x), "Left of 0 the slope is αeˣ, not 0."),
    ("one_formula", lambda x, a: a * np.exp(x), "Right of 0 the slope is 1."),
))  # fmt: skip
SOFTPLUS = Target("softplus", r"$\ln(1 + e^x)$", (
    ("sign_in_exp", lambda x: ours.softplus(-x), "The sign in the exponent is wrong: softplus grows with x."),
    ("relu", ours.relu, "That is ReLU; softplus is its smooth form ln(1 + eˣ)."),
))  # fmt: skip
SOFTPLUS_GRAD = Target("softplus_grad", "the derivative of `softplus`", (
    ("sign_in_exp", lambda x: _s(-x), "The sign is wrong: the derivative of softplus is σ(x)."),
    ("inner_missing", lambda x: 1 / (1 + np.exp(x)), "The inner derivative eˣ is missing: eˣ/(1 + eˣ)."),
    ("as_sigmoid", ours.sigmoid_grad, "That is the derivative of the sigmoid; that of softplus is the sigmoid itself."),
))  # fmt: skip
SILU = Target("silu", r"$x\,\sigma(x)$, with $\sigma$ for the sigmoid", (
    ("sigmoid", _s, "The factor x is missing: silu is x σ(x)."),
    ("of_sigmoid", lambda x: _s(x) * _s(_s(x)), "The factor in front is x, not σ(x)."),
))  # fmt: skip
SILU_GRAD = Target("silu_grad", "the derivative of `silu`", (
    ("first_term_missing", lambda x: x * ours.sigmoid_grad(x), "The product rule has two terms: σ(x) is missing."),
    ("second_term_missing", _s, "The product rule has two terms: x σ(x)(1 − σ(x)) is missing."),
    ("x_missing", lambda x: _s(x) + ours.sigmoid_grad(x), "The second term of the product rule keeps its factor x."),
))  # fmt: skip

BASIC = (RELU, RELU_GRAD, SIGMOID, SIGMOID_GRAD, TANH, TANH_GRAD)
MORE = (SOFTPLUS, SOFTPLUS_GRAD, SILU, SILU_GRAD)
