"""The steps through a flow of coupling layers: forward or back, log-determinant, log-density."""

from __future__ import annotations

from math import exp, log, pi
from typing import Any

from problem_bank.exercise import Earlier, Rule
from problem_bank.families.generative._change_of_variables_texts import ASKED
from problem_bank.families.generative._coupling import Coupling
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector


def ask_forward(steps: Steps, flow: list[Coupling], z: Vector) -> None:
    """Ask for the example of a code."""
    (layer,) = flow
    s = layer.log_det(z)
    steps.ask("x", ASKED["x"], layer.forward(z), {
        "no_exp": layer.changed(z, lambda a, k, t: float(a) * s + t),
        "shift_scaled": layer.changed(z, lambda a, k, t: (a + t) * k),
        "minus_shift": layer.changed(z, lambda a, k, t: a * k - t), "backwards": layer.inverse(z),
    }, points=2)  # fmt: skip


def ask_back(steps: Steps, flow: list[Coupling], x: Vector) -> None:
    """Ask for what every layer was given, the last one first."""

    def undone(layer: Coupling, after: str, rule: Any) -> Rule:
        return lambda e: layer.changed(e.get(after, x), rule)

    for layer in reversed(flow):
        name, after = ("z", "u") if layer.kept == 0 else ("u", "x")
        steps.ask(name, ASKED[name], undone(layer, after, lambda a, k, t: (a - t) / k), {
            "forwards": undone(layer, after, lambda a, k, t: a * k + t),
            "scale_first": undone(layer, after, lambda a, k, t: a / k - t),
            "not_inverted": undone(layer, after, lambda a, k, t: (a - t) * k),
            "shift_added": undone(layer, after, lambda a, k, t: (a + t) / k),
        }, points=2)  # fmt: skip


def ask_log_det(steps: Steps, flow: list[Coupling], pairs: tuple[Any, Any]) -> None:
    """Ask for the log-determinant at the student's own code."""

    def each(e: Earlier) -> list[float]:
        return [layer.log_det(e.get(name, pair)) for layer, name, pair in zip(flow, "zu", pairs, strict=False)]

    def one(rule: Any) -> Rule | None:
        return (lambda e: rule(*each(e))) if len(flow) == 1 else None

    def two(rule: Any) -> Rule | None:
        return (lambda e: rule(*each(e))) if len(flow) == 2 else None

    shift = float(flow[0].shift(pairs[0][0]))
    steps.ask("logdet", ASKED["logdet"], lambda e: sum(each(e)), {
        "sign": lambda e: -sum(each(e)), "determinant": lambda e: exp(sum(each(e))),
        "every_entry": one(lambda s: 2 * s), "shift_counted": one(lambda s: s + shift),
        "one_layer": two(lambda s, r: r), "multiplied": two(lambda s, r: s * r),
    })  # fmt: skip


def log_normal(z: Any, constants: int = 2, half: float = 0.5) -> float:
    """The log-density of two standard normal variables."""
    return -half * float(sum(v * v for v in z)) - constants / 2 * log(2 * pi)


def ask_density(steps: Steps, z: Any, x: Any) -> None:
    """Ask for the log-density of the example."""

    def of(sign: int = -1, **changed: Any) -> Rule:
        return lambda e: log_normal(e.get("z", z), **changed) + sign * e["logdet"]

    steps.ask("logp", ASKED["logp"], of(), {
        "added": of(1), "det_forgotten": of(0), "constant_forgotten": of(constants=0), "constant_once": of(constants=1),
        "no_half": of(half=1), "at_example": lambda e: log_normal(e.get("x", x)) - e["logdet"],
    }, points=2)  # fmt: skip
