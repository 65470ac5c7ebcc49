# ruff: noqa: E501  # tables of submissions, one per line
"""Code is marked fairly whatever it does: honest code, code with known faults, and code that attacks."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import grader.code
import problem_bank
from grader.code import CodeRun, mark_code
from grader.outcome import outcome
from grader.sandbox import bwrap, host, process, warm
from grader.sandbox.level import Level, level
from grader.sandbox.process import Limits
from grader.sources import MOST_FILES, sources
from problem_bank.answers.code import Code
from problem_bank.checks import CheckFailed, StudentError, check, close, describe
from problem_bank.exercise import Part, Slip
from problem_bank.verdict import Status, Verdict

ROOT = Path(__file__).parents[1]
STARTER = ROOT / "problem_bank" / "families" / "code" / "starters" / "linear_module"
REFERENCE = (ROOT / "solutions" / "numpy_nn" / "linear.py").read_text()
LIMITS = Limits(wall=0.7, memory=512 << 20, scratch=16 << 20)


@check()
def doubles(student: Any, rng: np.random.Generator) -> None:
    """`f` doubles."""
    x = rng.normal(size=3)
    close(student.f(x), 2 * x, what="f(x)")


PART = Part("doubles", "Double.", Code(key=(doubles,), file="work.py"), points=4)


def run(source: str, limits: Limits = LIMITS, **others: bytes) -> tuple[Verdict, CodeRun]:
    files = {"work.py": source.encode()} | {f"{name}.py": data for name, data in others.items()}
    verdicts, ran = mark_code([PART], files, seed="test", limits=limits)
    return verdicts["doubles"], ran


# What hostile or broken code does, and what the report must say of it

ATTACKS: dict[str, tuple[str, str]] = {
    "endless loop": ("def f(x):\n    while True: pass", "did not finish in the time allowed"),
    "endless loop at import": ("while True: pass", "could not be imported. Your code did not finish"),
    "loop that ignores signals": (
        "import signal\n[signal.signal(s, signal.SIG_IGN) for s in range(1, 30) if s not in (9, 19)]\n"
        "def f(x):\n    while True:\n        try:\n            while True: pass\n        except BaseException: pass",
        "did not finish",
    ),
    "os._exit at import": ("import os\nos._exit(0)", "ended the whole program (exit status 0)"),
    "os._exit in a call": ("import os\ndef f(x): os._exit(3)", "exit status 3"),
    "sys.exit at import": ("import sys\nsys.exit(0)", "work.py, line 2 calls sys.exit()"),
    "sys.exit in a call": ("def f(x):\n    raise SystemExit", "work.py, line 2 calls sys.exit()"),
    "segmentation fault": ("import ctypes\ndef f(x): ctypes.string_at(0)", "segmentation fault"),
    "abort": ("import os\ndef f(x): os.abort()", "crashed (abort)"),
    "killing itself": ("import os\ndef f(x): os.kill(os.getpid(), 9)", "was killed"),
    "one large array": ("import numpy as np\ndef f(x): return np.ones(1 << 30)", "needs more memory than is allowed"),
    "memory bomb": ("def f(x):\n    kept = []\n    while True: kept.append(bytes(1 << 20))", "more memory than is allowed"),
    "thread bomb": (
        "import threading, time\ndef f(x):\n    while True: threading.Thread(target=time.sleep, args=(9,), daemon=True).start()",
        "can't start new thread",
    ),
    "fork": ("import os\ndef f(x): os.fork()", "PermissionError"),
    "socket": ("import socket\ndef f(x): socket.create_connection(('127.0.0.1', 80))", "PermissionError"),
    "password file": ("def f(x): return open('/etc/passwd').read()", "/etc/passwd"),
    "endless recursion": ("def f(x): return f(x)", "RecursionError"),
    "unpicklable error": ("class E(Exception):\n    def __str__(self): raise self\ndef f(x): raise E", "raised E"),
    "syntax error": ("def f(x):\n    return (x", "work.py, line 2 raised SyntaxError"),
    "zero bytes": ("def f(x): return '\0'", "SyntaxError"),
    "too deep for the parser": ("f = " + "(" * 5_000 + ")" * 5_000, "too many nested parentheses"),
    "misspelled import": ("import nunpy\ndef f(x): return 2 * x", "ModuleNotFoundError"),
    "nothing returned": ("def f(x): 2 * x", "nothing (None)"),
    "unfinished": ("def f(x):\n    y = 2 * x\n    return ...", "an unfinished `...`"),
    "no such function": ("def g(x): return 2 * x", "AttributeError"),
    # answers that would like to be taken for right
    "patched NumPy": (
        "import numpy as np\nfor name in ('allclose', 'isclose', 'array_equal'):\n    setattr(np, name, lambda *a, **k: True)\n"
        "np.testing.assert_allclose = print\ndef f(x): return x",
        "3 of its 3 entries are wrong",
    ),
    "patched builtins": (
        "import builtins\nbuiltins.abs = builtins.sum = lambda *a: 0\nbuiltins.all = builtins.isinstance\ndef f(x): return x",
        "ended the whole program",
    ),
    "always equal": (
        "class Always:\n    def __eq__(self, other): return True\n    def __sub__(self, other): return 0\n"
        "    __rsub__ = __sub__\n    def __array__(self, *a, **k): raise SystemExit\ndef f(x): return Always()",
        "an object of type Always",
    ),
    "array subclass": (
        "import numpy as np\nclass Same(np.ndarray):\n    def __eq__(self, other): return True\n"
        "    def __array_ufunc__(self, *a, **k): return 0\ndef f(x): return x.view(Same)",
        "entries are wrong",
    ),
    "float subclass": ("class One(float): pass\ndef f(x): return [One(v) for v in 2 * x]", "an object of type list"),
    "object array": ("import numpy as np\ndef f(x): return np.array([print] * 3)", "ndarray of dtype object"),
    "text array": ("import numpy as np\ndef f(x): return (2 * x).astype(str)", "ndarray of dtype"),
    "long integer": ("def f(x): return 10 ** 5000", "an integer of more than 64 bits"),
    "list in itself": ("def f(x):\n    a = []\n    a.append(a)\n    return a", "one that contains itself"),
    "ragged list": ("def f(x): return [[1], [1, 2]]", "rows of different length"),
    "too large a result": ("import numpy as np\ndef f(x): return np.ones(10 ** 6)", "at most 4,194,304 travel"),
    "nan": ("def f(x): return x * float('nan')", "3 entries that are nan or infinite"),
    "inf": ("def f(x): return x * float('inf')", "nan or infinite"),
    "wrong shape": ("def f(x): return 2 * x[:2]", "has shape (2,); expected (3,)"),
    "single precision": ("def f(x): return (2 * x).astype('f4')", "about four digits only"),
    "infinitely many keys": ("def f(x): return {i: i for i in range(10 ** 6)}", "more than 16 levels or 100,000 entries"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_broken_and_hostile_code_is_wrong_with_a_reason(name: str) -> None:
    """Each way to fail is told apart in plain words; none is a crash, a mark, or 'ungraded'."""
    source, says = ATTACKS[name]
    verdict, _ = run(source)
    assert verdict.status is Status.WRONG, verdict
    assert verdict.score == 0
    assert says in verdict.feedback


FORGERY = """
import os, struct
import numpy as np
frames = __import__("sys").modules["_markscheme.frames"]
def write(data):
    for descriptor in range(3, 64):
        try: os.write(descriptor, data)
        except OSError: pass
