"""Goodfellow et al., Deep Learning, sections 6.3 and 6.5: an activation as a module with a backward pass.

ELU: Clevert et al. 2016, arXiv:1511.07289. Backward values are judged away from the kink; what a
layer does at exactly 0 is free.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import Check, CheckFailed, StudentError, close, numeric
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.code._activation_modules import ELU, RELU, Kind
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.function_checks import unchanged
from problem_bank.subjects.layer_checks import sizes
from problem_bank.subjects.module_checks import both_signs, built, forgets, member

Draw = np.random.Generator
Rule = Callable[[Kind, Any, Draw], None]
SECONDS = 4.0
OVERFLOW = (
    "For entries of ±1000 the result is not finite: eˣ overflows right of 0, and inf times 0 is nan. Keep positive "
    "numbers out of exp, as in exp(np.minimum(x, 0))."
)
STALE = "After a second forward pass, backward still uses the first x."


def _forward(kind: Kind, student: Any, rng: Draw) -> None:
    """`forward` applies the function to every entry, and keeps the shape."""
    x = both_signs(rng, sizes(rng, 2))
    value = member(_layer(kind, student), "forward", kind.name)(x)
    close(value, kind.value(x, 1.0), what="forward(x)", slips=kind.value_slips(x))


def _backward(kind: Kind, student: Any, rng: Draw) -> None:
    """`backward` returns the derivative of the loss with respect to $X$."""
    layer, x = _layer(kind, student), both_signs(rng, sizes(rng, 2))
    dout = rng.normal(size=x.shape)
    layer.forward(x)
    value = member(layer, "backward", kind.name)(dout)
    close(value, dout * kind.slope(x, 1.0), what="backward(dout)", slips=kind.slope_slips(x, dout))


def _alpha_forward(kind: Kind, student: Any, rng: Draw) -> None:
    """`ELUModule(alpha)` uses its `alpha` in `forward`."""
    alpha, x = float(rng.uniform(0.3, 0.7)), both_signs(rng, sizes(rng, 2))
    ignored = "forward does not use alpha: left of 0 the output is alpha times (eˣ − 1)."
    slips = [Slip("alpha_ignored", kind.value(x, 1.0), ignored), *kind.value_slips(x, alpha)]
    value = _with_alpha(kind, student, alpha).forward(x)
    close(value, kind.value(x, alpha), what="forward(x) with another alpha", slips=slips)


def _alpha_backward(kind: Kind, student: Any, rng: Draw) -> None:
    """`ELUModule(alpha)` uses its `alpha` in `backward`."""
    alpha, x = float(rng.uniform(0.3, 0.7)), both_signs(rng, sizes(rng, 2))
    layer, dout = _with_alpha(kind, student, alpha), rng.normal(size=x.shape)
    layer.forward(x)
    without = "Left of 0 the slope is αeˣ; alpha is missing in backward."
    slips = [
        Slip("slope_without_alpha", dout * kind.slope(x, 1.0), without),
        Slip("one_for_alpha", dout * np.where(x > 0, 1, kind.value(x, alpha) + 1),
             "Left of 0 the slope is the output plus alpha, not plus 1."),
        *kind.slope_slips(x, dout, alpha),
    ]  # fmt: skip
    close(layer.backward(dout), dout * kind.slope(x, alpha), what="backward(dout) with another alpha", slips=slips)


def _edge_cases(kind: Kind, student: Any, rng: Draw) -> None:
    """One sample and entries of ±1000 work, and `forward` and `backward` leave their arguments as they are."""
    layer, x, dout = _layer(kind, student), both_signs(rng, (1, 5)), rng.normal(size=(1, 5))
    close(unchanged(student, layer.forward, "forward", x), kind.value(x, 1.0), what="forward(x) for one sample")
    sent = unchanged(student, layer.backward, "backward", dout)
    close(sent, dout * kind.slope(x, 1.0), what="backward(dout) for one sample")
    layer, x = _layer(kind, student), np.array([[-1000.0, 1000.0, -1.0], [760.0, 2.0, -760.0]])
    for what, value, truth in (
        ("forward(x)", layer.forward(x), kind.value(x, 1.0)),
        ("backward(dout)", layer.backward(np.ones_like(x)), kind.slope(x, 1.0)),
    ):
        if not np.isfinite(numeric(value, what)).all():
            raise CheckFailed(OVERFLOW, "overflow")
        close(value, truth, what=f"{what} for entries of ±1000")


def _any_shape(kind: Kind, student: Any, rng: Draw) -> None:
    """Arrays may have any number of axes."""
    layer, x, dout = _layer(kind, student), both_signs(rng, (2, 3, 4, 2)), rng.normal(size=(2, 3, 4, 2))
    close(layer.forward(x), kind.value(x, 1.0), what=f"forward(x) for x of shape {x.shape}")
    close(layer.backward(dout), dout * kind.slope(x, 1.0), what=f"backward(dout) for x of shape {x.shape}")


def _reuse(kind: Kind, student: Any, rng: Draw) -> None:
    """A second pass gives its own values, and after `clear_cache` nothing is left of the one before."""
    layer, shape = _layer(kind, student), sizes(rng, 2)
    first, x, dout = both_signs(rng, shape), both_signs(rng, shape), rng.normal(size=shape)
    layer.forward(first)
    layer.backward(rng.normal(size=shape))
    layer.forward(x)
    stale = Slip("stale", dout * kind.slope(first, 1.0), STALE)
    close(layer.backward(dout), dout * kind.slope(x, 1.0), what="backward(dout) of the second pass", slips=[stale])
    forgets(layer, 2 * dout, 2 * dout * kind.slope(x, 1.0))


def _layer(kind: Kind, student: Any) -> Any:
    """The student's module with alpha 1, whether the constructor wants it or not."""
    return built(student, kind.name, *([1.0] * kind.has_alpha))


