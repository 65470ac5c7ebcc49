# ruff: noqa: E501  # tables of source edits, one per line
"""The layers of a convolutional network, written by hand: right code of every style passes, known faults are named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import problem_bank
from assignments.handouts import handouts
from assignments.sheet import draw_sheet
from assignments.spec import load_assignment
from grader.code import mark_code
from problem_bank.verdict import Status, Verdict
from solutions.cnn_layers import layers, modules

ROOT = Path(__file__).parents[1]
SOLUTION = ROOT / "solutions" / "cnn_layers"
STARTERS = ROOT / "problem_bank" / "families" / "code" / "starters"
FUNCTIONS = ("im2col", "conv_functions", "pool_functions", "batch_norm_functions", "dropout_functions")
CLASSES = ("conv_module", "pool_module")
FILE = dict.fromkeys(FUNCTIONS, "layers.py") | dict.fromkeys(CLASSES, "modules.py")
SOURCE = {name: (SOLUTION / name).read_text() for name in ("layers.py", "modules.py")}


def marks(family: str, source: str, seed: str = "cnn") -> dict[str, Verdict]:
    """The verdicts of a family's whole question on this source."""
    variant = problem_bank.load(f"code.{family}").draw("test", level="hard")
    return mark_code(variant.parts, {FILE[family]: source.encode()}, seed=seed)[0]


def changed(family: str, *pairs: str) -> str:
    """The solution with texts replaced by others."""
    source = SOURCE[FILE[family]]
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in source, old
        source = source.replace(old, new)
    return source


def failed(verdicts: dict[str, Verdict]) -> dict[str, str]:
    return {name: verdict.feedback for name, verdict in verdicts.items() if verdict.status is not Status.RIGHT}


@pytest.mark.parametrize("seed", ["a", "b", "c"])
@pytest.mark.parametrize("family", FILE)
def test_the_solution_gets_full_marks(family: str, seed: str) -> None:
    """Whatever the hidden inputs."""
    assert failed(marks(family, SOURCE[FILE[family]], seed)) == {}


# Code that is right and looks different

