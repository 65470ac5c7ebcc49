"""The NumPy modules by themselves: gradients against differences, known values, edge cases. Needs no PyTorch."""

from __future__ import annotations

import ast
import copy
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from solutions import numpy_nn as nn
from solutions.numpy_nn import activations as act
from solutions.numpy_nn import initialisers as init
from solutions.numpy_nn.convolution import Geometry, col2im, im2col
from solutions.numpy_nn.gradient_check import check_module, numerical_gradient, relative_error
from solutions.numpy_nn.loss import one_hot
from solutions.numpy_nn.softmax import log_softmax, softmax

FOLDER = Path(nn.__file__).parent
ACTIVATIONS = ("relu", "leaky_relu", "elu", "sigmoid", "tanh", "softplus", "silu", "gelu")


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


# Gradients

MODULES: dict[str, tuple[Callable[[], Any], tuple[int, ...]]] = {
    "linear": (lambda: nn.LinearModule(5, 3, rng=rng()), (4, 5)),
    "linear, one sample": (lambda: nn.LinearModule(5, 3, rng=rng()), (1, 5)),
    "linear, three axes": (lambda: nn.LinearModule(5, 3, rng=rng()), (2, 4, 5)),
    "relu": (nn.ReLUModule, (4, 5)),
    "leaky relu": (lambda: nn.LeakyReLUModule(0.2), (4, 5)),
    "elu": (lambda: nn.ELUModule(1.7), (4, 5)),
    "sigmoid": (nn.SigmoidModule, (4, 5)),
    "tanh": (nn.TanhModule, (4, 5)),
    "softplus": (nn.SoftplusModule, (4, 5)),
    "silu": (nn.SiLUModule, (4, 5)),
    "gelu": (nn.GELUModule, (4, 5)),
    "softmax": (nn.SoftMaxModule, (4, 5)),
    "convolution": (lambda: nn.Conv2dModule(2, 3, 3, rng=rng()), (2, 2, 6, 5)),
    "convolution, all options": (
        lambda: nn.Conv2dModule(2, 3, (2, 3), (2, 1), (1, 2), dilation=(2, 1), rng=rng()),
        (2, 2, 6, 5),
    ),
    "max pooling": (nn.MaxPool2dModule, (2, 2, 4, 6)),
    "max pooling, overlapping": (lambda: nn.MaxPool2dModule((3, 2), (1, 2)), (2, 2, 5, 7)),
    "average pooling, overlapping": (lambda: nn.AvgPool2dModule((3, 2), (2, 1)), (2, 2, 6, 5)),
    "global max pooling": (nn.GlobalMaxPoolModule, (2, 3, 4, 5)),
    "batch norm": (lambda: nn.BatchNorm1dModule(5), (4, 5)),
    "batch norm, sequences": (lambda: nn.BatchNorm1dModule(5), (3, 5, 2)),
    "batch norm, images": (lambda: nn.BatchNorm2dModule(3), (2, 3, 4, 2)),
    "layer norm": (lambda: nn.LayerNormModule(5), (4, 5)),
    "layer norm, two axes": (lambda: nn.LayerNormModule((3, 5)), (2, 3, 5)),
    "flatten": (nn.FlattenModule, (2, 3, 4)),
    "MLP": (lambda: nn.MLP(5, [4, 6], 3, rng=rng()), (4, 5)),
    "MLP without hidden layers": (lambda: nn.MLP(5, [], 3, rng=rng()), (4, 5)),
    "MLP with batch norm": (lambda: nn.MLP(5, [4], 3, True, activation="tanh", rng=rng()), (4, 5)),
    "CNN": (lambda: nn.CNN(2, (3, 4), 3, rng=rng()), (2, 2, 6, 6)),
}


@pytest.mark.parametrize("name", MODULES)
def test_gradients_are_the_derivatives_of_the_output(name: str) -> None:
    """By central differences, for the input and for every parameter, at parameters that are nowhere 0 or 1."""
    make, shape = MODULES[name]
    module, draw = make(), np.random.default_rng(3)
    for parameter in getattr(module, "params", {}).values():
        parameter[...] += draw.normal(0, 0.3, parameter.shape)
    errors = check_module(module, draw.normal(size=shape), draw)
    assert max(errors.values()) < 1e-7, errors


