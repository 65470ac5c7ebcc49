"""Data-parallel training, padding that is looked for, gated activations: what is peculiar to these families."""

from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

PARALLEL: dict[str, Any] = {
    "w": [1, 1], "epsilon": "1/2", "x1": [[1, 2]], "y1": [1], "x2": [[2, 0], [0, 2]], "y2": [0, 4],
    "tuned": "1/10", "base": 64, "workers": 8, "each": 32,
}  # fmt: skip
PADDING: dict[str, Any] = {
    "sides": [28, 31], "kernel": [3, 4], "stride": [2, 3], "padding": [1, 0], "kernel_b": [5, 4], "stride_b": [3, 2],
    "kernel_c": [6, 9], "stride_c": [2, 3], "most": [2, 3], "kernel_d": [5, 4], "stride_d": [3, 2], "d": 1,
    "ask": ["output", "kernel", "padding", "same"],
}  # fmt: skip
GATED: dict[str, Any] = {
    "beta": 2, "k": 3, "at": -4, "swish_factors": [3, -2], "gelu_factors": [2, -5], "width": -2, "point": 1,
    "height": 3, "shift": 4,
}  # fmt: skip


def drawn(family: str, level: str = "hard", **given: Any) -> Variant:
    return load(family).draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_workers_by_hand() -> None:
    """Errors 2, then 2 and -2: gradients (2, 4) and (2, -2), of which the second counts twice."""
    keys = drawn("optimisation.data_parallel", **PARALLEL).exercise.keys()
    assert keys["local"] == ((2, 4), (2, -2))
    assert keys["mean"] == (2, 0)
    assert keys["step"] == (0, 1)
    assert keys["rate"] == pytest.approx(0.4)
    assert keys["own"] == ((Fraction(3, 2), 2), (0, 2))  # from (0, -1) with error -3, and (0, 2) without
    assert keys["averaged"] == (Fraction(1, 2), 2)


def test_workers_find_the_gradient_of_torch() -> None:
    """The averaged gradient is that of all the samples on a single machine."""
    torch = pytest.importorskip("torch")
    for i in range(5):
        exercise = load("optimisation.data_parallel").draw(("torch", i)).exercise
        given = exercise.given
        x = torch.tensor([row for k in (1, 2) for row in given[f"x{k}"]], dtype=torch.float64)
        y = torch.tensor([v for k in (1, 2) for v in given[f"y{k}"]], dtype=torch.float64)
        w = torch.tensor(given["w"], dtype=torch.float64, requires_grad=True)
        (((x @ w - y) ** 2).mean() / 2).backward()
        assert w.grad.tolist() == pytest.approx([float(v) for v in exercise.keys()["mean"]])


@pytest.mark.parametrize(
    ("part", "answer", "name"),
    [("local", "[[2, 4], [4, -4]]", "not_divided"), ("mean", "[4, 2]", "summed"), ("mean", "[2, 1]", "unweighted"),
     ("step", "[2, 1]", "ascent"), ("rate", 0.05, "share_only"), ("averaged", "[3/4, 2]", "unweighted")],
)  # fmt: skip
def test_confusions_of_workers_are_named(part: str, answer: Any, name: str) -> None:
    """Sum for mean, equal weights for unequal shares, the wrong comparison for the rate."""
    assert marked(drawn("optimisation.data_parallel", **PARALLEL), **{part: answer})[part].misconceptions == (name,)


def test_a_single_worker_is_refused() -> None:
    """There is nothing to average."""
    with pytest.raises(BadGiven, match="two workers or more"):
        drawn("optimisation.data_parallel", shards=[4])


def test_rectangles_by_hand() -> None:
    """28 + 2 - 3 leave 13 strides of 2; and the kernel, the padding and the zeros that make the other sizes."""
    keys = drawn("convolution.find_padding", **PADDING).exercise.keys()
    assert keys["output"] == (14, 10)
    assert keys["kernel"] == (28 - 7 * 3, 31 - 13 * 2)  # 8 and 14 windows
    assert keys["padding"] == (2, 3)  # 14 and 10 windows need 32 and 36 pixels
    assert keys["same"] == (2, 2, 1, 2)  # 10 and 16 outputs need 32 and 34 pixels


