"""Every NumPy module and option agrees with PyTorch: outputs, gradients, running statistics, updates, whole runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason='PyTorch is not installed: pip install "markscheme[torch]"')

from solutions import numpy_nn as nn  # noqa: E402  after the skip
from solutions.data import Splits, load  # noqa: E402
from solutions.numpy_nn import activations, initialisers  # noqa: E402
from solutions.numpy_nn import train as numpy_train  # noqa: E402
from solutions.numpy_nn.convolution import Geometry, col2im, im2col  # noqa: E402
from solutions.numpy_nn.softmax import log_softmax, softmax  # noqa: E402
from solutions.torch_nn import CNN, MLP, SentimentClassifier, featurize  # noqa: E402
from solutions.torch_nn import train as torch_train  # noqa: E402

functional = torch.nn.functional


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small tensors gain nothing from threads, and only one thread repeats bit for bit."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def tensor(array: Any) -> Any:
    """A float64 copy with a gradient to come."""
    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def agree(ours: Any, theirs: Any, tolerance: float = 1e-10) -> None:
    """Equal shape, and entries within the tolerance."""
    theirs = theirs.detach().numpy()
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < tolerance


def draw() -> np.random.Generator:
    return np.random.default_rng(11)


# Modules: ours, theirs as a function of (x, params), and the input's shape

Theirs = Callable[[Any, dict[str, Any]], Any]
MODULES: dict[str, tuple[Callable[[], Any], Theirs, tuple[int, ...]]] = {
    "linear": (lambda: nn.LinearModule(5, 3), lambda x, p: functional.linear(x, p["weight"], p["bias"]), (4, 5)),
    "linear, one sample": (
        lambda: nn.LinearModule(5, 3),
        lambda x, p: functional.linear(x, p["weight"], p["bias"]),
        (1, 5),
    ),
    "linear, three axes": (
        lambda: nn.LinearModule(5, 3),
        lambda x, p: functional.linear(x, p["weight"], p["bias"]),
        (2, 4, 5),
    ),
    "relu": (nn.ReLUModule, lambda x, p: functional.relu(x), (4, 5)),
    "leaky relu": (nn.LeakyReLUModule, lambda x, p: functional.leaky_relu(x), (4, 5)),
    "leaky relu, slope": (lambda: nn.LeakyReLUModule(0.3), lambda x, p: functional.leaky_relu(x, 0.3), (4, 5)),
    "elu": (nn.ELUModule, lambda x, p: functional.elu(x), (4, 5)),
    "elu, alpha": (lambda: nn.ELUModule(0.4), lambda x, p: functional.elu(x, 0.4), (4, 5)),
    "sigmoid": (nn.SigmoidModule, lambda x, p: torch.sigmoid(x), (4, 5)),
    "tanh": (nn.TanhModule, lambda x, p: torch.tanh(x), (4, 5)),
    "softplus": (nn.SoftplusModule, lambda x, p: functional.softplus(x, threshold=700), (4, 5)),
    "silu": (nn.SiLUModule, lambda x, p: functional.silu(x), (4, 5)),
    "gelu": (nn.GELUModule, lambda x, p: functional.gelu(x), (4, 5)),
    "softmax": (nn.SoftMaxModule, lambda x, p: functional.softmax(x, dim=-1), (4, 5)),
    "layer norm": (
        lambda: nn.LayerNormModule(5, eps=1e-3),
        lambda x, p: functional.layer_norm(x, (5,), p["weight"], p["bias"], eps=1e-3),
        (4, 5),
    ),
    "layer norm, two axes": (
        lambda: nn.LayerNormModule((3, 5)),
        lambda x, p: functional.layer_norm(x, (3, 5), p["weight"], p["bias"]),
        (4, 3, 5),
    ),
    "flatten": (nn.FlattenModule, lambda x, p: x.flatten(1), (2, 3, 4)),
    "global max pooling": (nn.GlobalMaxPoolModule, lambda x, p: x.amax(dim=(2, 3)), (2, 3, 4, 5)),
}


def compare(module: Any, theirs: Theirs, shape: tuple[int, ...]) -> None:
    """Output, input gradient and parameter gradients against autograd, at random parameters."""
    rng = draw()
    for parameter in getattr(module, "params", {}).values():
        parameter[...] = rng.normal(size=parameter.shape)
    x = 2 * rng.normal(size=shape)
    params = {name: tensor(value) for name, value in getattr(module, "params", {}).items()}
    x_tensor = tensor(x)
    out, out_tensor = module.forward(x), theirs(x_tensor, params)
    agree(out, out_tensor)
    dout = rng.normal(size=out.shape)
    dx = module.backward(dout)
    out_tensor.backward(torch.tensor(dout))
    agree(dx, x_tensor.grad)
    for name, gradient in getattr(module, "grads", {}).items():
        agree(gradient, params[name].grad)


@pytest.mark.parametrize("name", MODULES)
def test_modules_agree_with_autograd(name: str) -> None:
    """Outputs and all gradients to 1e-10."""
    make, theirs, shape = MODULES[name]
    compare(make(), theirs, shape)


CONVOLUTIONS: list[tuple[Any, Any, Any, Any]] = [  # kernel, stride, padding, dilation
    (1, 1, 0, 1),
    (3, 1, 0, 1),
    (3, 1, 1, 1),
    (3, 2, 1, 1),
    (2, 3, 0, 1),
    (3, 1, 2, 2),
    ((2, 3), (1, 2), (2, 0), (1, 2)),
    ((3, 2), (3, 2), (1, 1), (2, 1)),
]


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), CONVOLUTIONS)
@pytest.mark.parametrize("shape", [(2, 3, 8, 7), (1, 1, 6, 9)])
def test_convolution_agrees_with_autograd(kernel: Any, stride: Any, padding: Any, dilation: Any, shape: Any) -> None:
    """Output, dx, dw and db for kernels, strides, padding and dilation, square and not, one channel and three."""
    module = nn.Conv2dModule(shape[1], 4, kernel, stride, padding, dilation=dilation)
    compare(module, lambda x, p: functional.conv2d(x, p["weight"], p["bias"], stride, padding, dilation), shape)


@pytest.mark.parametrize(("kernel", "stride", "padding", "dilation"), CONVOLUTIONS)
def test_im2col_agrees_with_unfold(kernel: Any, stride: Any, padding: Any, dilation: Any) -> None:
    """The columns are those of unfold in the same order, and col2im is fold."""
    pairs = [value if isinstance(value, tuple) else (value, value) for value in (kernel, stride, padding, dilation)]
    geometry = Geometry(*pairs)
    x = draw().normal(size=(2, 3, 8, 7))
    options = {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
    columns = im2col(x, geometry)
    agree(columns, functional.unfold(torch.tensor(x), **options))
    agree(col2im(columns, x.shape, geometry), functional.fold(torch.tensor(columns), (8, 7), **options))


POOLS: list[tuple[Any, Any]] = [(2, None), (2, 1), (3, 2), (2, 3), ((2, 3), None), ((3, 1), (1, 2))]


@pytest.mark.parametrize(("size", "stride"), POOLS)
@pytest.mark.parametrize("kind", ["max", "avg"])
def test_pooling_agrees_with_autograd(kind: str, size: Any, stride: Any) -> None:
    """Disjoint, overlapping, rectangular, and windows that leave pixels out."""
    ours = {"max": nn.MaxPool2dModule, "avg": nn.AvgPool2dModule}[kind](size, stride)
    theirs = {"max": functional.max_pool2d, "avg": functional.avg_pool2d}[kind]
    compare(ours, lambda x, p: theirs(x, size, stride), (2, 3, 7, 8))


def test_ties_in_max_pooling_go_where_torch_sends_them() -> None:
    """Small integers tie often; the first largest pixel in reading order gets the gradient."""
    x = draw().integers(0, 3, (3, 2, 6, 6)).astype(float)
    pool, x_tensor = nn.MaxPool2dModule(3, 1), tensor(x)
    out = functional.max_pool2d(x_tensor, 3, 1)
    dout = draw().normal(size=pool.forward(x).shape)
    out.backward(torch.tensor(dout))
    agree(pool.backward(dout), x_tensor.grad)


NORMS = [
    (nn.BatchNorm1dModule, "BatchNorm1d", (6, 4)),
    (nn.BatchNorm1dModule, "BatchNorm1d", (3, 4, 5)),
    (nn.BatchNorm2dModule, "BatchNorm2d", (2, 4, 3, 5)),
]


@pytest.mark.parametrize("momentum", [0.1, 0.35])
@pytest.mark.parametrize(("ours", "theirs", "shape"), NORMS)
def test_batch_norm_agrees_with_autograd(ours: Any, theirs: str, shape: tuple[int, ...], momentum: float) -> None:
    """Three batches in training, the running statistics after each, then evaluation, with gradients in both modes."""
    rng = draw()
    module = ours(4, eps=1e-4, momentum=momentum)
    layer = getattr(torch.nn, theirs)(4, eps=1e-4, momentum=momentum).double()
    for name, parameter in module.params.items():
        parameter[...] = rng.normal(size=4)
        getattr(layer, name).data = torch.tensor(parameter)
    for training in (True, True, True, False):
        (module.train if training else module.eval)()
        layer.train(training)
        x, dout = rng.normal(3, 2, shape), rng.normal(size=shape)
        x_tensor = tensor(x)
        layer.zero_grad()
        out = layer(x_tensor)
        agree(module.forward(x), out)
        out.backward(torch.tensor(dout))
        agree(module.backward(dout), x_tensor.grad)
        for name in ("weight", "bias"):
            agree(module.grads[name], getattr(layer, name).grad)
        for name in ("running_mean", "running_var"):
            agree(module.buffers[name], getattr(layer, name))


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "sigmoid", "tanh", "softplus", "silu", "gelu"])
def test_activations_agree_far_out(name: str) -> None:
    """From −40 to 40, values and derivatives: the tails are where formulas differ."""
    x = np.linspace(-40, 40, 1001)
    x = x[x != 0]
    x_tensor = tensor(x)
    functions = {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "softplus": lambda v: functional.softplus(v, threshold=99),
    }
    out = functions.get(name, getattr(functional, name))(x_tensor)
    out.sum().backward()
    agree(getattr(activations, name)(x), out)
    agree(getattr(activations, f"{name}_grad")(x), x_tensor.grad)


# Losses


@pytest.mark.parametrize("samples", [1, 3, 7])
@pytest.mark.parametrize("kind", ["labels", "distributions"])
def test_cross_entropies_agree_with_autograd(kind: str, samples: int) -> None:
    """Mean over the batch, for class numbers and for soft targets; in one step, and through the softmax module."""
    rng = draw()
    z = 3 * rng.normal(size=(samples, 4))
    y = rng.integers(0, 4, samples) if kind == "labels" else softmax(rng.normal(size=(samples, 4)))
    z_tensor = tensor(z)
    expected = functional.cross_entropy(z_tensor, torch.tensor(y))
    expected.backward()
    fused, layer, loss = nn.SoftmaxCrossEntropyModule(), nn.SoftMaxModule(), nn.CrossEntropyModule()
    s = layer.forward(z)
    for value in (fused.forward(z, y), loss.forward(s, y)):
        assert abs(value - expected.item()) < 1e-10
    agree(fused.backward(z, y), z_tensor.grad)
    agree(layer.backward(loss.backward(s, y)), z_tensor.grad)
    agree(log_softmax(z), functional.log_softmax(z_tensor, dim=1))


@pytest.mark.parametrize("shape", [(5,), (4, 3)])
@pytest.mark.parametrize("kind", ["mse", "bce"])
def test_other_losses_agree_with_autograd(kind: str, shape: tuple[int, ...]) -> None:
    """Mean over all entries; scores of ±40 for the binary one."""
    rng = draw()
    x, y = rng.uniform(-40, 40, shape), rng.uniform(0, 1, shape)
    ours: Any = {"mse": nn.MSEModule, "bce": nn.BCEWithLogitsModule}[kind]()
    theirs = {"mse": functional.mse_loss, "bce": functional.binary_cross_entropy_with_logits}[kind]
    x_tensor = tensor(x)
    expected = theirs(x_tensor, torch.tensor(y))
    expected.backward()
    assert abs(ours.forward(x, y) - expected.item()) < 1e-10 * max(1, expected.item())
    agree(ours.backward(x, y), x_tensor.grad)


# Optimisers

optim = torch.optim
RULES: list[tuple[Any, dict[str, Any], Any, dict[str, Any]]] = [
    (nn.SGD, {"lr": 0.1}, optim.SGD, {}),
    (nn.Momentum, {"lr": 0.1}, optim.SGD, {"momentum": 0.9}),
    (nn.Momentum, {"lr": 0.1, "momentum": 0.5}, optim.SGD, {"momentum": 0.5}),
    (nn.Nesterov, {"lr": 0.1, "momentum": 0.8}, optim.SGD, {"momentum": 0.8, "nesterov": True}),
    (nn.RMSProp, {"lr": 0.1}, optim.RMSprop, {}),
    (nn.RMSProp, {"lr": 0.1, "rho": 0.7, "eps": 1e-3}, optim.RMSprop, {"alpha": 0.7, "eps": 1e-3}),
    (nn.Adagrad, {"lr": 0.1}, optim.Adagrad, {}),
    (nn.Adagrad, {"lr": 0.1, "eps": 1e-3}, optim.Adagrad, {"eps": 1e-3}),
    (nn.Adam, {"lr": 0.1}, optim.Adam, {}),
    (nn.Adam, {"lr": 0.1, "rhos": (0.7, 0.9), "eps": 1e-3}, optim.Adam, {"betas": (0.7, 0.9), "eps": 1e-3}),
    (nn.AdamW, {"lr": 0.1}, optim.AdamW, {}),
    (nn.AdamW, {"lr": 0.1, "rhos": (0.7, 0.9)}, optim.AdamW, {"betas": (0.7, 0.9)}),
]


@pytest.mark.parametrize("decay", [None, 0.0, 0.3])
@pytest.mark.parametrize(("ours", "options", "theirs", "their_options"), RULES)
def test_twenty_steps_agree(ours: Any, options: Any, theirs: Any, their_options: Any, decay: float | None) -> None:
    """Two parameters, gradients that differ at each step, with and without weight decay, the default included."""
    rng = draw()
    extra = {} if decay is None else {"weight_decay": decay}
    params = {"a": rng.normal(size=(3, 2)), "b": rng.normal(size=4)}
    tensors = {name: tensor(value) for name, value in params.items()}
    one, two = ours(params, **options, **extra), theirs(tensors.values(), lr=options["lr"], **their_options, **extra)
    for _ in range(20):
        grads = {name: rng.normal(size=value.shape) for name, value in params.items()}
        for name, gradient in grads.items():
            tensors[name].grad = torch.tensor(gradient)
        one.step(grads)
        two.step()
        for name, value in params.items():
            agree(value, tensors[name])


@pytest.mark.parametrize("shape", [(7, 5), (6, 4, 3, 2)])
def test_fans_and_gains_are_those_of_torch(shape: tuple[int, ...]) -> None:
    """The variances in the initialisers follow from them."""
    assert initialisers.fans(shape) == torch.nn.init._calculate_fan_in_and_fan_out(torch.empty(shape))
    for name, gain in initialisers.GAINS.items():
        assert gain == pytest.approx(torch.nn.init.calculate_gain(name), rel=1e-15)


# Networks and runs


def loaded(ours: Any, theirs: Any) -> Any:
    """The PyTorch network in float64 with the NumPy network's parameters."""
    theirs = theirs.double()
    torch_train.load(theirs, ours.params)
    return theirs


