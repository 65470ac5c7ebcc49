"""Forward and backward through a network with one hidden layer, a mask on it and a loss, as graded steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from problem_bank.exact import affine, dot, matvec, relu, scale, times, transpose
from problem_bank.exercise import Earlier, Rule
from problem_bank.subjects.softmax import sigmoid
from problem_bank.subjects.steps import Steps
from problem_bank.values import Matrix, Vector

PART = {
    "a": "The sums $a = W x + b$.",
    "h relu": r"The activations $h = \mathrm{ReLU}(a)$.",
    "h sigmoid": r"The activations $h = \sigma(a)$.",
    "masked": r"The activations after the mask, $\tilde{h}$.",
    "y": r"The output $y = v^\top h + c$.",
    "y masked": r"The output $y = v^\top \tilde{h} + c$.",
    "q": r"The probability $q = \sigma(y)$.",
    "dy": r"The gradient $\frac{\partial L}{\partial y}$ by the output.",
    "dv": r"The gradient $\frac{\partial L}{\partial v}$ by the weights of the output.",
    "dh": r"The gradient $\frac{\partial L}{\partial h}$ by the activations **before** the mask.",
    "da": r"The gradient $\frac{\partial L}{\partial a}$ by the sums.",
    "dW": r"The gradient $\frac{\partial L}{\partial W}$ by the weights of the hidden layer, in the shape of $W$.",
}

SAID = {
    "no_bias": "You left the bias out.",
    "no_activation": "You left the activation function out.",
    "no_mask": "You left the mask out; what it drops hands on 0, whatever its value.",
    "inverted_mask": "You used the mask the wrong way round; 0 drops a value and 1 keeps it.",
    "rescaled": "You divided by the keep probability; here the mask only multiplies.",
    "not_rescaled": "You did not rescale; here every kept value is divided by the keep probability.",
    "negated": "You negated the exponent: a large y makes q close to 1.",
    "sign": "The sign is turned round: where the output is too large, its gradient is positive.",
    "doubled": "The square brings down a 2, which cancels the half.",
    "slope_again": "You multiplied by the slope of the sigmoid; it has cancelled against the logarithm already.",
    "of_sums": "You multiplied by the sums; v multiplies what the hidden layer hands on.",
    "unmasked": "You took the activations from before the mask; v multiplies those after it.",
    "weights": "You multiplied by v; the gradient by v takes the activations that v multiplies.",
    "no_error": "The gradient that arrives at the output is missing from the product.",
    "mask_forgotten": "A dropped unit cannot change the loss: the mask multiplies its gradient as well.",
    "mask_inverted": "You let the gradient through where the unit was dropped.",
    "only_forward": "The division by the keep probability scales the gradient too; you used it forward only.",
    "scaled_twice": "You divided by the keep probability twice; each gradient passes the mask once.",
    "no_slope": "The derivative of the activation function is missing.",
    "no_weights": "The way back leads through the weights v of the output; they are missing.",
    "value_for_slope": "You multiplied by the activation; its derivative is h (1 − h).",
    "transposed": "This is the transpose: a row of W belongs to a unit.",
    "no_input": "The inputs are missing: a weight counts as much as the input that it multiplies.",
}


@dataclass(frozen=True)
class Net:
    """y = v . h + c with h = f(W x + b); `mask` holds what multiplies each hidden unit, `bits` which are kept."""

    w: Matrix
    b: Vector
    v: Vector
    c: Any
    x: Vector
    target: Any
    hidden: str = "relu"
    loss: str = "squared"
    bits: Vector = ()
    keep: Any = 1

    @property
    def mask(self) -> Vector:
        """What multiplies the activations."""
        return scale(1 / self.keep, self.bits) if self.bits else (1,) * len(self.v)

    def activated(self, a: Any) -> Any:
        """f(a)"""
        return relu(a) if self.hidden == "relu" else tuple(map(sigmoid, a))

    def slopes(self, a: Any) -> Any:
        """f'(a)"""
        if self.hidden == "relu":
            return tuple(int(z > 0) for z in a)
        return tuple(s * (1 - s) for s in map(sigmoid, a))

    def ask(self, names: Sequence[str], tolerance: float) -> Steps:
        """The parts of these names, in order; every rule begins with the nearest earlier value that was asked for."""
        steps = Steps(SAID, tolerance)
        for name in names:
            right, wrong = getattr(self, f"_{name}")()
            kind = {"h": f"h {self.hidden}", "y": "y masked" if self.bits else "y"}.get(name, name)
            steps.ask(name, PART[kind], right, wrong, points=2 if name == "dW" else 1)
        return steps

    # --- values, from the student's earlier ones where there are such ---

    def _sums(self, e: Earlier) -> Vector:
        return tuple(e["a"]) if "a" in e else affine(self.w, self.x, self.b)

    def _units(self, e: Earlier) -> Vector:
        return tuple(e["h"]) if "h" in e else self.activated(self._sums(e))

    def _handed_on(self, e: Earlier) -> Vector:
        return tuple(e["masked"]) if "masked" in e else times(self.mask, self._units(e))

    def _output(self, e: Earlier) -> Any:
        return e["y"] if "y" in e else dot(self.v, self._handed_on(e)) + self.c

    def _error(self, e: Earlier) -> Any:
        if "dy" in e:
            return e["dy"]
        predicted = self._output(e)
        if self.loss == "logistic":
            predicted = e["q"] if "q" in e else sigmoid(predicted)
        return predicted - self.target

    def _to_units(self, e: Earlier, mask: Vector | None = None) -> Vector:
        if "dh" in e and mask is None:
            return tuple(e["dh"])
        return scale(self._error(e), times(self.v, self.mask if mask is None else mask))

    def _to_sums(self, e: Earlier) -> Vector:
        return tuple(e["da"]) if "da" in e else times(self._to_units(e), self.slopes(self._sums(e)))

    # --- parts: the right rule, and the misconceptions ---

    def _a(self) -> tuple[Rule, dict[str, Any]]:
        return self._sums, {"no_bias": matvec(self.w, self.x)}

    def _h(self) -> tuple[Rule, dict[str, Any]]:
        return self._units, {"no_activation": self._sums}

    def _masked(self) -> tuple[Rule, dict[str, Any]]:
        inverted = tuple((1 - bit) / self.keep for bit in self.bits)
        wrong: dict[str, Rule] = {
            "no_mask": self._units,
            "inverted_mask": lambda e: times(inverted, self._units(e)),
        }
        if self.keep != 1:
            wrong["not_rescaled"] = lambda e: times(self.bits, self._units(e))
        return self._handed_on, wrong

    def _y(self) -> tuple[Rule, dict[str, Any]]:
        return self._output, {"no_bias": lambda e: dot(self.v, self._handed_on(e))}

    def _q(self) -> tuple[Rule, dict[str, Any]]:
        return lambda e: sigmoid(self._output(e)), {"negated": lambda e: sigmoid(-self._output(e))}

    def _dy(self) -> tuple[Rule, dict[str, Any]]:
        wrong: dict[str, Rule] = {"sign": lambda e: -self._error(e)}
        if self.loss == "squared":
            return self._error, wrong | {"doubled": lambda e: 2 * self._error(e)}

        def again(e: Earlier) -> Any:
            q = e["q"] if "q" in e else sigmoid(self._output(e))
            return self._error(e) * q * (1 - q)

        return self._error, wrong | {"slope_again": again}

    def _dv(self) -> tuple[Rule, dict[str, Any]]:
        wrong: dict[str, Rule] = {
            "of_sums": lambda e: scale(self._error(e), self._sums(e)),
            "weights": lambda e: scale(self._error(e), self.v),
            "no_error": self._handed_on,
        }
        if self.bits:
            wrong["unmasked"] = lambda e: scale(self._error(e), self._units(e))
        return lambda e: scale(self._error(e), self._handed_on(e)), wrong

    def _dh(self) -> tuple[Rule, dict[str, Any]]:
        wrong: dict[str, Rule] = {
            "mask_forgotten": lambda e: self._to_units(e, (1,) * len(self.v)),
            "mask_inverted": lambda e: self._to_units(e, tuple((1 - bit) / self.keep for bit in self.bits)),
            "no_error": lambda e: times(self.v, self.mask),
        }
        if self.keep != 1:
            wrong["only_forward"] = lambda e: self._to_units(e, self.bits)
            wrong["scaled_twice"] = lambda e: self._to_units(e, times(self.mask, self.mask))
        return self._to_units, wrong

    def _da(self) -> tuple[Rule, dict[str, Any]]:
        wrong: dict[str, Rule] = {
            "no_slope": self._to_units,
            "no_weights": lambda e: scale(self._error(e), times(self.mask, self.slopes(self._sums(e)))),
        }
        if self.hidden == "sigmoid":
            wrong["value_for_slope"] = lambda e: times(self._to_units(e), self._units(e))
        return self._to_sums, wrong

    def _dW(self) -> tuple[Rule, dict[str, Any]]:  # noqa: N802  # the field's name
        wrong: dict[str, Rule] = {
            "transposed": lambda e: transpose(self._outer(self._to_sums(e))),
            "no_slope": lambda e: self._outer(self._to_units(e)),
            "no_input": lambda e: tuple((d,) * len(self.x) for d in self._to_sums(e)),
        }
        return lambda e: self._outer(self._to_sums(e)), wrong

    def _outer(self, d: Vector) -> Matrix:
        return tuple(scale(entry, self.x) for entry in d)