def f(x):
    {attack}
    return 2 * x
"""
FORGERIES = {
    "garbage": 'write(b"garbage")',
    "giant frame": 'write(struct.pack("<4sII", b"MKS1", 1 << 31, 1 << 31))',
    "truncated frame": 'write(struct.pack("<4sII", b"MKS1", 400, 0) + b"{")',
    "forged reply": 'write(frames.encode({"id": 5, "value": 2 * x}, None))',
    "many replies": '[write(frames.encode({"id": i, "value": 2 * x}, None)) for i in range(40)]',
    "an array for a number": 'write(frames.encode({"id": np.zeros(3), "value": 2 * x}, None)) or os._exit(0)',
    "true for a number": 'write(frames.encode({"id": True, "value": 2 * x}, None)) or os._exit(0)',
    "no reply at all": "write(frames.encode([2 * x], None)) or os._exit(0)",
    "reply to another request": 'write(frames.encode({"id": 99, "value": 2 * x}, None))',
}


@pytest.mark.parametrize("name", FORGERIES)
def test_writing_to_the_result_pipe_gains_nothing(name: str) -> None:
    """Forged, garbage, giant and duplicate frames end in wrong, and ask a person to look."""
    verdict, ran = run(FORGERY.format(attack=FORGERIES[name]))
    assert verdict.status is Status.WRONG
    assert "disturbed the connection" in verdict.feedback
    assert ran.flags


def test_processor_time_is_limited() -> None:
    """Beyond its processor time the child is ended by the kernel, and the report says so."""
    verdict, _ = run("def f(x):\n    while True: pass", Limits(wall=20, cpu=0))
    assert "used up its processor time" in verdict.feedback


def test_error_messages_cannot_disturb_the_report() -> None:
    """Control characters and lone surrogates in a message are replaced, and long ones are cut."""
    verdict, _ = run("def f(x): raise ValueError('\\x1b[2J\\ud800' + 'a' * 10_000)")
    assert "\x1b" not in verdict.feedback
    assert len(verdict.feedback.encode()) < 1_000


def test_closing_the_pipes_gains_nothing() -> None:
    """A submission that closes the grader's descriptors has ended its own program."""
    verdict, _ = run("import os\ndef f(x):\n    os.closerange(3, 64)\n    return 2 * x")
    assert verdict.status is Status.WRONG
    assert "Your code" in verdict.feedback