LOOPS = '''
import numpy as np

def im2col(x, kernel, stride=1, pad=0):
    (S, C, H, W), (kh, kw) = x.shape, kernel
    xp = np.zeros((S, C, H + 2 * pad, W + 2 * pad))
    xp[:, :, pad:pad + H, pad:pad + W] = x
    Ho, Wo = 1 + (H + 2 * pad - kh) // stride, 1 + (W + 2 * pad - kw) // stride
    cols = np.zeros((S, C * kh * kw, Ho * Wo))
    for n in range(S):
        for i in range(Ho):
            for j in range(Wo):
                cols[n, :, i * Wo + j] = xp[n, :, i * stride:i * stride + kh, j * stride:j * stride + kw].flatten()
    print('shape', cols.shape)
    return cols

def col2im(columns, shape, kernel, stride=1, pad=0):
    (S, C, H, W), (kh, kw) = shape, kernel
    Wo = 1 + (W + 2 * pad - kw) // stride
    xp = np.zeros((S, C, H + 2 * pad, W + 2 * pad))
    for n in range(S):
        for k in range(columns.shape[2]):
            i, j = k // Wo * stride, k % Wo * stride
            xp[n, :, i:i + kh, j:j + kw] += columns[n, :, k].reshape(C, kh, kw)
    return xp[:, :, pad:pad + H, pad:pad + W]

def conv_forward(x, w, b, conv_param):
    stride, pad = conv_param['stride'], conv_param['pad']
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
    Ho, Wo = int(1 + (H + 2 * pad - HH) / stride), int(1 + (W + 2 * pad - WW) / stride)
    out = np.zeros((N, F, Ho, Wo))
    for n in range(N):
        for f in range(F):
            for i in range(Ho):
                for j in range(Wo):
                    for c in range(C):
                        for u in range(HH):
                            for v in range(WW):
                                out[n, f, i, j] += xp[n, c, i * stride + u, j * stride + v] * w[f, c, u, v]
                    out[n, f, i, j] += b[f]
    return out, (x, w, b, conv_param)

def conv_backward(dout, cache):
    x, w, b, conv_param = cache
    stride, pad = conv_param['stride'], conv_param['pad']
    xp = np.pad(x, [(0, 0), (0, 0), (pad, pad), (pad, pad)], 'constant')
    dxp, dw, db = np.zeros_like(xp), np.zeros_like(w), np.zeros((len(b), 1))
    N, F, Ho, Wo = dout.shape
    HH, WW = w.shape[2:]
    for n in range(N):
        for f in range(F):
            db[f] += dout[n, f].sum()
            for i in range(Ho):
                for j in range(Wo):
                    a, e = i * stride, j * stride
                    dw[f] += xp[n, :, a:a + HH, e:e + WW] * dout[n, f, i, j]
                    dxp[n, :, a:a + HH, e:e + WW] += w[f] * dout[n, f, i, j]
    return [dxp[:, :, pad:-pad, pad:-pad] if pad else dxp, dw, db]

class Cache:
    def __init__(self, **things):
        self.__dict__.update(things)

def max_pool_forward(x, pool_param):
    h, w, s = pool_param['pool_height'], pool_param['pool_width'], pool_param['stride']
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - h) // s, 1 + (W - w) // s))
    for n, c, i, j in np.ndindex(out.shape):
        out[n, c, i, j] = np.max(x[n, c, i * s:i * s + h, j * s:j * s + w])
    return out, Cache(x=x, param=pool_param)

def max_pool_backward(dout, cache):
    x, h, w, s = cache.x, cache.param['pool_height'], cache.param['pool_width'], cache.param['stride']
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(dout.shape):
        window = x[n, c, i * s:i * s + h, j * s:j * s + w]
        mask = window == window.max()
        dx[n, c, i * s:i * s + h, j * s:j * s + w] += dout[n, c, i, j] * mask / mask.sum()
    return dx

def batchnorm_forward(x, gamma, beta, bn_param):
    mode, eps, momentum = bn_param['mode'], bn_param.get('eps', 1e-5), bn_param.get('momentum', 0.9)
    N, D = x.shape
    running_mean = bn_param.get('running_mean', np.zeros(D))
    running_var = bn_param.get('running_var', np.zeros(D))
    out, cache = None, None
    if mode == 'train':
        mu = 1 / N * np.sum(x, axis=0)
        xmu = x - mu
        var = 1 / N * np.sum(xmu ** 2, axis=0)
        ivar = 1 / np.sqrt(var + eps)
        xhat = xmu * ivar
        out = gamma * xhat + beta
        cache = {'xhat': xhat, 'gamma': gamma, 'xmu': xmu, 'ivar': ivar}
        running_mean = momentum * running_mean + (1 - momentum) * mu
        running_var = momentum * running_var + (1 - momentum) * var
    elif mode == 'test':
        out = gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta
    else:
        raise ValueError('Invalid mode')
    bn_param['running_mean'], bn_param['running_var'] = running_mean, running_var
    return out, cache

def batchnorm_backward(dout, cache):
    N = len(dout)
    dgamma, dbeta = np.sum(dout * cache['xhat'], axis=0, keepdims=True), np.sum(dout, axis=0)
    dxhat = dout * cache['gamma']
    dvar = np.sum(dxhat * cache['xmu'], axis=0) * -0.5 * cache['ivar'] ** 3
    dmu = np.sum(-dxhat * cache['ivar'], axis=0) - 2 * dvar * np.mean(cache['xmu'], axis=0)
    return dxhat * cache['ivar'] + dvar * 2 * cache['xmu'] / N + dmu / N, dgamma, dbeta

def dropout_forward(x, dropout_param):
    p, mode, mask = dropout_param['p'], dropout_param['mode'], None
    if 'seed' in dropout_param:
        np.random.seed(dropout_param['seed'])
    if mode == 'train':
        mask = np.random.binomial(1, 1 - p, size=x.shape)
        out = x * mask / (1 - p)
    else:
        out = x
    return out, (dropout_param, mask)

def dropout_backward(dout, cache):
    dropout_param, mask = cache
    return dout * mask / (1 - dropout_param['p']) if dropout_param['mode'] == 'train' else dout

class Conv2d:
    def __init__(self, in_channels, out_channels, kernel_size, stride=1, padding=0):
        bound = np.sqrt(6 / (in_channels * kernel_size * kernel_size))
        self.params, self.grads = {}, {}
        self.params['weight'] = np.random.uniform(-bound, bound, size=(out_channels, in_channels, kernel_size, kernel_size))
        self.params['bias'] = np.zeros((1, out_channels, 1, 1))
        for name in self.params:
            self.grads[name] = np.zeros_like(self.params[name])
        self.param = {'stride': stride, 'pad': padding}
    def forward(self, x):
        out, self.cache = conv_forward(x, self.params['weight'], self.params['bias'].ravel(), self.param)
        return out
    def backward(self, dout):
        dx, self.grads['weight'], db = conv_backward(dout, self.cache)
        self.grads['bias'] = db.reshape(1, -1, 1, 1)
        return dx

class MaxPool2d:
    def __init__(self, kernel_size, stride=None):
        self.param = {'pool_height': kernel_size, 'pool_width': kernel_size, 'stride': stride if stride else kernel_size}
    def forward(self, x):
        out, self.cache = max_pool_forward(x, self.param)
        return out
    def backward(self, dout):
        return max_pool_backward(dout, self.cache)
'''  # fmt: skip


@pytest.mark.parametrize("family", FILE)
def test_loops_over_pixels_get_full_marks(family: str) -> None:
    """Seven nested loops, caches of every kind, bias gradients of shape (F, 1), a gradient shared among ties."""
    assert failed(marks(family, LOOPS)) == {}


