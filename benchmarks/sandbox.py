"""What it costs to run a submission, how many run in a second, and what thousands of them leave behind."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import problem_bank
from benchmarks.figure import Figure, quick
from grader import remote
from grader.code import mark_code
from grader.sandbox import warm
from grader.sandbox.level import level
from grader.sandbox.process import Limits
from grader.sandbox.session import Session

LIMITS = Limits()
NUMPY = {"work.py": b"import numpy as np\ndef f(): return float(np.ones(9).sum())\n"}
TORCH = {"work.py": b"""
import torch
def f():
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(144, 3))
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1)
    torch.nn.functional.cross_entropy(model(torch.randn(8, 1, 8, 8)), torch.arange(8) % 3).backward()
    optimiser.step()
    return 9.0
"""}  # fmt: skip
LAYER = Path("solutions/numpy_nn/linear.py")


def figures() -> Iterator[Figure]:
    """Each against starting Python for it, measured in turn; then two workers, and many jobs."""
    print(f"  {level()}", file=sys.stderr)
    yield from _single()
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        list(pool.map(_jobs, [20, 20]))  # both have started
        best = _best(
            {"job": lambda: list(pool.map(_jobs, [50, 50])), "pass": lambda: list(pool.map(_starts, [50, 50]))}, 5
        )
        note = f"and {100 / best['pass']:.0f} /s of python -I -c pass"
        yield Figure("NumPy submissions on two cores", 100 / best["job"], "/s", at_least=60, note=note)
    yield from _many(2_000 if quick() else 10_000)


def _single() -> Iterator[Figure]:
    layer, source = problem_bank.load("code.linear_module").draw("benchmark", level="hard"), LAYER.read_bytes()
    work: dict[str, Callable[[], object]] = {
        "pass": lambda: _python("pass"),
        "numpy": lambda: _job(NUMPY, "numpy"),
        "layer": lambda: mark_code(layer.parts, {"modules.py": source}, seed="benchmark"),
    }
    if with_torch := importlib.util.find_spec("torch") is not None:
        work["torch"] = lambda: _job(TORCH, "torch")
    best = _best(work, 30)
    note = f"{1000 * best['numpy']:.1f} ms against {1000 * best['pass']:.1f} ms"
    yield Figure("a NumPy submission / python -I -c pass", best["numpy"] / best["pass"], "x", at_most=3, note=note)
    note = f"{len(layer.parts)} parts, {best['layer'] / best['pass']:.1f} x python -I -c pass"
    yield Figure("a linear layer, all its checks", 1000 * best["layer"], "ms", note=note)
    if with_torch:
        alone = _best({"import": lambda: _python("import torch")}, 3)["import"]
        note = f"{1000 * alone:.0f} ms against {1000 * best['torch']:.1f} ms, which train a step"
        yield Figure(
            "python -I -c 'import torch' / a torch submission", alone / best["torch"], "x", at_least=20, note=note
        )


def _best(work: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The shortest time of each, taken in turn, since others use the machine too."""
    best = dict.fromkeys(work, float("inf"))
    for _ in range(rounds):
        for name, action in work.items():
            began = time.perf_counter()
            action()
            best[name] = min(best[name], time.perf_counter() - began)
    return best


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-I", "-c", code], check=True)


def _job(files: dict[str, bytes], profile: str) -> None:
    """One submission: a child, its file imported, one call."""
    with Session(files, limits=LIMITS, seed=0, profile=profile) as session:
        session.begin()
        student: Any = remote.load(session, "work.py")
        assert student.f() == 9.0


def _jobs(count: int) -> None:
    for _ in range(count):
        _job(NUMPY, "numpy")


def _starts(count: int) -> None:
    for _ in range(count):
        _python("pass")


@dataclass(frozen=True)
class _Held:
    """What a worker and its warm process hold: bytes of memory; descriptors, children and folders."""

    memory: int
    things: int


def _many(count: int) -> Iterator[Figure]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        both = list(pool.map(_growth, [count // 2, count // 2]))
    memory = max(after.memory - before.memory for before, after in both) / (1 << 20)
    left = sum(after.things - before.things for before, after in both)
    yield Figure(f"memory grown in {count:,} submissions", memory, "MiB", at_most=4)
    yield Figure(f"processes, descriptors and folders left by {count:,}", left, "", at_most=0)


def _growth(count: int) -> tuple[_Held, _Held]:
    """What is held after a tenth of the jobs, and after all."""
    _jobs(count // 10)
    before = _held()
    _jobs(count - count // 10)
    return before, _held()


def _held() -> _Held:
    zygote = warm.zygote("numpy")
    fields = dict(line.split(":\t") for line in Path(f"/proc/self/fdinfo/{zygote._self}").read_text().splitlines())
    warm_one = Path("/proc", fields["Pid"])
    pages = sum(int((process / "statm").read_text().split()[1]) for process in (Path("/proc/self"), warm_one))
    children = (warm_one / "task" / warm_one.name / "children").read_text().split()
    descriptors, folders = Path("/proc/self/fd").iterdir(), zygote.ours.glob("markscheme-*")
    return _Held(pages * 4096, len(children) + sum(1 for _ in descriptors) + sum(1 for _ in folders))
