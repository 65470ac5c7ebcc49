# ruff: noqa: E501  # tables of source edits, one per line
"""Normalisation, dropout and update rules, written by hand: right code of every style passes, known faults are named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import problem_bank
from grader.code import mark_code
from problem_bank.families.code._mistaken_updates import adam
from problem_bank.families.code._update_rules import RULES, wrong_path
from problem_bank.verdict import Status, Verdict
from solutions.cnn_layers import modules, optimisers

ROOT = Path(__file__).parents[1]
SOLUTION = ROOT / "solutions" / "cnn_layers"
STARTERS = ROOT / "problem_bank" / "families" / "code" / "starters"
MODULES, OPTIMISERS = ((SOLUTION / name).read_text() for name in ("modules.py", "optimisers.py"))
CLASSES = ("batch_norm", "layer_norm", "dropout")
CASES = CLASSES + tuple(RULES)  # an update rule stands for the family with this rule


def marks(case: str, source: str, seed: str = "parts") -> dict[str, Verdict]:
    """The verdicts of a whole question on this source."""
    if case in RULES:
        parts = problem_bank.load("code.optimisers").draw("test", given={"rule": case}).parts
        return mark_code(parts, {"optimisers.py": source.encode()}, seed=seed)[0]
    parts = problem_bank.load(f"code.{case}").draw("test", level="hard").parts
    return mark_code(parts, {"modules.py": source.encode()}, seed=seed)[0]


def solution(case: str) -> str:
    """The right code for a case."""
    return OPTIMISERS if case in RULES else MODULES


def changed(case: str, *pairs: str) -> str:
    """The solution with texts replaced by others; in one class alone, where others have the same text."""
    source, start, end = solution(case), 0, None
    name = {"batch_norm": "class BatchNorm1d", "layer_norm": "class LayerNorm", "dropout": "class Dropout"}.get(case)
    start = source.index(name or f"def {case}(")
    end = source.find("\n\n\n", start)
    end = len(source) if end < 0 else end
    own = source[start:end]
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in own, old
        own = own.replace(old, new)
    return source[:start] + own + source[end:]


def failed(verdicts: dict[str, Verdict]) -> dict[str, str]:
    return {name: verdict.feedback for name, verdict in verdicts.items() if verdict.status is not Status.RIGHT}


@pytest.mark.parametrize("seed", ["a", "b", "c"])
@pytest.mark.parametrize("case", CASES)
def test_the_solution_gets_full_marks(case: str, seed: str) -> None:
    """Whatever the hidden inputs."""
    assert failed(marks(case, solution(case), seed)) == {}


# Code that is right and looks different

OTHERS = """
import numpy as np

class BatchNorm1d(object):
    def __init__(self, num_features, eps=1e-5, momentum=0.1):
        self.n, self.eps, self.momentum, self.is_training = num_features, eps, momentum, True
        self.params = dict(weight=np.ones((1, num_features)), bias=np.zeros((1, num_features)))
        self.grads = dict(weight=np.zeros((1, num_features)), bias=np.zeros((1, num_features)))
        self.running_mean, self.running_var = np.zeros((1, num_features)), np.ones((1, num_features))
    def train(self, mode=True):
        self.is_training = mode
        return self
    def eval(self):
        return self.train(False)
    def forward(self, x):
        S, n = x.shape
        if self.is_training:
            mean = np.array([[sum(x[:, j]) / S for j in range(n)]])
            var = ((x - mean) ** 2).sum(axis=0, keepdims=True) / S
            self.running_mean += self.momentum * (mean - self.running_mean)
            self.running_var += self.momentum * (var * S / (S - 1) - self.running_var)
        else:
            mean, var = self.running_mean, self.running_var
        self.x, self.mean, self.var = x, mean, var
        self.xhat = (x - mean) / (var + self.eps) ** 0.5
        print(self.xhat)
        return self.xhat * self.params['weight'] + self.params['bias']
    def backward(self, dout):
        S = dout.shape[0]
        self.grads['weight'] = (dout * self.xhat).sum(0, keepdims=True)
        self.grads['bias'] = dout.sum(0, keepdims=True)
        d, std = dout * self.params['weight'], np.sqrt(self.var + self.eps)
        if not self.is_training:
            return d / std
        return (S * d - d.sum(0) - self.xhat * (d * self.xhat).sum(0)) / (S * std)