def test_a_flood_of_output_is_capped() -> None:
    """Printing by the megabyte costs nothing, and its end is kept."""
    verdict, ran = run(
        "import sys\ndef f(x):\n    print('x' * 10_000_000)\n    print('y', file=sys.stderr)\n    return 2 * x"
    )
    assert verdict.status is Status.RIGHT
    assert (len(ran.stdout), ran.stderr) == (LIMITS.output, "y\n")


# What honest code looks like

HONEST: dict[str, str] = {
    "plain": "def f(x): return 2 * x",
    "a list": "def f(x): return [2 * float(v) for v in x]",
    "changes its argument": "def f(x):\n    x *= 2\n    return x",
    "own module": "from helper import two\ndef f(x): return two * x",
    "code at import and files": "open('log.txt', 'w').write('started')\nprint('hello')\ndef f(x): return 2 * x",
    "guarded main": "def f(x): return 2 * x\nif __name__ == '__main__': raise SystemExit(1)",
    "dataclasses and annotations": (
        "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    k: int = 2\n"
        "def f(x: list[int]) -> A: return A().k * x"
    ),
    "atexit": "import atexit, os\natexit.register(os._exit, 9)\ndef f(x): return 2 * x",
    "a warning": "import warnings\ndef f(x):\n    warnings.warn('careful')\n    return 2 * x",
    "latin-1 with a declaration": "# -*- coding: latin-1 -*-\ndef f(x): return 2 * x",
}


@pytest.mark.parametrize("name", HONEST)
def test_honest_code_is_right(name: str) -> None:
    """Prints, files, helpers, changed arguments and code at import are survived."""
    verdict, ran = run(HONEST[name], helper=b"two = 2")
    assert verdict.status is Status.RIGHT, (verdict.feedback, ran.stderr)
    assert verdict.score == 4


@pytest.mark.parametrize(
    ("source", "status", "says"),
    [
        ("", Status.MISSING, "Nothing was submitted"),
        ('"""Docs."""\nimport numpy as np\nclass A:\n    def f(self): ...\ndef f(x): pass', Status.MISSING, "Nothing"),
        ("K = 1\ndef f(x): raise NotImplementedError('later')", Status.MISSING, "line 2 raises NotImplementedError"),
        ("import tqdm_missing, pandas\ndef f(x): return 2 * x", Status.WRONG, "tqdm_missing"),
        ("import statsmodels\ndef f(x): return 2 * x", Status.UNGRADED, "lacks"),
        ("import numpy as np\ndef f(x): return np.asarray(2 * x, np.float)", Status.UNGRADED, "lacks"),
        ("import numpy as np\ndef f(x): return 2 * np.float_(x)", Status.UNGRADED, "lacks"),
        (
            "import seaborn as sns\nfrom tqdm.auto import tqdm\nimport matplotlib.pyplot as plt\nfrom matplotlib import cm\n"
            "def f(x):\n    figure, axes = plt.subplots(2)\n    axes[0].plot(x)\n    plt.figure(figsize=(3, 3)).savefig('a.png')\n"
            "    sns.heatmap([x])\n    with tqdm([1, 2]) as bar:\n        for i in bar: bar.set_description('x')\n"
            "    return 2 * x * len([i for i in tqdm(range(1))])",
            Status.RIGHT,
            "",
        ),
        ("import torch.nn as nn\nfrom torch import optim\ndef f(x): return 2 * x", Status.RIGHT, ""),
        ("import torch\ndef f(x): return torch.tensor(2 * x)", Status.WRONG, "line 2 uses torch; solve this exercise"),
        (
            "from torch import nn\nclass A(nn.Module): pass\ndef f(x): return 2 * x",
            Status.WRONG,
            "line 2 uses torch; solve this exercise",
        ),
    ],
)
def test_missing_and_environment_are_told_apart_from_wrong(source: str, status: Status, says: str) -> None:
    """An empty starter is missing; a library that this machine lacks is our affair, unless it is forbidden."""
    verdict, _ = run(source)
    assert verdict.status is status, verdict
    assert says in verdict.feedback


