"""Goodfellow et al., Deep Learning, sections 6.3 and 12.4.2: texts classified by the mean of their word vectors.

The activation may be asked for by name, as a class of torch.nn, or as an object of one: what the
submission takes is found by trying.
"""

from itertools import pairwise
from typing import Any

import numpy as np

from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, StudentError, check, close, numeric, tools
from problem_bank.exercise import Exercise, Part, Slip
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.layer_checks import make
from problem_bank.subjects.module_checks import agrees, member, network_output
from problem_bank.subjects.study_networks import NAMES
from problem_bank.subjects.text_checks import TEXTS, many_texts
from problem_bank.subjects.torch_mlp import ACTIVATIONS, Array, Network, drawn, load

Draw = np.random.Generator
FILE, SECONDS = "sentiment.py", 10.0
ENDS = {
    "softmax": "The outputs are probabilities; leave the softmax to the cross-entropy loss, which needs scores.",
    "log_softmax": "The outputs are logarithms of probabilities; leave the softmax to the cross-entropy loss.",
}


@check(points=1, seconds=SECONDS)
def interface(student: Any, rng: Draw) -> None:
    """`SentimentClassifier(embed_dim, num_classes, hidden_dims, activation)` gives a module with a score per class."""
    d, k, hidden = _widths(rng, 1)
    model = _model(student, d, k, hidden, "relu")
    found = network_output(student, model, rng.normal(size=(6, d)))
    if found.shape != (6, k):
        raise CheckFailed(f"For 6 texts and {k} classes the output has shape {found.shape}; expected (6, {k}).")


@check(points=1, requires=["interface"], seconds=SECONDS)
def registered(student: Any, rng: Draw) -> None:
    """An optimiser finds every parameter of the network."""
    d, k, hidden = _widths(rng, 2)
    model = _model(student, d, k, hidden, "tanh")
    known, every = tools(student).registered(model), tools(student).held(model)
    if known < every:
        raise CheckFailed(
            f"An optimiser sees {known} of the network's {every} parameters; layers in a plain list or dict are not "
            "registered, so use nn.ModuleList or nn.Sequential.",
            "unregistered",
        )


@check(points=2, requires=["interface"], seconds=SECONDS)
def layers(student: Any, rng: Draw) -> None:
    """There is a linear layer for each entry of `hidden_dims` and one for the output; `[]` gives only that one."""
    for hidden in ([], [512], [512, 512], [512, 512, 512], _widths(rng, 3)[2]):
        widths = [50, *hidden, 2]
        found = tools(student).layers(_model(student, 50, 2, hidden, "relu"))
        sizes = [(each["in_features"], each["out_features"]) for name, each in found if name == "Linear"]
        expected = list(pairwise(widths))
        if sorted(sizes) != sorted(expected):
            raise CheckFailed(
                f"hidden_dims={hidden} with 50 inputs and 2 classes gives linear layers {sizes}; expected {expected}.",
                "layer_missing" if len(sizes) < len(expected) else "other_layers",
            )


@check(points=3, requires=["layers"], seconds=SECONDS)
def output(student: Any, rng: Draw) -> None:
    """With given parameters the scores are those of linear layers with an activation after each but the last."""
    for depth in (0, 2):
        d, k, hidden = _widths(rng, depth)
        ours, x = drawn(rng, [d, *hidden, k]), rng.normal(size=(8, d))
        actual = _loaded(student, ours, x, hidden, "tanh")
        if not any(agrees(actual, ours.outputs(x, name)) for name in NAMES.values()):  # which one is another check's
            slips = _wrong(ours, x, hidden)
            close(actual, ours.outputs(x, "Tanh"), what="The output", rtol=1e-6, atol=1e-8, slips=slips)


def _wrong(ours: Network, x: Array, hidden: list[int]) -> list[Slip]:
    """What the known wrong networks give for x."""
    plain = "There is no activation between the layers: without one, any number of them is one linear map."
    slips = [Slip("no_activation", ours.outputs(x, "no activation"), plain)] if hidden else []
    for name in NAMES.values():
        slips += [Slip(f"{end}_in_model", ours.outputs(x, name, end=end), feedback) for end, feedback in ENDS.items()]
        last = "An activation follows the output layer; scores must be free in size and sign."
        slips += [Slip("activation_at_the_end", ours.outputs(x, name, end=end), last) for end in NAMES.values()]
        bare = "The biases play no part in the output."
        slips.append(Slip("bias_missing", ours.without_bias().outputs(x, name), bare))
    return slips


@check(points=2, requires=["output"], seconds=SECONDS)
def activations(student: Any, rng: Draw) -> None:
    """The argument `activation` decides: "sigmoid", "tanh" or "relu"."""
    d, k, hidden = _widths(rng, 3)
    ours, x = drawn(rng, [d, *hidden, k]), rng.normal(size=(8, d))
    for asked, name in NAMES.items():
        actual = _loaded(student, ours, x, hidden, asked)
        if agrees(actual, ours.outputs(x, name)):
            continue
        used = next((other for other in ACTIVATIONS if agrees(actual, ours.outputs(x, other))), "another one")
        raise CheckFailed(f'With activation "{asked}" the network uses {used}.', "activation_ignored")