class LayerNorm:
    def __init__(self, num_features, eps=1e-5):
        self.params = {'weight': np.ones(num_features), 'bias': np.zeros(num_features)}
        self.grads = {'weight': np.zeros(num_features), 'bias': np.zeros(num_features)}
        self.eps = eps
    def forward(self, x):
        rows = []
        self.xhat, self.std = np.zeros_like(x), []
        for i, row in enumerate(x):
            std = np.sqrt(np.mean((row - row.mean()) ** 2) + self.eps)
            self.xhat[i] = (row - row.mean()) / std
            self.std.append(std)
            rows.append(self.params['weight'] * self.xhat[i] + self.params['bias'])
        return rows
    def backward(self, dout):
        self.grads = {'weight': np.einsum('ij,ij->j', dout, self.xhat), 'bias': np.einsum('ij->j', dout)}
        dx = np.empty_like(dout)
        n = dout.shape[1]
        for i in range(len(dout)):
            jacobian = (np.eye(n) - 1 / n - np.outer(self.xhat[i], self.xhat[i]) / n) / self.std[i]
            dx[i] = jacobian @ (dout[i] * self.params['weight'])
        return dx

class Dropout:
    training = True
    def __init__(self, p=0.5):
        self.p = p
        self.rng = np.random.RandomState(7)
    def train(self): self.training = True
    def eval(self): self.training = False
    def forward(self, x):
        if not self.training:
            self.mask = None
            return x
        self.mask = self.rng.uniform(size=x.shape) > self.p
        out = np.where(self.mask, x, 0)
        return out / (1.0 - self.p)
    def backward(self, dout):
        if self.mask is None:
            return dout
        dx = np.zeros(dout.shape)
        dx[self.mask] = dout[self.mask] / (1.0 - self.p)
        return dx

class State: pass

def sgd(w, dw, config=None):
    config.setdefault('learning_rate', 1e-2)
    return w - config['learning_rate'] * dw, config

def momentum(w, dw, config=None):
    config.setdefault('momentum', 0.9)
    v = config.get('velocity', np.zeros_like(w))
    v = config['momentum'] * v - config['learning_rate'] * dw
    config['velocity'] = v
    return w + v, config

def nesterov(w, dw, config):
    old = config.get('velocity', np.zeros(w.shape))
    config['velocity'] = v = config['momentum'] * old - config['learning_rate'] * dw
    return w + config['momentum'] * v - config['learning_rate'] * dw, config

def rmsprop(w, dw, config):
    if 'cache' not in config:
        config['cache'] = np.zeros_like(w)
    config['cache'] = config['cache'] * config['rho'] + (1 - config['rho']) * np.square(dw)
    return [w - config['learning_rate'] * dw / (np.sqrt(config['cache']) + config['epsilon']), config]

def adam(w, dw, config):
    state = config.get('state')
    if state is None:
        state = config['state'] = State()
        state.t, state.m, state.v = 0, 0.0, 0.0
    state.t += 1
    state.m = config['rho1'] * state.m + (1 - config['rho1']) * dw
    state.v = config['rho2'] * state.v + (1 - config['rho2']) * dw * dw
    rate = config['learning_rate'] / (1 - config['rho1'] ** state.t)
    return w - rate * state.m / ((state.v / (1 - config['rho2'] ** state.t)) ** 0.5 + config['epsilon']), config

def adamw(w, dw, config):
    following, config = adam(w, dw, config)
    return following - config['learning_rate'] * config['weight_decay'] * w, config