FAIR = {
    "the last of several largest": ("pool_functions", ("rows.argmax(axis=-1)", "rows.shape[-1] - 1 - rows[..., ::-1].argmax(axis=-1)")),
    "an adaptable mode": ("dropout_functions", ('["mode"] == "test"', '["mode"] != "train"')),
    "statistics written in place": ("batch_norm_functions", ('bn_param["running_mean"] = keep', 'bn_param["running_mean"][...] = keep')),
    "out is x itself in testing": ("dropout_functions", ("return x.copy(), None", "return x, None")),
}  # fmt: skip


@pytest.mark.parametrize("name", FAIR)
def test_matters_of_style_cost_nothing(name: str) -> None:
    """Which of several largest pixels wins, how modes are told apart, in place or not."""
    family, pairs = FAIR[name]
    assert failed(marks(family, changed(family, *pairs))) == {}


# Known faults: family, source edits, the part that is wrong, its misconception, other parts that fail with it

COLUMNS = "patches = windows.transpose(0, 1, 4, 5, 2, 3)"
COLUMNS_OUT = "return patches.reshape(len(x), -1, patches.shape[4] * patches.shape[5])"
CROP = "return padded[:, :, pad : pad + height, pad : pad + width]"
OUT = "out = w.reshape(filters, -1) @ columns + b[:, None]"
WEIGHT = "dw = np.tensordot(flat, columns, axes=((0, 2), (0, 2))).reshape(w.shape)"
DB = "flat.sum(axis=(0, 2))"
INPUT = "return col2im(dcolumns, shape, (w.shape[2], w.shape[3]), stride, pad), dw"
POOL = "rows.argmax(axis=-1)"
PUT = "np.put_along_axis(shares, winners, dout[..., None], axis=-1)\n    dx,"
NORMAL = "    normal = (x - mean) / deviation\n    return gamma * normal + beta, (normal, deviation, gamma)"
DEVIATION = 'deviation = np.sqrt(var + bn_param["eps"])'
STATS = "mean, var, keep = x.mean(axis=0), x.var(axis=0), "
RUNNING = '["running_var"] + (1 - keep) * var'
DX = "dx = (dnormal - dnormal.mean(axis=0) - normal * (dnormal * normal).mean(axis=0)) / deviation"
DGAMMA, DBETA = "(dout * normal).sum(axis=0)", "dout.sum(axis=0)"
MASK = "mask = (np.random.random(x.shape) >= p) / (1 - p)"
TESTING = 'if dropout_param["mode"] == "test":\n        return x.copy(), None'
BACK = "return dout.copy() if cache is None else dout * cache"

OVERWRITING = """
def conv_backward(dout, cache):
    (samples, channels, height, width), w, columns, stride, pad = cache
    dx = np.zeros((samples, channels, height + 2 * pad, width + 2 * pad))
    for n, f, i, j in np.ndindex(dout.shape):
        dx[n, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]] = dout[n, f, i, j] * w[f]
    flat = dout.reshape(*dout.shape[:2], -1)
    dw = np.tensordot(flat, columns, axes=((0, 2), (0, 2))).reshape(w.shape)
    return dx[:, :, pad : pad + height, pad : pad + width], dw, flat.sum(axis=(0, 2))


"""

