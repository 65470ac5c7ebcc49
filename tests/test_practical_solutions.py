"""The model solution of the practical computes what the reference pipeline computes, from files that stand alone."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solutions import numpy_nn
from solutions.numpy_nn.gradient_check import check_module

FOLDER = Path(__file__).parents[1] / "solutions" / "mlp_from_scratch"
RNG = np.random.default_rng(7)


def _import(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, FOLDER / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def files() -> Iterator[dict[str, ModuleType]]:
    """The files by name, imported as a student's are: from one folder, by their bare names."""
    before = {name: sys.modules.get(name) for name in ("modules", "mlp_numpy")}
    yield {name: _import(name) for name in before}
    for name, module in before.items():
        sys.modules.pop(name)
        if module is not None:
            sys.modules[name] = module


@pytest.mark.parametrize("name", ["modules", "mlp_numpy"])
def test_the_files_stand_alone(name: str) -> None:
    """Placed beside student code they need NumPy, the standard library and each other, and nothing of ours."""
    nodes = ast.walk(ast.parse((FOLDER / f"{name}.py").read_text()))
    imported = {n.module for n in nodes if isinstance(n, ast.ImportFrom)}
    assert imported <= {"__future__", "collections.abc", "typing", "numpy.typing", "modules"}


def _pairs(modules: Any) -> list[tuple[Any, Any, tuple[int, ...]]]:
    ours = [modules.LinearModule(5, 3), modules.ELUModule(), modules.ELUModule(0.4), modules.ReLUModule(),
            modules.SoftMaxModule()]  # fmt: skip
    theirs = [numpy_nn.LinearModule(5, 3), numpy_nn.ELUModule(), numpy_nn.ELUModule(0.4), numpy_nn.ReLUModule(),
              numpy_nn.SoftMaxModule()]  # fmt: skip
    ours[0].params["weight"][...] = theirs[0].params["weight"]
    return [(a, b, (4, 3)) if i == 0 else (a, b, (4, 5)) for i, (a, b) in enumerate(zip(ours, theirs, strict=True))]


@pytest.mark.parametrize("scale", [1.0, 500.0])
def test_every_module_agrees_with_the_reference(files: dict[str, ModuleType], scale: float) -> None:
    """Forward and backward, for moderate and for large numbers, to the last digits."""
    for module, reference, shape in _pairs(files["modules"]):
        x, dout = scale * RNG.normal(size=(4, 5)), RNG.normal(size=shape)
        np.testing.assert_allclose(module.forward(x), reference.forward(x), rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(module.backward(dout), reference.backward(dout), rtol=1e-12, atol=1e-15)
        for name, gradient in getattr(reference, "grads", {}).items():
            np.testing.assert_allclose(module.grads[name], gradient, rtol=1e-12)


def test_every_module_agrees_with_differences(files: dict[str, ModuleType]) -> None:
    """The gradients are those of the modules' own forward passes."""
    for module, _, _ in _pairs(files["modules"]):
        errors = check_module(module, RNG.normal(size=(4, 5)), RNG)
        assert max(errors.values()) < 1e-6, (module, errors)


def test_a_module_forgets(files: dict[str, ModuleType]) -> None:
    """After `clear_cache` a backward pass has nothing to work with, and says so."""
    for module, _, shape in _pairs(files["modules"]):
        module.forward(RNG.normal(size=(4, 5)))
        module.clear_cache()
        with pytest.raises(RuntimeError, match="forward pass before"):
            module.backward(np.ones(shape))


@given(st.integers(1, 6), st.integers(2, 5), st.integers(0, 2**32 - 1))
@settings(max_examples=30, deadline=None)
def test_the_loss_agrees_with_the_reference(samples: int, classes: int, seed: int) -> None:
    """Any batch: class numbers or distributions, classes that do not occur, probabilities of 0."""
    rng = np.random.default_rng(seed)
    spec = importlib.util.spec_from_file_location("practical_modules", FOLDER / "modules.py")
    assert spec
    assert spec.loader
    modules = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(modules)
    loss, reference = modules.CrossEntropyModule(), numpy_nn.CrossEntropyModule()
    x = rng.dirichlet(np.ones(classes), samples)
    x[0, rng.integers(classes)] = 0.0
    for y in (rng.integers(classes, size=samples), rng.dirichlet(np.ones(classes), samples)):
        np.testing.assert_allclose(loss.forward(x, y), reference.forward(x, y), rtol=1e-12)
        np.testing.assert_allclose(loss.backward(x, y), reference.backward(x, y), rtol=1e-12)


@pytest.mark.parametrize("n_hidden", [[], [6], [6, 4, 5]])
def test_the_network_agrees_with_the_reference(files: dict[str, ModuleType], n_hidden: list[int]) -> None:
    """With the same parameters: probabilities for images, and the gradients of every layer."""
    model, reference = files["mlp_numpy"].MLP(12, n_hidden, 3), numpy_nn.MLP(12, n_hidden, 3)
    linears = [layer for layer in model.layers if hasattr(layer, "params")]
    theirs = [layer for layer in reference.modules if hasattr(layer, "params")]
    for layer, other in zip(linears, theirs, strict=True):
        other.params["bias"][...] = RNG.normal(size=other.params["bias"].shape)
        for name, value in other.params.items():
            layer.params[name][...] = value
    x, dout = RNG.normal(size=(5, 3, 2, 2)), RNG.normal(size=(5, 3))
    np.testing.assert_allclose(model.forward(x), reference.forward(x), rtol=1e-12)
    model.backward(dout)
    reference.backward(dout)
    for layer, other in zip(linears, theirs, strict=True):
        for name, gradient in other.grads.items():
            np.testing.assert_allclose(layer.grads[name], gradient, rtol=1e-12)


def test_weights_start_as_wide_as_they_should(files: dict[str, ModuleType]) -> None:
    """Variance 1/n in the first layer and 2/n behind an activation; biases and gradients 0; the seed decides."""
    np.random.seed(0)
    model = files["mlp_numpy"].MLP(200, [150], 100)
    first, second = (layer for layer in model.layers if hasattr(layer, "params"))
    assert first.params["weight"].var() == pytest.approx(1 / 200, rel=0.05)
    assert second.params["weight"].var() == pytest.approx(2 / 150, rel=0.05)
    assert not any(array.any() for array in (first.params["bias"], *first.grads.values()))
    np.random.seed(0)
    again = files["mlp_numpy"].MLP(200, [150], 100)
    np.testing.assert_array_equal(again.layers[0].params["weight"], first.params["weight"])


def test_the_network_learns(files: dict[str, ModuleType]) -> None:
    """Plain gradient descent, written as the practical's loop, fits a small batch."""
    np.random.seed(1)
    model, loss = files["mlp_numpy"].MLP(4, [16], 3), files["modules"].CrossEntropyModule()
    x, y = np.random.normal(size=(30, 4)), np.arange(30) % 3
    losses = []
    for _ in range(300):
        probabilities = model.forward(x)
        losses.append(loss.forward(probabilities, y))
        model.backward(loss.backward(probabilities, y))
        for layer in model.layers:
            for name in getattr(layer, "params", ()):
                layer.params[name] -= 0.5 * layer.grads[name]
    assert losses[-1] < 0.3 * losses[0]
