"""Goodfellow et al., Deep Learning, section 9.2: sparse interactions, parameter sharing, equivariance."""

from functools import cache
from math import prod
from typing import Any

import numpy as np

from problem_bank.answers import Choice, Integer
from problem_bank.errors import BadGiven
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng

YES_NO = ("yes", "no")
LAYERS = {
    "dense": "is flattened and fed into a fully connected layer with {{ units }} units",
    "convolution": "is convolved with one ${{ k }} \\times {{ k }}$ kernel, stride 1, no padding",
    "local": "is fed into a locally connected layer: one unit for each ${{ k }} \\times {{ k }}$ window (stride 1, no "
    "padding), each with weights of its own",
    "strided": "is convolved with one ${{ k }} \\times {{ k }}$ kernel, stride 2, no padding",
    "circular": "is convolved with one kernel as large as the image, stride 1, which wraps around at the borders, so "
    "that the output is as large as the image",
}
HOLDS = {  # sparse interactions, parameter sharing, equivariance
    "dense": (False, False, False),
    "convolution": (True, True, True),
    "local": (True, False, False),
    "strided": (True, True, False),
    "circular": (False, True, True),
}
ASKED = {  # whether it has the property, and whether it lacks it: which of them is asked is drawn
    "sparse_interactions": ("does each output depend on only a part of the pixels?",
                            "does each output depend on all pixels?"),
    "parameter_sharing": ("is one weight used for several outputs?",
                          "is each weight used for one output alone?"),
    "equivariant": ("if the pattern in the image moves by one pixel, does the output in general move by one place in "
                    "the same way (apart from effects of the borders)?",
                    "if the pattern in the image moves by one pixel, does the output in general become another one, "
                    "and not the same one moved by one place (apart from effects of the borders)?"),
}  # fmt: skip
WHY = {
    ("sparse_interactions", False): "Look at one output: its weighted sum runs over all pixels of the image.",
    ("sparse_interactions", True): "Look at one output: its weighted sum runs over a window, not over the whole image.",
    ("parameter_sharing", False): "Go through the weights: each of them belongs to one output alone.",
    ("parameter_sharing", True): "Follow one weight of the kernel: it is used again at every position.",
    ("equivariant", False): "Move a pattern by one pixel: the next output does not see it with the same weights.",
    ("equivariant", True): "Move a pattern by one pixel: the next output sees it just as this one did before.",
}
SAID = {
    "not_shared": "You gave each output weights of its own; here outputs share them.",
    "shared": "You counted the weights of one output; here each output has its own.",
    "all_pixels": "You connected every output with every pixel and shared nothing.",
}


@family(
    topic="convolution",
    source="Goodfellow 9.2",
    minutes=4,
    version=2,
    levels={
        "easy": {"kinds": ("dense", "convolution")},
        "medium": {"kinds": ("dense", "convolution", "local")},
        "hard": {"kinds": ("local", "strided", "circular"), "count": True},
    },
)
def dense_layer(
    rng: Rng, *, kinds: tuple[str, ...] = ("dense", "convolution", "local"), count: bool = False
) -> Exercise:
    """Name the structure of a layer on images: sparse, shared, equivariant or none of these."""
    kind = rng.choice("kind", kinds)
    sides = rng.ints("sides", 2, 8, 32)
    given: dict[str, Any] = {"kind": kind, "kinds": kinds, "sides": sides, "count": count}
    if kind == "dense":
        given["units"] = rng.int("units", 10, 200)
    elif kind != "circular":
        given["k"] = rng.int("k", 2, 7)
        if not 1 < given["k"] < min(sides):
            raise BadGiven(f"k: {given['k']} must be above 1 and below the sides of the image, {sides}")
    given["lacks"] = lacks = rng.choices("lacks", (0, 1), len(ASKED))
    inputs = sides[0] * sides[1]
    slips = [
        Slip("sides_added", sides[0] + sides[1], "The pixels fill the whole area: multiply height and width."),
        Slip("one_side", sides[0], "This is the height alone; the layer gets every pixel."),
        Slip("outputs", given.get("units"), "This is the number of outputs of the layer, not of its inputs."),
    ]
    truths = dict(zip(ASKED, HOLDS[kind], strict=True))
    parts = [
        Part("inputs", "How many numbers does the layer get for one image?", Integer(inputs), misconceptions=slips)
    ]
    parts += [_property(name, holds, lack) for (name, holds), lack in zip(truths.items(), lacks, strict=True)]
    parts += [_weights(kind, given)] if count else []
    return Exercise(
        given=given,
        shown={"inputs": inputs, "weights": _weights(kind, given).answer.key,
               "why": [WHY[item] for item in truths.items()], "told": [YES_NO[not h] for h in truths.values()]},
        prompt="An image of ${{ sides[0] }} \\times {{ sides[1] }}$ pixels with one channel " + LAYERS[kind] + ". "
        "Weights that are not shared by construction may have any values.",
        parts=parts,
        solution="The layer gets ${{ sides[0] }} \\cdot {{ sides[1] }} = {{ inputs }}$ numbers.\n\n"
        "- Sparse interactions: {{ told[0] }}. {{ why[0] }}\n- Parameter sharing: {{ told[1] }}. {{ why[1] }}\n"
        "- Equivariance: {{ told[2] }}. {{ why[2] }}"
        "{% if count %}\n\n\nBiases left out, it has {{ weights }} different weights.{% endif %}",
    )  # fmt: skip


