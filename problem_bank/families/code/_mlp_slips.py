"""Networks that are put together wrongly, and what they compute."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from problem_bank.checks import CheckFailed, StudentError, numeric
from problem_bank.exercise import Slip
from problem_bank.subjects.layer_checks import Array
from problem_bank.subjects.mlp_checks import Trial, made, weighted
from problem_bank.subjects.module_checks import agrees
from solutions.numpy_nn import ELUModule, LinearModule, ReLUModule, SigmoidModule, SoftMaxModule, TanhModule
from solutions.numpy_nn.sequential import Sequential

ORDER = "backward runs through the layers from the first to the last; the gradient has to come from the last one."
UNCHAINED = "Every layer gets the same dout; each has to get what the layer behind it returned."
OTHER = "The hidden activation is not ELU with alpha 1."
RTOL, ATOL = 1e-5, 1e-7  # a layer may compute in float32, a softmax may add a tiny number


@dataclass(frozen=True)
class Wrong:
    """A network that is put together wrongly."""

    name: str
    network: Sequential
    says: str


def networks(case: Trial) -> list[Wrong]:
    """The wrong networks, always in this order."""
    soft = SoftMaxModule
    return [
        Wrong("softmax_missing", case.chain(end=()), "The network ends with scores; a SoftMaxModule has to come last."),
        Wrong("softmax_twice", case.chain(end=(soft, soft)), "Softmax is applied twice."),
        Wrong("activation_after_output", case.chain(end=(ELUModule, soft)),
              "An activation comes after the last linear layer; there goes softmax only."),
        Wrong("activation_after_output", case.chain(end=(ELUModule,)),
              "The network ends with an activation; after the last linear layer comes softmax only."),
        Wrong("activation_missing", case.chain(hidden=None), "There is no activation between the linear layers."),
        Wrong("activation_missing", _last_hidden_bare(case),
              "The last hidden layer has no activation; every hidden layer has one."),
        Wrong("softmax_inside", case.chain(hidden=soft), "Softmax comes after every layer; it ends the network only."),
        *(Wrong("other_activation", case.chain(hidden=kind), OTHER)
          for kind in (ReLUModule, TanhModule, SigmoidModule)),
        *(Wrong("other_alpha", _with_alpha(case, alpha), OTHER) for alpha in (0.01, 0.1, 0.2, 0.5, 2.0)),
    ]  # fmt: skip


def output_slips(case: Trial) -> list[Slip]:
    """What forward passes of wrong networks return."""
    turned = Slip("transposed", case.chain().forward(case.x).T, "The output is transposed; samples belong in the rows.")
    return [*(Slip(wrong.name, wrong.network.forward(case.x), wrong.says) for wrong in networks(case)), turned]


def architecture(case: Trial) -> int | None:
    """Which of the wrong networks the student's is, if it is one of them."""
    output = case.model.forward(case.x)
    if agrees(output, case.chain().forward(case.x), rtol=RTOL, atol=ATOL):
        return None
    fitting = (i for i, wrong in enumerate(networks(case))
               if agrees(output, wrong.network.forward(case.x), rtol=RTOL, atol=ATOL))  # fmt: skip
    return next(fitting, None)


def built_so(case: Trial, wrong: int | None) -> Sequential:
    """Our network of this architecture: a fault of the forward pass is paid for once, and followed from there."""
    return case.chain() if wrong is None else networks(case)[wrong].network


def backward_slips(
    case: Trial, network: Sequential, before: list[dict[str, Array]] | None
) -> Callable[[int, str], list[Slip]]:
    """What wrong backward passes leave in the gradients: slips for a layer's number and a parameter's name."""
    right = case.gradients(network)
    wrong = [
        ("softmax_skipped", _passing(case, network, SoftMaxModule),
         "backward leaves the softmax out: dout is the gradient with respect to the probabilities."),
        ("activation_skipped", _passing(case, network, ELUModule), "backward leaves the activations out."),
        ("averaged", [{k: v / len(case.x) for k, v in table.items()} for table in right],
         "The gradient is divided by the batch size once more; a mean over the batch is in dout already."),
    ]  # fmt: skip
    if before is not None:
        added = [{k: v + old[k] for k, v in table.items()} for table, old in zip(right, before, strict=True)]
        wrong.append(("accumulating", added, "The gradients of the pass before are added; new ones replace old ones."))
        wrong.append(("stale", before, "After a second pass the gradients are still those of the first."))

    def slips(i: int, name: str) -> list[Slip]:
        return [Slip(rule, case.stored(i, name, tables[i][name]).reshape(-1), says) for rule, tables, says in wrong]

    return slips


def order_slip(student: Any, rng: np.random.Generator) -> CheckFailed | None:
    """The wrong order of backward that fits. Where shapes clash no number shows it, so all widths are equal here."""
    n, samples = 4, 3
    x, dout = rng.normal(size=(samples, n)), rng.normal(size=(samples, n))
    weight = rng.normal(size=(n, n))
    weight += weight.T  # the same in both orientations
    try:
        model = made(student, (n, n, n))
        layers = weighted(student, model)
        for layer in layers:
            layer.params["weight"] = weight
        model.forward(x)
        model.backward(dout)
        found = [numeric(layer.grads["weight"], "grads") for layer in layers]
    except (StudentError, CheckFailed):
        return None
    for name, says, chained in (("wrong_order", ORDER, True), ("not_chained", UNCHAINED, False)):
        expected = _forwards(x, dout, weight, chained=chained)
        if all(any(agrees(g, e) or agrees(g, e.T) for e in expected) for g in found):
            return CheckFailed(says, name)
    return None


def _forwards(x: Array, dout: Array, weight: Array, *, chained: bool) -> list[Array]:
    """The weight gradients if backward visits the first layer first, or hands the same dout to all."""
    n = len(weight)
    first, second = LinearModule(n, n), LinearModule(n, n)
    first.params["weight"] = second.params["weight"] = weight
    network = Sequential([first, ELUModule(), second, SoftMaxModule()])
    network.forward(x)
    for module in network.modules:
        sent = module.backward(dout)
        dout = sent if chained else dout
    return [first.grads["weight"], second.grads["weight"]]


def _last_hidden_bare(case: Trial) -> Sequential:
    modules = case.chain().modules
    bare = [m for m, after in pairwise(modules) if not (isinstance(m, ELUModule) and after is case.linears[-1])]
    return Sequential([*bare, modules[-1]])


def _with_alpha(case: Trial, alpha: float) -> Sequential:
    return Sequential([ELUModule(alpha) if isinstance(m, ELUModule) else m for m in case.chain().modules])


def _passing(case: Trial, network: Sequential, kind: type) -> list[dict[str, Array]]:
    """The gradients if modules of this kind hand dout on as it is."""
    dout = case.dout
    network.forward(case.x)
    for module in reversed(network.modules):
        dout = dout if isinstance(module, kind) else module.backward(dout)
    return [dict(linear.grads) for linear in case.linears]