"""


@pytest.mark.parametrize("case", CASES)
def test_code_of_another_style_gets_full_marks(case: str) -> None:
    """Shapes (1, n), loops, lists of rows, a Jacobian per sample, a rate inside the velocity, state in an object."""
    assert failed(marks(case, OTHERS)) == {}


# Known faults: source edits, the part that is wrong, its misconception, other parts that fail with it

STATISTICS = "mean, var = x.mean(axis=0), x.var(axis=0)"
DEVIATION = "deviation = np.sqrt(var + self.eps)"
OUT = 'self.params["weight"] * normal + self.params["bias"]'
THROUGH = "dnormal = dnormal - dnormal.mean(axis=0) - normal * (dnormal * normal).mean(axis=0)"
DGAMMA, DBETA = "= (dout * normal).sum(axis=0), ", "), dout.sum(axis=0)"
RUNNING = "self.running_var = (1 - new) * self.running_var + new * unbiased"
ELSE = "        if self.training:\n            " + STATISTICS
MASK = "self._mask = (np.random.random(x.shape) >= self.p) / (1 - self.p) if self.training else np.ones(x.shape)"
PASS = "return x * self._mask"
BACK = "dx: Array = dout * self._mask"
ROWS = "x.mean(axis=1, keepdims=True)) / deviation"
LAYER_DX = "dx: Array = (dnormal - mean - normal * stretch) / deviation"
RUN = {"input_gradient", "scale_gradient", "edge_cases"}

Fault = tuple[str, tuple[str, ...], str, str, set[str]]
FAULTS: dict[str, Fault] = {
    "unbiased in training": ("batch_norm", (DEVIATION, "deviation = np.sqrt((unbiased if self.training else var) + self.eps)"), "forward", "unbiased", RUN | {"evaluation_gradient"}),
    "rows": ("batch_norm", (STATISTICS, "mean, var = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)", "unbiased, new = var * len(x) / (len(x) - 1), ", "unbiased, new = x.var(axis=0, ddof=1), ", "+ new * mean", "+ new * x.mean(axis=0)"), "forward", "statistics_of_rows", RUN | {"evaluation_gradient"}),
    "gamma and beta swapped": ("batch_norm", (OUT, 'self.params["bias"] * normal + self.params["weight"]'), "forward", "gamma_beta_swapped", {"evaluation", "evaluation_gradient", "edge_cases"}),
    "epsilon outside": ("batch_norm", (DEVIATION, "deviation = np.sqrt(var) + self.eps"), "forward", "epsilon_outside", {"evaluation", "evaluation_gradient", "edge_cases"}),
    "epsilon fixed": ("batch_norm", ("self.eps, self.momentum, self.training = eps, ", "self.eps, self.momentum, self.training = 1e-5, "), "forward", "epsilon_ignored", {"evaluation", "evaluation_gradient"} | RUN),
    "not rooted": ("batch_norm", (DEVIATION, "deviation = var + self.eps"), "forward", "not_rooted", {"evaluation", "evaluation_gradient"} | RUN),
    "running in training": ("batch_norm", (ELSE, "        if False:\n            " + STATISTICS), "forward", "running_in_training", {"running_statistics", "evaluation_gradient"} | RUN),
    "momentum reversed": ("batch_norm", ("self.momentum\n", "1 - self.momentum\n"), "running_statistics", "momentum_reversed", set()),
    "biased running variance": ("batch_norm", (RUNNING, RUNNING.replace("unbiased", "var")), "running_statistics", "biased", set()),
    "running deviation": ("batch_norm", (RUNNING, RUNNING.replace("new * unbiased", "new * np.sqrt(unbiased)")), "running_statistics", "deviation", set()),
    "never updated": ("batch_norm", ("self.running_mean = (1", "_ = (1", "self.running_var = (1", "_ = (1"), "running_statistics", "not_updated", set()),
    "last batch only": ("batch_norm", ("self.momentum\n", "1.0\n"), "running_statistics", "replaced", set()),
    "batch statistics in evaluation": ("batch_norm", ("mean, var = self.running_mean, self.running_var", STATISTICS), "evaluation", "batch_statistics", {"evaluation_gradient"}),
    "updated in evaluation": ("batch_norm", ("        deviation = np.sqrt", "        if not self.training:\n            self.running_mean = 0.9 * self.running_mean + 0.1 * x.mean(axis=0)\n        deviation = np.sqrt"), "evaluation", "updated_in_evaluation", {"evaluation_gradient"}),
    "constant statistics": ("batch_norm", (THROUGH, "pass"), "input_gradient", "constant_statistics", {"edge_cases"}),
    "constant variance": ("batch_norm", (THROUGH, "dnormal = dnormal - dnormal.mean(axis=0)"), "input_gradient", "constant_variance", {"edge_cases"}),
    "constant mean": ("batch_norm", (THROUGH, "dnormal = dnormal - normal * (dnormal * normal).mean(axis=0)"), "input_gradient", "constant_mean", {"edge_cases"}),
    "no gamma in dx": ("batch_norm", ('dnormal = dout * self.params["weight"]', "dnormal = dout"), "input_gradient", "no_gamma", {"edge_cases", "evaluation_gradient"}),
    "dx averaged": ("batch_norm", ("dx: Array = dnormal / deviation", "dx: Array = dnormal / deviation / (len(dout) if self.training else 1)"), "input_gradient", "input_gradient_averaged", {"edge_cases"}),
    "raw x in dgamma": ("batch_norm", (DGAMMA, "= (dout * self._x).sum(axis=0), ", "self._cache = normal, deviation", "self._cache, self._x = (normal, deviation), x"), "scale_gradient", "raw_x", set()),
    "dgamma over features": ("batch_norm", (DGAMMA, "= (dout * normal).sum(axis=1), "), "scale_gradient", "gamma_axes", set()),
    "dbeta a mean": ("batch_norm", (DBETA, "), dout.mean(axis=0)"), "shift_gradient", "beta_gradient_averaged", {"edge_cases"}),
    "dbeta not summed": ("batch_norm", (DBETA, "), dout.copy()"), "shift_gradient", "not_summed", {"edge_cases"}),
    "gradients swapped": ("batch_norm", ('self.grads["weight"], self.grads["bias"] =', 'self.grads["bias"], self.grads["weight"] ='), "scale_gradient", "beta_for_gamma", {"shift_gradient", "edge_cases"}),
    "through statistics in evaluation": ("batch_norm", ("        if self.training:\n            dnormal", "        if True:\n            dnormal", "self.running_mean, self.running_var\n        if", "self.running_mean, self.running_var\n        self._batch = x\n        if", "normal, deviation = self._cache\n", "normal, deviation = self._cache\n        deviation = np.sqrt(self._batch.var(axis=0) + self.eps)\n        normal = (self._batch - self._batch.mean(axis=0)) / deviation\n"), "evaluation_gradient", "through_statistics", set()),
    "accumulating": ("batch_norm", (DBETA, '), self.grads["bias"] + dout.sum(axis=0)'), "edge_cases", "accumulating", set()),
    "batch changed": ("batch_norm", (OUT, f"np.multiply(normal, 1, out=x) * 0 + {OUT}"), "edge_cases", "input_changed", set()),
    # layer normalisation
    "columns": ("layer_norm", ("x.var(axis=1, keepdims=True)", "x.var(axis=0, keepdims=True)", ROWS, ROWS.replace("axis=1", "axis=0")), "forward", "statistics_of_columns", RUN),
    "layer: unbiased": ("layer_norm", ("x.var(axis=1,", "x.var(axis=1, ddof=1,"), "forward", "unbiased", RUN),
    "layer: constant statistics": ("layer_norm", (LAYER_DX, "dx: Array = dnormal / deviation"), "input_gradient", "constant_statistics", {"edge_cases"}),
    "layer: constant mean": ("layer_norm", (LAYER_DX, LAYER_DX.replace("- mean ", "")), "input_gradient", "constant_mean", {"edge_cases"}),
    "layer: dgamma over features": ("layer_norm", (DGAMMA, "= (dout * normal).sum(axis=1), "), "scale_gradient", "gamma_axes", set()),
    # dropout
    "p as the share that is kept": ("dropout", (MASK, MASK.replace(">= self.p) / (1 - self.p)", "< self.p) / (self.p or 1)")), "share", "p_as_keep", {"edge_cases"}),
    "nothing dropped": ("dropout", (MASK, MASK.replace("(np.random.random(x.shape) >= self.p)", "np.ones(x.shape)")), "share", "nothing_dropped", {"masks", "edge_cases"}),
    "not scaled": ("dropout", (MASK, MASK.replace(" / (1 - self.p)", " * 1.0")), "scaling", "not_scaled", set()),
    "scaled down": ("dropout", (MASK, MASK.replace(" / (1 - self.p)", " * (1 - self.p)")), "scaling", "scaled_down", set()),
    "scaled in evaluation": ("dropout", (MASK, MASK.replace("np.ones(x.shape)", "np.ones(x.shape) * (1 - self.p)")), "evaluation", "scaled_in_evaluation", set()),
    "dropped in evaluation": ("dropout", (" if self.training else np.ones(x.shape)", ""), "evaluation", "dropped_in_evaluation", set()),
    "no way back": ("dropout", ("self.training = True\n\n", "pass\n\n"), "evaluation", "no_way_back", set()),
    "same mask every time": ("dropout", (MASK, "np.random.seed(1)\n        " + MASK), "masks", "same_mask", set()),
    "one mask for all samples": ("dropout", ("np.random.random(x.shape)", "np.random.random((1, *x.shape[1:])) * np.ones(x.shape)"), "masks", "mask_shared", set()),
    "fresh mask": ("dropout", (BACK, "dx: Array = dout * ((np.random.random(dout.shape) >= self.p) / (1 - self.p) if self.training else 1)"), "gradient", "fresh_mask", set()),
    "no mask": ("dropout", (BACK, "dx: Array = dout.copy()"), "gradient", "unmasked", set()),
    "factor missing": ("dropout", (BACK, "dx: Array = dout * (self._mask > 0)"), "gradient", "gradient_not_scaled", set()),
    "factor twice": ("dropout", (BACK, "dx: Array = dout * self._mask**2"), "gradient", "gradient_scaled_twice", set()),
    "batch dropped in place": ("dropout", (PASS, "x *= self._mask\n        return x"), "edge_cases", "input_changed", set()),
    # update rules
    "sgd uphill": ("sgd", ("w - ", "w + "), "first_step", "uphill", {"twenty_steps", "two_parameters", "arguments"}),
    "momentum averaged": ("momentum", ("+ dw", '+ (1 - config["momentum"]) * dw'), "first_step", "averaged", {"twenty_steps", "two_parameters", "arguments"}),
    "momentum without memory": ("momentum", ('config | {"v": v}', "config"), "twenty_steps", "no_memory", {"two_parameters"}),
    "nesterov as momentum": ("nesterov", ('(dw + config["momentum"] * v)', "v"), "first_step", "plain_momentum", {"twenty_steps", "two_parameters", "arguments"}),
    "rho swapped": ("rmsprop", ('config["rho"] * config.get("r", 0) + (1 - config["rho"]) * dw**2', '(1 - config["rho"]) * config.get("r", 0) + config["rho"] * dw**2'), "first_step", "rho_swapped", {"twenty_steps", "two_parameters", "arguments"}),
    "epsilon inside": ("rmsprop", ('(np.sqrt(r) + config["epsilon"])', 'np.sqrt(r + config["epsilon"])'), "first_step", "epsilon_inside", {"twenty_steps", "two_parameters", "arguments"}),
    "squares added up": ("rmsprop", ('config["rho"] * config.get("r", 0) + (1 - config["rho"]) * dw**2', 'config.get("r", 0) + dw**2'), "first_step", "adagrad", {"twenty_steps", "two_parameters", "arguments"}),
    "no bias correction": ("adam", ("s / (1 - rho1**t), r / (1 - rho2**t)", "s, r"), "first_step", "no_bias_correction", {"twenty_steps", "two_parameters", "arguments"}),
    "epsilon inside the root": ("adam", ('(np.sqrt(square) + config["epsilon"])', 'np.sqrt(square + config["epsilon"])'), "first_step", "epsilon_inside", {"twenty_steps", "two_parameters", "arguments"}),
    "rhos swapped": ("adam", ('config["rho1"], config["rho2"], ', 'config["rho2"], config["rho1"], '), "twenty_steps", "rhos_swapped", {"two_parameters"}),
    "t from zero": ("adam", ('config.get("t", 0) + 1', 'config.get("t", 0)', '"t": t}', '"t": t + 1}'), "first_step", "t_from_zero", {"twenty_steps", "two_parameters", "arguments"}),
    "t from two": ("adam", ('config.get("t", 0) + 1', 'config.get("t", 1) + 1'), "first_step", "t_from_two", {"twenty_steps", "two_parameters", "arguments"}),
    "t fixed": ("adam", ('config.get("t", 0) + 1', "1"), "twenty_steps", "t_fixed", {"two_parameters"}),
    "coupled decay": ("adamw", ('adam(w * (1 - config["learning_rate"] * config["weight_decay"]), dw, config)', 'adam(w, dw + config["weight_decay"] * w, config)'), "first_step", "coupled_decay", {"twenty_steps", "two_parameters", "arguments"}),
    "no decay": ("adamw", ('w * (1 - config["learning_rate"] * config["weight_decay"])', "w"), "first_step", "no_decay", {"twenty_steps", "two_parameters", "arguments"}),
    "rateless decay": ("adamw", ('config["learning_rate"] * config["weight_decay"]', 'config["weight_decay"]'), "first_step", "rateless_decay", {"twenty_steps", "two_parameters", "arguments"}),
    "memory beside config": ("momentum", ('v = config["momentum"] * config.get("v", 0) + dw', 'if "on" not in config:\n        momentum.v = 0\n    momentum.v = v = config["momentum"] * momentum.v + dw', '{"v": v}', '{"on": 1}'), "two_parameters", "shared_memory", set()),
    "changed in place": ("sgd", ('return w - config["learning_rate"] * dw, config', 'w -= config["learning_rate"] * dw\n    return w, config'), "arguments", "input_changed", set()),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_every_planted_fault_is_named(name: str) -> None:
    """The part that holds the fault is wrong with its misconception; the ones that do not depend on it are right."""
    case, pairs, part, misconception, others = FAULTS[name]
    verdicts = marks(case, changed(case, *pairs))
    assert (verdicts[part].status, verdicts[part].misconceptions) == (Status.WRONG, (misconception,)), verdicts[part]
    assert failed(verdicts).keys() == {part} | others, failed(verdicts)


@pytest.mark.parametrize("rule", RULES)
def test_every_mistaken_rule_leads_elsewhere(rule: str) -> None:
    """After twenty steps no two of a rule's mistakes agree, and none agrees with the rule."""
    rng = np.random.default_rng(0)
    w, gradients = rng.normal(size=5), list(rng.normal(size=(20, 5)))
    config = RULES[rule].config(rng)
    ends = {"": RULES[rule].path(w, gradients, config)[-1]}
    ends |= {wrong.name: wrong_path(wrong.update, w, gradients, config)[-1] for wrong in RULES[rule].wrong}
    for name, end in ends.items():
        assert not [other for other, value in ends.items() if other != name and np.allclose(value, end)], name