NETWORKS: dict[str, tuple[Callable[[], Any], Callable[[], Any], tuple[int, ...]]] = {
    "MLP": (lambda: nn.MLP(6, [5, 4], 3), lambda: MLP(6, [5, 4], 3), (8, 6)),
    "no hidden layer": (lambda: nn.MLP(6, [], 3), lambda: MLP(6, [], 3), (8, 6)),
    "batch norm": (lambda: nn.MLP(6, [5, 4], 3, True), lambda: MLP(6, [5, 4], 3, True), (8, 6)),
    "images": (lambda: nn.MLP(12, [5], 3), lambda: MLP(12, [5], 3), (8, 3, 2, 2)),
    "CNN": (lambda: nn.CNN(2, (3, 4), 3), lambda: CNN(2, (3, 4), 3), (5, 2, 7, 6)),
    "CNN, no channel axis": (lambda: nn.CNN(1, (3, 4), 3), lambda: CNN(1, (3, 4), 3), (5, 6, 6)),
} | {
    name: (
        lambda name=name: nn.MLP(6, [5], 3, activation=name),
        lambda name=name: MLP(6, [5], 3, activation=name),
        (8, 6),
    )
    for name in ("elu", "relu", "leaky_relu", "sigmoid", "tanh", "softplus", "silu", "gelu")
}


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_agree_once_they_share_weights(name: str) -> None:
    """Probabilities and every parameter's gradient, in training mode; then probabilities in evaluation mode."""
    make, make_theirs, shape = NETWORKS[name]
    ours = make()
    theirs = loaded(ours, make_theirs())
    rng = draw()
    x, y = rng.normal(size=shape), rng.integers(0, 3, shape[0])
    scores = theirs(torch.tensor(x))
    functional.cross_entropy(scores, torch.tensor(y)).backward()
    p = ours.forward(x)
    agree(p, scores.softmax(dim=1))
    ours.backward(nn.CrossEntropyModule().backward(p, y))
    for key, parameter in theirs.named_parameters():
        agree(ours.grads[key], parameter.grad)
    assert np.abs(numpy_train.predict(ours, x) - torch_train.predict(theirs, x)).max() < 1e-10


