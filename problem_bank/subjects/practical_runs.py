"""What training has to lead to: our own network trained from the student's initial values, by right and wrong rules.

The whole training set is one batch here, so that the order of the samples plays no part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from problem_bank.checks import CheckFailed
from problem_bank.subjects.practical import CLASSES, INPUTS, Array, Layer, Script, images, share
from solutions.mlp_from_scratch import cifar10_utils
from solutions.numpy_nn import MLP, BatchNorm1dModule, CrossEntropyModule, LinearModule
from solutions.numpy_nn.mlp import ACTIVATIONS
from solutions.numpy_nn.sequential import Sequential

Grads = Mapping[str, Array]
Rule = Callable[[Grads, Grads, int], Grads]  # (the gradients, the sum of all before, samples) to what is followed
WHOLE = 640  # training images of the set "small": all of them as one batch
_TOLERANCE = 1e-2  # of the largest change of an array; float32 stays far below, wrong rules far above

RULES: dict[str, tuple[Rule, str]] = {
    "ascent": (lambda g, _, s: {k: -v for k, v in g.items()}, "The update goes up the gradient; subtract it."),
    "biases_frozen": (
        lambda g, _, s: {k: v * (v.ndim > 1) for k, v in g.items()},
        "The biases stay as they were; update them like the weights.",
    ),
    "first_layer_frozen": (
        lambda g, _, s: {k: v * (not k.startswith("0.")) for k, v in g.items()},
        "The first layer stays as it was; every layer is updated.",
    ),
    "gradients_not_zeroed": (
        lambda g, before, s: {k: v + before[k] for k, v in g.items()},
        "The gradients of earlier batches are added to the new ones; set them to zero before each backward pass.",
    ),
    "averaged_twice": (
        lambda g, _, s: {k: v / s for k, v in g.items()},
        "The gradient is divided by the batch size once more; the mean is in the loss already.",
    ),
}


def activation(script: Script, model: object, layers: Sequence[Layer], widths: Sequence[int]) -> str:
    """The name of the activation with which our network of these parameters gives the student's outputs."""
    x, _ = images("validation")
    actual = _probabilities(script.predict(model, x))
    for name in ACTIVATIONS:
        expected = network(layers, widths, name)
        _take_statistics(expected, layers)
        expected.eval()
        if actual.shape == (len(x), CLASSES) and np.allclose(expected.forward(x), actual, rtol=1e-3, atol=1e-4):
            return name
    raise CheckFailed(
        "The network is none of linear layers with an activation after each but the last, so its training cannot "
        "be followed.",
        "other_network",
    )


def network(layers: Sequence[Layer], widths: Sequence[int], activation: str = "elu") -> Sequential:
    """Our network with the student's parameters."""
    batch_norm = any("gamma" in layer for layer in layers)
    ours = MLP(widths[0], list(widths[1:-1]), widths[-1], batch_norm, activation=activation)
    modules = [module for module in ours.modules if isinstance(module, LinearModule | BatchNorm1dModule)]
    if len(modules) != len(layers):
        raise CheckFailed("The model has batch normalisation at places where none was asked for.", "norm_misplaced")
    for module, layer in zip(modules, layers, strict=True):
        names = ("weight", "bias") if "weight" in layer else ("gamma", "beta")
        module.params = {
            ours: layer[theirs].astype(float) for ours, theirs in zip(("weight", "bias"), names, strict=True)
        }
    return ours


def _take_statistics(ours: Sequential, layers: Sequence[Layer]) -> None:
    """Give batch normalisation the student's running statistics."""
    norms = [module for module in ours.modules if isinstance(module, BatchNorm1dModule)]
    for module, layer in zip(norms, (layer for layer in layers if "mean" in layer), strict=True):
        module.buffers = {"running_mean": layer["mean"].astype(float), "running_var": layer["variance"].astype(float)}


def follow(
    layers: Sequence[Layer],
    widths: Sequence[int],
    activation: str,
    *,
    lr: float,
    epochs: int,
    rule: str = "",
    batch_size: int = WHOLE,
    stays_in_eval: bool = False,
) -> list[dict[str, Array]]:
    """The parameters of our network after each epoch of training, by the right rule if none is named.

    With `stays_in_eval` the network is in evaluation mode from the second epoch on.
    """
    model, loss = network(layers, widths, activation), CrossEntropyModule()
    batches = cifar10_utils.get_dataloader(cifar10_utils.get_cifar10("small"), batch_size, return_numpy=True)["train"]
    before = {name: np.zeros_like(value) for name, value in model.params.items()}
    states = []
    for epoch in range(epochs):
        if epoch and stays_in_eval:
            model.eval()
        for x, y in batches:
            model.backward(loss.backward(model.forward(x.reshape(len(x), -1).astype(float)), y))
            grads = model.grads
            _step(model, RULES[rule][0](grads, before, len(y)) if rule else grads, lr)
            before = {name: before[name] + grads[name] for name in grads}
        states.append({name: value.copy() for name, value in model.params.items()})
    return states


def flat(layers: Sequence[Layer], widths: Sequence[int]) -> dict[str, Array]:
    """The student's parameters under the names of our network."""
    return {name: value.copy() for name, value in network(layers, widths).params.items()}


def moved_alike(start: Mapping[str, Array], actual: Mapping[str, Array], expected: Mapping[str, Array]) -> bool:
    """Did every array change as expected, up to a hundredth of its largest change?"""
    return all(
        np.abs(actual[name] - value).max() <= _TOLERANCE * np.abs(value - start[name]).max() + 1e-7
        for name, value in expected.items()
    )


def reference_share(hidden: int, *, lr: float, batch_size: int, epochs: int, seed: int, folder: str) -> float:
    """The validation accuracy that our own network reaches."""
    x, y = images("train", folder)
    np_rng = np.random.default_rng(seed)
    model, loss = MLP(INPUTS, [hidden], CLASSES, rng=np_rng), CrossEntropyModule()
    for _ in range(epochs):
        order = np_rng.permutation(len(y))
        for i in range(0, len(y) - batch_size + 1, batch_size):
            chosen = order[i : i + batch_size]
            model.backward(loss.backward(model.forward(x[chosen].astype(float)), y[chosen]))
            _step(model, model.grads, lr)
    held, classes = images("validation", folder)
    return share(model.forward(held), classes)


def _step(model: Sequential, direction: Grads, lr: float) -> None:
    for name, value in model.params.items():
        value[...] -= lr * direction[name]


def _probabilities(outputs: Array) -> Array:
    """Scores as probabilities; probabilities stay what they are."""
    if outputs.min() >= 0 and np.allclose(outputs.sum(axis=1), 1, atol=1e-4):
        return outputs
    shifted = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))