def test_padding_is_the_smallest_that_torch_accepts() -> None:
    """torch's convolution makes the asked size with this padding, and another with one less."""
    torch = pytest.importorskip("torch")
    for i in range(4):
        exercise = load("convolution.find_padding").draw(("torch", i)).exercise
        given, padding, wanted = exercise.given, exercise.keys()["padding"], exercise.shown["third"]
        image, weights = torch.zeros(1, 1, *given["sides"]), torch.zeros(1, 1, *given["kernel_c"])
        asked = tuple(axis.fits for axis in wanted)

        def size(p: tuple[int, ...], image: Any = image, weights: Any = weights, given: Any = given) -> tuple[int, ...]:
            return tuple(torch.conv2d(image, weights, stride=given["stride_c"], padding=p).shape[2:])

        assert size(padding) == asked
        for less in product((0, 1), repeat=2):
            fewer = (padding[0] - less[0], padding[1] - less[1])
            assert [a == b for a, b in zip(size(fewer), asked, strict=True)] == [not v for v in less]


@pytest.mark.parametrize(
    ("part", "answer", "name"),
    [("output", "10 x 14", None), ("output", "14 x 11", None), ("padding", "[4, 5]", "both_sides"),
     ("padding", "[3, 2]", "swapped"), ("same", "[2, 2, 2, 1]", "first_side")],
)  # fmt: skip
def test_confusions_of_padding_are_named(part: str, answer: str, name: str | None) -> None:
    """Both sides for one, rows for columns, the odd zero in front; a plain slip of a size is only wrong."""
    verdict = marked(drawn("convolution.find_padding", **PADDING), **{part: answer})[part]
    assert verdict.status is Status.WRONG or verdict.score < verdict.points
    assert verdict.misconceptions == ((name,) if name else ())


def test_gates_by_hand() -> None:
    """At beta x = ln 3 the gate is 3/4; for x = -4 swish goes from -2 to 0; factors below 0 turn the sides."""
    asked = ["swish", "swish_value", "betas", "gelu", "gelu_value", "mirrored", "slopes", "bounds"]
    variant = drawn("activations.gated", ask=asked, **GATED)
    keys = variant.exercise.keys()
    assert keys["swish_value"] == pytest.approx(0.4119796)
    assert keys["betas"] == (-2, 0)
    assert keys["gelu_value"] == pytest.approx(0.841192)
    assert keys["mirrored"] == pytest.approx(0.841192 - 1)
    assert (keys["slopes"], keys["bounds"]) == ((2, 0), (7, 1))
    assert marked(variant, swish="3*s*(1 - 2*x*(1 - s))")["swish"].status is Status.RIGHT
    assert marked(variant, gelu="2*P - 10*q*x")["gelu"].status is Status.RIGHT


def test_gates_are_those_of_torch() -> None:
    """torch's tanh form of GELU, and its gradient of swish."""
    torch = pytest.importorskip("torch")
    for i in range(5):
        exercise = load("activations.gated").draw(("torch", i), level="hard").exercise
        given, keys = exercise.given, exercise.keys()
        point = torch.tensor(float(given["point"]), dtype=torch.float64)
        for name, x in (("gelu_value", point), ("mirrored", -point)):
            assert keys[name] == pytest.approx(float(torch.nn.functional.gelu(x, approximate="tanh")))
        beta = float(given["beta"])
        x = (torch.tensor(float(given["k"]), dtype=torch.float64).log() / beta).requires_grad_()
        (x * torch.sigmoid(beta * x)).backward()
        assert keys["swish_slope"] == pytest.approx(float(x.grad))


@pytest.mark.parametrize(
    ("part", "answer", "name"),
    [("swish", "3*s + 3*x*s*(1 - s)", "inner_lost"), ("swish", "3*s", "second_lost"),
     ("swish_value", "3/4", "gate_alone"), ("gelu", "2*P - 10*x*P*(1 - P)", "sigmoid_rule"),
     ("bounds", "[1, 7]", "swapped"), ("slopes", "[-10, 0]", "inner_counted"), ("betas", "[-2, -4]", "identity")],
)  # fmt: skip
def test_confusions_of_gates_are_named(part: str, answer: str, name: str) -> None:
    """A lost term or factor, the gate alone, the sigmoid's rule, turned sides."""
    asked = ["swish", "swish_value", "betas", "gelu", "slopes", "bounds"]
    assert marked(drawn("activations.gated", ask=asked, **GATED), **{part: answer})[part].misconceptions == (name,)
