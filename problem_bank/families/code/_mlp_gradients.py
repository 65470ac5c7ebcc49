"""The gradients that a student's network leaves in its layers, against those of ours."""

from typing import Any

import numpy as np

from problem_bank.checks import CheckFailed, Kept, StudentError, close, numeric
from problem_bank.families.code._mlp_slips import (
    ATOL,
    RTOL,
    backward_slips,
    built_so,
    order_slip,
)
from problem_bank.subjects.layer_checks import Array, entry
from problem_bank.subjects.mlp_checks import Trial
from problem_bank.subjects.module_checks import FORGETFUL, agrees, member


def sent_back(student: Any, rng: np.random.Generator, case: Trial, wrong: int | None) -> None:
    """`compare_gradients`, with a name for a wrong order of the layers."""
    try:
        compare_gradients(case, wrong)
    except StudentError as error:
        if slip := order_slip(student, rng):
            raise slip from error
        raise


def compare_gradients(
    case: Trial, wrong: int | None, when: str = "", before: list[dict[str, Array]] | None = None
) -> None:
    """Run both networks and compare the gradients, the last layer first; `before` are those of an earlier pass.

    `wrong` is the architecture that the student's network has in place of the right one.
    """
    case.model.forward(case.x)
    member(case.model, "backward", "MLP")(case.dout)
    network = built_so(case, wrong)
    expected, slips = case.gradients(network), backward_slips(case, network, before)
    for i in reversed(range(len(case.layers))):
        n, m = case.linears[i].params["weight"].shape
        for name in ("weight", "bias"):
            what = f'grads["{name}"] of the layer from {m} to {n} units{when}'
            _touched(case.layers[i], name, what)
            close(
                entry(case.layers[i], "grads", name).reshape(-1),
                case.stored(i, name, expected[i][name]).reshape(-1),
                what=what, rtol=RTOL, atol=ATOL, slips=slips(i, name),
            )  # fmt: skip


def _touched(layer: Any, name: str, what: str) -> None:
    """Zeros, or nothing at all, were never written."""
    table: Any = layer.grads
    usable = isinstance(table, Kept | dict)
    gradient = table[name] if usable else None
    if gradient is None or not np.any(numeric(gradient, what)):
        says = "backward has to go through every layer, from the last one to the first."
        raise CheckFailed(f"{what} was never set: {says}", "layer_skipped")


def forgotten(case: Trial, wrong: int | None, i: int, layer: Any) -> None:
    """A layer that was cleared must not know its input any more."""
    n, _ = case.linears[i].params["weight"].shape
    dout = np.resize(case.dout, (len(case.x), n))
    try:
        layer.backward(dout)
    except StudentError:
        return  # nothing is there to work with, as it should be
    modules, inputs = built_so(case, wrong).modules, case.x
    for module in modules[: modules.index(case.linears[i])]:
        inputs = module.forward(inputs)
    if agrees(entry(layer, "grads", "weight"), case.stored(i, "weight", dout.T @ inputs), rtol=RTOL):
        raise CheckFailed(FORGETFUL.replace("backward", f"the layer into {n} units"), "cache_kept")
