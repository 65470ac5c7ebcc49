"""The activations that a student may be asked to write as modules, and what wrong rules compute in their place."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from problem_bank.exercise import Slip
from problem_bank.subjects.layer_checks import Array, scaled
from solutions.numpy_nn.activations import elu, elu_grad, relu, relu_grad

Wrong = tuple[str, Callable[[Array, float], Array], str]
AT_OUTPUT = "The slope is taken at the output; backward needs it at the input x (there, αeˣ is the output plus α)."


@dataclass(frozen=True)
class Kind:
    """One activation; every function takes x and alpha."""

    name: str
    value: Callable[[Array, float], Array]
    slope: Callable[[Array, float], Array]
    wrong_values: tuple[Wrong, ...]
    wrong_slopes: tuple[Wrong, ...]
    prompt: str
    solution: str
    has_alpha: bool

    def value_slips(self, x: Array, alpha: float = 1.0) -> list[Slip]:
        """What wrong rules put out."""
        return [Slip(name, wrong(x, alpha), says) for name, wrong, says in self.wrong_values]

    def slope_slips(self, x: Array, dout: Array, alpha: float = 1.0) -> list[Slip]:
        """What wrong rules send back."""
        slope = self.slope(x, alpha)
        return [
            Slip("one_everywhere", dout, "backward returns dout as it is: the slope is 1 right of 0 only."),
            Slip("dout_missing", slope, "That is the slope alone; the chain rule multiplies it by dout."),
            Slip("value_for_slope", dout * self.value(x, alpha),
                 "dout is multiplied by the function; it has to be multiplied by its derivative."),
            Slip("slope_of_dout", dout * self.slope(dout, alpha), "The slope is taken at dout; take it at x."),
            *(Slip(name, dout * wrong(x, alpha), says) for name, wrong, says in self.wrong_slopes),
            *scaled("input", dout * slope, len(x)),
        ]  # fmt: skip


ELU = Kind(
    name="ELUModule",
    value=elu,
    slope=elu_grad,
    wrong_values=(
        ("relu", lambda x, a: relu(x), "That is ReLU; left of 0 ELU is α(eˣ − 1)."),
        ("one_missing", lambda x, a: np.where(x > 0, x, a * np.exp(x)), "Left of 0 the −1 is missing: α(eˣ − 1)."),
        ("one_formula", lambda x, a: a * np.expm1(x), "Right of 0 the output is x itself."),
        ("wrong_side", lambda x, a: np.where(x < 0, x, a * np.expm1(x)),
         "The sides are swapped: the exponential belongs left of 0."),
        ("leaky", lambda x, a: np.where(x > 0, x, 0.01 * x), "That is a leaky ReLU; left of 0 ELU is α(eˣ − 1)."),
        ("sign_in_exp", lambda x, a: np.where(x > 0, x, a * np.expm1(-x)),
         "The sign in the exponent is wrong: eˣ − 1."),
        ("sign", lambda x, a: np.where(x > 0, x, -a * np.expm1(x)), "Left of 0 the output is negative: α(eˣ − 1)."),
        ("nothing_done", lambda x, a: x, "forward returns x itself."),
    ),
    wrong_slopes=(
        ("at_output", lambda x, a: elu_grad(elu(x, a), a), AT_OUTPUT),
        ("one_subtracted", lambda x, a: np.where(x > 0, 1, elu(x, a)),
         "Left of 0 the slope is αeˣ, which is the output plus α: the −1 disappears in the derivative."),
        ("as_relu", lambda x, a: relu_grad(x), "Left of 0 the slope is αeˣ, not 0."),
        ("one_formula", lambda x, a: a * np.exp(x), "Right of 0 the slope is 1."),
        ("wrong_side", lambda x, a: np.where(x < 0, 1, a * np.exp(x)),
         "The sides are swapped: the slope is 1 right of 0."),
        ("right_side_lost", lambda x, a: np.where(x > 0, 0, a * np.exp(x)),
         "Right of 0 the gradient is lost; the slope is 1."),
        ("right_side_value", lambda x, a: np.where(x > 0, x, a * np.exp(x)), "Right of 0 the slope is 1, not x."),
        ("sign_in_exp", lambda x, a: np.where(x > 0, 1, a * np.exp(-x)), "The sign in the exponent is wrong: αeˣ."),
    ),
    prompt=r"$Y = h(X)$ entry by entry, with $h(x) = x$ right of 0 and $h(x) = \alpha(e^x - 1)$ left of it.",
    solution=r"$h'(x) = 1$ right of 0 and $\alpha e^x$ left of it, so $dL/dX$ is $dL/dY$ times that, entry by entry; "
    r"$e^{\min(x, 0)}$ keeps the exponential from overflowing.",
    has_alpha=True,
)  # fmt: skip

RELU = Kind(
    name="ReLUModule",
    value=lambda x, _: relu(x),
    slope=lambda x, _: relu_grad(x),
    wrong_values=(
        ("absolute", lambda x, _: np.abs(x), "That is |x|; left of 0 the output is 0."),
        ("wrong_side", lambda x, _: np.minimum(x, 0),
         "The positive entries are cut off in place of the negative ones."),
        ("leaky", lambda x, _: np.where(x > 0, x, 0.01 * x), "Left of 0 the output is exactly 0."),
        ("step", lambda x, _: (x > 0) * 1.0, "That is the derivative; right of 0 the output is x itself."),
        ("nothing_done", lambda x, _: x, "forward returns x itself."),
    ),
    wrong_slopes=(
        ("wrong_side", lambda x, _: (x < 0) * 1.0, "The sides are swapped: the slope is 1 right of 0."),
        ("sign_left", lambda x, _: np.sign(x), "Left of 0 the slope is 0, not −1."),
        ("leaky", lambda x, _: np.where(x > 0, 1, 0.01), "Left of 0 the slope is exactly 0."),
    ),
    prompt=r"$Y = \max(X, 0)$, entry by entry.",
    solution=r"The slope is 1 where $x > 0$ and 0 where $x < 0$: $dL/dX$ is $dL/dY$ with 0 wherever $x$ was negative.",
    has_alpha=False,
)  # fmt: skip
