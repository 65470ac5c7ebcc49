"""AdaGrad and RMSProp, schedules, decoupled decay, L1: what is peculiar to these families."""

from fractions import Fraction
from typing import Any

import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

LEVELS = ("easy", "medium", "hard")
ADAPTIVE = {
    "theta0": [1, 1], "epsilon": "1/2", "rho": "3/4", "adagrad": [[3, 4], [-6, 8]], "rmsprop": [[2, 1], [-8, 4]],
}  # fmt: skip
SCHEDULES = {
    "kinds": ["step", "exponential", "linear", "cosine"], "start": "1/10", "batches": 100, "k": 480, "gamma": "1/2",
    "every": 2, "decay": "9/10", "end": "1/1000", "tau": 960, "late": 1000, "least": "1/100", "period": 960,
}  # fmt: skip
DECAY = {"theta": [4, 2], "g": [-1, 1], "epsilon": "1/10", "strength": "1/2", "size": 2}
L1 = {"theta": [2, -1, 3], "g": [3, -1, -2], "epsilon": "1/2", "strength": 1, "size": 3}


def drawn(family: str, level: str | None = None, **given: Any) -> Variant:
    return load(family).draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_adaptive_steps_by_hand() -> None:
    """3 then 4 make AdaGrad's r 9 and 25; 2 then 1 at rho = 3/4 make RMSProp's r 1 and 1."""
    keys = drawn("optimisation.rmsprop_adagrad", "hard", **ADAPTIVE).exercise.keys()
    half = Fraction(1, 2)
    assert keys == {
        "adagrad_r1": (9, 36), "adagrad_theta1": (half, Fraction(3, 2)),
        "adagrad_r2": (25, 100), "adagrad_theta2": (Fraction(1, 10), Fraction(11, 10)),
        "rmsprop_r1": (1, 16), "rmsprop_theta1": (0, 2),
        "rmsprop_r2": (1, 16), "rmsprop_theta2": (-half, Fraction(3, 2)),
    }  # fmt: skip


@pytest.mark.parametrize("key", range(6))
def test_adaptive_steps_are_those_of_torch(key: int) -> None:
    """torch's optimisers, at the default of a constant of 0, take the same steps."""
    torch = pytest.importorskip("torch")
    variant = load("optimisation.rmsprop_adagrad").draw(key, level="hard")
    given, keys = variant.exercise.given, variant.exercise.keys()
    rate, rho = float(given["epsilon"]), float(given["rho"])
    rules = {
        "adagrad": lambda p: torch.optim.Adagrad(p, lr=rate, eps=0),
        "rmsprop": lambda p: torch.optim.RMSprop(p, lr=rate, alpha=rho, eps=0),
    }
    for name, rule in rules.items():
        theta = torch.tensor([float(v) for v in given["theta0"]], dtype=torch.float64)
        optimiser = rule([theta])
        for t, g in enumerate(zip(*given[name], strict=True), start=1):
            theta.grad = torch.tensor(g, dtype=torch.float64)
            optimiser.step()
            assert theta.tolist() == pytest.approx([float(v) for v in keys[f"{name}_theta{t}"]])


def test_gradients_without_an_exact_root_are_refused() -> None:
    """Pinned gradients whose r has no rational root are named, with ones that do."""
    with pytest.raises(BadGiven, match="r = 5, which has no exact root"):
        drawn("optimisation.rmsprop_adagrad", "easy", **{**ADAPTIVE, "adagrad": [[1, 2], [3, 4]]}, rules=["adagrad"])


def test_a_slip_in_r_is_paid_once() -> None:
    """Squares that are shared by all parameters are named; what follows from them is consistent."""
    verdicts = marked(drawn("optimisation.rmsprop_adagrad", "hard", **ADAPTIVE), adagrad_r2="[25, 64]",
                      adagrad_theta2="[1/10, 1]")  # fmt: skip
    assert verdicts["adagrad_theta2"].status is Status.CONSISTENT
    verdicts = marked(drawn("optimisation.rmsprop_adagrad", "hard", **ADAPTIVE), rmsprop_r1="[4, 64]")
    assert verdicts["rmsprop_r1"].misconceptions == ("accumulated",)


def test_schedules_by_hand() -> None:
    """Update 480 of 100 an epoch is in epoch 4: two halvings, four decays, half of the line and of the wave."""
    keys = drawn("optimisation.schedule", **SCHEDULES).exercise.keys()
    assert keys.pop("place") == (4, 80)
    expected = {"step": 0.025, "exponential": 0.06561, "linear": 0.0505, "linear_late": 0.001, "cosine": 0.055}
    assert keys == pytest.approx(expected)


