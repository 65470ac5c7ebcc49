"""The warm processes: nothing is left behind, and no verdict is lost where one of them fails."""

from __future__ import annotations

import concurrent.futures
import contextlib
import multiprocessing
import os
import platform
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.code import mark_code
from grader.pool import each
from grader.sandbox import bwrap, host, warm
from grader.sandbox.process import Died, Limits
from grader.sandbox.session import Broken, Session
from problem_bank.answers.code import Code
from problem_bank.checks import check, close
from problem_bank.exercise import Part
from problem_bank.verdict import Status
from tests.warm_jobs import LIMITS, QUICK, SUBMISSION, alive, child, soon, zygote

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="warm processes need Linux")


# Nothing is left behind


def test_many_jobs_leave_nothing(plain_jobs: None) -> None:
    """With eighty descriptors to spend, 150 jobs run; no process, descriptor or memory is left of them."""
    with child() as (_, student):
        student.double(1)
    pid = zygote()
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (80, 80))
    mine, size = _descriptors(), _pages(pid)
    for _ in range(150):
        with child() as (_, student):
            student.double(1)
    assert zygote() == pid
    assert _descriptors() == mine
    assert Path(f"/proc/{pid}/task/{pid}/children").read_text() == ""
    assert _pages(pid) - size < 256  # 1 MiB


def _descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


def _pages(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1])


def test_many_jobs_at_once(plain_jobs: None) -> None:
    """Sixty jobs are alive together, started by four threads, and end in any order."""
    with contextlib.ExitStack() as stack, concurrent.futures.ThreadPoolExecutor(4) as threads:
        students = list(threads.map(lambda _: stack.enter_context(child())[1], range(60)))
        assert len({student.pid() for student in students}) == 60
        assert [student.double(i) for i, student in enumerate(students)] == [2 * i for i in range(60)]
    pid = zygote()
    assert soon(lambda: Path(f"/proc/{pid}/task/{pid}/children").read_text() == "")


LIVING = """
import sys, time
from grader import remote
from grader.sandbox import bwrap, warm
from grader.sandbox.process import Limits
from grader.sandbox.session import Session
if sys.argv[1] == "no namespaces":
    bwrap.works = lambda: False
session = Session({"work.py": b""}, limits=Limits(), seed=0)

def number(descriptor):
    lines = open(f"/proc/self/fdinfo/{descriptor}").read().splitlines()
    return dict(line.split(":\\t") for line in lines)["Pid"]

zygote = warm.zygote("numpy")
print(zygote._process.pid, number(zygote._self), number(session._process._child._process), session._process.scratch)
sys.stdout.flush()
sys.stdin.read()
"""


@pytest.mark.parametrize("where", ["namespaces", "no namespaces"])
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, None], ids=["killed", "terminated", "at its end"])
def test_warm_processes_end_with_the_grader(how: signal.Signals | None, where: str) -> None:
    """However the grader ends, the warm process and its jobs end too."""
    root, pipe = Path(__file__).parents[1], subprocess.PIPE
    grader = subprocess.Popen([sys.executable, "-c", LIVING, where], stdin=pipe, stdout=pipe, text=True, cwd=root)
    with grader:
        assert grader.stdout and grader.stdin
        *pids, scratch = grader.stdout.readline().split()
        assert all(alive(int(pid)) for pid in pids)
        if how is None:
            grader.stdin.close()
        else:
            grader.send_signal(how)
        grader.wait()
    shutil.rmtree(scratch, ignore_errors=True)
    assert soon(lambda: not any(alive(int(pid)) for pid in pids))


def test_a_forked_grader_has_warm_processes_of_its_own(plain_jobs: None) -> None:
    """After a fork the copy lets go of them and starts its own; the original's still serve."""
    with child() as (_, student):
        student.double(1)
    mine = zygote()
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        theirs, answer = pool.submit(_elsewhere, 21).result()
    assert (answer, theirs != mine) == (42, True)
    assert zygote() == mine
    with child() as (_, student):
        assert student.parent() == mine
    assert soon(lambda: not alive(theirs))


def _elsewhere(x: int) -> tuple[int, int]:
    with child() as (_, student):
        return student.parent(), student.double(x)


def _parent(x: int) -> tuple[int, int]:
    bwrap.works = lambda: False  # type: ignore[assignment]  # in a process of its own
    return _elsewhere(x)


def test_each_worker_of_the_pool_has_its_own(plain_jobs: None) -> None:
    """Two workers, two warm processes, both gone with the pool."""
    results = [result for _, result in each(_slowly, range(6), 2)]
    parents = {result[0] for result in results if isinstance(result, tuple)}
    assert len(results) == 6
    assert 1 <= len(parents) <= 2
    assert zygote() not in parents
    assert soon(lambda: not any(map(alive, parents)))


def _slowly(x: int) -> tuple[int, int]:
    time.sleep(0.2)
    return _parent(x)


def test_threads_of_the_grader_share_one(plain_jobs: None) -> None:
    """Threads that ask at the same moment get the same warm process."""
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(zygote())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1


# A warm process that fails


