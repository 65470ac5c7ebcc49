"""The graded steps of a forward pass: one part per value, each following from the student's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from operator import itemgetter
from typing import Any

from problem_bank.answers import Array, Rational
from problem_bank.exact import add, affine, dot, matvec, relu, times, transpose
from problem_bank.exercise import Earlier, Part, Rule, Slip
from problem_bank.rng import Rng
from problem_bank.subjects.dropout import Dropout, wrong_vector
from problem_bank.subjects.networks import Network, bias_after_relu, mask_before_bias, output, without_relu
from problem_bank.tex import tex
from problem_bank.values import Number, Vector

NO_BIAS = "You left the bias out; add it to the weighted sum of every unit."
TRANSPOSED = "You went down the columns of the weight matrix; each unit has a row of it."
NO_RELU = "You left ReLU out; a hidden unit whose sum is negative hands on 0."
BIAS_AFTER_RELU = "You added the bias after ReLU; it belongs inside, to the sum that ReLU is applied to."
RELU_OUTPUT = "You applied ReLU to the output; this output is linear and may be negative."
SUMS = 3  # points for weighted sums, which are most of the work
MASKED_EARLY = "You applied the mask already; here the activations before the mask are asked for."
MASK_BEFORE_BIAS = "You masked the weighted sum and added the bias afterwards; a dropped unit hands on 0, not its bias."


@dataclass
class _Chain:
    """Parts in order; each key is what the part's own rule makes of the keys before it."""

    parts: list[Part] = field(default_factory=list)
    keys: dict[str, Any] = field(default_factory=dict)

    def then(self, name: str, prompt: str, follow: Rule, slips: Sequence[Slip], points: int = 1) -> Rule:
        """Append a part; slips that make no difference here do not apply. Returns how later parts read it."""
        value = self.keys[name] = follow(self.keys)
        answer = Array(value) if isinstance(value, tuple) else Rational(value)
        self.parts.append(Part(name, prompt, answer, points, [_unlike(s, follow) for s in slips], follow))
        return itemgetter(name)


def forward_parts(rng: Rng, net: Network, x: Vector, dropout: Dropout) -> list[Part]:
    """a1, h1, ..., y, and after each mask the masked values (x_masked, h1_masked, ...).

    Rejects a draw in which a mistake made in every layer does not change the output.
    """
    wrong = []
    y = output(net, x, dropout.vectors(net.widths))
    for slip in _wrong_outputs(net, x, dropout):
        rng.require(slip.value != y, "every mistake changes the output")
        wrong.append(slip)
    chain = _Chain()
    fed: Rule = lambda earlier: x  # noqa: E731  # what the next layer is fed, from earlier values
    if 0 in dropout.masks:
        fed = _mask_part(chain, 0, fed, dropout)
    for layer in range(1, len(net.hidden) + 1):
        fed = _hidden_parts(chain, layer, net, fed, dropout)
    _output_part(chain, net, fed, dropout, wrong)
    return chain.parts


def handed_on(layer: int, dropout: Dropout) -> str:
    """LaTeX of what a layer hands on; layer 0 is the input."""
    return rf"\tilde {_symbol(layer)}" if layer in dropout.masks else _symbol(layer)


def _hidden_parts(chain: _Chain, layer: int, net: Network, fed: Rule, dropout: Dropout) -> Rule:
    """The parts a, h and, with a mask, h_masked of one layer."""
    w, b = net.hidden[layer - 1]
    slips = [Slip("no_bias", lambda e: matvec(w, fed(e)), NO_BIAS)]
    if len(w) == len(w[0]):
        slips.append(Slip("transposed", lambda e: affine(transpose(w), fed(e), b), TRANSPOSED))
    said = rf"The sums $a_{layer} = W_{layer} {handed_on(layer - 1, dropout)} + b_{layer}$."
    a = chain.then(f"a{layer}", said, lambda e: affine(w, fed(e), b), slips, points=SUMS)

    slips = [
        Slip("no_relu", a, NO_RELU),
        Slip("bias_after_relu", lambda e: add(relu(matvec(w, fed(e))), b), BIAS_AFTER_RELU),
    ]
    said = rf"The activations $h_{layer} = \mathrm{{ReLU}}(a_{layer})$"
    if layer not in dropout.masks:
        return chain.then(f"h{layer}", f"{said}.", lambda e: relu(a(e)), slips)

    m, mask = dropout.masks[layer], dropout.vector(layer)
    slips.append(Slip("masked_early", lambda e: times(m, relu(a(e))), MASKED_EARLY, credit=Fraction(1, 2)))
    h = chain.then(f"h{layer}", f"{said}, before the mask.", lambda e: relu(a(e)), slips)
    early = Slip("mask_before_bias", lambda e: mask_before_bias(w, fed(e), b, mask), MASK_BEFORE_BIAS)
    return _mask_part(chain, layer, h, dropout, early)


def _mask_part(chain: _Chain, layer: int, value: Rule, dropout: Dropout, *slips: Slip) -> Rule:
    m, mask = dropout.masks[layer], dropout.vector(layer)

    def masked_wrongly(vector: Vector) -> Rule:
        return lambda e: times(vector, value(e))

    wrong = [Slip(w.name, masked_wrongly(wrong_vector(m, w)), w.feedback) for w in dropout.wrong_masks]
    divided = f" / ({tex(dropout.keep)})" if dropout.rescale else ""
    said = rf"After the mask: ${handed_on(layer, dropout)} = m_{layer} \odot {_symbol(layer)}{divided}$."
    name = f"h{layer}_masked" if layer else "x_masked"
    return chain.then(name, said, lambda e: times(mask, value(e)), [*wrong, *slips])


def _output_part(chain: _Chain, net: Network, fed: Rule, dropout: Dropout, wrong: Sequence[Slip]) -> None:
    def y(earlier: Earlier) -> Number:
        return dot(net.v, fed(earlier)) + net.c

    slips = [
        Slip("no_bias", lambda e: dot(net.v, fed(e)), NO_BIAS),
        Slip("relu_output", lambda e: max(y(e), 0), RELU_OUTPUT),
        *wrong,
    ]
    last = len(net.hidden)
    chain.then("y", rf"The output $y = v^\top {handed_on(last, dropout)} + b_{last + 1}$.", y, slips, points=SUMS)


def _wrong_outputs(net: Network, x: Vector, dropout: Dropout) -> Iterator[Slip]:
    """What a mistake made in every layer makes of the output, for those who skip the steps."""
    masks = dropout.vectors(net.widths)
    yield Slip("no_biases", output(net.without_biases(), x, masks), NO_BIAS)
    yield Slip("bias_after_relu", output(net, x, masks, bias_after_relu), BIAS_AFTER_RELU)
    yield Slip("no_relu", output(net, x, masks, without_relu), NO_RELU)
    if dropout.masks:
        yield Slip("mask_before_bias", output(net, x, masks, mask_before_bias), MASK_BEFORE_BIAS)
    for wrong in dropout.wrong_masks if dropout.masks else ():
        yield Slip(wrong.name, output(net, x, dropout.vectors(net.widths, wrong)), wrong.feedback)


def _symbol(layer: int) -> str:
    return f"h_{layer}" if layer else "x"


def _unlike(slip: Slip, right: Rule) -> Slip:
    """The slip, not applying where its rule makes no difference."""
    wrong = slip.value

    def rule(earlier: Earlier) -> Any:
        value = wrong(earlier)
        return None if value == right(earlier) else value

    return Slip(slip.name, rule, slip.feedback, slip.credit) if callable(wrong) else slip
