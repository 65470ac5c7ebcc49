"""Goodfellow et al., Deep Learning, chapter 9: a small convolutional network in PyTorch."""

from dataclasses import replace
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, check, close, numeric, tools
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.layer_checks import make
from problem_bank.subjects.module_checks import agrees, member, network_output
from problem_bank.subjects.torch_cnn import Network, Sizes, drawn, largest, load, wrong
from problem_bank.subjects.torch_mlp import Array

Draw = np.random.Generator
FILE, SECONDS = "cnn_pytorch.py", 10.0


@check(points=1, seconds=SECONDS)
def interface(student: Any, rng: Draw) -> None:
    """`CNN(in_channels, n_filters, n_classes, image_size, kernel_size)` gives a module with one score per class."""
    sizes = _sizes(rng)
    model, x = _model(student, sizes), _images(rng, sizes)
    found = network_output(student, model, x)
    if found.shape != (len(x), sizes[2]):
        expected = (len(x), sizes[2])
        raise CheckFailed(f"For {len(x)} images and {sizes[2]} classes the output has shape {found.shape}; "
                          f"expected {expected}.")  # fmt: skip


@check(points=1, requires=["interface"], seconds=SECONDS)
def registered(student: Any, rng: Draw) -> None:
    """An optimiser finds every parameter of the network."""
    model = _model(student, _sizes(rng))
    known, every = tools(student).registered(model), tools(student).held(model)
    if known < every:
        raise CheckFailed(
            f"An optimiser sees {known} of the network's {every} parameters; layers in a plain list or dict are not "
            "registered, so use nn.ModuleList or nn.Sequential.",
            "unregistered",
        )


@check(points=2, requires=["interface"], seconds=SECONDS)
def layers(student: Any, rng: Draw) -> None:
    """There is one convolution for each entry of `n_filters`, with `kernel_size`, and one linear layer that fits."""
    for size in (18, 21, 23):
        sizes = (*_sizes(rng)[:3], size, int(rng.choice([3, 5])))
        _layers(student, sizes)


def _layers(student: Any, sizes: Sizes) -> None:
    channels, filters, classes, size, k = sizes
    found = tools(student).layers(_model(student, sizes))
    convolutions = [table for name, table in found if name == "Conv2d"]
    shapes = [(table["in_channels"], table["out_channels"]) for table in convolutions]
    expected = list(zip([channels, *filters], filters, strict=False))
    if sorted(shapes) != sorted(expected):
        raise CheckFailed(f"n_filters={filters} on {channels} channels gives convolutions with (in, out) = {shapes}; "
                          f"expected {expected}.", "other_layers")  # fmt: skip
    if kernels := [table["kernel_size"] for table in convolutions if set(table["kernel_size"]) != {k}]:
        raise CheckFailed(f"With kernel_size={k} a convolution has a kernel of size {kernels[0]}.", "kernel_ignored")
    side = size // 2 ** len(filters)
    linear = [(table["in_features"], table["out_features"]) for name, table in found if name == "Linear"]
    if linear == [(filters[-1] * side**2, classes)]:
        return
    if len(linear) != 1:
        raise CheckFailed(f"The network has {len(linear)} linear layers; expected one, to the scores.", "other_layers")
    raise CheckFailed(
        f"For images of {size} by {size}, the linear layer is of size {linear[0]}; expected "
        f"{(filters[-1] * side**2, classes)}: each pooling halves the side, and the padding keeps it.",
        "flatten_size",
    )


@check(points=3, requires=["layers"], seconds=SECONDS)
def output(student: Any, rng: Draw) -> None:
    """With given parameters the scores are those of convolution, ReLU and max pooling, then the linear layer."""
    sizes = _sizes(rng)
    ours, x = drawn(rng, sizes), _images(rng, sizes)
    actual = _loaded(student, sizes, ours, x)
    close(actual, ours.outputs(x), what="The output", rtol=1e-6, atol=1e-8, slips=wrong(ours, x))


@check(points=1, requires=["layers"], seconds=SECONDS)
def gradients(student: Any, rng: Draw) -> None:
    """The loss has a gradient with respect to every parameter."""
    sizes = _sizes(rng)
    model = _model(student, sizes)
    load(tools(student), model, drawn(rng, sizes))
    x = rng.normal(size=(16, sizes[0], sizes[3], sizes[3]))
    for table in tools(student).gradients(model, "cross_entropy", x, rng.integers(0, sizes[2], 16)):
        for name, value in table.items():
            if value is None or not np.any(numeric(value, "a gradient")):
                raise CheckFailed(f"The {name} of a layer gets no gradient: is it used, without detach()?", "detached")


@check(points=2, requires=["layers"], seconds=SECONDS)
def any_depth(student: Any, rng: Draw) -> None:
    """`n_filters` may have any number of entries: one block, or three."""
    for depth in (1, 3):
        channels, _, classes, size, k = _sizes(rng)
        sizes = (channels, [int(n) for n in rng.permutation(np.arange(3, 10))[:depth]], classes, size, k)
        _layers(student, sizes)
        ours, x = drawn(rng, sizes), _images(rng, sizes)
        actual = _loaded(student, sizes, ours, x)
        if not any(agrees(actual, slip.value) for slip in wrong(ours, x)):  # these are told by the check of the output
            close(actual, ours.outputs(x), what=f"The output with {depth} blocks", rtol=1e-6, atol=1e-8)


