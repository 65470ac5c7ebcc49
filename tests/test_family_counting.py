"""Adapters, memory of training, sizes layer by layer: hand-worked counts, torch's own, named confusions."""

from fractions import Fraction
from math import prod
from typing import Any

import pytest

from problem_bank import load
from problem_bank.errors import BadGiven
from problem_bank.variant import Variant
from problem_bank.verdict import Status

LORA: dict[str, Any] = {
    "widths": [256, 512, 128, 64], "layers": 10, "r": 4, "alpha": 6,
    "W": [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "B": [[1, 0], [0, 1], [1, 1]], "A": [[1, 2, 3], [0, 1, -1]],
}  # fmt: skip
MEMORY: dict[str, Any] = {
    "score": 50, "gradient": 2, "moment": 4, "layers": 10, "blocks": 8, "windows": 4, "batch": 5, "kept": 20,
    "devices": 4,
}  # fmt: skip
SIZES: dict[str, Any] = {
    "kinds": ["same", "pooling", "pointwise", "transposed"], "channels": 3, "sides": [31, 24],
    "windows": [[3, 2, 0], [2, 2, 0], [1, 1, 0], [4, 2, 1]], "filters": [8, 4, 10, 5],
}  # fmt: skip


def drawn(family: str, level: str = "hard", **given: Any) -> Variant:
    return load(f"counting.{family}").draw("", level=level, given=given)


def marked(variant: Variant, **answers: Any) -> Any:
    """The verdicts of these answers, and the key in place of all others."""
    return variant.mark(variant.key() | answers)


def test_adapters_by_hand() -> None:
    """4 (256 + 512) and so on, ten times; 256 512 / 768 = 170.67 is no rank; alpha / r of the example is 3."""
    keys = drawn("lora", **LORA).exercise.keys()
    assert keys["one"] == 3072
    assert keys["all"] == 10 * 4 * (768 + 384 + 320) == 58880
    assert keys["share"] == Fraction(4 * (768 + 384 + 320), 256 * (512 + 128 + 64))
    assert keys["largest"] == 170
    assert keys["change"] == ((3, 6, 9), (0, 3, -3), (3, 9, 6))
    assert keys["merged"] == ((4, 6, 9), (0, 4, -3), (3, 9, 7))


@pytest.mark.parametrize(
    ("part", "answer", "name"),
    [
        ("one", 256 * 512, "full"),
        ("one", 768, "rank_once"),
        ("one", 2 * 4 * 256, "same_shape"),
        ("one", 3072 + 512, "biases"),
        ("change", [[1, 2, 3], [0, 1, -1], [1, 3, 2]], "unscaled"),
        ("largest", 171, "rounded_up"),
    ],
)
def test_confusions_of_adapters_are_named(part: str, answer: Any, name: str) -> None:
    """d d counted, the rank counted once, both factors alike, biases, the factor lost."""
    assert marked(drawn("lora", **LORA), **{part: answer})[part].misconceptions == (name,)


def test_a_wrong_adapter_is_paid_once() -> None:
    """All adapters and the share follow from the own count of one."""
    verdicts = marked(drawn("lora", "medium", kinds=1, **{**LORA, "widths": [256, 512]}), one=768, all=7680)
    assert verdicts["all"].status is Status.CONSISTENT


def test_sixteen_bytes_a_parameter() -> None:
    """Weights and gradients of 2 bytes, a master copy and two moments of 4: 16 GB for 1000 million."""
    keys = drawn("training_memory", **MEMORY).exercise.keys()
    assert (keys["working"], keys["optimiser"], keys["states"]) == (4, 12, 16)
    assert keys["activations"] == 5 * 1024 * 1024 * 10 * 20 * 2 / 1e9
    assert (keys["first"], keys["second"], keys["third"]) == (4 + 3, 2 + 3.5, 4)
    assert keys["device"] == keys["third"] + keys["activations"]


def test_stages_always_save_more() -> None:
    """Every stage keeps less on a device than the one before, and stage 3 loses nothing over all devices."""
    for i in range(30):
        variant = load("counting.training_memory").draw(("stages", i), level="hard")
        keys = variant.exercise.keys()
        assert keys["states"] > keys["first"] > keys["second"] > keys["third"]
        assert keys["third"] * variant.exercise.given["devices"] == pytest.approx(keys["states"])


@pytest.mark.parametrize(
    ("part", "answer", "name"), [("working", 2, "weights_only"), ("optimiser", 4, "master_only"),
                                 ("states", 4, "no_optimiser"), ("first", 16, "nothing_divided")],
)  # fmt: skip
def test_forgotten_bytes_are_named(part: str, answer: float, name: str) -> None:
    """The master copy, the moments, the optimiser, the sharing."""
    assert marked(drawn("training_memory", **MEMORY), **{part: answer})[part].misconceptions == (name,)


def test_one_moment_for_two_is_named() -> None:
    """With moments of 1 byte, one of them makes 5 GB of optimiser states, two make 6."""
    variant = drawn("training_memory", **{**MEMORY, "moment": 1})
    verdicts = marked(variant, optimiser=5, states=9)
    assert verdicts["optimiser"].misconceptions == ("one_moment",)
    assert marked(variant, optimiser=2)["optimiser"].misconceptions == ("no_master",)
    assert verdicts["states"].status is Status.CONSISTENT


def test_sizes_by_hand() -> None:
    """31 x 24 halves to 16 x 12 and 8 x 6; the transposed convolution doubles that again."""
    keys = drawn("layer_sizes", "medium", **SIZES).exercise.keys()
    assert [keys[f"size{i}"] for i in range(1, 5)] == [(8, 16, 12), (8, 8, 6), (10, 8, 6), (5, 16, 12)]
    assert [keys[f"weights{i}"] for i in (1, 3, 4)] == [216, 80, 800]
    assert keys["total"] == 1096


@pytest.mark.parametrize("level", ["easy", "hard"])
def test_layers_are_those_of_torch(level: str) -> None:
    """torch's layers make the same sizes and hold as many weights; unshared ones once for every place."""
    torch = pytest.importorskip("torch")
    for i in range(3):
        exercise = load("counting.layer_sizes").draw(("torch", i), level=level).exercise
        given, keys = exercise.given, exercise.keys()
        axes, x = given["axes"], torch.zeros(1, given["channels"], *given["sides"])
        for n, (kind, (k, s, p), filters) in enumerate(
            zip(given["kinds"], given["windows"], given["filters"], strict=True), 1
        ):
            if kind == "pooling":
                layer = getattr(torch.nn, f"MaxPool{axes}d")(k, s)
            elif kind == "transposed":
                layer = getattr(torch.nn, f"ConvTranspose{axes}d")(x.shape[1], filters, k, s, p, bias=False)
            else:
                layer = getattr(torch.nn, f"Conv{axes}d")(x.shape[1], filters, k, s, p, bias=False)
            x = layer(x)
            assert tuple(x.shape[1:]) == keys[f"size{n}"]
            weights = sum(weight.numel() for weight in layer.parameters())
            places = prod(x.shape[2:]) if kind == "local" else 1
            assert keys.get(f"weights{n}", 0) == weights * places


def test_a_wrong_size_is_paid_once() -> None:
    """'Same' taken for 'valid' is named, and the sizes after it follow."""
    verdicts = marked(drawn("layer_sizes", "medium", **SIZES), size1="8 x 15 x 11", size2="8 x 7 x 5",
                      size3="10 x 7 x 5", size4="5 x 14 x 10")  # fmt: skip
    assert verdicts["size1"].misconceptions == ("shrunk",)
    assert {verdicts[f"size{i}"].status for i in (2, 3, 4)} == {Status.CONSISTENT}


def test_unshared_weights_follow_the_own_size() -> None:
    """A locally connected layer has weights for every place of the size that the student found."""
    variant = drawn(
        "layer_sizes", "easy", kinds=["local"], channels=2, sides=[20, 30], windows=[[2, 1, 0]], filters=[4]
    )
    assert variant.exercise.keys()["weights1"] == 2 * 4 * 4 * 19 * 29
    verdicts = marked(variant, size1="4 x 18 x 28", weights1=32 * 18 * 28, total=32 * 18 * 28)
    assert verdicts["size1"].misconceptions == ("no_plus_one",)
    assert verdicts["weights1"].status is Status.CONSISTENT
    assert marked(variant, weights1=32)["weights1"].misconceptions == ("shared",)


def test_unknown_layers_are_refused() -> None:
    """The message lists those there are."""
    with pytest.raises(BadGiven, match="valid, padded, same, pooling, pointwise, local, transposed"):
        drawn("layer_sizes", kinds=["recurrent"])