def test_a_warm_process_that_died_is_replaced(wrapped_jobs: None) -> None:
    """Between two jobs, without anybody noticing."""
    with child() as (_, student):
        student.double(1)
    before = warm.zygote("numpy")
    signal.pidfd_send_signal(before._self, signal.SIGKILL)
    assert soon(lambda: not before.alive)
    with child() as (_, student):
        assert student.double(2) == 4
    assert warm.zygote("numpy") is not before


def test_a_job_dies_with_its_warm_process_and_that_is_our_fault(wrapped_jobs: None) -> None:
    """Nothing a submission did: the session is broken, not dead."""
    with child() as (_, student):
        warm.end()
        with pytest.raises(Broken):
            student.double(1)


def test_a_warm_process_that_misses_its_reply_is_replaced(plain_jobs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that hangs is killed after the deadline; the next job has a new one."""
    before = zygote()
    os.kill(before, signal.SIGSTOP)
    began = time.monotonic()
    with monkeypatch.context() as patch, pytest.raises(Broken, match="warm process"):
        patch.setattr(warm, "_REPLY", 0.3)
        Session({}, limits=LIMITS, seed=0)
    assert time.monotonic() - began < 5
    assert not alive(before)
    with child() as (_, student):
        assert student.double(2) == 4


def test_one_that_hangs_while_a_job_ends_is_killed(plain_jobs: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that nobody reaps does not hold the grader."""
    with child() as (_, student):
        student.double(1)
        before = zygote()
        os.kill(before, signal.SIGSTOP)
        monkeypatch.setattr(warm, "_REPLY", 0.3)
    assert not alive(before)


def test_a_lost_warm_process_costs_no_mark() -> None:
    """The check that it was lost in is run once more; only a second loss leaves it ungraded."""
    lost: list[int] = []

    @check()
    def loses(student: Any, rng: np.random.Generator) -> None:
        """Loses it."""
        if len(lost) < losses:
            lost.append(1)
            warm.end()
        close(student.double(1), 2, what="y")

    part = Part("loses", "", Code(key=(loses,), file="work.py"))
    for allowed, status in ((1, Status.RIGHT), (9, Status.UNGRADED)):
        losses = allowed
        lost.clear()
        verdicts, _ = mark_code([part], {"work.py": SUBMISSION}, seed="x")
        assert verdicts["loses"].status is status, verdicts


def test_a_library_that_starts_threads_is_refused(
    plain_jobs: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A fork would lose them; such a warm process does not serve, and says why."""
    shutil.copytree(host.ENTRY.parent, tmp_path / "sandbox")
    (tmp_path / "sandbox" / "preload.py").write_text(
        "import threading, time\ndef preload(profile):\n"
        "    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()\n"
    )
    monkeypatch.setattr(host, "ENTRY", tmp_path / "sandbox" / "entry.py")
    with pytest.raises(Broken, match="2 threads"):
        Session({}, limits=LIMITS, seed=0)


def test_without_warm_processes_a_fresh_one_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none can be forked each job is a process of its own, with the same limits and figures."""
    monkeypatch.setattr(warm, "supported", lambda: False)
    with child() as (session, student):
        assert student.parent() == os.getpid()
        assert student.double(2) == 4
        assert set(student.descriptors()) >= {0, 1, 2}
        student.burn(0.2)
    assert session.usage.cpu >= 0.2
    with child(QUICK) as (session, student), pytest.raises(Died, match="did not finish"):
        student.stop()


def test_a_library_that_is_missing_is_our_affair(
    plain_jobs: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A profile whose library is not installed starts no job, and says which it is."""
    shutil.copytree(host.ENTRY.parent, tmp_path / "sandbox")
    preload = (tmp_path / "sandbox" / "preload.py").read_text()
    (tmp_path / "sandbox" / "preload.py").write_text(preload.replace('"torch.nn"', '"torch_of_another_world"'))
    monkeypatch.setattr(host, "ENTRY", tmp_path / "sandbox" / "entry.py")
    with pytest.raises(Broken, match=r"No module named 'torch"):
        Session({}, limits=LIMITS, seed=0, profile="torch")


# Limits of the whole submission


def test_many_slow_checks_are_stopped_together() -> None:
    """Each is within its own time; all together are not, and the last are not run."""

    def slow(name: str) -> Any:
        def sleeps(student: Any, rng: np.random.Generator) -> None:
            """Sleeps."""
            student.sleep(1.0)

        sleeps.__name__ = name
        return check()(sleeps)

    parts = [Part(name, "", Code(key=(slow(name),), file="work.py")) for name in ("a", "b", "c", "d")]
    mark_code(parts[:1], {"work.py": SUBMISSION}, seed="x")  # the warm process is there
    began = time.monotonic()
    verdicts, ran = mark_code(parts, {"work.py": SUBMISSION}, seed="x", limits=Limits(wall=5, total=2.0))
    assert time.monotonic() - began < 4
    assert [verdicts[name].status for name in "abcd"] == [Status.RIGHT, *[Status.WRONG] * 3]
    assert "2 seconds" in verdicts["d"].feedback
    assert ran.cpu_seconds > 0
    assert ran.peak_mib > 10