def test_a_file_that_was_not_handed_in_is_missing() -> None:
    """The missing file is named."""
    verdicts, _ = mark_code([PART], {"other.py": b""}, seed="x")
    assert verdicts["doubles"].status is Status.MISSING
    assert "work.py" in verdicts["doubles"].feedback


def test_forbidden_libraries_are_flagged() -> None:
    """An import that the exercise is to be solved without asks a person to look, and decides nothing."""
    verdict, ran = run("try:\n    import jax\nexcept ImportError:\n    pass\ndef f(x): return 2 * x")
    assert verdict.status is Status.RIGHT
    assert any("jax" in flag for flag in ran.flags)


# What is our own fault


def test_an_error_in_a_check_is_ungraded() -> None:
    """A check of ours that breaks costs the student nothing."""

    @check()
    def broken(student: Any, rng: np.random.Generator) -> None:
        """Broken."""
        raise KeyError("ours")

    part = Part("broken", "", Code(key=(broken,), file="work.py"))
    verdicts, _ = mark_code([part], {"work.py": b"def f(x): return 1"}, seed="x")
    assert verdicts["broken"].status is Status.UNGRADED


def test_a_child_that_does_not_start_is_tried_again_and_then_ungraded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A failing sandbox is our fault: one more try, then nobody loses a mark."""
    level()
    (tmp_path / "entry.py").write_text("open(__file__ + '.log', 'a').write('x'); raise SystemExit('broken machine')")
    monkeypatch.setattr(host, "ENTRY", tmp_path / "entry.py")
    monkeypatch.setattr(bwrap, "works", lambda: False)
    warm.end()
    verdict, _ = run("def f(x): return 2 * x")
    assert verdict.status is Status.UNGRADED
    assert "broken machine" in verdict.feedback
    assert (tmp_path / "entry.py.log").read_text() == "xx"


def test_a_part_without_checks_is_ungraded() -> None:
    """Nothing to run is our omission."""
    verdicts, _ = mark_code([Part("empty", "", Code((), "work.py"))], {"work.py": b"x = 1"}, seed="x")
    assert verdicts["empty"].status is Status.UNGRADED


def test_without_confinement_nothing_is_run_unless_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below level 2 code of others is not run; where that is allowed, the report says so."""
    monkeypatch.setattr(grader.code, "level", lambda: Level(0, {"read": False}))
    files = {"work.py": b"def f(x): return 2 * x"}
    verdicts, ran = mark_code([PART], files, seed="x")
    assert (verdicts["doubles"].status, ran.unsafe, ran.level) == (Status.UNGRADED, False, 0)
    verdicts, ran = mark_code([PART], files, seed="x", allow_unsafe=True)
    assert (verdicts["doubles"].status, ran.unsafe) == (Status.RIGHT, True)
    assert "read" in ran.confinement


# How checks add up


def test_a_dead_child_costs_one_check_only() -> None:
    """After an endless loop the next check gets a child of its own; after three the rest is not run."""

    def calling(name: str) -> Any:
        def call(student: Any, rng: np.random.Generator) -> None:
            """Calls it."""
            close(getattr(student, name)(), 1, what=name)

        call.__name__ = name
        return check()(call)

    names = ["loop", "fine", "leave", "crash", "late"]
    source = "import os, ctypes\ndef loop():\n    while True: pass\ndef fine(): return 1\n"
    source += "def leave(): os._exit(0)\ndef crash(): ctypes.string_at(0)\ndef late(): return 1\n"
    parts = [Part(name, "", Code(key=(calling(name),), file="work.py")) for name in names]
    verdicts, _ = mark_code(parts, {"work.py": source.encode()}, seed="x", limits=LIMITS)
    assert [verdicts[name].status is Status.RIGHT for name in names] == [False, True, False, False, False]
    assert "stopped 3 times" in verdicts["late"].feedback


