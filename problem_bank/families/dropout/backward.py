"""Goodfellow et al., Deep Learning, section 7.12: backpropagation through the network that a dropout mask leaves."""

from fractions import Fraction
from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects import loss_differences
from problem_bank.subjects.dropout import draw_masks
from problem_bank.subjects.networks import draw_network
from problem_bank.subjects.one_hidden_layer import Net
from problem_bank.tex import tex
from problem_bank.values import Number

PROMPT = r"""
A network with {{ x | length }} inputs, {{ units }} hidden units and one output is trained with dropout on the hidden
layer. It computes
$$a = W x + b, \quad h = \mathrm{ReLU}(a), \quad \tilde{h} = m \odot h{{ divided }}, \quad y = v^\top \tilde{h} + c$$
with
$$W = {{ W1 }}, \quad b = {{ b1 }}, \quad v = {{ v }}, \quad c = {{ b2 }}.$$
A row of $W$ belongs to a hidden unit. In this step dropout has drawn the mask $m = {{ m1 }}$ (0 drops, 1 keeps).
{{ scaling }} For $x = {{ x }}$ and the target $t = {{ target }}$ the loss is $L = \tfrac{1}{2} (y - t)^2$. Compute the
forward pass, then the gradients, exactly.
{% if 0 in keys.a %}
Take $0$ for the derivative of ReLU at $0$.
{% endif %}
""".strip()

SOLUTION = r"""
Forward:

- $a = W x + b = {{ keys.a }}$ and $h = {{ keys.h }}$
- $\tilde{h} = {{ keys.masked }}$
- $y = v^\top \tilde{h} + c = {{ keys.y }}$

Backward. The mask multiplies once more, in the same way:

- $\frac{\partial L}{\partial y} = y - t = {{ keys.dy }}$
- $\frac{\partial L}{\partial v} = \frac{\partial L}{\partial y}\, \tilde{h} = {{ keys.dv }}$
- $\frac{\partial L}{\partial h} = \frac{\partial L}{\partial y}\, v \odot m{{ divided }} = {{ keys.dh }}$: a dropped
unit gets no gradient
- $\frac{\partial L}{\partial a} = {{ keys.da }}$: nor does one that ReLU has turned off
- $\frac{\partial L}{\partial W}$ has the entry $\frac{\partial L}{\partial a_i} x_j$ in row $i$, column $j$:
${{ keys.dW }}$
""".strip()

STEPS = ("a", "h", "masked", "y", "dy", "dv", "dh", "da", "dW")
RESCALED = "Kept activations are divided by the keep probability ${{ keep }}$ (inverted dropout)."
UNSCALED = "Kept activations stay as they are; nothing is divided by the keep probability."


@family(
    topic="dropout",
    source="Goodfellow 7.12",
    minutes=10,
    levels={"easy": {"rescale": False}, "medium": {}, "hard": {"units": 4, "keep": Fraction(3, 4)}},
)
def backward(rng: Rng, *, units: int = 3, keep: Number = Fraction(1, 2), rescale: bool = True) -> Exercise:
    """Compute the gradients of a network with a dropout mask on its hidden layer."""
    if not 0 < keep <= 1:
        raise BadGiven(f"keep: {keep} is no keep probability; give one above 0 and at most 1")
    bits = draw_masks(rng, (2, units), (1,))[1]
    x = rng.ints("x", 2, 1, 3)
    drawn = draw_network(rng, x, (units,), ((1, 1), bits))
    (w, b), target = drawn.hidden[0], rng.int("target", -9, 9)
    net = Net(w, b, drawn.v, drawn.c, x, target, bits=bits, keep=Fraction(keep) if rescale else 1)
    steps = net.ask(STEPS, tolerance=0.0)
    rng.require(all(steps.keys["a"]), "no unit lies on the kink")
    rng.require(abs(steps.keys["dy"]) not in (0, 1), "the error is not 0, and changes what it multiplies")
    return Exercise(
        given={**rng.drawn, "units": units, "keep": keep, "rescale": rescale},
        shown={"keys": steps.keys, "divided": rf" / ({tex(keep)})" if rescale else "",
               "scaling": (RESCALED if rescale else UNSCALED).replace("{{ keep }}", tex(keep))},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(2 * units + sum(bool(d) for d in steps.keys["da"]) * (len(x) + 1)),
    )  # fmt: skip


@backward.oracle
def differences(keep: Number, rescale: bool, **given: Any) -> dict[str, Any]:
    """Central differences of the loss, by every weight and every value on the way."""
    return loss_differences.steps({**given, "hidden": "relu", "loss": "squared", "keep": keep if rescale else 1})