def test_the_torch_mlp_has_the_order_asked_for() -> None:
    """Linear, batch norm, activation in each hidden layer; batch norm only if asked; scores, no softmax, at the end."""

    def names(model: Any) -> list[str]:
        return [type(module).__name__ for module in model]

    assert names(MLP(4, [5, 6], 3, use_batch_norm=True)) == ["Linear", "BatchNorm1d", "ELU"] * 2 + ["Linear"]
    assert names(MLP(4, [5], 3)) == ["Linear", "ELU", "Linear"]
    assert names(MLP(4, [], 3)) == ["Linear"]
    assert names(MLP(4, [5], 3, dropout=0.2)) == ["Linear", "ELU", "Dropout", "Linear"]


def test_the_torch_networks_start_with_kaiming_weights() -> None:
    """Variance 1 / fan_in at the input and 2 / fan_in behind it, zero biases."""
    torch.manual_seed(0)
    first, _, second, _, _ = MLP(150, [200, 100], 3)
    assert first.weight.var().item() == pytest.approx(1 / 150, rel=0.05)
    assert second.weight.var().item() == pytest.approx(2 / 200, rel=0.05)
    assert CNN(1, (8, 90), 3)[3].weight.var().item() == pytest.approx(2 / 72, rel=0.1)
    assert not first.bias.any()


