"""A broken module costs its own marks and not those of what is built on it; ours never tell anything back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import grader.course_files
from grader.code import CodeRun, mark_code
from grader.course_files import beside, located
from grader.sandbox.process import Limits
from problem_bank.answers.code import Code
from problem_bank.checks import check, close
from problem_bank.exercise import Part, Slip
from problem_bank.verdict import Status, Verdict

LIMITS = Limits(wall=2.0)
OURS = {"x/base.py": b"def twice(x):\n    return 2 * x\n", "x/data.py": b"N = 3\n"}


@pytest.fixture(autouse=True)
def _our_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grader.course_files, "course_file", OURS.__getitem__)


@check(points=2)
def quadruples(student: Any, rng: np.random.Generator) -> None:
    """`f` multiplies by four."""
    x = rng.normal(size=3)
    close(student.f(x), 4 * x, what="f(x)", slips=[Slip("doubled", 2 * x, "f doubles once only.")])


@check(points=1)
def uses_data(student: Any, rng: np.random.Generator) -> None:
    """`n` is the number of samples."""
    close(student.n(), 3, what="n()")


def run(**files: str) -> tuple[dict[str, Verdict], CodeRun]:
    code = {"file": "top.py", "provided": ("x/data.py",), "standins": ("x/base.py",)}
    parts = [Part(c.name, c.sentence, Code(key=(c,), **code), points=c.points) for c in (quadruples, uses_data)]
    sources = {f"{name.replace('__', '/')}.py": text.encode() for name, text in files.items()}
    return mark_code(parts, sources, seed="test", limits=LIMITS)


TOP = "from base import twice\nfrom data import N\ndef f(x): return twice(twice(x))\ndef n(): return N\n"
BROKEN = {
    "wrong": "def twice(x): return 3 * x",
    "raising": "def twice(x): raise NotImplementedError",
    "syntax error": "def twice(x): return (",
    "endless": "while True: pass",
    "empty": "",
}


@pytest.mark.parametrize("base", BROKEN.values(), ids=BROKEN)
def test_a_broken_module_costs_nothing_above(base: str) -> None:
    """The file on top is judged on our module where the student's own brings it down, and the report says so."""
    verdicts, ran = run(top=TOP, base=base)
    assert {verdict.status for verdict in verdicts.values()} == {Status.RIGHT}
    assert any("judged with our base.py" in note for note in ran.notes)


def test_a_missing_module_costs_nothing_above() -> None:
    """A module that was not handed in is replaced too."""
    assert run(top=TOP)[0]["quadruples"].status is Status.RIGHT


def test_right_modules_are_not_replaced() -> None:
    """No second run where the first one passes."""
    verdicts, ran = run(top=TOP, base=OURS["x/base.py"].decode())
    assert verdicts["quadruples"].status is Status.RIGHT
    assert not ran.notes


def test_a_fault_on_top_is_named_on_our_module() -> None:
    """With a broken module below, the misconception above is still found."""
    verdicts, _ = run(top=TOP.replace("twice(twice(x))", "twice(x)"), base=BROKEN["raising"])
    assert verdicts["quadruples"].misconceptions == ("doubled",)


def test_nothing_said_beside_our_module_gets_out() -> None:
    """Prints, error messages and type names of a run beside our files reach neither feedback nor report."""
    spy = "import base, inspect\ndef f(x):\n    s = inspect.getsource(base)\n    print(s)\n    raise ValueError(s)\n"
    spy += "def n():\n    import base\n    return type(inspect.getsource(base), (), {})()\n"
    verdicts, ran = run(top=spy, base="def twice(x): return 3 * x  # own")
    said = [verdict.feedback for verdict in verdicts.values()] + [ran.stdout, ran.stderr, *ran.notes, *ran.flags]
    assert "return 2 * x" not in " ".join(said)


def test_course_files_replace_altered_ones() -> None:
    """A student's version of a file that the course provides is not used, wherever it lies."""
    assert run(top=TOP, base=OURS["x/base.py"].decode(), data="N = 99")[0]["uses_data"].status is Status.RIGHT


def test_an_empty_file_stays_missing() -> None:
    """Where nothing was written, our module does not write it."""
    verdicts, _ = run(top="import base\ndef f(x):\n    raise NotImplementedError\n", base=OURS["x/base.py"].decode())
    assert {verdict.status for verdict in verdicts.values()} == {Status.MISSING}


def test_files_may_lie_in_a_folder() -> None:
    """The asked file is found in a folder of the submission, and ours are laid beside it."""
    assert run(code__top=TOP)[0]["quadruples"].status is Status.RIGHT
    assert located("a.py", ["z/a.py", "b/c/a.py", "ba.py"]) == "z/a.py"
    assert located("a.py", ["ba.py"]) is None
    assert set(beside("s/top.py", {"s/top.py": b"", "base.py": b"old"}, ["x/base.py"])) == {"s/top.py", "s/base.py"}