def test_the_mistaken_rules_are_the_rules_but_for_their_switches() -> None:
    """With every switch off, the rule with its mistakes is the right one."""
    rng = np.random.default_rng(1)
    w, gradients, config = rng.normal(size=5), list(rng.normal(size=(20, 5))), RULES["adamw"].config(rng)
    ends = wrong_path(adam(decay="decoupled"), w, gradients, config)
    np.testing.assert_allclose(ends, RULES["adamw"].path(w, gradients, config))


# Starters, public tests, and what is missing


@pytest.mark.parametrize("case", [*CLASSES, "adam"])
def test_the_starter_is_nothing_submitted(case: str) -> None:
    """As it was handed out it scores nothing and is missing, not wrong."""
    starter = STARTERS / ("optimisers/optimisers.py" if case in RULES else f"{case}/modules.py")
    assert {verdict.status for verdict in marks(case, starter.read_text()).values()} == {Status.MISSING}


@pytest.mark.parametrize(
    ("case", "old", "new", "part", "says"),
    [
        (
            "batch_norm",
            "self.running_mean, self.running_var = np",
            "self.mean, self.var = np",
            "interface",
            "running_mean",
        ),
        ("batch_norm", "def eval(self)", "def test(self)", "evaluation", "eval"),
        ("dropout", "        return x * self._mask", "        x * self._mask", "share", "a `return`"),
        ("adam", "def adam(", "def Adam(", "first_step", "There is no function adam"),
        ("sgd", "dw, config", "dw", "first_step", "expected (next_w, config)"),
    ],
)
def test_what_is_missing_is_said_plainly(case: str, old: str, new: str, part: str, says: str) -> None:
    """An attribute or a method of another name, a forgotten return, a result that is no pair."""
    assert says in marks(case, changed(case, old, new))[part].feedback