@pytest.mark.parametrize("depth", range(4))
def test_the_sentiment_classifier_is_as_deep_as_asked(depth: int) -> None:
    """Depth 0 is a single Linear; each layer adds a Linear and an activation of its own; scores come out."""
    model = SentimentClassifier(50, 2, [512] * depth, torch.nn.Tanh)
    assert [type(module).__name__ for module in model] == ["Linear", "Tanh"] * depth + ["Linear"]
    sizes = [50, *[512] * depth, 2]
    count = sum((n_in + 1) * n_out for n_in, n_out in pairwise(sizes))
    assert sum(parameter.numel() for parameter in model.parameters()) == count
    scores = model(torch.ones(3, 50))
    assert scores.shape == (3, 2)
    assert not torch.allclose(scores.sum(dim=1), torch.ones(3))


def test_a_text_is_the_mean_of_its_known_words() -> None:
    """Case does not matter, unknown words do not count, repeated ones count twice; without any known word: None."""
    embeddings = {"good": [1.0, 0.0], "film": [0.0, 3.0]}
    vector = featurize("GOOD good  xyzzy\nFilm", embeddings)
    assert vector is not None
    assert vector.tolist() == pytest.approx([2 / 3, 1.0])
    assert vector.dtype == torch.float32
    for text in ("", "  \n", "xyzzy"):
        assert featurize(text, embeddings) is None