@pytest.mark.parametrize("name", [name for name in MODULES if not name.startswith(("MLP", "CNN", "flatten"))])
def test_backward_needs_a_forward_and_clear_cache_forgets_it(name: str) -> None:
    """Without a forward pass, and again after clear_cache, backward says what is missing."""
    make, shape = MODULES[name]
    module = make()
    x = np.random.default_rng(3).normal(size=shape)
    out = make().forward(x)
    with pytest.raises(RuntimeError, match="call forward first"):
        module.backward(out)
    module.forward(x)
    module.backward(out)
    module.clear_cache()
    with pytest.raises(RuntimeError, match="call forward first"):
        module.backward(out)


@pytest.mark.parametrize("name", MODULES)
def test_arguments_stay_as_they_are(name: str) -> None:
    """Forward and backward change neither x nor dout, and a second backward replaces the gradients."""
    make, shape = MODULES[name]
    module, draw = make(), np.random.default_rng(3)
    x = draw.normal(size=shape)
    kept_x = x.copy()
    dout = draw.normal(size=module.forward(x).shape)
    kept_dout = dout.copy()
    module.backward(dout)
    first = copy.deepcopy(dict(getattr(module, "grads", {})))
    module.backward(dout)
    assert np.array_equal(x, kept_x)
    assert np.array_equal(dout, kept_dout)
    for key, gradient in getattr(module, "grads", {}).items():
        assert np.array_equal(gradient, first[key])


LOSSES = (nn.CrossEntropyModule, nn.SoftmaxCrossEntropyModule, nn.MSEModule, nn.BCEWithLogitsModule)


@pytest.mark.parametrize("samples", [1, 3, 7])
@pytest.mark.parametrize("loss", LOSSES)
def test_loss_gradients_are_derivatives_of_the_loss(loss: type[Any], samples: int) -> None:
    """By central differences, for batches of 1, 3 and 7: a sum in place of a mean would show."""
    draw = rng()
    x, y = softmax(draw.normal(size=(samples, 4))), softmax(draw.normal(size=(samples, 4)))
    by_hand = loss().backward(x, y)
    assert relative_error(by_hand, numerical_gradient(lambda: loss().forward(x, y), x)) < 1e-6


def test_difference_quotients_see_a_wrong_gradient() -> None:
    """A module whose backward forgets the derivative is caught."""

    class Forgetful(nn.ELUModule):
        def backward(self, dout: Any) -> Any:
            return dout

    assert check_module(Forgetful(), rng().normal(size=(4, 5)), rng())["input"] > 0.01


# Activations


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_are_finite_and_keep_type_and_shape(name: str) -> None:
    """At ±1000 there is no overflow warning (a warning is an error here), and float32 stays float32."""
    for function in (getattr(act, name), getattr(act, f"{name}_grad")):
        for dtype in (np.float32, np.float64):
            x = np.array([[-1000, -30, -1, 0], [1e-3, 1, 30, 1000]], dtype)
            y = function(x)
            assert np.isfinite(y).all()
            assert (y.shape, y.dtype) == (x.shape, x.dtype)


@given(st.sampled_from(range(2, 50)))
def test_activations_at_logarithms_are_rational(k: int) -> None:
    """At ln k: σ = k/(k+1), tanh = (k²−1)/(k²+1), softplus = ln(k+1), and ELU(−ln k) = α(1/k − 1)."""
    x = np.log(np.array([float(k)]))
    assert act.sigmoid(x)[0] == pytest.approx(k / (k + 1), rel=1e-14)
    assert act.tanh(x)[0] == pytest.approx((k * k - 1) / (k * k + 1), rel=1e-14)
    assert act.softplus(x)[0] == pytest.approx(math.log(k + 1), rel=1e-14)
    assert act.elu(-x, 2.0)[0] == pytest.approx(2 * (1 / k - 1), rel=1e-14)
    assert act.sigmoid_grad(x)[0] == pytest.approx(k / (k + 1) ** 2, rel=1e-14)


