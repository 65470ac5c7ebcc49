"""Rajbhandari et al., ZeRO (2020), section 3, and Micikevicius et al. (2018): what training keeps in memory."""

from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.errors import BadGiven
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.counting._training_memory_texts import ASK, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import entries

GB, GIB = 10**9, 1024**3
LOW, MASTER = 2, 4  # bytes of a number in low precision, and of the copy that Adam updates
Question = tuple[Any, dict[str, Any]]  # the key or its rule, and the misconceptions
STATES = ("working", "optimiser", "states")


@family(
    topic="counting",
    source="Rajbhandari 2020",
    minutes=8,
    levels={
        "easy": {"ask": STATES},
        "medium": {},
        "hard": {"ask": (*STATES, "activations", "first", "second", "third", "device")},
    },
)
def training_memory(rng: Rng, *, ask: tuple[str, ...] = (*STATES, "activations", "total")) -> Exercise:
    """Add up the bytes that mixed-precision training with Adam keeps, and share them among devices."""
    millions = 20 * rng.int("score", 6, 150)
    gradient, moment = rng.choice("gradient", (2, 4)), rng.choice("moment", (1, 2, 4))
    layers, width, tokens = rng.int("layers", 12, 48), 128 * rng.int("blocks", 6, 32), 256 * rng.int("windows", 2, 8)
    batch, kept, devices = rng.int("batch", 2, 12), rng.int("kept", 8, 34), rng.choice("devices", (4, 8, 16, 32))
    if any(v < 1 or v % 1 for v in entries(tuple(rng.drawn.values()))):
        raise BadGiven("score, gradient, moment, layers, ...: give whole numbers from 1 up")
    psi = Fraction(millions, 1000)  # GB at one byte a parameter
    rules = (
        _states(psi, gradient, moment)
        | _activations(batch, layers, tokens * width, kept)
        | _divided(float(psi * gradient), devices)
    )
    steps = Steps(SAID, tolerance=1e-3)
    for name in ask:
        steps.ask(name, ASK[name], *rules[name])
    return Exercise(
        given={**rng.drawn, "ask": ask},
        shown={"millions": millions, "low": LOW, "width": width, "tokens": tokens, "keys": steps.keys,
               "weights": float(psi * LOW), "gradients": float(psi * gradient)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )  # fmt: skip


def _states(psi: Fraction, gradient: int, moment: int) -> dict[str, Question]:
    """What is kept for every parameter."""
    return {
        "working": (float(psi * (LOW + gradient)), {
            "weights_only": float(psi * LOW), "full_precision": float(8 * psi) if gradient < 4 else None,
            "gibibytes": float(psi * (LOW + gradient) * GB / GIB),
        }),
        "optimiser": (float(psi * (MASTER + 2 * moment)), {
            "no_master": float(psi * 2 * moment), "one_moment": float(psi * (MASTER + moment)),
            "master_only": float(psi * MASTER),
        }),
        "states": (lambda e: e["working"] + e["optimiser"], {
            "no_optimiser": lambda e: e["working"],
            "no_gradients": lambda e: e["working"] + e["optimiser"] - float(psi * gradient),
        }),
    }  # fmt: skip


def _activations(batch: int, layers: int, values: int, kept: int) -> dict[str, Question]:
    """What is kept for every value that a layer hands on for a text, and the total with it."""
    held = batch * layers * values
    return {
        "activations": (held * kept * LOW / GB, {
            "one_text": held // batch * kept * LOW / GB, "one_layer": held // layers * kept * LOW / GB,
            "numbers": held * kept / GB, "once": held * LOW / GB,
        }),
        "total": (lambda e: e["states"] + e["activations"], {
            "no_activations": lambda e: e["states"], "one_text": lambda e: e["states"] + e["activations"] / batch,
        }),
    }  # fmt: skip


def _divided(gradients: float, devices: int) -> dict[str, Question]:
    """What a device keeps when the devices share more and more."""

    def keeping(*divided: str) -> Rule:
        def rule(e: Earlier) -> float:
            sizes = {"optimiser": e["optimiser"], "gradients": gradients, "weights": e["working"] - gradients}
            return float(sum(size / devices if name in divided else size for name, size in sizes.items()))

        return rule

    none, first, second, third = (keeping(*("optimiser", "gradients", "weights")[:n]) for n in range(4))
    return {
        "first": (first, {
            "nothing_divided": none, "everything_divided": third, "optimiser_gone": lambda e: e["working"],
            "multiplied": lambda e: e["working"] + e["optimiser"] * devices,
        }),
        "second": (second, {"nothing_divided": none, "everything_divided": third, "one_stage_less": first}),
        "third": (third, {"nothing_divided": none, "weights_kept": second, "multiplied": lambda e: none(e) * devices}),
        "device": (lambda e: e["third"] + e["activations"], {
            "activations_divided": lambda e: e["third"] + e["activations"] / devices,
            "not_divided": lambda e: e["states"] + e["activations"], "no_activations": lambda e: e["third"],
        }),
    }  # fmt: skip


@training_memory.oracle
def by_record_arrays(**given: Any) -> dict[str, Any]:
    """NumPy's sizes of one record for each parameter and of the array of activations; nothing is stored."""
    parameters, devices = given["score"] * 20_000_000, given["devices"]
    low, gradient, moment = (np.dtype(f"V{width}") for width in (2, given["gradient"], given["moment"]))
    master = np.dtype("f4")

    def size(*fields: Any, count: int = parameters) -> int:
        return np.dtype([(f"field{i}", field) for i, field in enumerate(fields)]).itemsize * count

    def device(undivided: list[Any], divided: list[Any]) -> float:
        return (size(*undivided) if undivided else 0) + (size(*divided) / devices if divided else 0)

    working, states = [low, gradient], [master, moment, moment]
    texts, layers = given["batch"], given["layers"]
    shape = (texts, 256 * given["windows"], 128 * given["blocks"], layers, given["kept"])

    def kept(*sides: int) -> int:
        return np.broadcast_to(np.float16(0), sides).size * low.itemsize

    activations, everything, third = kept(*shape), size(*working, *states), device([], working + states)
    first, second = device(working, states), device([low], [gradient, *states])
    values = {
        "working": size(*working), "working.weights_only": size(low),
        "working.full_precision": size(master, master) if given["gradient"] < 4 else None,
        "working.gibibytes": size(*working) * 1e9 / 2**30,
        "optimiser": size(*states), "optimiser.no_master": size(moment, moment),
        "optimiser.one_moment": size(master, moment), "optimiser.master_only": size(master),
        "states": everything, "states.no_optimiser": size(*working), "states.no_gradients": size(low, *states),
        "activations": activations, "activations.one_text": kept(*shape[1:]),
        "activations.one_layer": kept(*shape[:3], shape[4]), "activations.numbers": activations // 2,
        "activations.once": kept(*shape[:4]),
        "total": everything + activations, "total.no_activations": everything,
        "total.one_text": everything + kept(*shape[1:]),
        "first": first, "first.nothing_divided": everything, "first.everything_divided": third,
        "first.optimiser_gone": size(*working), "first.multiplied": size(*working) + size(*states) * devices,
        "second": second, "second.nothing_divided": everything, "second.everything_divided": third,
        "second.one_stage_less": first,
        "third": third, "third.nothing_divided": everything, "third.weights_kept": second,
        "third.multiplied": everything * devices,
        "device": third + activations, "device.activations_divided": third + activations / devices,
        "device.not_divided": everything + activations, "device.no_activations": third,
    }  # fmt: skip
    return {name: None if size is None else size / 1e9 for name, size in values.items()}