def _property(name: str, holds: bool, lack: int) -> Part:
    """A yes/no question; the one wrong answer misses the property or claims it."""
    key = YES_NO.index("yes" if holds != bool(lack) else "no")
    slip = Slip("missed" if holds else "claimed", 1 - key, WHY[name, holds])
    prompt = f"{name.replace('_', ' ').capitalize()}: {ASKED[name][lack]} (yes or no)"
    return Part(name, prompt, Choice(key, YES_NO), misconceptions=[slip])


def _weights(kind: str, given: dict[str, Any]) -> Part:
    """How many different weights the layer has."""
    (height, width), k = given["sides"], given.get("k", 0)
    step = 2 if kind == "strided" else 1
    windows = ((height - k) // step + 1) * ((width - k) // step + 1)
    pixels = height * width
    outputs, seen = {"dense": (given.get("units", 0), pixels), "circular": (pixels, pixels)}.get(kind, (windows, k * k))
    right = seen if HOLDS[kind][1] else outputs * seen
    wrong = {"not_shared": outputs * seen, "shared": seen, "all_pixels": outputs * pixels}
    slips = [Slip(name, value if value != right else None, SAID[name]) for name, value in wrong.items()]
    return Part(
        "weights", "How many different weights does it have, biases left out?", Integer(right), misconceptions=slips
    )


@dense_layer.oracle
def probed(**given: Any) -> dict[str, Any]:
    """Properties of the layer's matrix, found by probing with unit images; weights from the shapes of their arrays."""
    kind, (height, width), k = given["kind"], given["sides"], given.get("k", 0)
    told: dict[str, Any] = {"inputs": len(np.ravel(np.empty((height, width))))}
    told |= {
        "inputs.sides_added": sum((height, width)),
        "inputs.one_side": height,
        "inputs.outputs": given.get("units"),
    }
    for name, holds, lack in zip(ASKED, _probe(kind, k), given["lacks"], strict=True):
        told |= {name: lack if holds else 1 - lack, f"{name}.missed": 1 - lack, f"{name}.claimed": lack}
    starts = [range(0, side - k + 1, 2 if kind == "strided" else 1) for side in (height, width)]
    grid = {"dense": (given.get("units"),), "circular": (height, width)}.get(kind, tuple(map(len, starts)))
    window = (k, k) if k else (height, width)
    stored = window if kind in ("convolution", "strided", "circular") else (*grid, *window)
    shapes = {"not_shared": (*grid, *window), "shared": window, "all_pixels": (*grid, height, width)}
    wrong = {f"weights.{name}": prod(sizes) if prod(sizes) != prod(stored) else None for name, sizes in shapes.items()}
    return {**told, "weights": prod(stored), **wrong}


@cache
def _probe(kind: str, k: int, n: int = 17) -> tuple[bool, bool, bool]:
    """Is an n x n layer of this kind, with different random weights, sparse, shared, equivariant?"""
    random = np.random.default_rng(0)
    images = np.eye(n * n).reshape(-1, n, n)
    response = _layer(images, kind, k, random)  # (pixels, rows, columns)
    matrix = response.reshape(n * n, -1).T
    used = matrix[matrix != 0]
    centre = np.zeros((n, n))
    centre[n // 2, n // 2] = 1
    before, after = (
        np.tensordot(image, response.reshape(n, n, *response.shape[1:]), 2) for image in (centre, np.roll(centre, 1, 1))
    )
    moved = bool(np.allclose(np.roll(before, 1, 1), after))
    return bool((matrix == 0).any()), len(np.unique(used)) < len(used), moved


def _layer(images: Any, kind: str, k: int, random: Any) -> Any:
    """The outputs for a stack of images, as a grid of (rows, columns) each."""
    n = images.shape[1]
    if kind == "dense":
        return np.einsum("bij,ijo->bo", images, random.random((n, n, 2 * n))).reshape(len(images), 2, n)
    if kind == "circular":
        kernel = random.random((n, n))
        turned = np.array([[np.roll(kernel, (i, j), (0, 1)) for j in range(n)] for i in range(n)])
        return np.einsum("bij,rcij->brc", images, turned)
    windows = np.lib.stride_tricks.sliding_window_view(images, (k, k), (1, 2))
    if kind == "local":
        return np.einsum("brcij,rcij->brc", windows, random.random(windows.shape[1:]))
    step = 2 if kind == "strided" else 1
    return np.einsum("brcij,ij->brc", windows[:, ::step, ::step], random.random((k, k)))