# Softmax and losses


@given(arrays(np.float64, (3, 5), elements=st.floats(-1e4, 1e4)), st.floats(-1e4, 1e4))
def test_softmax_rows_are_distributions_and_do_not_feel_a_shift(x: Any, shift: float) -> None:
    """Rows sum to 1 at 1e-12 for logits up to ±1e4, and a constant added to a row changes nothing."""
    s = softmax(x)
    assert np.isfinite(s).all()
    assert np.abs(s.sum(axis=1) - 1).max() < 1e-12
    assert np.allclose(softmax(x + shift), s, rtol=0, atol=1e-10)
    assert np.isfinite(log_softmax(x)).all()


def test_softmax_gradient_is_the_whole_jacobian() -> None:
    """Fed with unit vectors, backward gives diag(s) − s sᵀ."""
    x = rng().normal(size=(1, 5))
    module = nn.SoftMaxModule()
    s = module.forward(x)[0]
    jacobian = np.concatenate([module.backward(row[None]) for row in np.eye(5)])
    assert np.allclose(jacobian, np.diag(s) - np.outer(s, s), rtol=0, atol=1e-15)


@pytest.mark.parametrize("samples", [1, 3, 7])
def test_softmax_and_cross_entropy_leave_the_difference(samples: int) -> None:
    """dL/dz = (Y − T) / S at 1e-10: through both modules, and in the one that does both."""
    draw = rng()
    z, y = draw.normal(size=(samples, 4)), draw.integers(0, 4, samples)
    layer, loss, fused = nn.SoftMaxModule(), nn.CrossEntropyModule(), nn.SoftmaxCrossEntropyModule()
    s = layer.forward(z)
    expected = (s - one_hot(y, 4)) / samples
    assert np.allclose(layer.backward(loss.backward(s, y)), expected, rtol=0, atol=1e-10)
    assert np.allclose(fused.backward(z, y), expected, rtol=0, atol=1e-15)
    assert loss.forward(s, y) == pytest.approx(fused.forward(z, y), rel=1e-12)
    assert loss.forward(s, one_hot(y, 4)) == loss.forward(s, y)


def test_hopeless_predictions_have_a_finite_loss_and_gradient() -> None:
    """A true class with probability 0 costs much, but no infinity reaches the layers below."""
    x = np.array([[1.0, 0.0]])
    loss = nn.CrossEntropyModule()
    assert 700 < loss.forward(x, np.array([1])) < 710
    assert np.isfinite(loss.backward(x, np.array([1]))).all()
    assert nn.SoftmaxCrossEntropyModule().forward(np.array([[1e4, -1e4]]), np.array([1])) == 2e4


BAD_TARGETS: list[tuple[Any, Any, Any]] = [
    (nn.CrossEntropyModule, (3, 4), np.array([0, 4, 1])),
    (nn.CrossEntropyModule, (3, 4), np.array([0, -1, 1])),
    (nn.SoftmaxCrossEntropyModule, (3, 4), np.array([0, 1])),
    (nn.MSEModule, (3, 1), np.zeros(3)),
    (nn.BCEWithLogitsModule, (3,), np.zeros((3, 1))),
]


@pytest.mark.parametrize(("loss", "shape", "y"), BAD_TARGETS)
def test_targets_that_do_not_fit_are_refused(loss: type[Any], shape: tuple[int, ...], y: Any) -> None:
    """Labels outside the classes, and shapes that NumPy would silently broadcast."""
    for method in (loss().forward, loss().backward):
        with pytest.raises(ValueError, match=r"labels lie in|do not fit"):
            method(np.full(shape, 0.5), y)


# Convolution and pooling


