"""Activations that act on each entry, with exact slopes, and the wrong slopes that students write."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

Scalar = Callable[[Any], Any]


class Wrong(NamedTuple):
    """A wrong derivative: in letters, and as a function of an entry x and its output y."""

    name: str
    letters: str
    value: Callable[[Any, Any], Any]
    feedback: str


class Slope(NamedTuple):
    """y = h(x) in words, h and h' in letters, both of an entry (h' by x and y), and the slope in LaTeX.

    `logarithms` says that x is the logarithm of the number that is drawn, k: h and h' are then rational in k.
    """

    tex: str
    h: str
    slope: str
    value: Scalar
    slope_value: Callable[[Any, Any], Any]
    slope_tex: str
    wrong: tuple[Wrong, ...]
    logarithms: bool = False


ACTIVATIONS = {
    "relu": Slope(
        r"\max(0, x)", "relu(X)", "step(X)", lambda x: max(x, 0), lambda x, y: int(x > 0), "[x > 0]",
        (
            Wrong("always_one", "ones(S, M)", lambda x, y: 1, "You let the gradient pass where the unit is off."),
            Wrong("value_for_slope", "relu(X)", lambda x, y: y, "That multiplies by h(X); its slope is 0 or 1."),
        ),
    ),
    "square": Slope(
        "x^2", "X.^2", "2*X", lambda x: x * x, lambda x, y: 2 * x, "2x",
        (
            Wrong("two_lost", "X", lambda x, y: x, "You lost the 2 that comes down from the exponent."),
            Wrong("value_for_slope", "X.^2", lambda x, y: y, "That multiplies by h(X); its derivative is needed."),
            Wrong("slope_at_output", "2*X.^2", lambda x, y: 2 * y, "You took the slope at Y; it is taken at X."),
        ),
    ),
    "cube": Slope(
        "x^3", "X.^3", "3*X.^2", lambda x: x**3, lambda x, y: 3 * x * x, "3x^2",
        (
            Wrong("three_lost", "X.^2", lambda x, y: x * x, "You lost the 3 that comes down from the exponent."),
            Wrong("value_for_slope", "X.^3", lambda x, y: y, "That multiplies by h(X); its derivative is needed."),
            Wrong("exponent_kept", "3*X.^3", lambda x, y: 3 * y, "The exponent falls by one."),
        ),
    ),
    "sigmoid": Slope(
        r"\frac{1}{1 + e^{-x}}", "sigmoid(X)", "sigmoid(X) .* (1 - sigmoid(X))",
        lambda k: Fraction(k, k + 1), lambda k, y: y * (1 - y), "y(1 - y)",
        (
            Wrong("value_for_slope", "sigmoid(X)", lambda k, y: y, "That is h(X); its derivative is needed."),
            Wrong("of_tanh", "(1 - sigmoid(X).^2)", lambda k, y: 1 - y * y, "That is how the slope of tanh looks."),
            Wrong("sign", "(sigmoid(X) .* (sigmoid(X) - 1))", lambda k, y: y * (y - 1),
                  "The sigmoid grows everywhere: its slope is positive."),
        ),
        logarithms=True,
    ),
    "tanh": Slope(
        r"\tanh x", "tanh(X)", "(1 - tanh(X).^2)",
        lambda k: Fraction(k * k - 1, k * k + 1), lambda k, y: 1 - y * y, "1 - y^2",
        (
            Wrong("value_for_slope", "tanh(X)", lambda k, y: y, "That is h(X); its derivative is needed."),
            Wrong("of_sigmoid", "(tanh(X) .* (1 - tanh(X)))", lambda k, y: y * (1 - y),
                  "That is how the slope of the sigmoid looks."),
            Wrong("square_lost", "(1 - tanh(X))", lambda k, y: 1 - y, "You lost the square."),
        ),
        logarithms=True,
    ),
}  # fmt: skip