@check(points=2, requires=["output"], seconds=SECONDS)
def global_pooling(student: Any, rng: Draw) -> None:
    """With `global_pooling` the linear layer gets the mean of each map, and images may have any size."""
    sizes = _sizes(rng)
    channels, filters, classes, size, k = sizes
    model = make(member(student, "CNN", FILE), channels, filters, classes, size, kernel_size=k, global_pooling=True)
    linear = [table["in_features"] for name, table in tools(student).layers(model) if name == "Linear"]
    if linear != [filters[-1]]:
        raise CheckFailed(f"With global_pooling the linear layer has {linear} inputs; expected {filters[-1]}, one for "
                          "each map.", "not_averaged")  # fmt: skip
    ours = replace(drawn(rng, (*sizes[:3], 4, k)), averaged=True)  # of 4 by 4 pixels, one is left of each map
    load(tools(student), model, ours)
    for other in (size, size + 5):
        x = rng.normal(size=(5, channels, other, other))
        feedback = "global_pooling takes the largest pixel of each map; take the mean."
        slip = Slip("largest", largest(ours, x), feedback)
        actual = network_output(student, model, x)
        what = f"The output for images of {other} by {other}"
        close(actual, ours.outputs(x), what=what, rtol=1e-6, atol=1e-8, slips=[slip])


CHECKS = (interface, registered, layers, output, gradients, any_depth)


@family(
    topic="code",
    source="Goodfellow 9",
    minutes=30,
    levels={"easy": {"blocks": False}, "medium": {}, "hard": {"averaged": True}},
)
def torch_cnn(rng: Rng, *, blocks: bool = True, averaged: bool = False) -> Exercise:
    """Write a small convolutional network in PyTorch, whose sizes the constructor is told."""
    size, k = rng.int("size", 12, 31), rng.choice("k", [3, 5, 7])
    first, second, classes = rng.int("first", 4, 16), rng.int("second", 8, 32), rng.int("classes", 3, 9)
    side = size // 4
    checks = CHECKS[: None if blocks else -1] + (global_pooling,) * averaged
    count = (k * k + 1) * first + (first * k * k + 1) * second + (second * side**2 + 1) * classes
    return Exercise(
        given={
            "size": size,
            "k": k,
            "first": first,
            "second": second,
            "classes": classes,
            "blocks": blocks,
            "averaged": averaged,
        },
        shown={"count": count, "side": side, "flat": second * side**2},
        prompt="Write the class `CNN(in_channels, n_filters, n_classes, image_size, kernel_size=3)` in "
        "`cnn_pytorch.py`, a `torch.nn.Module` for square images `x` of shape `(S, in_channels, image_size, "
        "image_size)`. The list `n_filters` {% if blocks %}has one entry for each block{% else %}has two entries, one "
        "for each block{% "
        "endif %}: "
        "a convolution with that many output channels, bias, an odd `kernel_size`, stride 1 and so much zero padding "
        "that the size stays, then ReLU, then max pooling over 2 by 2 pixels with stride 2, which drops an odd last "
        "row and column. After the last block the maps are flattened, and one linear layer with bias gives a score per "
        "class: neither activation nor softmax comes after it."
        "{% if averaged %} A last argument, `global_pooling=False`, makes another network if it is true: the mean of "
        "each map over all its pixels takes the place of the flattened maps, the linear layer has as few inputs as "
        "there are maps, and images of any size will do.{% endif %} There is no normalisation and no dropout.\n\n"
        "For example, `CNN(1, [{{ first }}, {{ second }}], {{ classes }}, {{ size }}, {{ k }})` has {{ count }} "
        "parameters.",
        parts=[
            Part(c.name, c.sentence, Code(key=(c,), file=FILE, without=(), profile="torch"), points=c.points)
            for c in checks
        ],
        solution=r"The maps are $\lfloor {{ size }} / 4 \rfloor = {{ side }}$ pixels wide at the end, so the linear "
        r"layer has ${{ second }} \cdot {{ side }}^2 = {{ flat }}$ inputs. Parameters: $({{ k }}^2 + 1) \cdot {{ first "
        r"}} "
        r"+ ({{ first }} \cdot {{ k }}^2 + 1) \cdot {{ second }} + ({{ flat }} + 1) \cdot {{ classes }} = {{ count "
        r"}}$. "
        "The whole class is in `solutions/assignment_3/cnn_pytorch.py`.",
    )


@torch_cnn.oracle
def names(blocks: bool, averaged: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "interface registered layers output gradients" + " any_depth" * blocks + " global_pooling" * averaged
    return {part: (part,) for part in parts.split()}


def _sizes(rng: Draw) -> Sizes:
    """Sizes of a network of two blocks, all different; the image's is no multiple of 4."""
    channels, first, second, classes = (int(n) for n in rng.permutation(np.arange(2, 8))[:4])
    return channels, [first, second], classes, int(rng.choice([13, 14, 15])), 3


def _images(rng: Draw, sizes: Sizes) -> Array:
    return rng.normal(size=(5, sizes[0], sizes[3], sizes[3]))


def _model(student: Any, sizes: Sizes) -> Any:
    channels, filters, classes, size, k = sizes
    return make(member(student, "CNN", FILE), channels, list(filters), classes, size, kernel_size=k)


def _loaded(student: Any, sizes: Sizes, ours: Network, x: Array) -> Array:
    """The scores of the student's network with our parameters."""
    model = _model(student, sizes)
    load(tools(student), model, ours)
    tools(student).train(model, False)
    return network_output(student, model, x)