@check(points=1, requires=["layers"], seconds=SECONDS)
def gradients(student: Any, rng: Draw) -> None:
    """The loss has a gradient with respect to every parameter."""
    d, k, hidden = _widths(rng, 2)
    model = _model(student, d, k, hidden, "tanh")
    load(tools(student), model, drawn(rng, [d, *hidden, k]))
    found = tools(student).gradients(model, "cross_entropy", rng.normal(size=(16, d)), rng.integers(0, k, 16))
    for table in found:
        for name, value in table.items():
            if value is None or not np.any(numeric(value, "a gradient")):
                raise CheckFailed(f"The {name} of a layer gets no gradient: is it used, without detach()?", "detached")


CHECKS = (*TEXTS, interface, registered, layers, output, activations, gradients)


@family(
    topic="code",
    source="Goodfellow 6.3, 12.4.2",
    minutes=30,
    levels={"easy": {"texts": False}, "medium": {}, "hard": {"many": True}},
)
def sentiment_classifier(rng: Rng, *, texts: bool = True, many: bool = False) -> Exercise:
    """Write a classifier of texts in PyTorch: the mean of the word vectors, then a multi-layer perceptron."""
    embed, width, depth = 10 * rng.int("tens", 5, 30), rng.int("width", 32, 512), rng.int("depth", 1, 3)
    checks = CHECKS[0 if texts else len(TEXTS) :] + (many_texts,) * many
    hidden = (embed + 1) * width + (depth - 1) * (width + 1) * width
    return Exercise(
        given={"tens": embed // 10, "width": width, "depth": depth, "texts": texts, "many": many},
        shown={"embed": embed, "count": hidden + (width + 1) * 2, "listed": ", ".join([str(width)] * depth)},
        prompt="Write in `sentiment.py`:\n\n"
        "{% if texts %}- `featurize(text, embeddings)`: the mean of the vectors of the words of `text`, a tensor in "
        "float32 of shape `(embed_dim,)`. `embeddings` maps words to vectors; words are separated by white space and "
        "looked up in lower case. A word counts as often as it occurs; one without a vector does not count. Return "
        "`None` where no word has a vector.\n{% endif %}"
        "{% if many %}- `featurize_all(texts, embeddings)`, for a list of texts: `(x, kept)`, the vectors of all texts "
        "that have one, a tensor with a row for each, and the list of their places (from 0) in `texts`, so that the "
        "labels can be chosen likewise.\n{% endif %}"
        "- `SentimentClassifier(embed_dim, num_classes, hidden_dims, activation)`, a `torch.nn.Module`: for every "
        "width in the list `hidden_dims`, which may be empty, a linear layer with bias and the activation "
        '(`"sigmoid"`, `"tanh"` or `"relu"`; you may take a class of `torch.nn` such as `nn.Tanh` instead of its '
        "name), then a last linear layer with one score per class. Neither activation nor softmax comes after it: the "
        "loss takes the softmax. `forward(x)` gets `x` of shape `(S, embed_dim)`.\n\n"
        'For example, `SentimentClassifier({{ embed }}, 2, [{{ listed }}], "relu")` has {{ count }} parameters.',
        parts=[
            Part(c.name, c.sentence, Code(key=(c,), file=FILE, without=(), profile="torch"), points=c.points)
            for c in checks
        ],
        solution=r"The layers have $(n + 1) \cdot m$ parameters for $n$ inputs and $m$ units, together {{ count }}. "
        "Both are in `solutions/assignment_3/sentiment.py`. The mean of no vectors is no vector: `None` lets the "
        "caller leave such a text out, where zeros would claim something about it.",
    )


@sentiment_classifier.oracle
def names(texts: bool, many: bool) -> dict[str, tuple[str, ...]]:
    """The check behind each part. That right code passes and each wrong rule is named is shown by running them."""
    parts = "mean_vector unknown_words empty_text " * texts
    parts += "interface registered layers output activations gradients" + " many_texts" * many
    return {part: (part,) for part in parts.split()}


def _widths(rng: Draw, depth: int) -> tuple[int, int, list[int]]:
    """Embedding, classes and hidden widths, all different."""
    d, k, *hidden = (int(size) for size in rng.permutation(np.arange(3, 14))[: depth + 2])
    return d, k, hidden


def _model(student: Any, d: int, k: int, hidden: list[int], activation: str) -> Any:
    """The student's network: the activation by its name, else as a class of torch.nn, else as an object."""
    kind = member(student, "SentimentClassifier", FILE)
    first: StudentError | None = None
    for form in ("name", "class", "object"):
        try:
            model = make(kind, d, k, list(hidden), activation=_form(student, activation, form))
            tools(student).call(model, np.zeros((2, d)), dtype="float32")
        except StudentError as error:
            first = first or error
        else:
            return model
    assert first
    raise first


def _form(student: Any, activation: str, form: str) -> Any:
    if form == "name":
        return activation
    kind = getattr(tools(student).module("torch.nn"), NAMES[activation])
    return kind if form == "class" else kind()


def _loaded(student: Any, ours: Network, x: Array, hidden: list[int], activation: str) -> Array:
    """The scores of the student's network with our parameters."""
    d, k = x.shape[1], len(ours.linear[-1]["bias"])
    model = _model(student, d, k, hidden, activation)
    load(tools(student), model, ours)
    tools(student).train(model, False)
    return network_output(student, model, x)
