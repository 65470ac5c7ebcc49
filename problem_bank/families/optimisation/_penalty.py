"""A loss with an L2 penalty: its gradient and its descent step, as trees."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from problem_bank.algebra import Node, evaluate, number, symbol
from problem_bank.answers import Expression
from problem_bank.values import Number, Vector

ALIASES = dict.fromkeys(("grad_L_data", "grad_L", "grad_data", "grad", "∇L", "∇L_data", r"\nabla L"), "g")
G, LAMBDA, STEPS = symbol("g"), symbol("lambda"), symbol("t")


@dataclass(frozen=True)
class Rule:
    """The loss L_data + coefficient * lambda * ||parameter||^2, and what follows from it."""

    coefficient: Number
    parameter: str
    rate: str

    @cached_property
    def theta(self) -> Node:
        """The parameter."""
        return symbol(self.parameter)

    @cached_property
    def epsilon(self) -> Node:
        """The learning rate."""
        return symbol(self.rate)

    @cached_property
    def strength(self) -> Node:
        """Coefficient * lambda."""
        return _times_lambda(self.coefficient)

    @cached_property
    def twice(self) -> Node:
        """2 * coefficient * lambda: the derivative of the penalty, but for the parameter."""
        return _times_lambda(2 * self.coefficient)

    @cached_property
    def gradient(self) -> Node:
        """Of the whole loss."""
        return G + self.twice * self.theta

    @cached_property
    def shrink(self) -> Node:
        """The factor of the old parameter in a step."""
        return 1 - (self.epsilon * LAMBDA if self.twice is LAMBDA else self.twice * self.epsilon)

    @cached_property
    def update(self) -> Node:
        """The parameter after a step."""
        return self.shrink * self.theta - self.epsilon * G

    @cached_property
    def decay(self) -> Node:
        """The parameter after t steps without a data gradient."""
        return self.shrink**STEPS * self.theta

    @cached_property
    def texts(self) -> Mapping[str, str]:
        shown = {
            name: getattr(self, name).tex() for name in ("theta", "twice", "gradient", "update", "shrink", "decay")
        }
        typed = f"`{self.parameter}`, `lambda` and `{self.rate}`"
        return {**shown, "penalty": self.strength.tex(), "rate_tex": self.epsilon.tex(), "typed": typed}

    def expression(self, key: Node, *more: str) -> Expression:
        """An answer in the letters of this loss."""
        return Expression(key, {self.parameter: "real", "g": "real", "lambda": "positive", self.rate: "positive",
                                **dict.fromkeys(more, "natural")}, ALIASES)  # fmt: skip


def _times_lambda(coefficient: Number) -> Node:
    """Coefficient * lambda as one writes it."""
    if Fraction(coefficient).numerator == 1:
        return LAMBDA if coefficient == 1 else LAMBDA / Fraction(coefficient).denominator
    return number(coefficient) * LAMBDA


@dataclass(frozen=True)
class Numbers:
    """The numbers of one step."""

    rule: Rule
    values: Vector
    gradients: Vector
    rate_value: Number
    lambda_value: Number

    def value(self, tree: Node, theta: Number = 0, g: Number = 0) -> Number:
        """A rational tree at these numbers."""
        point = {self.rule.parameter: theta, "g": g, "lambda": self.lambda_value, self.rule.rate: self.rate_value}
        found = Fraction(evaluate(tree, point))
        return found.numerator if found.denominator == 1 else found

    def step(self, update: Node) -> Vector:
        """An update rule applied to every parameter."""
        return tuple(self.value(update, v, g) for v, g in zip(self.values, self.gradients, strict=True))
