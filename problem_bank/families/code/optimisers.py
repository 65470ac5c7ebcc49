"""Goodfellow et al., Deep Learning, sections 8.3 and 8.5: update rules as functions, in PyTorch's form."""

from __future__ import annotations

from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import Check, CheckFailed, check, close, numeric
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.code._update_rules import RULES, wrong_path
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import function, results, unchanged
from problem_bank.subjects.layer_checks import Array

Draw = np.random.Generator
SECONDS = 5.0
STEPS = 20
CORRECTED = ("adam", "adamw")  # with 1 - rho^t below the line


def checks(name: str) -> tuple[Check, ...]:
    """What the function of this name must do."""
    rule = RULES[name]

    @check(points=3, seconds=SECONDS)
    def first_step(student: Any, rng: Draw) -> None:
        """The first step leads to the right place."""
        _walk(student, rng, 1)

    @check(points=4, seconds=SECONDS)
    def twenty_steps(student: Any, rng: Draw) -> None:
        """Twenty steps lead to the right place: what has to be remembered lasts, in `config`."""
        _walk(student, rng, STEPS)

    @check(points=2, requires=["twenty_steps"], seconds=SECONDS)
    def two_parameters(student: Any, rng: Draw) -> None:
        """Two arrays of parameters, each with a `config` of its own, do not disturb each other."""
        config = rule.config(rng)
        ws, gradients = list(rng.normal(size=(2, 3, 4))), [list(pair) for pair in rng.normal(size=(2, 5, 3, 4))]
        ends = [rule.path(w, g, config)[-1] for w, g in zip(ws, gradients, strict=True)]
        states: list[Any] = [(w, dict(config)) for w in ws]
        for pair in zip(*gradients, strict=True):
            states = [_step(student, w, c, gradient) for (w, c), gradient in zip(states, pair, strict=True)]
        for (w, _), end in zip(states, ends, strict=True):
            try:
                close(w, end, what="next_w")
            except CheckFailed as failed:
                said = "Two arrays in turn disturb each other: keep what is remembered in config, not beside it."
                raise CheckFailed(said, "shared_memory") from failed

    @check(points=1, requires=["first_step"], seconds=SECONDS)
    def arguments(student: Any, rng: Draw) -> None:
        """`w` and `dw` stay as they are: the next `w` is a new array."""
        config, w, dw = rule.config(rng), rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
        unchanged(student, function(student, name), name, w, dw, more=(config,))

    def _walk(student: Any, rng: Draw, steps: int) -> None:
        config, w = rule.config(rng), rng.normal(size=(3, 4))
        gradients = [rng.normal(size=w.shape) + 0.5 for _ in range(steps)]
        expected, actual = rule.path(w, gradients, config)[-1], _follow(student, w, gradients, dict(config))
        what = "w after the first step" if steps == 1 else f"w after {steps} steps"
        if name in CORRECTED and not np.isfinite(numeric(actual, what)).all():
            raise CheckFailed(f"{what} is nan or infinite: t has to be 1, not 0, in the first step.", "t_from_zero")
        slips = [Slip(w_.name, wrong_path(w_.update, w, gradients, config)[-1], w_.feedback) for w_ in rule.wrong]
        close(actual, expected, what=what, slips=slips)

    def _follow(student: Any, w: Array, gradients: list[Array], config: Any) -> Any:
        following: Any = w
        for gradient in gradients:
            following, config = _step(student, following, config, gradient)
        return following

    def _step(student: Any, w: Any, config: Any, gradient: Array) -> tuple[Any, Any]:
        value = function(student, name)(w, gradient, config)
        following, config = results(value, name, "next_w", "config")
        return following, config

    return first_step, twenty_steps, two_parameters, arguments


CHECKS = {name: checks(name) for name in RULES}


@family(
    topic="code",
    source="Goodfellow 8.3, 8.5",
    minutes=15,
    levels={"easy": {"rule": "momentum"}, "medium": {}, "hard": {"rule": "adamw"}},
)
def optimisers(rng: Rng, *, rule: str = "adam") -> Exercise:
    """Write an update rule in NumPy as a function."""
    rows, columns, steps = rng.int("rows", 2, 9), rng.int("columns", 2, 9), rng.int("steps", 2, 30)
    settings = {"learning_rate": r"\alpha", "momentum": r"\mu", "rho": r"\rho", "rho1": r"\rho_1", "rho2": r"\rho_2",
                "epsilon": r"\epsilon", "weight_decay": r"\lambda"}  # fmt: skip
    listed = ", ".join(f'`"{name}"` (${settings[name]}$)' for name in RULES[rule].settings)
    return Exercise(
        given={"rows": rows, "columns": columns, "steps": steps, "rule": rule},
        shown={"last": steps},
        prompt=f"Write the function `{rule}(w, dw, config)` in `optimisers.py`, with NumPy alone. `w` is an array of "
        f"parameters, `dw` the gradient $g$ of the loss at `w`, in its shape, and `config` a dict with the entries "
        f"{listed}. It returns `(next_w, config)` after one step: {RULES[rule].text}. What the rule has to remember it "
        "keeps in the `config` that it returns, under names of your choice: the next step is called with it. Squares, "
        "roots and quotients are taken entry by entry. `w` and `dw` stay as they are.\n\n"
        "For example, `w` may have the shape `({{ rows }}, {{ columns }})`; {{ steps }} steps are {{ steps }} calls.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="optimisers.py"), points=c.points) for c in CHECKS[rule]],
        solution=f"In each of the {{{{ steps }}}} calls: {RULES[rule].text}. What lasts is read with "
        "`config.get(name, 0)`, so that the first step starts from zero, and put into the dict that is returned. All "
        "arrays have the shape `({{ rows }}, {{ columns }})`. The function is in `solutions/cnn_layers/optimisers.py`.",
    )


@optimisers.oracle
def names(rule: str) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    return {part: (part,) for part in ("first_step", "twenty_steps", "two_parameters", "arguments")}
