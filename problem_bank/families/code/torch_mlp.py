"""Goodfellow et al., Deep Learning, chapter 6 and section 8.7.1: a multi-layer perceptron in PyTorch."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, close, numeric, tools
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.layer_checks import make
from problem_bank.subjects.module_checks import agrees, network_output
from problem_bank.subjects.torch_mlp import ACTIVATIONS, FITTING, Array, Network, drawn, load

Draw = np.random.Generator
SECONDS = 8.0
END = {
    "softmax": "The outputs are probabilities; leave the softmax to the cross-entropy loss, which needs scores.",
    "log_softmax": "The outputs are logarithms of probabilities; leave the softmax to the cross-entropy loss.",
}


@check(points=1, seconds=SECONDS)
def interface(student: Any, rng: Draw) -> None:
    """`MLP(n_inputs, n_hidden, n_classes)` gives a module with one score per class."""
    n, hidden, k = _widths(rng, 2)
    model = _model(student, n, hidden, k)
    scores = network_output(student, model, rng.normal(size=(6, n)))
    if scores.shape != (6, k):
        raise CheckFailed(f"For 6 samples and {k} classes the output has shape {scores.shape}; expected (6, {k}).")


@check(points=1, requires=["interface"], seconds=SECONDS)
def registered(student: Any, rng: Draw) -> None:
    """An optimiser finds every parameter of the network."""
    n, hidden, k = _widths(rng, 2)
    model = _model(student, n, hidden, k)
    known, every = tools(student).registered(model), tools(student).held(model)
    if known < every:
        raise CheckFailed(
            f"An optimiser sees {known} of the network's {every} parameters; layers in a plain list or dict are not "
            "registered, so use nn.ModuleList or nn.Sequential.",
            "unregistered",
        )


@check(points=2, requires=["interface"], seconds=SECONDS)
def layers(student: Any, rng: Draw) -> None:
    """There is a linear layer for each entry of `n_hidden` and one for the output; `[]` gives only that one."""
    for depth in (0, 1, 3):
        n, hidden, k = _widths(rng, depth)
        widths = [n, *hidden, k]
        found = tools(student).layers(_model(student, n, hidden, k))
        sizes = [(s["in_features"], s["out_features"]) for name, s in found if name == "Linear"]
        expected = list(pairwise(widths))
        if sorted(sizes) != sorted(expected):
            raise CheckFailed(
                f"n_hidden={hidden} with {n} inputs and {k} classes gives linear layers {sizes}; expected {expected}.",
                "layer_missing" if len(sizes) < len(expected) else "other_layers",
            )


@check(points=3, requires=["layers"], seconds=SECONDS)
def output(student: Any, rng: Draw) -> None:
    """With the same parameters the scores are those of linear layers with an activation after each but the last."""
    n, hidden, k = _widths(rng, 2)
    model = _model(student, n, hidden, k)
    ours = drawn(rng, [n, *hidden, k], norm=bool(_norms(student, model)))  # nobody asked for any; another check tells
    load(tools(student), model, ours)
    x = rng.normal(size=(8, n))
    tools(student).train(model, False)
    actual = network_output(student, model, x)
    if any(agrees(actual, ours.outputs(x, name)) for name in FITTING):
        return
    close(actual, ours.outputs(x), what="The output", rtol=1e-6, atol=1e-8, slips=_wrong(ours, x))


def _wrong(ours: Network, x: Array) -> list[Slip]:
    plain = "There is no activation between the layers: without one, any number of them is one linear map."
    slips = [Slip("no_activation", ours.outputs(x, "no activation"), plain)]
    for name in FITTING:
        slips += [Slip(f"{end}_in_model", ours.outputs(x, name, end=end), feedback) for end, feedback in END.items()]
        last = "An activation follows the output layer; scores must be free to be negative."
        slips.append(Slip("activation_at_the_end", ours.outputs(x, name, end=name), last))
        slips.append(
            Slip("bias_missing", ours.without_bias().outputs(x, name), "The biases play no part in the output.")
        )
    for name in set(ACTIVATIONS) - {*FITTING, "no activation", "softmax"}:
        slips.append(Slip("other_activation", ours.outputs(x, name), f"The activation is {name}; use ELU."))
    return slips


@check(points=2, requires=["layers"], seconds=SECONDS)
def batch_norm(student: Any, rng: Draw) -> None:
    """`use_batch_norm` puts batch normalisation between each hidden layer and its activation; by default none is."""
    n, hidden, k = _widths(rng, 2)
    if _norms(student, _model(student, n, hidden, k)):
        raise CheckFailed("There is batch normalisation although use_batch_norm is false.", "norm_always")
    model = make(student.MLP, n, hidden, k, use_batch_norm=True)
    sizes = _norms(student, model)
    if not sizes:
        raise CheckFailed("use_batch_norm=True changes nothing: there is no batch normalisation.", "no_norm")
    if k in sizes:
        raise CheckFailed("The output layer is normalised too; scores must keep their scale.", "norm_on_output")
    if n in sizes:
        raise CheckFailed("The input is normalised; only the hidden layers should be.", "norm_on_input")
    ours = drawn(rng, [n, *hidden, k], norm=True)
    load(tools(student), model, ours)
    x = rng.normal(size=(8, n))
    tools(student).train(model, False)
    actual = network_output(student, model, x)
    if any(agrees(actual, outputs) for outputs in _whatever_else(ours, x, "before")):
        return  # other faults are told by the check of the output
    if any(agrees(actual, outputs) for outputs in _whatever_else(ours, x, "after")):
        raise CheckFailed(
            "Batch normalisation comes after the activation; put it between the linear layer and the activation.",
            "norm_after_activation",
        )
    close(actual, ours.outputs(x), what="The output with batch normalisation", rtol=1e-6, atol=1e-8)


def _whatever_else(ours: Network, x: Array, norm: str) -> Iterator[Array]:
    """The outputs with batch normalisation at this place, in networks with any one other fault."""
    for name in ACTIVATIONS:
        yield ours.without_bias().outputs(x, name, norm=norm)
        for end in ("", *END, name):
            yield ours.outputs(x, name, end=end, norm=norm)


@check(points=1, requires=["layers"], seconds=SECONDS)
def gradients(student: Any, rng: Draw) -> None:
    """The loss has a gradient with respect to every parameter."""
    n, hidden, k = _widths(rng, 2)
    model = _model(student, n, hidden, k)
    load(tools(student), model, drawn(rng, [n, *hidden, k], norm=bool(_norms(student, model))))
    found = tools(student).gradients(model, "cross_entropy", rng.normal(size=(16, n)), rng.integers(0, k, 16))
    for table in found:
        for name, value in table.items():
            if value is None or not np.any(numeric(value, "a gradient")):
                raise CheckFailed(
                    f"The {name} of a layer gets no gradient: is it used, and without detach()?", "detached"
                )


@check(points=1, requires=["layers"], seconds=SECONDS)
def initialisation(student: Any, rng: Draw) -> None:
    """Weights start at random, with a variance in proportion to 1 / fan-in."""
    model = _model(student, 180, [150], 120)
    for state in tools(student).state(model):
        weight = state.get("weight")
        if weight is None or weight.ndim < 2:
            continue
        scale = float(weight.var()) * weight.shape[1]
        if scale == 0:
            raise CheckFailed("All weights of a layer start equal, so its units would stay equal.", "symmetric")
        if not 0.2 < scale < 4:
            raise CheckFailed(
                f"The variance of the weights is {scale:.2g} / fan-in; PyTorch's own start has 1/3, Kaiming's 2.",
                "scale",
            )


@check(points=1, requires=["layers"], seconds=SECONDS)
def kaiming(student: Any, rng: Draw) -> None:
    """Weights start with Kaiming's variance: 2 / fan-in behind an activation, 1 or 2 / fan-in at the input."""
    for state in tools(student).state(_model(student, 180, [150], 120)):
        weight = state.get("weight")
        if weight is None or weight.ndim < 2:
            continue
        scale, gains = float(weight.var()) * weight.shape[1], (1, 2) if weight.shape[1] == 180 else (2,)
        if not any(abs(scale / gain - 1) < 0.1 for gain in gains):
            says = "that is PyTorch's own start" if abs(3 * scale - 1) < 0.1 else "use nn.init.kaiming_normal_"
            raise CheckFailed(f"A layer's weights have the variance {scale:.2g} / fan-in: {says}.", "no_kaiming")