def test_checks_of_one_part_share_its_points() -> None:
    """A part with several checks is scored by their points, and says which failed."""

    @check(points=3)
    def fails(student: Any, rng: np.random.Generator) -> None:
        """It is three."""
        close(student.K, 3, what="K")

    part = Part("both", "", Code(key=(doubles, fails), file="work.py"), points=8)
    verdicts, _ = mark_code([part], {"work.py": b"K = 1\ndef f(x): return 2 * x"}, seed="x")
    assert (verdicts["both"].status, verdicts["both"].score) == (Status.PARTIAL, Fraction(2))
    assert "It is three." in verdicts["both"].feedback


def test_names_of_files_are_never_trusted() -> None:
    """Paths that lead elsewhere, compiled files, clashes and masses are left out, each with a note."""
    bad = ["../x.py", "/etc/x.py", "a/../../x.py", ".hidden", "a//b.py", "x.pyc", "__pycache__/x.py", "lib.so", "a\0b",
           "C:\\x.py", "a\nb.py", "x" * 300, "", "."]  # fmt: skip
    kept, notes = sources(dict.fromkeys(bad, b"") | {"a/good file.py": b"1", "a": b"", "ünï.csv": b""})
    assert set(kept) == {"a/good file.py", "ünï.csv"}
    assert len(notes) == len(bad) + 1
    assert len(sources({f"{i}.py": b"" for i in range(1_000)})[0]) == MOST_FILES


@pytest.mark.parametrize("value", [None, "text", {"a": 1}, object(), print])
def test_close_refuses_what_is_no_number(value: Any) -> None:
    """Whatever came back, `close` says what it is and shows nothing of what was expected."""
    with pytest.raises(CheckFailed) as caught:
        close(value, [3.25, 4.75], what="y")
    assert describe(value) in str(caught.value)
    assert "3.25" not in str(caught.value)


def test_close_names_a_slip_of_another_shape() -> None:
    """A known wrong rule is recognised before the shape is complained about."""
    x = np.arange(6.0).reshape(2, 3)
    with pytest.raises(CheckFailed, match="Turn it") as caught:
        close(x.T, x, what="x", slips=[Slip("turned", x.T, "Turn it.")])
    assert caught.value.misconception == "turned"


def test_every_error_has_an_outcome() -> None:
    """Nothing that a check may raise escapes."""

    def raising(error: Exception) -> Callable[[], object]:
        def action() -> object:
            raise error

        return action

    for error in (
        CheckFailed("x"),
        StudentError("E", "m"),
        process.Died("x"),
        RecursionError(),
        OSError(),
        ValueError(),
    ):
        assert outcome(raising(error)).status in (Status.WRONG, Status.UNGRADED)


# The layer

LAYER = problem_bank.load("code.linear_module").draw("test", level="hard")


def marks(source: str) -> dict[str, Verdict]:
    return mark_code(LAYER.parts, {"modules.py": source.encode()}, seed="layer")[0]


def changed(*pairs: str) -> str:
    source = REFERENCE
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert old in source, old
        source = source.replace(old, new)
    return source


W_GRADIENT, B_GRADIENT = 'self.grads["weight"] = rows.T @ x', 'self.grads["bias"] = rows.sum(axis=0)'
X_GRADIENT, OUTPUT = 'return dout @ self.params["weight"]', 'return x @ self.params["weight"].T + self.params["bias"]'
DEVIATION = "np.sqrt(gain / in_features)"

