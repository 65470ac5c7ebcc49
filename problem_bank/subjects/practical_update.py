"""The check of a training script's update: does it follow the gradient, and if not, what does it follow?

The first run has step size 0 and so shows the initial values; from there our own network is
trained by the right rule and by each known wrong one, and one of them leads where the student's run led.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from problem_bank.checks import CheckFailed, check
from problem_bank.subjects import practical_runs as runs
from problem_bank.subjects.practical import CLASSES, INPUTS, Array, Layer, Script

EPOCHS = 3


@check(points=4, requires=["interface"], seconds=30)
def update(script: Script, rng: np.random.Generator) -> None:
    """Training follows the gradient of the mean cross-entropy with the asked step, batch size and number of epochs."""
    _follows(script, rng, [14, 12])


@check(points=2, requires=["interface"], seconds=30)
def no_hidden_layer(script: Script, rng: np.random.Generator) -> None:
    """With `hidden_dims=[]`, logistic regression, training follows the gradient as well."""
    _follows(script, rng, [])


def _follows(script: Script, rng: np.random.Generator, hidden: list[int]) -> None:
    seed, lr = int(rng.integers(1, 10_000)), float(rng.uniform(0.03, 0.08))
    start = _Start.of(script, seed, hidden)
    actual = start.trained(script, seed, lr)
    if start.leads_to(actual, lr):
        return
    if all(np.array_equal(actual[key], start.values[key]) for key in actual):
        raise CheckFailed("The returned model has its initial parameters: nothing was updated.", "untrained")
    for rule, (_, feedback) in runs.RULES.items():
        if start.leads_to(actual, lr, rule=rule):
            raise CheckFailed(feedback, rule)
    _settings_ignored(start, actual, lr)
    if start.leads_to(start.trained(script, seed, lr / runs.WHOLE), lr):
        raise CheckFailed("The loss is summed over the batch; take the mean.", "summed")
    raise CheckFailed(
        "Full-batch training does not lead where gradient descent on the mean cross-entropy leads: check the update, "
        "the batch size and the order of forward pass, backward pass and step."
    )


def _settings_ignored(start: _Start, actual: dict[str, Array], lr: float) -> None:
    for rate in (0.1, 0.01, 0.001):
        if start.leads_to(actual, rate):
            raise CheckFailed(f"train uses the step size {rate} whatever lr says.", "lr_ignored")
    for size in (32, 64, 128):
        if start.leads_to(actual, lr, size=size):
            raise CheckFailed(f"train uses batches of {size} whatever batch_size says.", "batch_size_ignored")


@dataclass(frozen=True)
class _Start:
    """The student's initial network: its layers, its activation, its parameters by our names."""

    widths: list[int]
    layers: Sequence[Layer]
    activation: str
    values: dict[str, Array]

    @classmethod
    def of(cls, script: Script, seed: int, hidden: list[int]) -> _Start:
        """The network with these hidden layers, after a run with step size 0."""
        widths = [INPUTS, *hidden, CLASSES]
        model = script.train(seed, lr=0.0, hidden_dims=hidden, batch_size=runs.WHOLE).model
        layers = script.parameters(model, widths)
        return cls(widths, layers, runs.activation(script, model, layers, widths), runs.flat(layers, widths))

    def trained(self, script: Script, seed: int, lr: float) -> dict[str, Array]:
        """The student's parameters after training from here."""
        model = script.train(seed, lr=lr, epochs=EPOCHS, hidden_dims=self.widths[1:-1], batch_size=runs.WHOLE).model
        return runs.flat(script.parameters(model, self.widths), self.widths)

    def leads_to(self, actual: dict[str, Array], lr: float, *, rule: str = "", size: int = runs.WHOLE) -> bool:
        """Does this rule lead there? After any epoch will do: which one is the best is another check."""
        states = runs.follow(
            self.layers, self.widths, self.activation, lr=lr, epochs=EPOCHS, rule=rule, batch_size=size
        )
        return any(runs.moved_alike(self.values, actual, state) for state in states)
