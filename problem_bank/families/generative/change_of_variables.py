"""Dinh et al. 2017, section 3, and Prince, Understanding Deep Learning, 16.3: affine coupling layers in numbers."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.generative._change_of_variables_steps import (
    ask_back,
    ask_density,
    ask_forward,
    ask_log_det,
    log_normal,
)
from problem_bank.families.generative._change_of_variables_texts import PROMPT, SAID, SOLUTION
from problem_bank.families.generative._coupling import Coupling
from problem_bank.families.generative._entrywise import each
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.steps import Steps
from problem_bank.tex import tex
from problem_bank.values import Number, whole

HALVES = tuple(whole(Fraction(n, 2)) for n in (-6, -4, -3, -2, -1, 1, 2, 3, 4, 6))


@family(
    topic="generative",
    source="Prince 16.3",
    minutes=8,
    levels={"easy": {"task": "forward"}, "medium": {}, "hard": {"layers": 2}},
)
def change_of_variables(rng: Rng, *, task: str = "inverse", layers: int = 1) -> Exercise:
    """Find the density of an example under affine coupling layers."""
    if (task, layers) not in (("forward", 1), ("inverse", 1), ("inverse", 2)):
        raise BadGiven(f"task: {task}, layers: {layers}; write forward with 1 layer, or inverse with 1 or 2")
    flow = [_layer(rng, kept) for kept in range(layers)]
    if layers == 1:
        z: Any = each(Fraction, rng.choices("z", HALVES, 2))
        u: Any = flow[0].forward(z)
        x = u
    else:
        u = each(Fraction, rng.choices("u", HALVES, 2))
        z, x = flow[0].inverse(u), flow[1].forward(u)
    rng.require(all(0 < abs(v) <= 4 for v in z) and all(x), "no entry is 0, and the code is no outlier")
    rng.require(all(layer.factor(pair[layer.kept]) != 1 for layer, pair in zip(flow, (z, u), strict=False)),
                "every layer scales")  # fmt: skip
    steps = Steps(SAID, tolerance=1e-3)
    (ask_forward if task == "forward" else ask_back)(steps, flow, z if task == "forward" else x)
    ask_log_det(steps, flow, (z, u))
    ask_density(steps, z, x)
    return Exercise(
        given={**rng.drawn, "task": task, "layers": layers},
        shown={"z": z, "u": u, "x": x, **_shown(flow, (z, u)), "base": log_normal(z),
               "logdet": steps.keys["logdet"], "logp": steps.keys["logp"]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(steps.parts)),
    )  # fmt: skip


def _layer(rng: Rng, kept: int) -> Coupling:
    """The coupling layer that keeps this entry."""
    n = kept + 1
    slope, offset = rng.int(f"slope{n}", -2, 2, exclude=(0,)), rng.int(f"offset{n}", -3, 3, exclude=(0,))
    return Coupling(kept, rng.choice(f"power{n}", (-1, 1)), rng.int(f"width{n}", 1, 5), slope, offset)


def _shown(flow: list[Coupling], pairs: tuple[Any, Any]) -> dict[str, Any]:
    """The layers in the texts, and their numbers at the kept entries."""
    values = [pair[layer.kept] for layer, pair in zip(flow, pairs, strict=False)]
    moves = [layer.shift(v) for layer, v in zip(flow, values, strict=True)]
    return {
        "scales": [rf"{'' if layer.power > 0 else '-'}\ln(v^2 + {layer.width})" for layer in flow],
        "shifts": [f"{_times(layer.slope)} {_signed(layer.offset)}" for layer in flow],
        "powers": [layer.factor(v) for layer, v in zip(flow, values, strict=True)],
        "moves": moves, "signed": list(map(_signed, moves)), "taken": [_signed(-t) for t in moves],
    }  # fmt: skip


def _times(slope: Number) -> str:
    return {1: "v", -1: "-v"}.get(int(slope), f"{slope} v")


def _signed(value: Number) -> str:
    """+ 3, - 2"""
    return f"- {tex(-value)}" if value < 0 else f"+ {tex(value)}"


@change_of_variables.oracle
def by_jacobians(task: str, layers: int, **given: Any) -> dict[str, Any]:
    """Every layer as a function of two numbers; undone as the line that it is, its Jacobian by complex steps."""
    flow = [_function(n, given) for n in range(1, layers + 1)]
    values: dict[str, Any] = {}
    if layers == 1:
        z = np.array(given["z"], dtype=float)
        u = x = flow[0](z)
    else:
        u = np.array(given["u"], dtype=float)
        z, x = _undone(flow[0], 0, u)[""], flow[1](u)
    if task == "forward":
        values |= _forward(flow[0], z)
    else:
        values |= {f"z{name}": value for name, value in _undone(flow[0], 0, u).items()}
    if layers == 2:
        values |= {f"u{name}": value for name, value in _undone(flow[1], 1, x).items()}
    parts = [_log_det(function, at) for function, at in zip(flow, (z, u), strict=False)]
    log_det = _log_det(lambda pair: flow[-1](flow[0](pair)) if layers == 2 else flow[0](pair), z)
    values |= {"logdet": log_det, "logdet.sign": -log_det, "logdet.determinant": np.exp(log_det)}
    if layers == 1:
        values |= {"logdet.every_entry": 2 * log_det, "logdet.shift_counted": log_det + flow[0]([z[0], 0.0])[1]}
    else:
        values |= {"logdet.one_layer": parts[1], "logdet.multiplied": np.prod(parts)}
    code = -(np.hypot(*z) ** 2) / 2
    right = code - log_det - np.log(2 * np.pi)
    return values | {
        "logp": right, "logp.added": right + 2 * log_det, "logp.det_forgotten": right + log_det,
        "logp.constant_forgotten": code - log_det, "logp.constant_once": (right + code - log_det) / 2,
        "logp.no_half": right + code, "logp.at_example": right - code - np.hypot(*x) ** 2 / 2,
    }  # fmt: skip


def _function(n: int, given: dict[str, Any]) -> Any:
    """Layer n as a function of a pair of numbers, also of complex ones."""
    power, width, slope, offset = (float(given[f"{name}{n}"]) for name in ("power", "width", "slope", "offset"))

    def forward(pair: Any) -> Any:
        v, other = pair[n - 1], pair[2 - n]
        new = np.exp(power * np.log(v**2 + width)) * other + (slope * v + offset)
        return np.array([v, new] if n == 1 else [new, v])

    return forward


def _line(function: Any, kept: int, v: float) -> tuple[float, float]:
    """Intercept and slope of the entry that changes, from two of its values."""
    ends = [function(np.roll([v, other], kept))[1 - kept] for other in (0.0, 1.0)]
    return ends[0], ends[1] - ends[0]


def _forward(function: Any, z: Any) -> dict[str, Any]:
    t, k = _line(function, 0, z[0])
    wrong = {"no_exp": np.log(k) * z[1] + t, "shift_scaled": k * (z[1] + t), "minus_shift": k * z[1] - t,
             "backwards": (z[1] - t) / k}  # fmt: skip
    return {"x": function(z), **{f"x.{name}": np.array([z[0], value]) for name, value in wrong.items()}}


def _undone(function: Any, kept: int, after: Any) -> dict[str, Any]:
    """What a layer was given, and what students take it to be."""
    v, other = after[kept], after[1 - kept]
    t, k = _line(function, kept, v)
    found = {"": (other - t) / k, ".forwards": other * k + t, ".scale_first": other / k - t,
             ".not_inverted": (other - t) * k, ".shift_added": (other + t) / k}  # fmt: skip
    return {name: np.roll([v, value], kept) for name, value in found.items()}


def _log_det(function: Any, at: Any) -> Any:
    """ln |det J|, with a Jacobian by complex steps."""
    jacobian = [gradient(lambda pair, i=i: function(pair)[i], at) for i in range(2)]  # type: ignore[misc]  # i is bound
    return np.linalg.slogdet(np.array(jacobian))[1]