@pytest.mark.parametrize("solved", [True, False])
@pytest.mark.parametrize("family", [*CLASSES, "optimisers"])
def test_the_public_tests_run_on_their_own(family: str, solved: bool, tmp_path: Path) -> None:
    """The students' tests need nothing of ours; the solution passes them, the starter does not."""
    file = "optimisers.py" if family == "optimisers" else "modules.py"
    tests = (STARTERS / family / f"test_{family}.py").read_text()
    assert not any(name in tests for name in ("problem_bank", "grader", "solutions"))
    source = SOLUTION / file if solved else STARTERS / family / file
    (tmp_path / file).write_text(source.read_text())
    (tmp_path / f"test_{family}.py").write_text(tests)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}  # as on a student's machine
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"test_{family}.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == solved, done.stdout


NONSENSE = ("None", "...", "7", "'text'", "(1, 2)", "(print, {})", "np.ones((2, 2)) * 1j", "(np.array([['a']]), {})",
            "(np.ones((3, 4)) * 1j, {})", "np.zeros((0, 3))", "(np.nan, config)", "iter([1])")  # fmt: skip


@pytest.mark.parametrize("case", [*CLASSES, "adamw"])
def test_nonsense_is_wrong_and_never_our_fault(case: str) -> None:
    """Whatever functions, methods and attributes hold, no part is right and none is left ungraded."""
    name = {"batch_norm": "BatchNorm1d", "layer_norm": "LayerNorm", "dropout": "Dropout"}.get(case)
    for value in NONSENSE:
        source = f"import numpy as np\nconfig = {{}}\ndef {case}(*args): return {value}\n"
        if name:
            shell = OTHERS.replace(f"class {name}", f"class Right{name}", 1)
            source = f"{shell}\nconfig = {{}}\nclass {name}(Right{name}):\n    def forward(self, x): return {value}\n    backward = forward\n"
        verdicts = marks(case, source)
        assert Status.UNGRADED not in {verdict.status for verdict in verdicts.values()}, (value, verdicts)
        assert len(failed(verdicts)) >= len(verdicts) - 1, (value, verdicts)