CHECKS = (interface, registered, layers, output, batch_norm, gradients, initialisation, kaiming)


@family(
    topic="code",
    source="Goodfellow 6, 8.7.1",
    minutes=30,
    levels={"easy": {"norm": False}, "medium": {}, "hard": {"start": True}},
)
def torch_mlp(rng: Rng, *, norm: bool = True, start: bool = False) -> Exercise:
    """Write a multi-layer perceptron in PyTorch, with batch normalisation on request."""
    n, m, k = rng.int("n", 20, 90), rng.int("m", 10, 19), rng.int("k", 3, 9)
    checks = [c for c in CHECKS if (norm or c is not batch_norm) and (start or c is not kaiming)]
    parts = [
        Part(c.name, c.sentence, Code(key=(c,), file="mlp_pytorch.py", without=(), profile="torch"), points=c.points)
        for c in checks
    ]
    return Exercise(
        given={"n": n, "m": m, "k": k, "norm": norm, "start": start},
        shown={"count": n * m + m + m * k + k},
        prompt="Write the class `MLP(n_inputs, n_hidden, n_classes, use_batch_norm=False)` in `mlp_pytorch.py`, a "
        "`torch.nn.Module`. The list `n_hidden` holds the width of every hidden layer and may be empty. Each hidden "
        "layer is a linear layer with bias, then ELU with $\\alpha = 1$ (ReLU counts as well)"
        "{% if norm %}; with `use_batch_norm` there is a `BatchNorm1d` between the two{% endif %}. A last linear layer "
        "gives one score per class: neither activation nor softmax comes after it: the loss takes the softmax."
        "{% if start %} Draw the weights by Kaiming's normal rule.{% endif %}\n\n"
        "For example, `MLP({{ n }}, [{{ m }}], {{ k }})` has {{ count }} parameters.",
        parts=parts,
        solution=r"${{ n }} \cdot {{ m }} + {{ m }} + {{ m }} \cdot {{ k }} + {{ k }} = {{ count }}$ parameters. "
        "The whole class is in `solutions/mlp_from_scratch/mlp_pytorch.py`.",
    )


@torch_mlp.oracle
def names(norm: bool, start: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = ("interface", "registered", "layers", "output", "batch_norm", "gradients", "initialisation", "kaiming")
    return {part: (part,) for part in parts if (norm or part != "batch_norm") and (start or part != "kaiming")}


def _widths(rng: Draw, depth: int) -> tuple[int, list[int], int]:
    """Inputs, hidden widths and classes, all different."""
    n, k, *hidden = (int(size) for size in rng.permutation(np.arange(4, 14))[: depth + 2])
    return n, hidden, k


def _model(student: Any, n: int, hidden: list[int], k: int) -> Any:
    return make(student.MLP, n, hidden, k)


def _norms(student: Any, model: Any) -> list[int]:
    return [table["num_features"] for name, table in tools(student).layers(model) if name.startswith("BatchNorm")]