def _with_alpha(kind: Kind, student: Any, alpha: float) -> Any:
    try:
        return member(student, kind.name, "modules.py")(alpha)
    except StudentError as error:
        if error.type != "TypeError":
            raise
        says = f"{kind.name}(alpha) cannot be made ({error.message}): let __init__ take alpha and keep it."
        raise CheckFailed(says, "no_alpha") from error


def _present(student: Any) -> Kind:
    """The one that the submission holds, where either will do."""
    try:
        member(student, ELU.name, "modules.py")
    except CheckFailed as missing:
        try:
            member(student, RELU.name, "modules.py")
        except CheckFailed:
            raise missing from None
        return RELU
    return ELU


def _ruled(rule: Rule, kind: Kind | None) -> Callable[[Any, Draw], None]:
    return lambda student, rng: rule(kind or _present(student), student, rng)


def _checks(kind: Kind | None, alpha: bool, careful: bool, shapes: bool) -> tuple[Check, ...]:
    first = [(_forward, 2, ()), (_backward, 3, ())]
    more = [(_alpha_forward, 1, ("forward",)), (_alpha_backward, 1, ("backward",))] * alpha
    rules = [_any_shape] * shapes + [_edge_cases, _reuse] * careful
    last = [(rule, 1, ("forward", "backward")) for rule in rules]
    return tuple(
        Check(rule.__name__[1:], str(rule.__doc__), _ruled(rule, kind), points, requires, SECONDS)
        for rule, points, requires in (*first, *more, *last)
    )


@family(
    topic="code",
    source="Goodfellow 6.3, 6.5",
    minutes=12,
    levels={"easy": {"activation": "relu", "careful": False}, "medium": {}, "hard": {"alpha": True, "shapes": True}},
)
def activation_module(
    rng: Rng, *, activation: str = "elu", alpha: bool = False, careful: bool = True, shapes: bool = False
) -> Exercise:
    """Write an activation as a module in NumPy: forward and backward."""
    kind = {"elu": ELU, "relu": RELU, "either": ELU}[activation]
    rng.require((activation == "elu" or not alpha), "only ELU has an alpha")
    checks = _checks(None if activation == "either" else kind, alpha, careful, shapes)
    n, m = rng.int("n", 2, 20), rng.int("m", 2, 20)
    return Exercise(
        given={"n": n, "m": m, "activation": activation, "alpha": alpha, "careful": careful, "shapes": shapes},
        shown={"name": kind.name + "(alpha=1.0)" * alpha, "of_one": kind.has_alpha and not alpha},
        prompt="Write the class `" + kind.name + "(alpha=1.0)" * alpha + "` in `modules.py`, with NumPy alone: "
        + kind.prompt + "{% if of_one %} Here $\\alpha = 1$.{% endif %} `forward(x)` returns the output in the shape "
        "of `x`. `backward(dout)` gets $dL/dY$ and returns $dL/dX$. `clear_cache()` forgets what `forward` kept."
        "{% if shapes %} Arrays may have any number of axes.{% endif %}{% if careful %} Entries of ±1000 must not "
        "overflow; neither method changes the array that it is given.{% endif %}{% if activation == 'either' %} A "
        "class `ReLUModule`, $\\max(x, 0)$, will do in its place.{% endif %} At exactly 0 either slope will do.\n\n"
        "An `x` of shape `({{ n }}, {{ m }})`, for example, gives an output and a gradient of that shape.",
        parts=[Part(c.name, c.sentence, Code(key=(c,), file="modules.py"), points=c.points) for c in checks],
        solution=kind.solution + " The whole class is in `solutions/mlp_from_scratch/modules.py`.",
    )  # fmt: skip


@activation_module.oracle
def names(alpha: bool, careful: bool, shapes: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "forward backward" + " alpha_forward alpha_backward" * alpha
    parts += " any_shape" * shapes + " edge_cases reuse" * careful
    return {part: (part,) for part in parts.split()}