def test_convolution_is_what_loops_say() -> None:
    """Every output is the sum over channels and kernel of x[s i + d a − p] w[a], for all options at once."""
    draw = rng()
    x, w, b = draw.normal(size=(2, 3, 7, 6)), draw.normal(size=(4, 3, 2, 3)), draw.normal(size=4)
    (sh, sw), (ph, pw), (dh, dw) = (2, 1), (1, 2), (3, 2)
    out, _ = nn.conv_forward(x, w, b, {"stride": (sh, sw), "pad": (ph, pw), "dilation": (dh, dw)})
    assert out.shape == (2, 4, 3, 6)
    for s, f, i, j in np.ndindex(out.shape):
        expected = b[f]
        for c, u, v in np.ndindex(w.shape[1:]):
            row, column = sh * i + dh * u - ph, sw * j + dw * v - pw
            if 0 <= row < 7 and 0 <= column < 6:
                expected += x[s, c, row, column] * w[f, c, u, v]
        assert out[s, f, i, j] == pytest.approx(expected, rel=1e-12)


@given(
    st.tuples(*[st.integers(1, 3)] * 2),
    st.tuples(*[st.integers(1, 3)] * 2),
    st.tuples(*[st.integers(0, 2)] * 2),
    st.tuples(*[st.integers(1, 2)] * 2),
)
def test_col2im_is_the_adjoint_of_im2col(kernel: Any, stride: Any, padding: Any, dilation: Any) -> None:
    """⟨im2col(x), c⟩ = ⟨x, col2im(c)⟩ for every geometry: this is what makes the gradient right."""
    geometry, draw = Geometry(kernel, stride, padding, dilation), rng()
    x = draw.normal(size=(2, 2, 6, 7))
    columns = im2col(x, geometry)
    c = draw.normal(size=columns.shape)
    assert (columns * c).sum() == pytest.approx((x * col2im(c, x.shape, geometry)).sum(), abs=1e-10)


def test_shapes_that_do_not_fit_are_refused() -> None:
    """Wrong channels, a kernel too large, an unknown entry: each names itself."""
    x, w, b = np.zeros((1, 2, 4, 4)), np.zeros((3, 2, 5, 5)), np.zeros(3)
    with pytest.raises(ValueError, match="does not fit into an image of"):
        nn.conv_forward(x, w, b)
    with pytest.raises(ValueError, match="x has 1 channels and the filters have 2"):
        nn.conv_forward(x[:, :1], w, b, {"pad": 1})
    with pytest.raises(ValueError, match="not padding"):
        nn.conv_forward(x, w, b, {"padding": 1})
    with pytest.raises(ValueError, match="does not fit into an image of"):
        nn.MaxPool2dModule(5).forward(x)
    with pytest.raises(ValueError, match="BatchNorm2dModule takes"):
        nn.BatchNorm2dModule(2).forward(np.zeros((3, 2)))


def test_max_pooling_sends_the_gradient_to_the_first_of_equal_pixels() -> None:
    """In a window of equal pixels one gets it all."""
    pool = nn.MaxPool2dModule(2)
    assert pool.forward(np.ones((1, 1, 2, 2))).tolist() == [[[[1]]]]
    assert pool.backward(np.full((1, 1, 1, 1), 3.0)).tolist() == [[[[3, 0], [0, 0]]]]


# Normalisation and dropout


def test_batch_norm_in_evaluation_uses_the_running_statistics() -> None:
    """A batch of one works then, is not touched by its neighbours, and changes no statistics; in training it fails."""
    layer, draw = nn.BatchNorm1dModule(3, momentum=1.0), rng()
    x = draw.normal(2.0, 3.0, (6, 3))
    layer.forward(x)
    assert np.allclose(layer.buffers["running_mean"], x.mean(axis=0))
    assert np.allclose(layer.buffers["running_var"], x.var(axis=0, ddof=1))
    with pytest.raises(ValueError, match="call eval"):
        layer.forward(x[:1])
    layer.eval()
    expected = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0, ddof=1) + layer.eps)
    assert np.allclose(layer.forward(x[:1]), expected[:1])
    assert np.allclose(layer.forward(x), expected)
    assert max(check_module(layer, x, draw).values()) < 1e-7


