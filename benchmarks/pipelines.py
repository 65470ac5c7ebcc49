"""A training step of the reference networks: NumPy beside PyTorch on one thread, in turn, in the same precision."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks.figure import Figure
from solutions.numpy_nn import CNN, MLP, SGD, CrossEntropyModule

ROUNDS, STEPS = 15, 10
MLP_SIZE = (3 * 32 * 32, [128], 10)  # the coursework's: one hidden layer of 128, batches of 128, CIFAR-10's images
CNN_SIZE = (1, (16, 32), 10)  # on 12 × 12 images, batches of 50


def figures() -> Iterator[Figure]:
    """NumPy's time over PyTorch's, each the best of several rounds."""
    if importlib.util.find_spec("torch") is None:
        print("  PyTorch is not installed: the pipelines are not compared", file=sys.stderr)
        return
    import torch

    torch.set_num_threads(1)
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(128, MLP_SIZE[0])), rng.integers(0, 10, 128)
    ratio, note = _compare(_numpy_step(MLP(*MLP_SIZE, rng=rng), x, y), _torch_step("mlp", MLP_SIZE, x, y))
    yield Figure("MLP step, NumPy over PyTorch", ratio, "x", at_most=1.0, note=note)
    x, y = rng.normal(size=(50, 1, 12, 12)), rng.integers(0, 10, 50)
    ratio, note = _compare(_numpy_step(CNN(*CNN_SIZE, rng=rng), x, y), _torch_step("cnn", CNN_SIZE, x, y))
    yield Figure("CNN step, NumPy over PyTorch", ratio, "x", at_most=2.0, note=note)


def _compare(ours: Callable[[], None], theirs: Callable[[], None]) -> tuple[float, str]:
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for i, step in enumerate((ours, theirs)):
            began = time.perf_counter()
            for _ in range(STEPS):
                step()
            best[i] = min(best[i], (time.perf_counter() - began) / STEPS)
    return best[0] / best[1], f"{1e3 * best[0]:.2f} ms against {1e3 * best[1]:.2f} ms, float64"


def _numpy_step(model: Any, x: Any, y: Any) -> Callable[[], None]:
    loss, update = CrossEntropyModule(), SGD(model.params, 0.1)

    def step() -> None:
        model.set_grads(loss.backward(model.forward(x), y))
        update.step(model.grads)

    return step


def _torch_step(kind: str, size: Any, x: Any, y: Any) -> Callable[[], None]:
    import torch

    from solutions.torch_nn import cnn, mlp

    model = {"mlp": mlp.MLP, "cnn": cnn.CNN}[kind](*size).double()
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    update = torch.optim.SGD(model.parameters(), lr=0.1)

    def step() -> None:
        update.zero_grad()
        torch.nn.functional.cross_entropy(model(inputs), targets).backward()
        update.step()

    return step