def test_a_warm_up_meets_its_cosine() -> None:
    """The last update of the warm-up has the full rate, which the cosine then begins with."""
    warm = {"kinds": ["warm"], "start": "2/5", "batches": 100, "k": 240, "warm": 240, "rise": 239, "least": "1/25",
            "period": 300}  # fmt: skip
    keys = drawn("optimisation.schedule", **warm).exercise.keys()
    assert (keys["warm_rise"], keys["warm"]) == (pytest.approx(0.4), pytest.approx(0.4))


def test_a_wrong_epoch_is_paid_once() -> None:
    """Rates that follow from the student's own epoch are consistent."""
    verdicts = marked(drawn("optimisation.schedule", **SCHEDULES), place="[5, 80]", exponential=0.059049)
    assert verdicts["place"].misconceptions == ("from_one",)
    assert verdicts["exponential"].status is Status.CONSISTENT


def test_unknown_schedules_are_refused() -> None:
    """The message lists the schedules there are."""
    with pytest.raises(BadGiven, match="step, exponential, linear, cosine, warm"):
        drawn("optimisation.schedule", kinds=["polynomial"])


def test_decoupled_decay_by_hand() -> None:
    """The penalty turns the first sign: L2 moves (4, 2) by (-0.1, -0.1), AdamW by (+0.1, -0.1) less 5 %."""
    keys = drawn("optimisation.decoupled_decay", "hard", **DECAY).exercise.keys()
    assert keys["total"] == (1, 2)
    assert keys["l2"] == (Fraction(39, 10), Fraction(19, 10))
    assert keys["adamw"] == (Fraction(39, 10), Fraction(9, 5))
    assert keys["sgd"] == (Fraction(39, 10), Fraction(9, 5))


@pytest.mark.parametrize("key", range(6))
def test_decoupled_decay_is_that_of_torch(key: int) -> None:
    """torch's AdamW and its Adam with weight_decay lead to the same parameters, AdamW in the second step too."""
    torch = pytest.importorskip("torch")
    variant = load("optimisation.decoupled_decay").draw(key, level="hard")
    given, keys = variant.exercise.given, variant.exercise.keys()
    for name, rule in {"l2": torch.optim.Adam, "adamw": torch.optim.AdamW}.items():
        theta = torch.tensor([float(v) for v in given["theta"]], dtype=torch.float64)
        optimiser = rule([theta], lr=float(given["epsilon"]), eps=0, weight_decay=float(given["strength"]))
        theta.grad = torch.tensor([float(v) for v in given["g"]], dtype=torch.float64)
        optimiser.step()
        assert theta.tolist() == pytest.approx([float(v) for v in keys[name]])
    optimiser.step()
    assert theta.tolist() == pytest.approx([float(v) for v in keys["second"]])


@pytest.mark.parametrize(
    ("part", "answer", "slip"),
    [
        ("adamw", "[41/10, 21/10]", None),
        ("adamw", "[21/10, 9/10]", "no_rate"),
        ("l2", "[41/10, 19/10]", "no_decay"),
        ("total", "[3, 3]", "doubled"),
    ],
)
def test_mistakes_about_decay_are_named(part: str, answer: str, slip: str | None) -> None:
    """Each wrong rule is recognised by the numbers it leads to, worked by hand here."""
    verdict = marked(drawn("optimisation.decoupled_decay", **DECAY), **{part: answer})[part]
    assert verdict.status is not Status.RIGHT
    assert verdict.misconceptions == ((slip,) if slip else ())


def test_proximal_step_by_hand() -> None:
    """u = (1/2, -1/2, 4) at the threshold 1/2: two entries vanish, the third loses 1/2; 8 makes all vanish."""
    keys = drawn("optimisation.l1_proximal", "hard", **L1).exercise.keys()
    half = Fraction(1, 2)
    assert keys == {
        "u": (half, -half, 4), "prox": (0, 0, Fraction(7, 2)), "subgradient": (0, 0, Fraction(7, 2)), "largest": 8,
    }  # fmt: skip


@pytest.mark.parametrize("key", range(10))
@pytest.mark.parametrize("level", LEVELS)
def test_no_other_point_is_better_than_the_proximal_one(key: int, level: str) -> None:
    """The objective rises from the key in both directions of every entry: it is convex, so this is the minimum."""
    variant = load("optimisation.l1_proximal").draw(key, level=level)
    given, keys = variant.exercise.given, variant.exercise.keys()
    threshold, step = given["epsilon"] * given["strength"], Fraction(1, 10**6)
    for u, z in zip(keys["u"], keys["prox"], strict=True):

        def objective(at: Any, u: Any = u) -> Any:
            return (at - u) ** 2 / Fraction(2) + threshold * abs(at)

        assert objective(z) < min(objective(z + step), objective(z - step))


def test_a_wrong_gradient_step_is_paid_once() -> None:
    """Thresholding one's own u is the right method."""
    verdicts = marked(drawn("optimisation.l1_proximal", **L1), u="[-1, -1/2, 4]", prox="[-1/2, 0, 7/2]")
    assert verdicts["prox"].status is Status.CONSISTENT