def test_dropout_scales_what_it_keeps_and_rests_in_evaluation() -> None:
    """The kept share lies within 4 standard deviations; kept values are x / (1 − p); backward uses the same mask."""
    p, n = 0.3, 40_000
    layer = nn.DropoutModule(p, rng=rng())
    x: Any = np.full((n, 1), 2.0, np.float32)
    y = layer.forward(x)
    kept = y != 0
    assert y.dtype == np.float32
    assert abs(kept.mean() - (1 - p)) < 4 * math.sqrt(p * (1 - p) / n)
    assert np.allclose(y[kept], 2 / (1 - p))
    assert np.array_equal(layer.backward(x), y)
    assert not np.array_equal(layer.forward(x), y)
    layer.eval()
    assert np.array_equal(layer.forward(x), x)
    assert np.array_equal(layer.backward(x), x)


@pytest.mark.parametrize("p", [-0.1, 1.0, 1.5])
def test_dropout_refuses_what_is_no_probability(p: float) -> None:
    """p = 1 would divide by 0."""
    with pytest.raises(ValueError, match="0 <= p < 1"):
        nn.DropoutModule(p)


# Initialisers

SHAPE = (400, 30, 3, 2)
VARIANCES = [
    (init.kaiming_normal, {}, 2 / 180),
    (init.kaiming_uniform, {"gain": init.GAINS["tanh"]}, (25 / 9) / 180),
    (init.kaiming_normal, {"mode": "out", "gain": 1.0}, 1 / 2400),
    (init.kaiming_uniform, {"mode": "out"}, 2 / 2400),
    (init.xavier_normal, {}, 2 / 2580),
    (init.xavier_uniform, {"gain": 2.0}, 8 / 2580),
]


@pytest.mark.parametrize(("function", "options", "variance"), VARIANCES)
def test_initial_variances(function: Any, options: dict[str, Any], variance: float) -> None:
    """gain² / fan, or 2 gain² / (fan_in + fan_out), within 3 % over 72,000 weights; the uniform ones are bounded."""
    weights = function(SHAPE, rng(), **options)
    assert weights.shape == SHAPE
    assert weights.var() == pytest.approx(variance, rel=0.03)
    assert abs(weights.mean()) < 5 * math.sqrt(variance / weights.size)
    bounded = np.abs(weights).max() <= math.sqrt(3 * variance)
    assert bounded == (function in (init.kaiming_uniform, init.xavier_uniform))


def test_constant_initialisers() -> None:
    """Zeros, any constant, and no fans for a bias."""
    assert not init.zeros((2, 3)).any()
    assert (init.constant((2, 3), 0.1) == 0.1).all()
    with pytest.raises(ValueError, match="no fans"):
        init.kaiming_normal((3,), rng())


def test_layers_start_with_kaiming_weights() -> None:
    """Variance 2 / fan_in behind a ReLU and 1 / fan_in at the input, for dense and convolution layers alike."""
    for make, fan in (
        (lambda **o: nn.LinearModule(150, 120, **o), 150),
        (lambda **o: nn.Conv2dModule(15, 90, 3, **o), 135),
    ):
        for first, gain in ((False, 2), (True, 1)):
            weight = make(input_layer=first, rng=rng()).params["weight"]
            assert weight.var() == pytest.approx(gain / fan, rel=0.1)
    params = nn.MLP(150, [200, 120], 90, rng=rng()).params
    for name, variance in (("0.weight", 1 / 150), ("2.weight", 2 / 200), ("4.weight", 2 / 120)):
        assert params[name].var() == pytest.approx(variance, rel=0.1)
    assert nn.MLP(150, [], 90, rng=rng()).params["0.weight"].var() == pytest.approx(1 / 150, rel=0.1)


# Networks


def test_networks_have_the_parameters_that_their_sizes_say() -> None:
    """Counts by hand; the CNN's does not depend on the image."""

    def count(model: nn.Sequential) -> int:
        return sum(parameter.size for parameter in model.params.values())

    assert count(nn.MLP(144, [128], 10)) == 144 * 128 + 128 + 128 * 10 + 10
    assert count(nn.MLP(144, [], 10)) == 1450
    assert count(nn.MLP(5, [4, 6], 3, True)) == 5 * 4 + 4 + 8 + 4 * 6 + 6 + 12 + 6 * 3 + 3
    assert count(nn.CNN(1, (16, 32), 10)) == 5130
    assert nn.CNN(1, (16, 32), 10).forward(np.zeros((2, 9, 8))).shape == (2, 10)


