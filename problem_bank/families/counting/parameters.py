"""Goodfellow et al., Deep Learning, sections 6.4, 8.7.1 and 9.2: how many numbers a network learns."""

from collections.abc import Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

from problem_bank.answers import Integer
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.families.counting._arrays import arrays
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.layer_counts import Counted, batch_norm, convolution, dense, total
from problem_bank.values import entries

NETS = ("mlp", "dense_batch_norm", "cnn", "cnn_batch_norm", "dense_against_conv")
WIDTHS = (12, 15, 16, 18, 20, 24, 25, 30, 32, 36, 40, 45, 48, 50, 60, 64, 80)
FILTERS = (4, 5, 6, 8, 9, 10, 12, 14, 15, 16, 18, 20, 22, 24, 25, 28, 30, 32, 36, 40)
SIDES = {("same", 3): (8, 12, 16, 20, 28), ("same", 5): (8, 12, 16, 20, 28),
         ("valid", 3): (14, 18, 22, 26, 30), ("valid", 5): (20, 24, 28, 32)}  # fmt: skip  # both poolings fit
BORDER = {"same": "zeros around the input keep its size", "valid": "without padding, the window stays inside the input"}
BIASES = "Every unit of a dense layer and every filter has one bias. "
UNBIASED = "No unit has a bias. "
POOLING = "Pooling learns nothing. "
BATCH_NORM = (
    "Batch normalisation learns a scale and a shift for each unit or channel; the layer before it keeps its biases. "
)
NO_CHANNELS = "You left the channels out; after a convolution there is a map for every filter."
NOT_SQUARED = "You counted one row of each map; it has as many rows as columns."
NO_POOLING = "You left the pooling out; each halves the height and the width."
ONE_POOLING = "You left the last pooling out; it halves the height and the width again."


@family(
    topic="counting",
    source="Goodfellow 9.2",
    minutes=6,
    version=2,
    levels={
        "easy": {"net": "mlp"},
        "medium": {"net": "cnn"},
        "hard": {"net": "cnn_batch_norm", "padding": "valid"},
    },
)
def parameters(rng: Rng, *, net: str = "cnn", layers: int = 2, padding: str = "same", biases: bool = True) -> Exercise:
    """Count the learned parameters of a network, layer by layer."""
    if net not in NETS:
        raise BadGiven(f"net: {net!r} is none of {', '.join(NETS)}")
    if not biases and net != "mlp":
        raise BadGiven(f"biases: only dense layers (net = mlp) can be counted without them, not {net}")
    normed = net.endswith("batch_norm")
    if net == "dense_against_conv":
        said, steps = _comparison(rng)
    elif net.startswith("cnn"):
        said, steps = _convolutional(rng, padding, normed)
    else:
        said, steps = _dense(rng, layers, normed, biases)
    counted = [step for step in steps if step.part.name != "features"]
    if len(counted) > 1 and net != "dense_against_conv":
        steps = [*steps, total(counted, features=counted != steps)]
    return Exercise(
        given={**rng.drawn, "net": net, "layers": layers, "padding": padding, "biases": biases},
        prompt=f"{said} {BIASES if biases else UNBIASED}"
        f"{POOLING if net.startswith('cnn') else ''}{BATCH_NORM if normed else ''}"
        "Count the learned parameters.",
        parts=[step.part for step in steps],
        solution="\n\n".join(f"**{step.part.prompt}** {step.line}" for step in steps),
        work=float(sum(len(str(step.part.answer.key)) for step in steps)),
    )


def _dense(rng: Rng, layers: int, normed: bool, biases: bool) -> tuple[str, list[Counted]]:
    """Dense layers one after the other, each followed by batch normalisation if `normed`."""
    sizes = _whole("sizes", rng.sample("sizes", WIDTHS, _whole("layers", layers) + 1))
    steps = []
    for i, (inputs, units) in enumerate(pairwise(sizes), start=1):
        steps.append(dense(f"dense{i}", rf"Dense layer {i} (${inputs} \to {units}$).", inputs, units, biased=biases))
        if normed:
            steps.append(batch_norm(f"norm{i}", f"The batch normalisation after dense layer {i}.", units))
    chain = r" \to ".join(map(str, sizes))
    kind = "Dense layers, each followed by batch normalisation," if normed else "A multilayer perceptron's dense layers"
    return f"{kind} have the widths ${chain}$.", steps


