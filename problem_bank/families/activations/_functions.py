"""Activation functions h = f(x), with their derivatives written in terms of h."""

from collections.abc import Mapping
from typing import NamedTuple


class Wrong(NamedTuple):
    """A derivative that a misconception leads to."""

    name: str
    text: str
    feedback: str


class Activation(NamedTuple):
    """An activation h = f(x), and h' in letters of `symbols`; for ELU and leaky ReLU where x < 0.

    `steps` derive it, as LaTeX. `value` is h at x = side * ln k in k and alpha, where that is rational, else "".
    """

    title: str
    tex: str
    symbols: Mapping[str, str]
    derivative: str
    steps: str
    wrong: tuple[Wrong, ...]
    value: str = ""
    wrong_values: tuple[Wrong, ...] = ()
    side: int = 1


OUTPUT = {"h": "real"}
WITH_ALPHA = {"h": "real", "alpha": "positive"}
_OUTPUT_ITSELF = "That is $h$ itself; differentiate it and collect what is $h$ again."

ACTIVATIONS = {
    "sigmoid": Activation(
        "the sigmoid", r"\frac{1}{1 + e^{-x}}", {"h": "unit"}, "h*(1 - h)",
        r"\frac{e^{-x}}{(1 + e^{-x})^2} = \frac{1}{1 + e^{-x}} \cdot \frac{e^{-x}}{1 + e^{-x}}",
        (
            Wrong("output_itself", "h", _OUTPUT_ITSELF),
            Wrong("of_tanh", "1 - h^2", "That is the derivative of tanh; here it is $h$ times the rest to 1."),
            Wrong("sign", "-h*(1 - h)", "The sigmoid grows everywhere: its derivative is positive."),
            Wrong("other_factor", "1 - h", "You lost the factor $h$."),
        ),
        "k/(k + 1)",
        (
            Wrong("of_tanh", "(k^2 - 1)/(k^2 + 1)", "That is tanh; the sigmoid lies between 0 and 1."),
            Wrong("sign_of_x", "1/(k + 1)", "The exponent is $-x$: mind the sign."),
        ),
    ),
    "tanh": Activation(
        "tanh", r"\frac{e^x - e^{-x}}{e^x + e^{-x}}", OUTPUT, "1 - h^2",
        r"\frac{(e^x + e^{-x})^2 - (e^x - e^{-x})^2}{(e^x + e^{-x})^2}",
        (
            Wrong("of_sigmoid", "h*(1 - h)", "That is the derivative of the sigmoid; tanh has $1 - h^2$."),
            Wrong("square_lost", "1 - h", "You lost the square of $h$."),
            Wrong("sign", "h^2 - 1", "tanh grows everywhere: its derivative is positive."),
            Wrong("output_itself", "h", _OUTPUT_ITSELF),
        ),
        "(k^2 - 1)/(k^2 + 1)",
        (
            Wrong("of_sigmoid", "k/(k + 1)", "That is the sigmoid; tanh lies between -1 and 1."),
            Wrong("half_the_argument", "(k - 1)/(k + 1)", r"That is $\tanh(x/2)$: multiply with $e^x$ to get squares."),
        ),
    ),
    "elu": Activation(
        "ELU", r"\alpha (e^x - 1) \text{ for } x < 0, \quad x \text{ for } x \geq 0", WITH_ALPHA, "h + alpha",
        r"\alpha e^x = \alpha (e^x - 1) + \alpha",
        (
            Wrong("exponential_of_h", "exp(h)", r"Put $e^x$ in terms of $h$: $\alpha e^x = h + \alpha$."),
            Wrong("alpha_lost", "h + 1", r"You lost $\alpha$: it multiplies the exponential, too."),
            Wrong("output_itself", "h", r"The $-1$ disappears when differentiated: $\alpha e^x$ is more than $h$."),
            Wrong("linear_side", "1", "That is the slope for positive $x$."),
        ),
        "alpha*(1/k - 1)",
        (
            Wrong("one_lost", "alpha/k", r"You lost the $-1$: it is $\alpha (e^x - 1)$."),
            Wrong("sign_of_x", "alpha*(k - 1)", "Here $x$ is negative: its exponential is below 1."),
        ),
        -1,
    ),
    "leaky_relu": Activation(
        "leaky ReLU", r"\max(0, x) + \alpha \min(0, x)", {"x": "real", "alpha": "positive"}, "alpha",
        r"\alpha \cdot 1",
        (
            Wrong("as_relu", "0", "Leaky ReLU is not flat there: that is what it is made for."),
            Wrong("positive_side", "1", "That is the slope for positive $x$."),
            Wrong("value", "alpha*x", "That is the value; the derivative is its slope."),
            Wrong("sign", "-alpha", r"It grows on both sides: the slope is $\alpha$."),
        ),
        side=-1,
    ),
    "softplus": Activation(
        "softplus", r"\ln(1 + e^x)", OUTPUT, "1 - exp(-h)",
        r"\frac{e^x}{1 + e^x} = 1 - \frac{1}{1 + e^x}",
        (
            Wrong("reciprocal_only", "exp(-h)", "You lost the inner derivative $e^x = e^h - 1$."),
            Wrong("sigmoid_of_h", "1/(1 + exp(-h))", "The sigmoid is taken of $x$, not of $h$."),
            Wrong("output_itself", "h", _OUTPUT_ITSELF),
            Wrong("not_divided", "exp(h) - 1", "The outer derivative is $1 / (1 + e^x)$: divide."),
        ),
    ),
    "silu": Activation(
        "SiLU (swish)", r"x \, \sigma(x)", {"x": "real", "s": "unit"}, "s + x*s*(1 - s)",
        r"\sigma(x) + x \, \sigma'(x)",
        (
            Wrong("product_rule", "s*(1 - s)", "Both factors depend on $x$: use the product rule."),
            Wrong("first_term_lost", "x*s*(1 - s)", "The product rule has two terms: $x$ is differentiated, too."),
            Wrong("second_term_lost", "s", "The product rule has two terms: the sigmoid is differentiated, too."),
            Wrong("x_lost", "s + s*(1 - s)", "You lost the factor $x$ of the second term."),
        ),
    ),
}  # fmt: skip