def test_attributes_that_change_are_no_fault_of_ours() -> None:
    """A layer whose parameters or statistics are no arrays of the right size when they are needed is wrong."""
    for text in ("[0.0] * 5", "np.zeros(0)", "None", "lambda: 0", "np.ones(7) * 1j"):
        for target in ("self.running_mean", 'self.params["weight"]'):
            source = changed(
                "batch_norm",
                "        self.eps, self.momentum",
                f"        if num_features != 5: {target} = {text}\n        self.eps, self.momentum",
            )
            verdicts = marks("batch_norm", source)
            assert Status.UNGRADED not in {verdict.status for verdict in verdicts.values()}, (text, target)
            assert verdicts["forward"].status is Status.WRONG, (text, target)


# The solutions against PyTorch


@pytest.mark.parametrize("training", [True, False])
def test_the_batch_normalisation_agrees_with_torch(training: bool) -> None:
    """Outputs, gradients and running statistics, in training and evaluation."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    layer, truth = modules.BatchNorm1d(4, 0.01, 0.2), torch.nn.BatchNorm1d(4, 0.01, 0.2, dtype=torch.float64)
    x, dout = rng.normal(size=(6, 4)), rng.normal(size=(6, 4))
    layer.params |= {"weight": rng.normal(size=4), "bias": rng.normal(size=4)}
    truth.load_state_dict({name: torch.tensor(value) for name, value in layer.params.items()}, strict=False)
    for each in (layer, truth):
        each.forward(torch.tensor(x) if each is truth else x)
        each.train() if training else each.eval()
    tensor = torch.tensor(x, requires_grad=True)
    out = truth(tensor)
    out.backward(torch.tensor(dout))
    np.testing.assert_allclose(layer.forward(x), out.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(layer.backward(dout), tensor.grad.numpy(), rtol=1e-9)
    np.testing.assert_allclose(layer.grads["weight"], truth.weight.grad.numpy(), rtol=1e-9)
    np.testing.assert_allclose(layer.grads["bias"], truth.bias.grad.numpy(), rtol=1e-9)
    np.testing.assert_allclose(layer.running_mean, truth.running_mean.numpy(), rtol=1e-9)
    np.testing.assert_allclose(layer.running_var, truth.running_var.numpy(), rtol=1e-9)


def test_the_layer_normalisation_agrees_with_torch() -> None:
    """Outputs and gradients."""
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(1)
    layer, truth = modules.LayerNorm(5, 0.01), torch.nn.LayerNorm(5, 0.01, dtype=torch.float64)
    layer.params |= {"weight": rng.normal(size=5), "bias": rng.normal(size=5)}
    truth.load_state_dict({name: torch.tensor(value) for name, value in layer.params.items()})
    x, dout = rng.normal(size=(6, 5)), rng.normal(size=(6, 5))
    tensor = torch.tensor(x, requires_grad=True)
    out = truth(tensor)
    out.backward(torch.tensor(dout))
    np.testing.assert_allclose(layer.forward(x), out.detach().numpy(), rtol=1e-9)
    np.testing.assert_allclose(layer.backward(dout), tensor.grad.numpy(), rtol=1e-9)
    np.testing.assert_allclose(layer.grads["weight"], truth.weight.grad.numpy(), rtol=1e-9)


@pytest.mark.parametrize("rule", RULES)
def test_twenty_steps_agree_with_torch(rule: str) -> None:
    """Every rule of the solution, with settings that are nobody's defaults."""
    torch = pytest.importorskip("torch")
    optim, rng = torch.optim, np.random.default_rng(2)
    make: dict[str, Any] = {
        "sgd": lambda p: optim.SGD(p, 0.05),
        "momentum": lambda p: optim.SGD(p, 0.05, momentum=0.8),
        "nesterov": lambda p: optim.SGD(p, 0.05, momentum=0.8, nesterov=True),
        "rmsprop": lambda p: optim.RMSprop(p, 0.05, alpha=0.7, eps=0.01),
        "adam": lambda p: optim.Adam(p, 0.05, betas=(0.7, 0.95), eps=0.01),
        "adamw": lambda p: optim.AdamW(p, 0.05, betas=(0.7, 0.95), eps=0.01, weight_decay=0.2),
    }
    config: dict[str, Any] = {"learning_rate": 0.05, "momentum": 0.8, "rho": 0.7, "rho1": 0.7, "rho2": 0.95}
    config |= {"epsilon": 0.01, "weight_decay": 0.2}
    w = rng.normal(size=(3, 4))
    tensor = torch.tensor(w, requires_grad=True)
    truth = make[rule]([tensor])
    for gradient in rng.normal(size=(20, 3, 4)):
        w, config = getattr(optimisers, rule)(w, gradient, config)
        tensor.grad = torch.tensor(gradient)
        truth.step()
    np.testing.assert_allclose(w, tensor.detach().numpy(), rtol=1e-10)
