"""Goodfellow et al., Deep Learning, section 6.3: activation functions and their derivatives, entry by entry.

A function that is right for moderate numbers and overflows for large ones loses the marks of
`large` only; one that changes the type of its argument those of `same_kind` only.
"""

from functools import partial
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import Check, CheckFailed, close, numeric, tools
from problem_bank.exercise import Exercise, Part
from problem_bank.families.code._activations import BASIC, ELU, ELU_GRAD, MORE, Target
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import function, unchanged
from problem_bank.subjects.module_checks import both_signs

Draw = np.random.Generator
SECONDS = 4.0


def _values(target: Target, student: Any, rng: Draw) -> None:
    """Moderate numbers of both signs, away from the kink."""
    x = both_signs(rng, (4, 5))
    value = function(student, target.name)(x, *target.arguments)
    close(value, target.right(x), what=target.signature, slips=target.slips(x))


def _large(targets: tuple[Target, ...], student: Any, rng: Draw) -> None:
    """Numbers beyond ±710, where e to the power of them is infinite."""
    x = rng.permutation([-1000.0, -760.0, -40.0, 40.0, 760.0, 1000.0])
    for target in targets:
        value, warnings = tools(student).warned(function(student, target.name), x, *target.arguments)
        if not np.isfinite(numeric(value, target.signature)).all():
            says = f"{target.signature} is nan or infinite for entries of ±1000: an exponential overflows. "
            raise CheckFailed(says + "Let exp see no positive number.", "overflow")
        close(value, target.right(x), what=f"{target.signature} for entries of ±1000")
        if warnings:
            says = f"{target.signature} warns for entries of ±1000 (“{str(warnings[0])[:80]}”). np.where computes both "
            raise CheckFailed(says + "sides everywhere: give exp no large positive number.", "overflow_warning")


def _same_kind(targets: tuple[Target, ...], student: Any, rng: Draw) -> None:
    """Arrays of three axes, in both precisions; the argument stays as it is."""
    for target in targets:
        for kind in ("float64", "float32"):
            x = both_signs(rng, (2, 3, 4)).astype(kind)
            what = f"{target.signature} for an x of type {kind}"
            value = unchanged(student, function(student, target.name), target.signature, x, more=target.arguments)
            close(value, target.right(x), what=what, rtol=1e-5, atol=1e-6)
            if (found := numeric(value, what).dtype) != x.dtype:
                raise CheckFailed(f"{what} has type {found}; give the result the type of x.", "other_type")


def _checks(elu: bool, more: bool, careful: bool) -> tuple[Check, ...]:
    """One check per function, then two on all of them."""
    targets = BASIC + (ELU, ELU_GRAD) * elu + MORE * more
    values = [Check(t.name, f"`{t.signature}` is {t.meaning}.", partial(_values, t), seconds=SECONDS) for t in targets]
    large = "For entries of ±1000 every function is right, finite and gives no overflow warning."
    kind = "Every result has shape and floating-point type of x (float32 stays float32), and x stays as it is."
    both = (
        Check("large", large, partial(_large, targets), seconds=SECONDS),
        Check("same_kind", kind, partial(_same_kind, targets), seconds=SECONDS),
    )
    return (*values, *both * careful)


@family(
    topic="code",
    source="Goodfellow 6.3",
    minutes=20,
    levels={"easy": {"elu": False, "careful": False}, "medium": {}, "hard": {"more": True}},
)
def activation_functions(rng: Rng, *, elu: bool = True, more: bool = False, careful: bool = True) -> Exercise:
    """Write activation functions and their derivatives in NumPy."""
    checks = _checks(elu, more, careful)
    right, left = rng.int("right", 1, 20), rng.int("left", 1, 20)
    return Exercise(
        given={"right": right, "left": left, "elu": elu, "more": more, "careful": careful},
        prompt="Write these functions in `activations.py`, with NumPy alone. Each takes an array $x$ of any shape and "
        "works entry by entry; the one whose name ends in `_grad` gets the same $x$, not the output.\n\n"
        + "\n".join(f"- {check.sentence}" for check in checks if check.name not in ("large", "same_kind"))
        + "\n\nAt a kink either side will do."
        "{% if careful %} No result may overflow or warn of it, for entries as large as ±1000. Shape and "
        "floating-point type of the result are those of $x$, and $x$ itself stays as it is.{% endif %}\n\n"
        "For example, `relu` turns $({{ right }}, -{{ left }})$ into $({{ right }}, 0)$, `relu_grad` into $(1, 0)$.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="activations.py"), points=c.points) for c in checks],
        solution=r"With $\sigma$ for the sigmoid: $\sigma' = \sigma(1 - \sigma)$, $\tanh' = 1 - \tanh^2$, ELU has the "
        r"slope $\alpha e^x$ left of 0. To keep the exponential small, use that $\sigma(x) = e^x / (1 + e^x)$ left of "
        r"0, and $e^{\min(x, 0)}$ in ELU. The whole file is `solutions/numpy_nn/activations.py`.",
    )


@activation_functions.oracle
def names(elu: bool, more: bool, careful: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    kinds = "relu sigmoid tanh" + " elu" * elu + " softplus silu" * more
    parts = [f"{kind}{end}" for kind in kinds.split() for end in ("", "_grad")]
    return {part: (part,) for part in parts + ["large", "same_kind"] * careful}
