"""Goodfellow et al., Deep Learning, sections 6.5 and 8.1.3: gradients of a sigmoid network, and one step with them."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.backpropagation._sgd_step_net import Net
from problem_bank.families.backpropagation._sgd_step_texts import FORMULA, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.complex_steps import gradient
from problem_bank.subjects.log_units import draw_log_units
from problem_bank.subjects.steps import Steps
from problem_bank.values import Vector

COUNTS = {2: (-2, -1, 1, 2), 3: (-1, 1)}
RATES = (Fraction(1, 10), Fraction(1, 5), Fraction(1, 2))
REDUCTIONS = ("mean", "sum")


@family(
    topic="backpropagation",
    source="Goodfellow 6.5, 8.1.3",
    minutes=12,
    levels={"easy": {"loss": "squared"}, "medium": {}, "hard": {"samples": 2}},
)
def sgd_step(rng: Rng, *, loss: str = "logistic", samples: int = 1, units: int = 2) -> Exercise:
    """Take one step of gradient descent on a network of sigmoid units: error, gradients, new weights."""
    if loss not in FORMULA or samples < 1 or units < 2:
        raise BadGiven(f"loss {loss!r}, samples {samples}, units {units}: write {' or '.join(FORMULA)}, and at least "
                       "1 sample and 2 units")  # fmt: skip
    x = tuple(rng.ints(f"x{s}", 2, -1, 3, exclude=(0,)) for s in range(1, samples + 1))
    layer = draw_log_units(rng, x, units, COUNTS)
    v, c = rng.ints("v", units, -5, 5, exclude=(0, 1, -1, samples, -samples)), rng.int("c", -3, 3, exclude=(0,))
    t = rng.ints("t", samples, 0, 1) if loss == "logistic" else rng.ints("t", samples, -4, 4)
    reduction = rng.choice("reduction", REDUCTIONS) if samples > 1 else ""
    net = Net(layer, v, c, x, t, loss, reduction, rng.choice("asked", ((1, 2), (2, 1))), rng.choice("rate", RATES))
    steps = Steps(SAID, tolerance=1e-3)
    net.ask(steps)
    outputs, errors = net.listed(steps.keys["y"]), net.listed(steps.keys["delta"])
    rng.require(all(a != b for a, b in x) and len(set(x)) == samples, "inputs and samples differ")
    rng.require(all(0.2 < abs(y) <= 3 for y in outputs), "no probability is 1/2 or extreme")
    rng.require(all(0.1 < abs(d) != 1 for d in errors), "the error changes what it multiplies")
    rng.require(samples == 1 or loss == "squared" or len(set(t)) > 1, "the batch holds both classes")
    return Exercise(
        given={**rng.drawn, "loss": loss, "samples": samples, "units": units},
        shown={"lines": layer.lines, "inputs": x, "targets": t, "formula": FORMULA[loss], "keys": steps.keys,
               "reduction": reduction, "rows": net.worked(steps.keys), "terms": net.terms(steps.keys),
               "i": net.asked[0], "j": net.asked[1], "weight": net.weight},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(samples),
    )  # fmt: skip


@sgd_step.oracle
def by_complex_steps(*, bases: Vector, W: Any, b: Vector, v: Vector, c: int, t: Vector, asked: Any, rate: Any,
                     loss: str, samples: int, **given: Any) -> dict[str, Any]:  # fmt: skip
    """Complex steps through the loss of the whole batch, all parameters in one NumPy vector."""
    logs, x = np.log(np.array(bases, dtype=float)), np.array([given[f"x{s}"] for s in range(1, samples + 1)], float)
    weights, out, labels = np.array(W, float) * logs[:, None], np.array(v, float), np.array(t, float)
    share, eta, (i, j) = 1 / samples if given.get("reduction") == "mean" else 1.0, float(rate), np.array(asked) - 1

    def hidden(w: Any) -> Any:
        return 1 / (1 + np.exp(-(x @ w.T + np.array(b) * logs)))

    def losses(y: Any) -> Any:
        return (y - labels) ** 2 / 2 if loss == "squared" else np.log(1 + np.exp((1 - 2 * labels) * y))

    h = hidden(weights)
    y = h @ out + c
    delta = gradient(lambda z: losses(z).sum(), y)
    dv = gradient(lambda u: share * losses(h @ u + c).sum(), out)

    def by_weights(u: Any) -> Any:
        return gradient(lambda w: share * losses(y + (hidden(w) - h) @ u).sum(), weights)

    dw, through = by_weights(out), share * delta * out[i]
    other = {"mean": ("sum_for_mean", samples), "sum": ("mean_for_sum", 1 / samples)}.get(given.get("reduction", ""))
    p = (1 + np.tanh(y / 2)) / 2
    each = {
        "h": h,
        "h.negated": 1 - h,
        "h.odds": h / (1 - h),
        "y": y,
        "y.no_bias": y - c,
        "p": p,
        "p.negated": 1 - p,
        "delta": delta,
        "delta.sign": -delta,
        "delta.doubled": 2 * delta,
        "delta.slope_again": delta * p * (1 - p),
    }
    values = {name: value if samples > 1 else value[0] for name, value in each.items()} | {
        "dv": dv, "dv.weights": share * delta.sum() * out,
        "v_new": out - eta * dv, "v_new.uphill": out + eta * dv, "v_new.no_rate": out - dv,
        "dw": dw[i, j], "dw.no_slope": through @ x[:, j], "dw.value_for_slope": (through * h[:, i]) @ x[:, j],
        "dw.transposed": dw[j, i], "dw.no_weights": dw[i, j] / out[i],
        "dw.updated_weights": by_weights(out - eta * dv)[i, j],
        "w_new": weights[i, j] - eta * dw[i, j], "w_new.uphill": weights[i, j] + eta * dw[i, j],
        "w_new.no_rate": weights[i, j] - dw[i, j],
    }  # fmt: skip
    if other:
        values |= {f"dv.{other[0]}": dv * other[1], f"dw.{other[0]}": dw[i, j] * other[1]}
    return values