@pytest.fixture(scope="module")
def spirals() -> Splits:
    return load("spirals", seed=1)


@pytest.mark.parametrize(
    "options", [{}, {"optimiser": "adam", "lr": 0.01}, {"optimiser": "nesterov", "weight_decay": 0.01}, {"norm": True}]
)
def test_runs_agree_update_by_update(options: dict[str, Any], spirals: Splits) -> None:
    """From the same weights, the losses of two epochs agree to 1e-10, and so do the validation accuracies."""
    run = {"lr": 0.1, "batch_size": 64, "epochs": 2, "seed": 5} | options
    norm = run.pop("norm", False)
    ours = nn.MLP(2, [16], 3, norm, rng=draw())
    theirs = loaded(ours, MLP(2, [16], 3, norm))
    _, accuracies, test_accuracy, log = numpy_train.train_model(ours, spirals, **run)
    _, their_accuracies, their_test_accuracy, their_log = torch_train.train_model(theirs, spirals, **run)
    assert len(log["batch_losses"]) == len(their_log["batch_losses"]) > 30
    assert np.abs(np.subtract(log["batch_losses"], their_log["batch_losses"])).max() < 1e-10
    assert (accuracies, test_accuracy) == (their_accuracies, their_test_accuracy)


def test_torch_runs_repeat_bit_for_bit(spirals: Splits) -> None:
    """One seed gives one run, dropout included; another seed gives another."""

    def run(seed: int) -> dict[str, Any]:
        return torch_train.train([16], 0.1, 64, 2, seed, spirals, dropout=0.2)[3]

    assert run(3) == run(3)
    assert run(3)["batch_losses"] != run(4)["batch_losses"]


def test_a_torch_network_learns_the_spirals(spirals: Splits) -> None:
    """Test accuracy above 0.95, of the model that was best on validation data."""
    model, accuracies, test_accuracy, log = torch_train.train([64], 0.5, 128, 60, 1, spirals)
    assert len(accuracies) == 60
    assert test_accuracy > 0.95
    best = torch_train.predict(model, spirals.validation.x).argmax(axis=1) == spirals.validation.y
    assert best.mean() == pytest.approx(max(accuracies), abs=1e-12)
    assert accuracies[log["best_epoch"] - 1] == max(accuracies)


def test_a_device_that_is_not_there_is_named(spirals: Splits) -> None:
    """An unknown name ends in a ValueError that says so."""
    with pytest.raises(ValueError, match="cannot compute on 'abacus'"):
        torch_train.train([4], 0.1, 64, 1, 1, spirals, device="abacus")
