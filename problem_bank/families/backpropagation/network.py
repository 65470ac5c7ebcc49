"""Goodfellow et al., Deep Learning, section 6.5: backpropagation through a small network, step by step."""

from typing import Any

from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise
from problem_bank.families.backpropagation._network_texts import ACTIVATION, DIGITS, LOSS, PROMPT, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects import loss_differences
from problem_bank.subjects.networks import draw_network
from problem_bank.subjects.one_hidden_layer import Net

STEPS = ("a", "h", "y", "dy", "dv", "da", "dW")


@family(
    topic="backpropagation",
    source="Goodfellow 6.5",
    minutes=10,
    version=2,
    levels={"easy": {"units": 2}, "medium": {}, "hard": {"loss": "logistic"}},
)
def network(rng: Rng, *, units: int = 3, hidden: str = "relu", loss: str = "squared") -> Exercise:
    """Compute the gradients of a network with one hidden layer, forward and backward."""
    if hidden not in ACTIVATION or loss not in LOSS:
        raise BadGiven(f"hidden {hidden!r}, loss {loss!r}: write {' or '.join(ACTIVATION)}, and {' or '.join(LOSS)}")
    exact = hidden == "relu" and loss == "squared"
    x = rng.ints("x", 2, 1, 4)
    drawn = draw_network(rng, x, (units,), ((1, 1), (1,) * units))
    (w, b), v, c = drawn.hidden[0], drawn.v, drawn.c
    target = rng.int("target", -9, 9) if loss == "squared" else rng.choice("target", (0, 1))
    net = Net(w, b, v, c, x, target, hidden, loss)
    asked = ("a", "h", "y", "q", *STEPS[3:]) if loss == "logistic" else STEPS
    steps = net.ask(asked, tolerance=0.0 if exact else 1e-3)
    keys = steps.keys
    rng.require(all(keys["a"]), "no unit lies on the kink")
    rng.require(hidden == "sigmoid" or 2 * sum(z > 0 for z in keys["a"]) >= units, "half of the units are on")
    rng.require(abs(keys["dy"]) not in (0, 1), "the error is not 0, and changes what it multiplies")
    rng.require(loss == "squared" or abs(keys["y"]) <= 6, "the sigmoid is not flat")
    rng.require(hidden == "relu" or max(map(abs, keys["a"])) <= 4, "the sigmoid is not flat")
    return Exercise(
        given={**rng.drawn, "units": units, "hidden": hidden, "loss": loss},
        shown={"keys": keys, "loss_tex": LOSS[loss], "activation": ACTIVATION[hidden], "digits": DIGITS[exact],
               "slopes": net.slopes(keys["a"]), "kink": hidden == "relu" and 0 in keys["a"]},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(2 * units + sum(bool(d) for d in keys["da"]) * (len(x) + 1)),
    )  # fmt: skip


@network.oracle
def differences(**given: Any) -> dict[str, Any]:
    """Central differences of the loss, by every weight and every value on the way."""
    return loss_differences.steps(given)
