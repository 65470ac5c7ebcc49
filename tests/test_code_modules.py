# ruff: noqa: E501  # tables of submissions, one per line
"""Modules and networks in NumPy are marked fairly: every style of right code, and every planted fault by its name."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import problem_bank
from grader.code import mark_code
from problem_bank.variant import Variant
from problem_bank.verdict import Status, Verdict

ROOT = Path(__file__).parents[1]
STARTERS = ROOT / "problem_bank" / "families" / "code" / "starters"
MODULES = (ROOT / "solutions" / "mlp_from_scratch" / "modules.py").read_text()
MLP = (ROOT / "solutions" / "mlp_from_scratch" / "mlp_numpy.py").read_text()
ACTIVATIONS = (ROOT / "solutions" / "numpy_nn" / "activations.py").read_text()
FILES = {
    "activation_functions": {"activations.py": ACTIVATIONS},
    "activation_module": {"modules.py": MODULES},
    "softmax_module": {"modules.py": MODULES},
    "cross_entropy_module": {"modules.py": MODULES},
    "linear_module": {"modules.py": MODULES},
    "numpy_mlp": {"mlp_numpy.py": MLP, "modules.py": MODULES},
}
RELU = {"activation": "relu"}
Edits = tuple[tuple[str, str], ...]
Faults = dict[str, tuple[Edits, dict[str, str | None]]]


@cache
def variant(name: str, relu: bool = False) -> Variant:
    """The exercise with all its parts."""
    return problem_bank.load(f"code.{name}").draw("test", level="hard", given={**RELU, "alpha": False} if relu else {})


def marks(name: str, files: dict[str, str], *, relu: bool = False) -> dict[str, Verdict]:
    handed_in = {file: text.encode() for file, text in files.items()}
    return mark_code(variant(name, relu).parts, handed_in, seed="modules")[0]


def changed(source: str, edits: Edits) -> str:
    for old, new in edits:
        assert old in source, old
        source = source.replace(old, new)
    return source


def submission(name: str, edits: Edits) -> dict[str, str]:
    """The right files, the first one with these edits."""
    first, *_ = files = FILES[name]
    return {**files, first: changed(files[first], edits)}


def failing(verdicts: dict[str, Verdict]) -> dict[str, str | None]:
    """The parts that are not right, each with the misconception that was named, if any."""
    assert all(v.status in (Status.RIGHT, Status.WRONG) for v in verdicts.values()), verdicts
    return {
        n: (v.misconceptions or (None,))[0] for n, v in verdicts.items() if v.status is Status.WRONG and not v.cause
    }


def said(verdicts: dict[str, Verdict]) -> str:
    return "\n".join(f"{n}: {v.status} {v.misconceptions} {v.feedback}" for n, v in verdicts.items())


# Activation functions

SIGMOID = "    tail = np.exp(-np.abs(x))\n    return np.where(x >= 0, 1, tail) / (1 + tail)"
FUNCTION_FAULTS: Faults = {
    "relu cuts the wrong side": ((("return np.maximum(x, 0)\n", "return np.minimum(x, 0)\n"),), {"relu": "wrong_side", "large": None, "same_kind": None}),
    "relu_grad one everywhere": ((("(x > 0).astype(x.dtype)", "np.ones_like(x)"),), {"relu_grad": "one_everywhere", "large": None, "same_kind": None}),
    "naive sigmoid": (((SIGMOID, "    return 1 / (1 + np.exp(-x))"),), {"large": "overflow_warning"}),
    "sigmoid' without a factor": ((("sigmoid(x) * sigmoid(-x)", "1 - sigmoid(x)"),), {"sigmoid_grad": "factor_missing", "large": None, "same_kind": None, "silu_grad": None}),
    "sigmoid' at the output": ((("sigmoid(x) * sigmoid(-x)", "(lambda s: s * (1 - s))(sigmoid(sigmoid(x)))"),), {"sigmoid_grad": "at_output", "large": None, "same_kind": None, "silu_grad": None}),
    "sigmoid' as of tanh": ((("sigmoid(x) * sigmoid(-x)", "1 - sigmoid(x) ** 2"),), {"sigmoid_grad": "as_tanh", "large": None, "same_kind": None, "silu_grad": None}),
    "tanh of powers": ((("return np.tanh(x)", "return (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x))"),), {"large": "overflow"}),
    "tanh' as of sigmoid": ((("1 - np.tanh(x) ** 2", "np.tanh(x) * (1 - np.tanh(x))"),), {"tanh_grad": "as_sigmoid", "large": None, "same_kind": None}),
    "tanh' not squared": ((("1 - np.tanh(x) ** 2", "1 - np.tanh(x)"),), {"tanh_grad": "not_squared", "large": None, "same_kind": None}),
    "elu without alpha": ((("alpha * np.expm1(np.minimum(x, 0))", "np.expm1(np.minimum(x, 0))"),), {"elu": "alpha_ignored", "large": None, "same_kind": None}),
    "elu without -1": ((("alpha * np.expm1(np.minimum(x, 0))", "alpha * np.exp(np.minimum(x, 0))"),), {"elu": "one_missing", "large": None, "same_kind": None}),
    "elu' without alpha": ((("alpha * np.exp(np.minimum(x, 0))", "np.exp(np.minimum(x, 0))"),), {"elu_grad": "slope_without_alpha", "same_kind": None}),
    "elu' at the output": ((("alpha * np.exp(np.minimum(x, 0))", "alpha * np.exp(elu(np.minimum(x, 0), alpha))"),), {"elu_grad": "at_output", "large": None, "same_kind": None}),
    "elu overflows behind where": ((("np.expm1(np.minimum(x, 0))", "(np.exp(x) - 1)"),), {"large": "overflow_warning"}),
    "elu by a mask": ((("np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))", "(x > 0) * x + (x <= 0) * alpha * (np.exp(x) - 1)"),), {"large": "overflow", "same_kind": "other_type"}),
    "silu' without its first term": ((("sigmoid(x) + x * sigmoid_grad(x)", "x * sigmoid_grad(x)"),), {"silu_grad": "first_term_missing", "large": None, "same_kind": None}),
    "always float64": ((("return np.maximum(x, 0)\n", "return np.maximum(x, 0).astype(float)\n"),), {"same_kind": "other_type"}),
    "whole numbers": ((("(x > 0).astype(x.dtype)", "np.where(x > 0, 1, 0)"),), {"same_kind": "other_type"}),
    "argument changed": ((("    return np.maximum(x, 0)\n", "    x[x < 0] = 0\n    return x\n"),), {"same_kind": "input_changed"}),
}  # fmt: skip
FUNCTION_STYLES: dict[str, Edits] = {
    "the reference": (),
    "relu by a mask": (("return np.maximum(x, 0)\n", "return x * (x > 0)\n"),),
    "sigmoid by halves": ((SIGMOID, "    y = np.empty_like(x)\n    left = x < 0\n    y[left] = np.exp(x[left]) / (1 + np.exp(x[left]))\n    y[~left] = 1 / (1 + np.exp(-x[~left]))\n    return y"),),
    "sigmoid by tanh": ((SIGMOID, "    return (0.5 * (1 + np.tanh(0.5 * x))).astype(x.dtype)"),),
    "noisy": (("return np.maximum(x, 0)\n", "print('relu', x)\n    return np.maximum(x, 0)\n"),),
}  # fmt: skip

# Activations as modules

ELU_VALUE, ELU_SLOPE = (
    "np.where(x > 0, x, self.alpha * np.expm1(np.minimum(x, 0)))",
    "np.where(x > 0, 1.0, self.alpha * np.exp(np.minimum(x, 0)))",
)
FORGET_X = '    def clear_cache(self) -> None:\n        """Forget the input."""\n        self._x = None\n'
ELU_FAULTS: Faults = {
    "relu": (((ELU_VALUE, "np.maximum(x, 0)"),), {"forward": "relu"}),
    "-1 missing": (((ELU_VALUE, "np.where(x > 0, x, self.alpha * np.exp(np.minimum(x, 0)))"),), {"forward": "one_missing"}),
    "alpha ignored": (((ELU_VALUE, "np.where(x > 0, x, np.expm1(np.minimum(x, 0)))"),), {"alpha_forward": "alpha_ignored"}),
    "slope without alpha": (((ELU_SLOPE, "np.where(x > 0, 1.0, np.exp(np.minimum(x, 0)))"),), {"alpha_backward": "slope_without_alpha"}),
    "slope as output plus 1": (((ELU_SLOPE, "np.where(x > 0, 1.0, self.alpha * np.expm1(np.minimum(x, 0)) + 1)"),), {"alpha_backward": "one_for_alpha"}),
    "slope at the output": (((ELU_SLOPE, f"(lambda x: {ELU_SLOPE})({ELU_VALUE})"),), {"backward": "at_output"}),
    "slope with -1": (((ELU_SLOPE, "np.where(x > 0, 1.0, self.alpha * np.expm1(np.minimum(x, 0)))"),), {"backward": "one_subtracted"}),
    "slope 1 everywhere": ((("dout * " + ELU_SLOPE, "dout"),), {"backward": "one_everywhere"}),
    "dout missing": ((("dout * " + ELU_SLOPE, ELU_SLOPE),), {"backward": "dout_missing"}),
    "as relu": (((ELU_SLOPE, "np.where(x > 0, 1.0, 0.0)"),), {"backward": "as_relu"}),
    "averaged": ((("dout * " + ELU_SLOPE, "dout / len(x) * " + ELU_SLOPE),), {"backward": "input_gradient_averaged"}),
    "no alpha": ((("alpha: float = 1.0) -> None:\n        self.alpha = alpha", ") -> None:\n        self.alpha = 1.0"),), {"alpha_forward": "no_alpha", "alpha_backward": "no_alpha"}),
    "overflow": (((ELU_VALUE, "(x > 0) * x + (x <= 0) * self.alpha * (np.exp(x) - 1)"),), {"edge_cases": "overflow"}),
    "changes x": (((f"        self._x = x\n        return {ELU_VALUE}", f"        self._x = x.copy()\n        x[...] = {ELU_VALUE}\n        return x"),), {"edge_cases": "input_changed"}),
    "changes dout": ((("return dout * " + ELU_SLOPE, f"dout *= {ELU_SLOPE}\n        return dout"),), {"edge_cases": "input_changed"}),
    "stale": (((f"        self._x = x\n        return {ELU_VALUE}", f"        self._x = x if self._x is None else self._x\n        return {ELU_VALUE}"),), {"reuse": "stale"}),
    "cache kept": (((FORGET_X, FORGET_X.replace("self._x = None", "pass")),), {"reuse": "cache_kept"}),
}  # fmt: skip
RELU_FAULTS: Faults = {
    "slope 1 everywhere": ((("dout * (_kept(self._x) > 0)", "dout"),), {"backward": "one_everywhere"}),
    "gated by dout": ((("dout * (_kept(self._x) > 0)", "dout * (dout > 0)"),), {"backward": "slope_of_dout"}),
    "absolute": ((("return np.maximum(x, 0)", "return abs(x)"),), {"forward": "absolute"}),
    "dout missing": ((("dout * (_kept(self._x) > 0)", "(_kept(self._x) > 0) * 1.0"),), {"backward": "dout_missing"}),
    "function for slope": ((("dout * (_kept(self._x) > 0)", "dout * np.maximum(_kept(self._x), 0)"),), {"backward": "value_for_slope"}),
    "wrong side": ((("dout * (_kept(self._x) > 0)", "dout * (_kept(self._x) < 0)"),), {"backward": "wrong_side"}),
}  # fmt: skip
ELU_STYLES: dict[str, Edits] = {
    "the reference": (),
    "alpha is required": (("def __init__(self, alpha: float = 1.0)", "def __init__(self, alpha)"),),
    "overflow behind where": ((ELU_VALUE, "np.where(x > 0, x, self.alpha * (np.exp(x) - 1))"),),
    "slope from the output": ((ELU_SLOPE, f"np.where(x > 0, 1.0, {ELU_VALUE} + self.alpha)"),),
    "slope 1 at 0": ((ELU_SLOPE, "np.where(x >= 0, 1.0, self.alpha * np.exp(np.minimum(x, 0)))"),),
    "own copy of dout": (("return dout * " + ELU_SLOPE, f"dx = np.copy(dout)\n        dx *= {ELU_SLOPE}\n        return dx"),),
}  # fmt: skip

# Softmax

POWERS, SHARES = "np.exp(x - x.max(axis=-1, keepdims=True))", "powers / powers.sum(axis=-1, keepdims=True)"
JACOBIAN = "return s * (dout - (dout * s).sum(axis=-1, keepdims=True))"
SOFTMAX_FAULTS: Faults = {
    "no maximum": (((POWERS, "np.exp(x)"),), {"large": "no_maximum"}),
    "maximum of the batch": (((POWERS, "np.exp(x - x.max())"),), {"large": "global_maximum"}),
    "maximum of the column": (((POWERS, "np.exp(x - x.max(axis=0))"),), {"forward": "column_maximum"}),
    "wrong axis": (((POWERS, "np.exp(x - x.max(axis=0))"), (SHARES, "powers / powers.sum(axis=0)")), {"forward": "wrong_axis"}),
    "whole batch": (((SHARES, "powers / powers.sum()"),), {"forward": "whole_batch"}),
    "whole batch with its maximum": (((POWERS, "np.exp(x - x.max())"), (SHARES, "powers / powers.sum()")), {"forward": "whole_batch"}),
    "shifted above the bar only": (((SHARES, "powers / np.exp(x).sum(axis=-1, keepdims=True)"),), {"forward": "unshifted_sum"}),
    "not normalised": (((POWERS, "np.exp(x)"), (SHARES, "powers")), {"forward": "not_normalised"}),
    "sigmoid": (((SHARES, "1 / (1 + np.exp(-x))"),), {"forward": "sigmoid"}),
    "logarithm": (((SHARES, f"np.log({SHARES})"),), {"forward": "log_softmax"}),
    "diagonal only": (((JACOBIAN, "return dout * s * (1 - s)"),), {"backward": "diagonal_only"}),
    "first term only": (((JACOBIAN, "return dout * s"),), {"backward": "first_term_only"}),
    "second term only": (((JACOBIAN, "return -s * (dout * s).sum(axis=-1, keepdims=True)"),), {"backward": "second_term_only"}),
    "terms added": (((JACOBIAN, JACOBIAN.replace("dout - ", "dout + ")),), {"backward": "plus"}),
    "sum over the batch": (((JACOBIAN, "return s * (dout - (dout * s).sum(axis=0))"),), {"backward": "summed_over_batch"}),
    "one Jacobian for all": (((JACOBIAN, "return dout @ (np.diag(s[-1]) - np.outer(s[-1], s[-1]))"),), {"backward": "last_sample"}),
    "dout returned": (((JACOBIAN, "return dout"),), {"backward": "dout_returned"}),
    "averaged": (((JACOBIAN, JACOBIAN + " / len(s)"),), {"backward": "input_gradient_averaged"}),
    "two axes only": (((POWERS, "np.exp(x - x.max(axis=1, keepdims=True))"), (SHARES, "powers / powers.sum(axis=1, keepdims=True)")), {"leading_axes": None}),
    "changes x": (((POWERS, "x\n        powers -= powers.max(axis=-1, keepdims=True)\n        np.exp(powers, out=powers)"),), {"edge_cases": "input_changed"}),
    "squeezed": ((("        return self._s\n", "        return self._s.squeeze()\n"),), {"edge_cases": None}),
    "cache kept": ((('"""Forget the probabilities."""\n        self._s = None', '"""Forget the probabilities."""'),), {"reuse": "cache_kept"}),
}  # fmt: skip
SOFTMAX_STYLES: dict[str, Edits] = {
    "the reference": (),
    "Jacobians": ((JACOBIAN, "return np.einsum('...ij,...j->...i', s[..., None] * np.eye(s.shape[-1]) - s[..., None] * s[..., None, :], dout)"),),
    "transposed Jacobians": ((JACOBIAN, "return np.einsum('...ji,...j->...i', s[..., None] * np.eye(s.shape[-1]) - s[..., None] * s[..., None, :], dout)"),),
    "a small number in the denominator": ((SHARES, "powers / (powers.sum(axis=-1, keepdims=True) + 1e-10)"),),
}  # fmt: skip

# Cross-entropy

LOSS, GRADIENT, ROWS = (
    "float(-(_rows(y, x) * np.log(_positive(x))).sum() / len(x))",
    "-_rows(y, x) / (_positive(x) * len(x))",
    "np.eye(x.shape[1])[y] if y.ndim == 1 else y",
)
ENTRIES = "np.log(x[np.arange(len(y)), y])"
LOSS_FAULTS: Faults = {
    "summed": (((LOSS, LOSS.replace(" / len(x)", "")),), {"forward": "summed"}),
    "mean over entries": (((LOSS, "-(_rows(y, x) * np.log(_positive(x))).mean()"),), {"forward": "mean_over_entries"}),
    "sign": (((LOSS, LOSS.replace("(-(", "((")),), {"forward": "sign"}),
    "per sample": (((LOSS, "-(_rows(y, x) * np.log(_positive(x))).sum(axis=1)"),), {"forward": "per_sample"}),
    "logarithm to base 2": (((LOSS, LOSS.replace("log(", "log2(")),), {"forward": "other_base"}),
    "all classes": (((LOSS, "-np.log(_positive(x)).sum() / len(x)"),), {"forward": "all_classes"}),
    "binary": (((LOSS, "-(_rows(y, x) * np.log(x) + (1 - _rows(y, x)) * np.log(1 - x)).sum() / len(x)"),), {"forward": "binary"}),
    "softmax again": (((LOSS, f"(lambda x: {LOSS})(np.exp(x) / np.exp(x).sum(axis=1, keepdims=True))"),), {"forward": "softmax_again"}),
    "0 times log 0": (((LOSS, LOSS.replace("_positive(x)", "x")),), {"zero_probability": "zero_times_log_zero"}),
    "one-hot rows expected": (((ROWS, "y"),), {"forward": "one_hot_expected", "backward": "one_hot_expected", "missing_classes": None, "zero_probability": None, "arguments": None}),
    "as wide as the largest class": (((ROWS, "np.eye(y.max() + 1)[y] if y.ndim == 1 else y"),), {"missing_classes": "one_hot_from_batch"}),
    "as wide as the classes that occur": (((ROWS, "np.eye(len(np.unique(y)))[np.unique(y, return_inverse=True)[1]] if y.ndim == 1 else y"),), {"missing_classes": "one_hot_from_batch", "zero_probability": None}),
    "gradient without 1/S": (((GRADIENT, "-_rows(y, x) / _positive(x)"),), {"backward": "no_batch_mean"}),
    "gradient divided twice": (((GRADIENT, GRADIENT + " / len(x)"),), {"backward": "averaged_twice"}),
    "gradient's sign": (((GRADIENT, GRADIENT[1:]),), {"backward": "sign"}),
    "shortcut": (((GRADIENT, "(x - _rows(y, x)) / len(x)"),), {"backward": "softmax_gradient"}),
    "shortcut without 1/S": (((GRADIENT, "x - _rows(y, x)"),), {"backward": "softmax_gradient"}),
    "reciprocal missing": (((GRADIENT, "-_rows(y, x) / len(x)"),), {"backward": "reciprocal_missing"}),
    "all entries": (((GRADIENT, "-1 / (_positive(x) * len(x))"),), {"backward": "all_classes"}),
    "needs forward": (((f"return {LOSS}", f"self.size = len(x)\n        return {LOSS}"), (GRADIENT, GRADIENT.replace("len(x)", "self.size"))), {"backward": None, "arguments": None}),
    "changes x": (((f"return {LOSS}", f"x += 1e-12\n        return {LOSS}"),), {"arguments": "input_changed"}),
}  # fmt: skip
LOSS_STYLES: dict[str, Edits] = {
    "the reference": (),
    "an epsilon in the logarithm": (("np.maximum(x, np.finfo(x.dtype).tiny)", "x + 1e-8"),),
    "clipped": (("np.maximum(x, np.finfo(x.dtype).tiny)", "np.clip(x, 1e-12, 1 - 1e-12)"),),
    "a NumPy number": ((LOSS, LOSS[5:]),),
    "an array of one": ((LOSS, f"np.array([{LOSS}])"),),
    "infinite for log 0": ((LOSS, f"float(-{ENTRIES}.mean()) if y.ndim == 1 else {LOSS}"),),
}  # fmt: skip

# The linear layer, as real submissions have it

UNIFORM = "np.sqrt(3) * deviation * np.random.uniform(-1, 1, (out_features, in_features))"
NORMAL = "np.random.normal(0.0, deviation, (out_features, in_features))"
ZEROS = "{name: np.zeros_like(value) for name, value in self.params.items()}"
LINEAR_STYLES: dict[str, Edits] = {
    "the reference": (),
    "float32": ((NORMAL, NORMAL + ".astype(np.float32)"), ("np.zeros(out_features)", "np.zeros(out_features, dtype=np.float32)")),
    "float32 throughout": ((NORMAL, NORMAL + ".astype(np.float32)"), ("self._x = x\n        return x @", "x = x.astype(np.float32)\n        self._x = x\n        return x @")),
    "uniform": ((NORMAL, UNIFORM),),
    "randn times root": ((NORMAL, "np.random.randn(out_features, in_features) * deviation"),),
    "gradients shared with parameters at the start": ((f"self.grads: dict[str, Array] = {ZEROS}", "self.grads = {'weight': np.zeros((out_features, in_features)), 'bias': self.params['bias']}"),),
    "(in, out)": ((NORMAL, NORMAL.replace("(out_features, in_features)", "(in_features, out_features)")), ('x @ self.params["weight"].T', 'x @ self.params["weight"]'), ("rows.T @ x.reshape(-1, x.shape[-1])", "x.reshape(-1, x.shape[-1]).T @ rows"), ('dout @ self.params["weight"]', 'dout @ self.params["weight"].T')),
    "written in place": (('self.grads = {"weight": rows.T @ x.reshape(-1, x.shape[-1]), "bias": rows.sum(axis=0)}', 'self.grads["weight"][:] = rows.T @ x.reshape(-1, x.shape[-1])\n        self.grads["bias"][:] = rows.sum(axis=0)'),),
}  # fmt: skip
LINEAR_FAULTS: Faults = {
    "gradients None at first": ((("self.grads: dict[str, Array] = " + ZEROS, "self.grads = {'weight': None, 'bias': None}"),), {"initialisation": "grads_unset"}),
    "no grads at first": ((("self.grads: dict[str, Array] = " + ZEROS, "self.grads = None"),), {"initialisation": "grads_unset"}),
    "no flag": ((("out_features: int, input_layer: bool = False", "out_features: int"), ("1.0 if input_layer else 2.0", "2.0")), {"initialisation": "no_flag"}),
    "cache kept": (((FORGET_X, FORGET_X.replace("self._x = None", "pass")),), {"reuse": "cache_kept"}),
    "no clear_cache": (((FORGET_X, ""),), {"reuse": None}),
}  # fmt: skip

# The network

HIDDEN = "self.layers += [LinearModule(width, n_units, input_layer=not self.layers), ELUModule(alpha=1.0)]"
LAST = "self.layers += [LinearModule(width, n_classes, input_layer=not self.layers), SoftMaxModule()]"
LOOP = "        for layer in reversed(self.layers):\n            dout = layer.backward(dout)"
FLAT = "x.reshape(len(x), -1)"
MLP_FAULTS: Faults = {
    "activation after the output": (((LAST, LAST.replace("SoftMaxModule()", "ELUModule(), SoftMaxModule()")),), {"forward": "activation_after_output"}),
    "activation at the end": (((LAST, LAST.replace("SoftMaxModule()", "ELUModule()")),), {"forward": "activation_after_output"}),
    "no softmax": (((LAST, LAST.replace(", SoftMaxModule()", "")),), {"forward": "softmax_missing"}),
    "softmax twice": (((LAST, LAST.replace("SoftMaxModule()", "SoftMaxModule(), SoftMaxModule()")),), {"forward": "softmax_twice"}),
    "no activation": (((HIDDEN, HIDDEN.replace(", ELUModule(alpha=1.0)", "")),), {"forward": "activation_missing"}),
    "no activation before the last layer": (((LAST, "self.layers.pop() if self.layers else None\n        " + LAST),), {"forward": "activation_missing"}),
    "another alpha": (((HIDDEN, HIDDEN.replace("1.0", "0.1")),), {"forward": "other_alpha"}),
    "no hidden layers at all": ((("for n_units in n_hidden:", "for n_units in n_hidden[:1]:"),), {"parameters": "layer_missing"}),
    "one layer too many": (((LAST, LAST + "\n        self.spare = LinearModule(n_inputs, n_inputs)"),), {"parameters": "layer_too_many"}),
    "bias missing": (((HIDDEN, HIDDEN + "\n            del self.layers[-2].params['bias']"),), {"parameters": "bias_missing"}),
    "empty n_hidden": (((LAST, "self.layers += [LinearModule(n_hidden[-1], n_classes, input_layer=not self.layers), SoftMaxModule()]"),), {"no_hidden_layer": "empty_n_hidden"}),
    "first layer never reached": (((LOOP, LOOP.replace("reversed(self.layers)", "reversed(self.layers[1:])")),), {"gradients": "layer_skipped", "no_hidden_layer": "layer_skipped"}),
    "hidden layer skipped": (((LOOP, LOOP.replace("reversed(self.layers)", "[l for i, l in reversed([*enumerate(self.layers)]) if i != 0]")),), {"gradients": "layer_skipped", "no_hidden_layer": "layer_skipped"}),
    "wrong order": (((LOOP, LOOP.replace("reversed(self.layers)", "self.layers")),), {"gradients": "wrong_order", "no_hidden_layer": "wrong_order"}),
    "not chained": (((LOOP, LOOP.replace("dout = layer", "layer")),), {"gradients": "not_chained", "no_hidden_layer": "softmax_skipped"}),
    "softmax skipped in backward": (((LOOP, LOOP.replace("reversed(self.layers)", "reversed(self.layers[:-1])")),), {"gradients": "softmax_skipped", "no_hidden_layer": "softmax_skipped"}),
    "activation skipped in backward": (((LOOP, LOOP.replace("reversed(self.layers)", "reversed([l for l in self.layers if not isinstance(l, ELUModule)])")),), {"gradients": "activation_skipped"}),
    "averaged": (((LOOP, "        dout = dout / len(dout)\n" + LOOP),), {"gradients": "averaged", "no_hidden_layer": "averaged"}),
    "backward does nothing": (((LOOP, "        return dout"),), {"gradients": "layer_skipped", "no_hidden_layer": "layer_skipped"}),
    "not flattened": ((("out = " + FLAT, "out = x"),), {"images": "not_flattened"}),
    "axes swapped": ((("out = " + FLAT, "out = (x.transpose(0, 2, 3, 1) if x.ndim == 4 else x).reshape(len(x), -1)"),), {"images": "axes_swapped"}),
    "flag unused": (((", input_layer=not self.layers", ""),), {"initialisation": "flag_unused"}),
    "flag everywhere": ((("input_layer=not self.layers", "input_layer=True"),), {"initialisation": "flag_everywhere"}),
    "caches kept": ((("            layer.clear_cache()", "            pass"),), {"reuse": "cache_kept"}),
    "one cache kept": ((("for layer in self.layers:\n            layer.clear_cache()", "for layer in self.layers[1:]:\n            layer.clear_cache()"),), {"reuse": "cache_kept"}),
    "accumulating": (((LOOP, "        old = [dict(getattr(l, 'grads', {})) for l in self.layers]\n" + LOOP + "\n        for l, o in zip(self.layers, old):\n            for k in o: l.grads[k] = l.grads[k] + o[k]"),), {"reuse": "accumulating"}),
    "n_hidden changed": ((("        width = n_inputs\n", "        width = n_inputs\n        n_hidden.insert(0, n_inputs)\n        n_hidden = n_hidden[1:]\n"),), {"edge_cases": "n_hidden_changed"}),
}  # fmt: skip
MLP_STYLES: dict[str, Edits] = {
    "the reference": (),
    "softmax apart": ((LAST, LAST.replace(", SoftMaxModule()", "") + "\n        self.softmax = SoftMaxModule()"), ("        return out", "        return self.softmax.forward(out)"), (LOOP, "        dout = self.softmax.backward(dout)\n" + LOOP), ("            layer.clear_cache()", "            layer.clear_cache()\n        self.softmax.clear_cache()")),
    "a dict of layers": ((LAST, LAST + "\n        self.named = dict(enumerate(self.layers))\n        del self.layers"), ("for layer in self.layers", "for layer in self.named.values()"), ("reversed(self.layers)", "reversed(self.named.values())")),
    "params of its own": ((LAST, LAST + "\n        self.params = {}"),),
    "x copied": (("out = " + FLAT, "out = np.copy(x).reshape(x.shape[0], -1)"),),
    "returns dx": ((LOOP, LOOP + "\n        return dout"),),
    "keyword arguments": ((HIDDEN, HIDDEN.replace("LinearModule(width, n_units, ", "LinearModule(in_features=width, out_features=n_units, ")),),
}  # fmt: skip

FAULTS = {
    "activation_functions": FUNCTION_FAULTS,
    "activation_module": ELU_FAULTS,
    "relu": RELU_FAULTS,
    "softmax_module": SOFTMAX_FAULTS,
    "cross_entropy_module": LOSS_FAULTS,
    "linear_module": LINEAR_FAULTS,
    "numpy_mlp": MLP_FAULTS,
}
STYLES = {
    "activation_functions": FUNCTION_STYLES,
    "activation_module": ELU_STYLES,
    "relu": {"the reference": ()},
    "softmax_module": SOFTMAX_STYLES,
    "cross_entropy_module": LOSS_STYLES,
    "linear_module": LINEAR_STYLES,
    "numpy_mlp": MLP_STYLES,
}


def marked(name: str, edits: Edits) -> dict[str, Verdict]:
    family = "activation_module" if name == "relu" else name
    return marks(family, submission(family, edits), relu=name == "relu")


@pytest.mark.parametrize(("name", "fault"), [(name, fault) for name, table in FAULTS.items() for fault in table])
def test_every_planted_fault_is_named_and_costs_what_it_touches(name: str, fault: str) -> None:
    """The parts that a fault touches are wrong, the one that is about it with its name; all others are right."""
    edits, expected = FAULTS[name][fault]
    verdicts = marked(name, edits)
    assert failing(verdicts) == expected, said(verdicts)


@pytest.mark.parametrize(("name", "style"), [(name, style) for name, table in STYLES.items() for style in table])
def test_right_code_of_every_style_gets_full_marks(name: str, style: str) -> None:
    """Orientation, precision, epsilons, where the layers are kept: matters of style."""
    verdicts = marked(name, STYLES[name][style])
    assert {v.status for v in verdicts.values()} == {Status.RIGHT}, said(verdicts)


# A network on its author's own modules, and what is missing

FLIPPED = changed(MODULES, (*LINEAR_STYLES["(in, out)"], ("np.zeros(out_features)", "np.zeros((1, out_features))"), ("rows.sum(axis=0)", "rows.sum(axis=0, keepdims=True)")))  # fmt: skip
BROKEN = changed(MODULES, (("dout @ self.params", "-dout @ self.params"), (SHARES, "powers"), (ELU_SLOPE, "1.0")))


@pytest.mark.parametrize(
    "modules", ["", "raise ValueError", BROKEN, FLIPPED, MODULES.replace("class ELUModule", "class Elu")]
)
def test_a_network_is_judged_apart_from_the_modules_below_it(modules: str) -> None:
    """Missing, crashing and broken modules cost the network nothing; the report says what stood in."""
    files = {"mlp_numpy.py": MLP.encode(), "modules.py": modules.encode()}
    verdicts, ran = mark_code(variant("numpy_mlp").parts, files, seed="modules")
    assert {v.status for v in verdicts.values()} == {Status.RIGHT}, said(verdicts)
    assert any("modules.py" in note for note in ran.notes) == (modules != FLIPPED)


@pytest.mark.parametrize(
    "fault", ["activation after the output", "wrong order", "softmax skipped in backward", "caches kept"]
)
def test_a_fault_of_the_network_is_named_on_broken_modules_too(fault: str) -> None:
    """What the network does wrongly is seen on our modules, and costs what it costs on right ones."""
    edits, expected = MLP_FAULTS[fault]
    verdicts = marks("numpy_mlp", {"mlp_numpy.py": changed(MLP, edits), "modules.py": BROKEN})
    assert failing(verdicts) == expected, said(verdicts)


@pytest.mark.parametrize("name", FILES)
def test_the_starter_is_nothing_submitted(name: str) -> None:
    """The starter as it was handed out scores nothing and is missing, not wrong."""
    starter = next(file for file in (STARTERS / name).glob("*.py") if not file.name.startswith("test_"))
    verdicts = marks(name, {starter.name: starter.read_text()})
    assert {v.status for v in verdicts.values()} == {Status.MISSING}, said(verdicts)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_name_is_said_plainly(name: str) -> None:
    """Without the class, or the function, the feedback names it and its file; nothing is ungraded."""
    file = next(iter(FILES[name]))
    verdicts = marks(name, {file: "def something():\n    return 1\n"})
    assert {v.status for v in verdicts.values()} == {Status.WRONG}, said(verdicts)
    wanted = {"activation_functions": "relu", "activation_module": "ELUModule", "softmax_module": "SoftMaxModule",
              "cross_entropy_module": "CrossEntropyModule", "linear_module": "LinearModule", "numpy_mlp": "MLP"}  # fmt: skip
    assert wanted[name] in next(iter(verdicts.values())).feedback


def test_one_module_that_is_not_written_yet_costs_its_own_marks_only() -> None:
    """A class whose bodies raise NotImplementedError is missing, while its neighbours in the file are right."""
    source = changed(MODULES, ((JACOBIAN, "raise NotImplementedError"),))
    verdicts = marks("softmax_module", {"modules.py": source})
    assert (verdicts["forward"].status, verdicts["backward"].status) == (Status.RIGHT, Status.MISSING)
    assert {v.status for v in marks("cross_entropy_module", {"modules.py": source}).values()} == {Status.RIGHT}


@pytest.mark.parametrize("name", [name for name in FILES if name != "linear_module"])
@pytest.mark.parametrize("written", [True, False])
def test_the_public_tests_run_on_their_own(name: str, written: bool, tmp_path: Path) -> None:
    """The students' tests need nothing of ours; right code passes them, the starter does not."""
    for file in (STARTERS / name).glob("*.py"):
        text = file.read_text()
        assert not any(word in text for word in ("problem_bank", "grader", "solutions"))
        (tmp_path / file.name).write_text(text)
    for file_name, text in FILES[name].items() if written else ():
        (tmp_path / file_name).write_text(text)
    # Without plugins, as on a student's machine.
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"test_{name}.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == written, done.stdout