def _convolutional(rng: Rng, padding: str, normed: bool) -> tuple[str, list[Counted]]:
    """Convolution and pooling, twice, then one dense layer."""
    if padding not in BORDER:
        raise BadGiven(f"padding: {padding!r} is none of {', '.join(BORDER)}")
    k = _whole("k", rng.choice("k", (3, 5)))
    n = _whole("n", rng.choice("n", SIDES.get((padding, k), (28,))))
    channels = _whole("channels", (rng.choice("colours", (1, 3)), *rng.sample("filters", FILTERS, 2)))
    classes = _whole("classes", rng.choice("classes", (4, 5, 8, 10)))
    sides = _sides(n, k, padding)
    steps = []
    for i, (inputs, filters) in enumerate(pairwise(channels), start=1):
        said = f"Convolution {i}."
        steps.append(convolution(f"conv{i}", said, inputs, filters, k=k, positions=sides[2 * i - 1] ** 2))
        if normed:
            steps.append(batch_norm(f"norm{i}", f"The batch normalisation after convolution {i}.", filters))
    features = _features(sides, channels[-1])
    said = "The dense layer on these features."
    last = dense("dense", said, features.part.answer.key, classes, fed=itemgetter("features"))
    windows = f"All filters are {k} × {k} with stride 1; {BORDER[padding]}."
    norm = " followed by batch normalisation," if normed else ""
    return _described(n, channels, classes, windows, norm), [*steps, features, last]


def _sides(n: int, k: int, padding: str) -> list[int]:
    """The side of the image, and after each convolution and pooling."""
    sides = [n]
    for _ in range(2):
        sides.append(sides[-1] - (k - 1 if padding == "valid" else 0))
        sides.append(sides[-1] // 2)
    if sides[-1] < 1:
        raise BadGiven(f"n: {n} pixels a side are too few for two {k} × {k} convolutions and poolings")
    return sides


def _features(sides: Sequence[int], filters: int) -> Counted:
    side = sides[-1]
    unpooled = sides[0] - 2 * (sides[0] - sides[1])  # the side that the convolutions alone would leave
    slips = [
        Slip("no_channels", side**2 if filters > 1 else None, NO_CHANNELS),
        Slip("side_not_squared", side * filters if side > 1 else None, NOT_SQUARED),
        Slip("no_pooling", unpooled**2 * filters, NO_POOLING),
        Slip("one_pooling", sides[3] ** 2 * filters, ONE_POOLING),
    ]
    chain = r" \to ".join(map(str, sides))
    line = rf"The side goes ${chain}$ (convolution, pooling, convolution, pooling), so there are "
    line += rf"${side} \cdot {side} \cdot {filters} = {side**2 * filters}$ features."
    said = "Flattening: how many features enter the dense layer (no parameters yet)?"
    return Counted(Part("features", said, Integer(side**2 * filters), misconceptions=slips), line)


def _described(n: int, channels: Sequence[int], classes: int, windows: str, norm: str) -> str:
    colours, first, second = channels
    return (
        f"An image of {n} × {n} pixels with {colours} channel{'s' * (colours > 1)} passes a convolution with {first} "
        f"filters,{norm} 2 × 2 max pooling with stride 2, a convolution with {second} filters,{norm} the same pooling, "
        f"and, flattened, a dense layer with {classes} units. {windows}"
    )


def _comparison(rng: Rng) -> tuple[str, list[Counted]]:
    """A dense layer and a convolution on the same image."""
    n, channels = _whole("n", rng.choice("n", (16, 20, 24, 28, 32))), _whole("channels", rng.choice("channels", (1, 3)))
    units, filters = (_whole(name, rng.choice(name, (20, 30, 40, 50, 60, 80, 100))) for name in ("units", "filters"))
    k = _whole("k", rng.choice("k", (3, 5, 7)))
    if k > n:
        raise BadGiven(f"k: a window of {k} × {k} does not fit into {n} × {n} pixels")
    pixels = n * n * channels
    said = f"An image has {n} × {n} pixels and {channels} channel{'s' * (channels > 1)}, {pixels} values in all."
    window = f"A convolution with {filters} filters of {k} × {k}."
    return said, [
        dense("dense", f"A dense layer from all {pixels} values to {units} units.", pixels, units),
        convolution("conv", window, channels, filters, k=k, positions=(n - k + 1) ** 2),
    ]


def _whole(name: str, value: Any) -> Any:
    """The value, once it is known to hold sizes."""
    if any(v < 1 or v % 1 for v in entries(value)):
        raise BadGiven(f"{name}: {value} holds something else than whole numbers from 1 up")
    return value


parameters.oracle(arrays)