Fault = tuple[str, tuple[str, ...], str, str, set[str]]
FAULTS: dict[str, Fault] = {
    # patches
    "patches in rows": ("im2col", (COLUMNS_OUT, COLUMNS_OUT + ".swapaxes(1, 2)"), "columns", "rows", {"stride_and_padding", "edge_cases"}),
    "channels last": ("im2col", (COLUMNS, "patches = windows.transpose(0, 4, 5, 1, 2, 3)"), "columns", "channels_last", {"stride_and_padding", "edge_cases"}),
    "kernel turned": ("im2col", (COLUMNS, "patches = windows.transpose(0, 1, 5, 4, 2, 3)"), "columns", "kernel_turned", {"stride_and_padding", "edge_cases"}),
    "positions turned": ("im2col", (COLUMNS, "patches = windows.transpose(0, 1, 4, 5, 3, 2)"), "columns", "positions_turned", {"stride_and_padding", "edge_cases"}),
    "samples joined": ("im2col", (COLUMNS_OUT, "return np.hstack(list(patches.reshape(len(x), -1, patches.shape[4] * patches.shape[5])))"), "columns", "samples_joined", {"stride_and_padding", "edge_cases"}),
    "stride ignored in patches": ("im2col", ("[:, :, ::stride, ::stride]\n    patches", "\n    patches"), "stride_and_padding", "stride_ignored", set()),
    "padding ignored in patches": ("im2col", ("padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))", "padded = x"), "stride_and_padding", "pad_ignored", {"edge_cases"}),
    "patches overwritten": ("im2col", ("+= patches[:, :, i, j]", "= patches[:, :, i, j]"), "images", "overwritten", {"strided_images"}),
    "padding kept by col2im": ("im2col", (CROP, "return padded"), "strided_images", "padding_kept", set()),
    "wrong crop of col2im": ("im2col", (CROP, "return padded[:, :, :height, :width]"), "strided_images", "cropped_wrongly", set()),
    # convolution
    "kernel flipped": ("conv_functions", (OUT, OUT.replace("w.resh", "w[:, :, ::-1, ::-1].resh")), "forward", "flipped", {"edge_cases"}),
    "bias missing": ("conv_functions", (" + b[:, None]", ""), "forward", "no_bias", {"edge_cases"}),
    "bias subtracted": ("conv_functions", (" + b[:, None]", " - b[:, None]"), "forward", "bias_subtracted", {"edge_cases"}),
    "channels averaged": ("conv_functions", (OUT, OUT.replace(" @ columns", " @ columns / x.shape[1]")), "forward", "channels_averaged", {"edge_cases", "stride_and_padding"}),
    "stride ignored": ("conv_functions", ('stride, pad = conv_param["stride"], conv_param["pad"]', 'stride, pad = 1, conv_param["pad"]'), "stride_and_padding", "stride_ignored", {"strided_gradients"}),
    "padding ignored": ("conv_functions", ('stride, pad = conv_param["stride"], conv_param["pad"]', 'stride, pad = conv_param["stride"], 0'), "stride_and_padding", "pad_ignored", {"input_gradient", "weight_gradient", "strided_gradients"}),
    "dx flipped": ("conv_functions", ("dcolumns = w.resh", "dcolumns = w[:, :, ::-1, ::-1].resh"), "input_gradient", "dx_flipped", {"strided_gradients", "edge_cases"}),
    "dx keeps the padding": ("conv_functions", (CROP, "return padded"), "input_gradient", "padding_kept", {"strided_gradients"}),
    "dx cropped wrongly": ("conv_functions", (CROP, "return padded[:, :, :height, :width]"), "input_gradient", "cropped_wrongly", {"strided_gradients"}),
    "dx averaged": ("conv_functions", (INPUT, INPUT.replace("pad), dw", "pad) / len(dout), dw")), "input_gradient", "input_gradient_averaged", {"strided_gradients"}),
    "dw averaged": ("conv_functions", (WEIGHT, WEIGHT + " / len(dout)"), "weight_gradient", "weight_gradient_averaged", {"strided_gradients"}),
    "dw flipped": ("conv_functions", (WEIGHT, WEIGHT + "[:, :, ::-1, ::-1]"), "weight_gradient", "dw_flipped", {"strided_gradients"}),
    "dw of the last image": ("conv_functions", (WEIGHT, WEIGHT.replace("flat, columns", "flat[-1:], columns[-1:]")), "weight_gradient", "last_sample", {"strided_gradients"}),
    "dw over positions": ("conv_functions", (WEIGHT, WEIGHT + " / flat.shape[2]"), "weight_gradient", "dw_over_positions", {"strided_gradients"}),
    "db over the batch only": ("conv_functions", (DB, "dout.sum(axis=0)"), "bias_gradient", "bias_axes", set()),
    "db over pixels only": ("conv_functions", (DB, "flat.sum(axis=2)"), "bias_gradient", "bias_axes", set()),
    "db over filters": ("conv_functions", (DB, "flat.sum(axis=(1, 2))"), "bias_gradient", "bias_axes", set()),
    "db averaged": ("conv_functions", (DB, DB + " / len(dout)"), "bias_gradient", "bias_gradient_averaged", set()),
    "db a mean": ("conv_functions", (DB, "flat.mean(axis=(0, 2))"), "bias_gradient", "bias_mean", set()),
    "dx overwritten": ("conv_functions", ("def max_pool_forward", OVERWRITING + "def max_pool_forward"), "input_gradient", "dx_overwritten", {"strided_gradients", "edge_cases"}),
    "images changed": ("conv_functions", ("    filters, _, *kernel = w.shape", "    x -= 1.0\n    x = x + 1.0\n    filters, _, *kernel = w.shape"), "edge_cases", "input_changed", set()),
    # pooling
    "mean for the maximum": ("pool_functions", ("np.take_along_axis(rows, winners, axis=-1)[..., 0]", "rows.mean(axis=-1)"), "forward", "mean", {"windows", "edge_cases"}),
    "minimum": ("pool_functions", ("np.take_along_axis(rows, winners, axis=-1)[..., 0]", "rows.min(axis=-1)"), "forward", "minimum", {"windows", "edge_cases"}),
    "pooling stride ignored": ("pool_functions", ("pool_param[\"stride\"]\n    windows", "1\n    windows"), "forward", "stride_ignored", {"windows", "edge_cases", "gradient", "overlapping_gradient", "ties"}),
    "stride taken from the size": ("pool_functions", ("pool_param[\"stride\"]\n    windows", "pool_param[\"pool_height\"]\n    windows"), "windows", "stride_is_size", {"overlapping_gradient"}),
    "window turned": ("pool_functions", ('(pool_param["pool_height"], pool_param["pool_width"])', '(pool_param["pool_width"], pool_param["pool_height"])'), "windows", "window_turned", {"overlapping_gradient"}),
    "gradient spread": ("pool_functions", (PUT, "shares += dout[..., None] / (height * width)\n    dx,"), "gradient", "spread", {"overlapping_gradient", "ties", "edge_cases"}),
    "gradient everywhere": ("pool_functions", (PUT, "shares += dout[..., None]\n    dx,"), "gradient", "everywhere", {"overlapping_gradient", "ties", "edge_cases"}),
    "pool gradient overwritten": ("pool_functions", ("+= shares[..., place]", "= shares[..., place]"), "overlapping_gradient", "overwritten", set()),
    "all ties": ("pool_functions", ("return np.take_along_axis(rows, winners, axis=-1)[..., 0], (x.shape, winners, size, stride)", "return rows.max(axis=-1), (x.shape, rows == rows.max(axis=-1, keepdims=True), size, stride)", PUT, "shares += winners * dout[..., None]\n    dx,"), "ties", "all_ties", set()),
    # batch normalisation
    "unbiased in training": ("batch_norm_functions", (DEVIATION, 'deviation = np.sqrt(var * (len(x) / (len(x) - 1) if bn_param["mode"] == "train" else 1) + bn_param["eps"])'), "forward", "unbiased", {"input_gradient", "scale_gradient", "edge_cases"}),
    "statistics of the rows": ("batch_norm_functions", ("x.mean(axis=0), x.var(axis=0)", "x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)", '"running_mean"] + (1 - keep) * mean', '"running_mean"]', '"running_var"] + (1 - keep) * var', '"running_var"]'), "forward", "statistics_of_rows", {"running_statistics", "input_gradient", "scale_gradient", "edge_cases"}),
    "gamma and beta swapped": ("batch_norm_functions", ("return gamma * normal + beta,", "return beta * normal + gamma,"), "forward", "gamma_beta_swapped", {"evaluation", "edge_cases"}),
    "variance not rooted": ("batch_norm_functions", (DEVIATION, 'deviation = var + bn_param["eps"]'), "forward", "not_rooted", {"evaluation", "input_gradient", "scale_gradient", "edge_cases"}),
    "epsilon outside": ("batch_norm_functions", (DEVIATION, 'deviation = np.sqrt(var) + bn_param["eps"]'), "forward", "epsilon_outside", {"evaluation", "edge_cases"}),
    "epsilon ignored": ("batch_norm_functions", (DEVIATION, "deviation = np.sqrt(var + 1e-5)"), "forward", "epsilon_ignored", {"evaluation", "input_gradient", "scale_gradient", "edge_cases"}),
    "momentum reversed": ("batch_norm_functions", ('bn_param["momentum"]', '1 - bn_param["momentum"]'), "running_statistics", "momentum_reversed", set()),
    "running variance unbiased": ("batch_norm_functions", (RUNNING, RUNNING + " * len(x) / (len(x) - 1)"), "running_statistics", "unbiased", set()),
    "running not stored": ("batch_norm_functions", ('bn_param["running_mean"] = keep', 'unused_mean = keep', 'bn_param["running_var"] = keep', "unused_var = keep"), "running_statistics", "not_updated", set()),
    "batch statistics in testing": ("batch_norm_functions", ('mean, var = bn_param["running_mean"], bn_param["running_var"]', "mean, var = x.mean(axis=0), x.var(axis=0)"), "evaluation", "batch_statistics", set()),
    "updated in testing": ("batch_norm_functions", ('    if bn_param["mode"] == "test":\n        mean, var = bn_param["running_mean"], bn_param["running_var"]\n    else:\n', '    mean_, var_ = bn_param["running_mean"], bn_param["running_var"]\n    if True:\n', "    deviation = np.sqrt", '    if bn_param["mode"] == "test":\n        mean, var = mean_, var_\n    deviation = np.sqrt'), "evaluation", "updated_in_testing", set()),
    "mean and variance constant": ("batch_norm_functions", (DX, "dx = dnormal / deviation"), "input_gradient", "constant_statistics", set()),
    "variance constant": ("batch_norm_functions", (DX, "dx = (dnormal - dnormal.mean(axis=0)) / deviation"), "input_gradient", "constant_variance", set()),
    "mean constant": ("batch_norm_functions", (DX, "dx = (dnormal - normal * (dnormal * normal).mean(axis=0)) / deviation"), "input_gradient", "constant_mean", set()),
    "gamma missing in dx": ("batch_norm_functions", ("dnormal = dout * gamma", "dnormal = dout"), "input_gradient", "no_gamma", set()),
    "dgamma of raw x": ("batch_norm_functions", ("(normal, deviation, gamma)\n\n", "(normal, deviation, gamma, x)\n\n", "normal, deviation, gamma = cache", "normal, deviation, gamma, x = cache", DGAMMA, "(dout * x).sum(axis=0)"), "scale_gradient", "raw_x", set()),
    "dgamma without dout": ("batch_norm_functions", (DGAMMA, "normal.sum(axis=0)"), "scale_gradient", "no_dout", set()),
    "dgamma averaged": ("batch_norm_functions", (DGAMMA, "(dout * normal).mean(axis=0)"), "scale_gradient", "gamma_gradient_averaged", set()),
    "dbeta over features": ("batch_norm_functions", (f"{DGAMMA}, {DBETA}", f"{DGAMMA}, dout.sum(axis=1)"), "shift_gradient", "beta_axes", set()),
    # dropout
    "p as the share that is kept": ("dropout_functions", (MASK, "mask = (np.random.random(x.shape) < p) / (p or 1)"), "share", "p_as_keep", {"edge_cases"}),
    "nothing dropped": ("dropout_functions", (MASK, "mask = np.ones(x.shape) / (1 - p)"), "share", "nothing_dropped", {"masks", "edge_cases"}),
    "not scaled": ("dropout_functions", (MASK, "mask = np.random.random(x.shape) >= p"), "scaling", "not_scaled", set()),
    "scaled by p": ("dropout_functions", (MASK, "mask = (np.random.random(x.shape) >= p) / (p or 1)"), "scaling", "scaled_by_p", set()),
    "scaled in testing": ("dropout_functions", ("return x.copy(), None", 'return x * (1 - dropout_param["p"]), None'), "evaluation", "scaled_in_evaluation", set()),
    "dropped in testing": ("dropout_functions", (TESTING, "pass"), "evaluation", "dropped_in_evaluation", set()),
    "same mask every time": ("dropout_functions", (MASK, "np.random.seed(0)\n    " + MASK), "masks", "same_mask", set()),
    "rows dropped together": ("dropout_functions", (MASK, "mask = (np.random.random((len(x), *[1] * (x.ndim - 1))) >= p) * np.ones(x.shape) / (1 - p)"), "masks", "mask_shared", set()),
    "fresh mask on the way back": ("dropout_functions", (BACK, "return dout.copy() if cache is None else dout * (np.random.random(dout.shape) >= 0.5) * cache.max()"), "gradient", "fresh_mask", set()),
    "no mask on the way back": ("dropout_functions", (BACK, "return dout.copy()"), "gradient", "unmasked", set()),
    "no factor on the way back": ("dropout_functions", (BACK, "return dout.copy() if cache is None else dout * (cache > 0)"), "gradient", "gradient_not_scaled", set()),
    "batch changed by dropout": ("dropout_functions", ("    return x * mask, mask", "    x *= mask\n    return x, mask"), "edge_cases", "input_changed", set()),
    # the classes
    "class: kernel flipped": ("conv_module", ("np.tensordot(windows, self.params[\"weight\"],", "np.tensordot(windows, self.params[\"weight\"][:, :, ::-1, ::-1],"), "forward", "flipped", {"stride_and_padding"}),
    "class: no bias": ("conv_module", ('(out + self.params["bias"])', "out"), "forward", "no_bias", {"stride_and_padding"}),
    "class: stride ignored": ("conv_module", ("self.size, self.stride, self.padding = kernel_size, stride, padding", "self.size, self.stride, self.padding = kernel_size, 1, padding"), "stride_and_padding", "stride_ignored", {"strided_gradients"}),
    "class: padding kept": ("conv_module", ("return dx[:, :, p : shape[2] - p, p : shape[3] - p]", "return dx"), "input_gradient", "padding_kept", {"strided_gradients", "edge_cases"}),
    "class: dw averaged": ("conv_module", ("windows, axes=((0, 2, 3), (0, 2, 3)))", "windows, axes=((0, 2, 3), (0, 2, 3))) / len(dout)"), "weight_gradient", "weight_gradient_averaged", {"strided_gradients"}),
    "class: db over pixels": ("conv_module", ("dout.sum(axis=(0, 2, 3))", "dout.sum(axis=(2, 3))"), "bias_gradient", "bias_axes", set()),
    "class: area forgotten": ("conv_module", ("2 / (in_channels * kernel_size**2)", "2 / in_channels"), "initialisation", "area_forgotten", set()),
    "class: accumulating": ("conv_module", ('self.grads["weight"] = np', 'self.grads["weight"] = self.grads["weight"] + np'), "edge_cases", "accumulating", set()),
    "class: mean pooling": ("pool_module", ("np.take_along_axis(pixels, winners, axis=-1)[..., 0]", "pixels.mean(axis=-1)"), "forward", "mean", {"strides", "edge_cases"}),
    "class: stride is the size": ("pool_module", ("stride or kernel_size", "kernel_size"), "strides", "stride_is_size", {"overlapping_gradient"}),
    "class: gradient spread": ("pool_module", ("np.put_along_axis(shares, winners, dout[..., None], axis=-1)", "shares += dout[..., None] / self.size**2"), "gradient", "spread", {"overlapping_gradient", "ties", "edge_cases"}),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_every_planted_fault_is_named(name: str) -> None:
    """The part that holds the fault is wrong with its misconception; the ones that do not depend on it are right."""
    family, pairs, part, misconception, others = FAULTS[name]
    verdicts = marks(family, changed(family, *pairs))
    assert (verdicts[part].status, verdicts[part].misconceptions) == (Status.WRONG, (misconception,)), verdicts[part]
    assert failed(verdicts).keys() == {part} | others, failed(verdicts)


FLIPPED = {
    "conv_functions": ("w.reshape(filters, -1) @ columns", "w[:, :, ::-1, ::-1].reshape(filters, -1) @ columns",
                       "dcolumns = w.reshape(len(w), -1)", "dw = dw[:, :, ::-1, ::-1]\n    dcolumns = w[:, :, ::-1, ::-1].reshape(len(w), -1)"),
    "conv_module": ("np.tensordot(windows, self.params[\"weight\"],", "np.tensordot(windows, self.params[\"weight\"][:, :, ::-1, ::-1],",
                    "windows, axes=((0, 2, 3), (0, 2, 3)))", "windows, axes=((0, 2, 3), (0, 2, 3)))[:, :, ::-1, ::-1]",
                    "np.tensordot(dout, self.params[\"weight\"],", "np.tensordot(dout, self.params[\"weight\"][:, :, ::-1, ::-1],"),
}  # fmt: skip


@pytest.mark.parametrize("family", FLIPPED)
def test_who_flips_the_kernel_everywhere_pays_once(family: str) -> None:
    """The gradients are then judged as those of the flipped convolution."""
    verdicts = marks(family, changed(family, *FLIPPED[family]))
    assert verdicts["forward"].misconceptions == ("flipped",)
    assert failed(verdicts).keys() <= {"forward", "edge_cases", "stride_and_padding"}


# Starters, public tests, and what is missing


@pytest.mark.parametrize("family", FILE)
def test_the_starter_is_nothing_submitted(family: str) -> None:
    """As it was handed out it scores nothing and is missing, not wrong."""
    verdicts = marks(family, (STARTERS / family / FILE[family]).read_text())
    assert {verdict.status for verdict in verdicts.values()} == {Status.MISSING}


def test_one_function_of_several_is_judged_alone() -> None:
    """With the forward pass written and the backward pass not, the one is right and the other missing."""
    source = SOURCE["layers.py"].replace(
        "    shape, w, columns, stride, pad = cache\n", "    raise NotImplementedError\n"
    )
    verdicts = marks("conv_functions", source)
    assert (verdicts["forward"].status, verdicts["input_gradient"].status) == (Status.RIGHT, Status.MISSING)


@pytest.mark.parametrize(
    ("family", "old", "new", "part", "says"),
    [
        (
            "conv_functions",
            "def conv_forward",
            "def convolution_forward",
            "forward",
            "There is no function conv_forward",
        ),
        ("conv_functions", "rows, -1), (x.shape", "rows, -1)\n    return (x.shape", "forward", "expected (out, cache)"),
        ("pool_functions", "    return dx\n", "    dx\n", "gradient", "a `return`"),
        ("conv_functions", ", flat.sum(axis=(0, 2))", "", "bias_gradient", "returns 2 things; expected (dx, dw, db)"),
        ("batch_norm_functions", "x.mean(axis=0)", "x.mena(axis=0)", "forward", "layers.py, line"),
    ],
)
def test_what_is_missing_is_said_plainly(family: str, old: str, new: str, part: str, says: str) -> None:
    """A function of another name, a result that is no pair, a forgotten return, a crash with its place."""
    assert says in marks(family, changed(family, old, new))[part].feedback


@pytest.mark.parametrize("solved", [True, False])
@pytest.mark.parametrize("family", FILE)
def test_the_public_tests_run_on_their_own(family: str, solved: bool, tmp_path: Path) -> None:
    """The students' tests need nothing of ours; the solution passes them, the starter does not."""
    tests = (STARTERS / family / f"test_{family}.py").read_text()
    assert not any(name in tests for name in ("problem_bank", "grader", "solutions"))
    source = SOLUTION / FILE[family] if solved else STARTERS / family / FILE[family]
    (tmp_path / FILE[family]).write_text(source.read_text())
    (tmp_path / f"test_{family}.py").write_text(tests)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # as on a student's machine
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"test_{family}.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == solved, done.stdout


NONSENSE = ("None", "...", "7", "'text'", "(1, 2)", "(print, print)", "[print] * 3", "(np.zeros((0, 3)), {})", "({}, [])",
            "np.ones((2, 2)) * 1j", "(np.full((2, 3, 4, 4), 1j), 0)", "(np.array([['a']]), 0)", "iter([1])", "(np.inf, np.nan, 0)")  # fmt: skip


@pytest.mark.parametrize("family", FUNCTIONS)
def test_nonsense_is_wrong_and_never_our_fault(family: str) -> None:
    """Whatever functions return, every part is wrong with a reason; nothing is left ungraded."""
    names = {
        line.split("(")[0][4:]
        for line in (STARTERS / family / "layers.py").read_text().splitlines()
        if line.startswith("def ")
    }
    for value in NONSENSE:
        source = "import numpy as np\n" + "".join(f"def {name}(*args): return {value}\n" for name in names)
        verdicts = marks(family, source)
        assert {verdict.status for verdict in verdicts.values()} == {Status.WRONG}, (value, verdicts)


def test_half_right_functions_are_wrong_and_never_our_fault() -> None:
    """A right output with a nonsensical gradient, statistics that vanish, an output of the right shape that is complex."""
    for family, old, new in (
        ("conv_functions", "return col2im(dcolumns", "return print, 'text', 1j\n    return col2im(dcolumns"),
        (
            "batch_norm_functions",
            "    deviation = np.sqrt",
            "    bn_param.clear()\n    bn_param['eps'] = 1e-5\n    deviation = np.sqrt",
        ),
        ("dropout_functions", "return x * mask, mask", "return x * mask * (1 + 0j), mask"),
        ("pool_functions", "    return dx\n", "    return dx[:, :, 0] * 1j\n"),
        ("im2col", "return patches.resh", "return print\n    return patches.resh"),
    ):
        assert not [v for v in marks(family, changed(family, old, new)).values() if v.status is Status.UNGRADED], family


def test_the_coursework_is_solved_by_its_solution() -> None:
    """The model solution has all points of `cnn-layers`, from the files that are handed out."""
    sheet = draw_sheet(load_assignment("cnn-layers"), "ada", "secret", pinned=True)
    files = {name: (SOLUTION / name).read_bytes() for name in ("layers.py", "optimisers.py")}
    for item in sheet.items:
        assert failed(mark_code(item.variant.parts, files, seed=item.id)[0]) == {}, item.id
    assert set(handouts(sheet)) >= {"layers.py", "optimisers.py", "test_conv_functions.py", "test_optimisers.py"}


# The solution against PyTorch


@pytest.mark.parametrize(("stride", "pad"), [(1, 0), (2, 1), (3, 2)])
def test_the_convolutions_agree_with_torch(stride: int, pad: int) -> None:
    """Outputs and all gradients, of the functions and of the class."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    x, w, b = rng.normal(size=(2, 3, 8, 9)), rng.normal(size=(4, 3, 3, 3)), rng.normal(size=4)
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, w, b)]
    truth = torch.nn.functional.conv2d(*tensors, stride=stride, padding=pad)
    dout = rng.normal(size=tuple(truth.shape))
    truth.backward(torch.tensor(dout))
    out, cache = layers.conv_forward(x, w, b, {"stride": stride, "pad": pad})
    layer = modules.Conv2d(3, 4, 3, stride, pad)
    layer.params |= {"weight": w, "bias": b}
    np.testing.assert_allclose(out, truth.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(layer.forward(x), out, rtol=1e-9)
    by_class = (layer.backward(dout), layer.grads["weight"], layer.grads["bias"])
    for mine, other, tensor in zip(layers.conv_backward(dout, cache), by_class, tensors, strict=True):
        np.testing.assert_allclose(mine, tensor.grad.numpy(), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(other, tensor.grad.numpy(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("size", "stride"), [((2, 2), 2), ((3, 2), 1), ((2, 3), 2)])
def test_the_pooling_agrees_with_torch(size: tuple[int, int], stride: int) -> None:
    """Maxima and gradient, with windows that overlap and leave pixels over."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    x = rng.normal(size=(2, 3, 7, 8))
    tensor = torch.tensor(x, requires_grad=True)
    truth = torch.nn.functional.max_pool2d(tensor, size, stride)
    dout = rng.normal(size=tuple(truth.shape))
    truth.backward(torch.tensor(dout))
    out, cache = layers.max_pool_forward(x, {"pool_height": size[0], "pool_width": size[1], "stride": stride})
    np.testing.assert_allclose(out, truth.detach().numpy())
    np.testing.assert_allclose(layers.max_pool_backward(dout, cache), tensor.grad.numpy())
    if size[0] == size[1]:
        layer = modules.MaxPool2d(size[0], stride)
        np.testing.assert_allclose(layer.forward(x), out)
        np.testing.assert_allclose(layer.backward(dout), tensor.grad.numpy())


def test_the_batch_normalisation_agrees_with_torch() -> None:
    """Outputs, gradients and the running mean; the running variance but for the factor n / (n − 1)."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(2)
    x, gamma, beta, dout = rng.normal(size=(6, 4)), rng.normal(size=4), rng.normal(size=4), rng.normal(size=(6, 4))
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, gamma, beta)]
    mean, var = torch.zeros(4, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    truth = torch.nn.functional.batch_norm(tensors[0], mean, var, *tensors[1:], training=True, momentum=0.2, eps=0.01)
    truth.backward(torch.tensor(dout))
    param: dict[str, Any] = {
        "mode": "train",
        "eps": 0.01,
        "momentum": 0.8,
        "running_mean": np.zeros(4),
        "running_var": np.zeros(4),
    }
    out, cache = layers.batchnorm_forward(x, gamma, beta, param)
    np.testing.assert_allclose(out, truth.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(param["running_mean"], mean.numpy(), rtol=1e-9)
    np.testing.assert_allclose(param["running_var"] * 6 / 5, var.numpy(), rtol=1e-9)
    for mine, tensor in zip(layers.batchnorm_backward(dout, cache), tensors, strict=True):
        np.testing.assert_allclose(mine, tensor.grad.numpy(), rtol=1e-9, atol=1e-12)