FAIR = {
    "the reference": REFERENCE,
    "weights stored (in, out)": changed(
        "(out_features, in_features)),", "(in_features, out_features)),",
        OUTPUT, 'return x @ self.params["weight"] + self.params["bias"]',
        W_GRADIENT, 'self.grads["weight"] = x.T @ rows',
        X_GRADIENT, 'return dout @ self.params["weight"].T',
    ),
    "bias of shape (1, n)": changed("np.zeros(out_features)", "np.zeros((1, out_features))", "axis=0", "axis=0, keepdims=True"),
    "bias of shape (n, 1)": changed(
        "np.zeros(out_features)", "np.zeros((out_features, 1))", "rows.sum(axis=0)", "rows.sum(axis=0)[:, None]",
        OUTPUT, 'return x @ self.params["weight"].T + self.params["bias"].T',
    ),
    "aliases of the parameters": changed(
        "        self._x: Array", '        self.W, self.b = self.params["weight"], self.params["bias"]\n        self._x: Array',
        OUTPUT, "return x @ self.W.T + self.b",
    ),
    "NumPy integers only": changed("        gain = ", "        in_features.dtype\n        gain = "),
    "uniform weights": changed("rng.normal(0.0, np.sqrt(gain / in_features)", "np.sqrt(3 * gain / in_features) * rng.uniform(-1, 1"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAIR)
def test_right_layers_of_every_style_get_full_marks(name: str) -> None:
    """Orientation, bias shape, aliases and integer types are matters of style."""
    verdicts = marks(FAIR[name])
    assert {n: v.feedback for n, v in verdicts.items() if v.status is not Status.RIGHT} == {}
    assert sum(v.score for v in verdicts.values()) == 17


FAULTS: dict[str, tuple[str, str, str]] = {
    "no_bias": (changed(' + self.params["bias"]', ""), "forward", "no_bias"),
    "bias_subtracted": (changed(' + self.params["bias"]', ' - self.params["bias"]'), "forward", "bias_subtracted"),
    "transposed output": (changed(OUTPUT, f"return ({OUTPUT[7:]}).T"), "forward", "transposed"),
    "weights averaged": (changed(W_GRADIENT, W_GRADIENT + " / len(x)"), "weight_gradient", "weight_gradient_averaged"),
    "weights negative": (changed("= rows.T @ x", "= -rows.T @ x"), "weight_gradient", "weight_gradient_sign"),
    "weights transposed": (changed("rows.T @ x", "x.T @ rows"), "weight_gradient", "transposed_weight_gradient"),
    "last sample": (changed("rows.T @ x", "np.outer(rows[-1], x[-1])"), "weight_gradient", "last_sample"),
    "summed first": (changed("rows.T @ x", "np.outer(rows.sum(0), x.sum(0))"), "weight_gradient", "summed_first"),
    "bias averaged": (changed("rows.sum(axis=0)", "rows.mean(axis=0)"), "bias_gradient", "bias_gradient_averaged"),
    "bias over the outputs": (changed("sum(axis=0)", "sum(axis=1)"), "bias_gradient", "wrong_axis"),
    "bias not summed": (changed("rows.sum(axis=0)", "rows"), "bias_gradient", "not_summed"),
    "bias negative": (changed("= rows.sum", "= -rows.sum"), "bias_gradient", "bias_gradient_sign"),
    "bias of ones": (changed("rows.sum(axis=0)", "np.ones(rows.shape[1])"), "bias_gradient", "ones"),
    "input averaged": (changed(X_GRADIENT, X_GRADIENT + " / len(dout)"), "input_gradient", "input_gradient_averaged"),
    "input negative": (changed(X_GRADIENT, "return -dout @ self.params['weight']"), "input_gradient", "input_gradient_sign"),
    "input transposed": (changed(X_GRADIENT, f"return ({X_GRADIENT[7:]}).T"), "input_gradient", "transposed_input_gradient"),
    "dout returned": (changed(X_GRADIENT, "return dout"), "input_gradient", "dout_returned"),
    "unscaled": (changed(DEVIATION, "1.0"), "initialisation", "unscaled"),
    "variance as deviation": (changed(DEVIATION, "gain / in_features"), "initialisation", "variance_as_deviation"),
    "fan-out": (changed(DEVIATION, "np.sqrt(gain / out_features)"), "initialisation", "fan_out"),
    "no gain": (changed("if input_layer else 2.0", "if input_layer else 1.0"), "initialisation", "no_gain"),
    "flag ignored": (changed("1.0 if input_layer else 2.0", "2.0"), "initialisation", "flag_ignored"),
    "deviation as bound": (
        changed("rng.normal(0.0, np.sqrt(gain / in_features)", "np.sqrt(gain / in_features) * rng.uniform(-1, 1"),
        "initialisation", "deviation_as_bound",
    ),
    "zero weights": (changed(DEVIATION, "0.0"), "initialisation", "symmetric"),
    "positive weights": (changed("rng.normal(0.0,", "rng.normal(0.5,"), "initialisation", "not_centred"),
    "random bias": (changed("np.zeros(out_features)", "rng.normal(size=out_features)"), "initialisation", "params_not_zero"),
    "gradients not zero": (changed("np.zeros_like(value)", "np.ones_like(value)"), "initialisation", "grads_not_zero"),
    "input changed": (changed("        self._x = x\n", "        self._x = x.copy()\n        x += 1\n        x = self._x\n"),
                      "edge_cases", "input_changed"),
    "accumulating": (changed(W_GRADIENT, W_GRADIENT.replace("=", "= self.grads['weight'] +")), "reuse", "accumulating"),
    "stale": (changed(W_GRADIENT, "if not self.grads['weight'].any(): " + W_GRADIENT), "reuse", "stale"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_every_planted_fault_is_named(name: str) -> None:
    """The part that holds the fault is wrong with its misconception; the independent ones are right."""
    source, part, misconception = FAULTS[name]
    verdicts = marks(source)
    assert (verdicts[part].status, verdicts[part].misconceptions) == (Status.WRONG, (misconception,)), verdicts[part]
    core = {"interface", "forward", "weight_gradient", "bias_gradient", "input_gradient", "initialisation"} - {part}
    assert {n: verdicts[n].feedback for n in core if verdicts[n].status is not Status.RIGHT} == {}


def test_a_missing_return_and_a_crash_are_told_with_their_place() -> None:
    """What student code raised comes with its line; a forgotten return is said."""
    verdicts = marks(changed(X_GRADIENT, "dout @ self.params['weight']"))
    assert "is a `return`" in verdicts["input_gradient"].feedback
    verdicts = marks(changed("rows.T @ x", "rows @ x"))
    assert "modules.py, line" in verdicts["weight_gradient"].feedback
    assert "ValueError" in verdicts["weight_gradient"].feedback


def test_what_needs_a_failed_check_is_not_run_and_says_so() -> None:
    """Without a usable interface the rest is not run, and points at the cause."""
    verdicts = marks(changed('"bias": np.zeros(out_features)', '"b": np.zeros(out_features)'))
    assert 'params has no entry "bias"' in verdicts["interface"].feedback
    assert verdicts["forward"].cause == "interface"
    assert "Not run" in verdicts["forward"].feedback


def test_the_starter_is_nothing_submitted() -> None:
    """The starter as it was handed out scores nothing and is missing, not wrong."""
    verdicts = marks((STARTER / "modules.py").read_text())
    assert {v.status for v in verdicts.values()} == {Status.MISSING}


def test_hidden_inputs_depend_on_the_seed_alone() -> None:
    """The same seed gives the same inputs, another seed others."""
    seen: list[Any] = []

    @check()
    def look(student: Any, rng: np.random.Generator) -> None:
        """Looks."""
        seen.append(rng.normal())

    part = Part("look", "", Code(key=(look,), file="work.py"))
    for seed in ("a", "a", "b"):
        mark_code([part], {"work.py": b"x = 1"}, seed=seed)
    assert seen[0] == seen[1] != seen[2]


def test_marking_from_text_leaves_code_to_the_grader() -> None:
    """`variant.mark` cannot run code: its code parts are ungraded, whatever is typed."""
    verdicts = LAYER.mark({part.name: "passes" for part in LAYER.parts})
    assert {v.status for v in verdicts.values()} == {Status.UNGRADED}
    assert "running the code" in verdicts["forward"].feedback


def test_checks_stay_with_us() -> None:
    """What a student sees of a code part is its file and the sentence, not the check."""
    for part in LAYER.public()["parts"]:
        assert part["answer"].keys() == {"kind", "file", "without"}


@pytest.mark.parametrize(("source", "passes"), [(REFERENCE, True), ((STARTER / "modules.py").read_text(), False)])
def test_the_public_tests_run_on_their_own(source: str, passes: bool, tmp_path: Path) -> None:
    """The students' tests need nothing of ours; the reference passes them, the starter does not."""
    tests = (STARTER / "test_linear_module.py").read_text()
    assert not any(name in tests for name in ("problem_bank", "grader", "solutions"))
    (tmp_path / "modules.py").write_text(source)
    (tmp_path / "test_linear_module.py").write_text(tests)
    # Without plugins, as on a student's machine.
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_linear_module.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == passes, done.stdout