def test_loaded_weights_reproduce_the_outputs() -> None:
    """A second network with the first one's parameters computes the same, and shares no array with it."""
    one, two, x = nn.MLP(5, [4], 3, rng=rng()), nn.MLP(5, [4], 3), rng().normal(size=(6, 5))
    before = one.forward(x)
    assert not np.array_equal(two.forward(x), before)
    two.load(one.params)
    assert np.array_equal(two.forward(x), before)
    two.params["0.weight"][...] = 0
    assert np.array_equal(one.forward(x), before)
    with pytest.raises(ValueError, match=r"0\.weight has shape"):
        two.load(one.params | {"0.weight": np.zeros((5, 4))})
    with pytest.raises(ValueError, match="expected parameters"):
        two.load({})


def test_modes_reach_every_module() -> None:
    """In evaluation, dropout and batch norm rest: an output depends on its own sample alone, and repeats."""
    model, x = nn.MLP(5, [8], 3, True, dropout=0.5, rng=rng()), rng().normal(size=(6, 5))
    assert not np.array_equal(model.forward(x), model.forward(x))
    model.eval()
    assert np.allclose(model.forward(x)[2:3], model.forward(x[2:3]), rtol=0, atol=1e-15)
    model.train()
    assert not np.array_equal(model.forward(x), model.forward(x))


def test_a_layer_file_stands_alone() -> None:
    """All files but the networks and the training import NumPy and the standard library only."""
    together = {"__init__", "mlp", "cnn", "train"}
    for file in FOLDER.glob("*.py"):
        imported = {
            node.module for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)
        }
        ours = {module for module in imported if module and module.startswith("solutions")}
        assert file.stem in together or not ours, f"{file.name} imports {ours}"


# Optimisers: what needs no second library

RULES: list[tuple[Any, float]] = [
    (nn.SGD, 0.1),
    (nn.Momentum, 0.03),
    (nn.Nesterov, 0.03),
    (nn.RMSProp, 0.02),
    (nn.Adagrad, 0.5),
    (nn.Adam, 0.1),
    (nn.AdamW, 0.1),
]


@pytest.mark.parametrize(("rule", "lr"), RULES)
def test_optimisers_find_the_bottom_of_a_bowl(rule: Any, lr: float) -> None:
    """200 steps on ½(θ₁² + 5 θ₂²) from (3, −2); the array is changed in place, the gradient is not."""
    theta = np.array([3.0, -2.0])
    optimiser = rule({"theta": theta}, lr)
    for _ in range(200):
        gradient = theta * [1.0, 5.0]
        kept = gradient.copy()
        optimiser.step({"theta": gradient})
        assert np.array_equal(gradient, kept)
    assert np.abs(theta).max() < 0.05


def test_first_steps_by_hand() -> None:
    """With gradient 2 at first: SGD moves 2 lr, Adam lr whatever the gradient, Nesterov 1.9 · 2 lr."""
    for rule, move in ((nn.SGD, 0.2), (nn.Momentum, 0.2), (nn.Nesterov, 0.38), (nn.Adam, 0.1), (nn.RMSProp, 1.0)):
        theta = np.array([3.0])
        rule({"theta": theta}, 0.1).step({"theta": np.array([2.0])})
        assert theta[0] == pytest.approx(3 - move, rel=1e-6)


def test_decay_is_coupled_in_adam_and_not_in_adamw() -> None:
    """Without a gradient, AdamW shrinks by lr · decay; Adam makes a whole step of lr of any penalty."""
    for rule, expected in ((nn.SGD, 0.95), (nn.AdamW, 0.95), (nn.Adam, 0.9)):
        theta = np.array([1.0])
        rule({"theta": theta}, 0.1, weight_decay=0.5).step({"theta": np.zeros(1)})
        assert theta[0] == pytest.approx(expected, rel=1e-6)