def test_feedback_gives_no_number_away() -> None:
    """Whatever fails, no entry of a hidden expected array is printed."""
    edits, _ = SOFTMAX_FAULTS["diagonal only"]
    feedback = " ".join(v.feedback for v in marked("softmax_module", edits).values())
    assert "0." not in feedback


# Everything at once, as it is handed in
MESSY = """
import numpy as np
np.random.seed(0)
print("modules loaded")

class LinearModule(object):
    def __init__(self, in_features, out_features, input_layer=False):
        self.params = {"weight": None, "bias": None}
        self.grads = {"weight": None, "bias": None}
        std = np.sqrt(1 / in_features) if input_layer else np.sqrt(2 / in_features)
        self.params["weight"] = np.random.randn(in_features, out_features) * std
        self.params["bias"] = np.zeros((1, out_features))
        self.grads = {"weight": np.zeros((in_features, out_features)), "bias": np.zeros((1, out_features))}
    def forward(self, x):
        self.cache = x = x.reshape(x.shape[0], -1)
        W, b = self.params["weight"], self.params["bias"]
        return np.matmul(x, W) + np.repeat(b, x.shape[0], axis=0)
    def backward(self, dout):
        self.grads["weight"] = np.einsum("si,so->io", self.cache, dout)
        self.grads["bias"] = np.ones((1, dout.shape[0])) @ dout
        assert self.grads["bias"].shape == self.params["bias"].shape
        return dout @ self.params["weight"].T
    def clear_cache(self):
        self.cache = None

class ELUModule(object):
    def forward(self, x):
        out = np.copy(x)
        out[x < 0] = np.exp(x[x < 0]) - 1
        self.out = out
        return out
    def backward(self, dout):
        h = np.ones(self.out.shape)
        h[self.out < 0] = self.out[self.out < 0] + 1
        return dout * h
    def clear_cache(self):
        self.out = None

class SoftMaxModule(object):
    def forward(self, x):
        y = np.exp(x - np.max(x))
        self.y = y / np.einsum("ij->i", y)[:, np.newaxis]
        return self.y
    def backward(self, dout):
        dx = np.zeros(dout.shape)
        for i in range(dout.shape[0]):
            s = self.y[i].reshape(-1, 1)
            dx[i] = (np.diagflat(s) - s @ s.T) @ dout[i]
        return dx
    def clear_cache(self):
        self.y = None

class CrossEntropyModule(object):
    def forward(self, x, y):
        S = x.shape[0]
        return -1 / S * np.sum(np.eye(x.shape[1])[y] * np.log(x + 1e-10))
    def backward(self, x, y):
        T = np.zeros_like(x)
        T[range(len(y)), y] = 1
        return -np.divide(T, x + 1e-10) / x.shape[0]
"""
MESSY_MLP = """
from modules import *
class MLP(object):
    def __init__(self, n_inputs, n_hidden, n_classes):
        dims = [n_inputs] + n_hidden + [n_classes]
        print(dims)
        self.hidden, self.n = {}, len(dims) - 1
        for i in range(self.n):
            self.hidden["linear%d" % i] = LinearModule(dims[i], dims[i + 1], input_layer=(i == 0))
            if i < self.n - 1:
                self.hidden["elu%d" % i] = ELUModule()
        self.hidden["softmax"] = SoftMaxModule()
    def forward(self, x):
        out = np.reshape(x, (x.shape[0], -1))
        for name, module in self.hidden.items():
            out = module.forward(out)
        return out
    def backward(self, dout):
        for name in list(self.hidden)[::-1]:
            dout = self.hidden[name].backward(dout)
    def clear_cache(self):
        [m.clear_cache() for m in self.hidden.values()]
"""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("linear_module", {"leading_axes": None}),
        ("activation_module", {"alpha_forward": "no_alpha", "alpha_backward": "no_alpha"}),
        ("softmax_module", {"large": "global_maximum", "leading_axes": None}),
        ("cross_entropy_module", {"distributions": None}),
        ("numpy_mlp", {}),
    ],
)
def test_messy_honest_code_loses_only_what_it_lacks(name: str, expected: dict[str, str | None]) -> None:
    """Weights (in, out), a bias row, loops, prints, a dict of layers: marked as if it were tidy."""
    verdicts = marks(name, {"modules.py": MESSY, "mlp_numpy.py": MESSY_MLP})
    assert failing(verdicts) == expected, said(verdicts)
