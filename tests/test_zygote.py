"""The warm processes: jobs that cannot reach them or each other, nothing that is left behind, and no lost verdict."""

from __future__ import annotations

import concurrent.futures
import contextlib
import importlib.util
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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader import remote
from grader.code import mark_code
from grader.pool import each
from grader.sandbox import bwrap, host, warm
from grader.sandbox.frames import Garbled
from grader.sandbox.process import Died, Limits
from grader.sandbox.session import Broken, Session
from problem_bank.answers.code import Code
from problem_bank.checks import StudentError, check, close
from problem_bank.exercise import Part
from problem_bank.verdict import Status

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="warm processes need Linux")
needs_torch = pytest.mark.skipif(importlib.util.find_spec("torch") is None, reason="torch is not installed")

LIMITS = Limits(wall=20.0)
QUICK = Limits(wall=0.7)
SUBMISSION = b'''
import ctypes, fcntl, gc, os, signal, sys, threading, time
import numpy as np

libc = ctypes.CDLL(None, use_errno=True)

def double(x):
    return 2 * x

def pid():
    return os.getpid()

def parent():
    return os.getppid()

def sees(path):
    try:
        return open(path).read()
    except OSError:
        return None

def lists(path):
    try:
        return os.listdir(path)
    except OSError:
        return None

def descriptors():
    found = []
    for number in range(4096):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    return found

def code(name, *arguments):
    """The error number of a call of the C library; 0 where it succeeds."""
    ctypes.set_errno(0)
    return ctypes.get_errno() if getattr(libc, name)(*arguments) < 0 else 0

def attempt(text):
    try:
        return repr(eval(text))
    except OSError as error:
        return type(error).__name__

def write_everywhere(data):
    for number in range(1001):
        try:
            os.write(number, data.encode())
        except OSError:
            pass

def fill_the_pipe():
    while True:
        os.write(4, b"x" * 65536)

def flood():
    threading.Thread(target=lambda: [print("x" * 100_000) for _ in range(10**9)], daemon=True).start()

def stop():
    os.kill(os.getpid(), signal.SIGSTOP)

def leave_threads():
    def spin():
        while True:
            time.sleep(0.001)
    for _ in range(9):
        threading.Thread(target=spin).start()
    return threading.active_count()

def leave_session():
    os.setsid() if os.getpgid(0) != os.getpid() else None
    return os.getpid()

def burn(seconds):
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass

def allocate(mib):
    return int(np.ones(mib << 17).sum())

def sleep(seconds):
    time.sleep(seconds)

def threads():
    return threading.active_count()

def nest(depth, name, mode=0o700):
    for _ in range(depth):
        os.mkdir(name, mode)
        os.chdir(name)
    with open("at the bottom", "w") as file:
        file.write("x" * 1000)

def hide():
    os.mkdir("hidden", 0o300)
    for i in range(9):
        open(f"hidden/{i}", "w").close()
    os.mkdir("closed", 0)

def found(backwards):
    """Is a text alive anywhere in this process? It comes backwards, lest it be found because it was asked for."""
    word = backwards[::-1]
    return any(word in str(item) for item in gc.get_objects() if isinstance(item, (str, bytes, dict, list)))
'''


@contextlib.contextmanager
def child(limits: Limits = LIMITS, profile: str = "numpy", **files: bytes) -> Iterator[tuple[Session, Any]]:
    everything = {"work.py": SUBMISSION} | {f"{name}.txt": data for name, data in files.items()}
    with Session(everything, limits=limits, seed=1, confined=True, profile=profile) as session:
        session.begin(20)
        module = remote.load(session, "work.py")
        session.begin()
        yield session, module


@pytest.fixture(params=["namespaces", "no namespaces"])
def wrapped(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Warm processes of this test's own, in bwrap and without."""
    if request.param == "no namespaces":
        monkeypatch.setattr(bwrap, "works", lambda: False)
    elif not bwrap.works():
        pytest.skip("bwrap is not installed, or does not work here")
    warm.end()
    yield
    warm.end()


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Warm processes of this test's own, without namespaces: their numbers are ours."""
    monkeypatch.setattr(bwrap, "works", lambda: False)
    warm.end()
    yield
    warm.end()


def zygote() -> int:
    """The process number of the warm process, where it runs without namespaces."""
    return warm.zygote("numpy")._process.pid


def alive(pid: int) -> bool:
    """Does this process run? A zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def soon(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    return condition()


# What a job finds


LOADED = """
import importlib, sys, types
package = types.ModuleType("_markscheme")
package.__path__ = [sys.argv[1]]
sys.modules["_markscheme"] = package
importlib.import_module("_markscheme.zygote")
print(*sys.modules)
"""


def test_a_warm_process_loads_nothing_of_ours_but_its_own_files() -> None:
    """No package of the house, and of the sandbox nothing of the grader's side."""
    command = [sys.executable, "-I", "-c", LOADED, str(host.ENTRY.parent)]
    loaded = set(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split())
    ours = {"problem_bank", "solutions", "assignments", "grader", "markscheme"}
    assert not {name.partition(".")[0] for name in loaded} & ours
    trusted = {"warm", "fresh", "host", "bwrap", "rules", "level", "process", "scratch", "session"}
    assert {"_markscheme.child", "_markscheme.frames"} <= loaded
    assert not loaded & {f"_markscheme.{name}" for name in trusted}


def test_jobs_are_forked_from_one_process(plain: None) -> None:
    """Two jobs are two processes with the same parent, which lives on."""
    with child() as (_, one), child() as (_, two):
        assert one.pid() != two.pid()
        assert one.parent() == two.parent() == zygote()
    with child() as (_, three):
        assert three.parent() == zygote()


def test_a_job_holds_its_own_pipes_and_nothing_else(wrapped: None) -> None:
    """Input, output, errors, requests and replies: no socket, no descriptor of another job or of the warm process."""
    with child() as (_, other), child() as (_, student):
        assert student.descriptors() == other.descriptors() == [0, 1, 2, 3, 4]


def test_a_job_has_one_thread_and_no_trace_of_another(wrapped: None) -> None:
    """What an earlier job had in memory or in its folder is nowhere in the next."""
    word = "a-word-of-the-first-job"
    with child(secret=word.encode()) as (_, first):
        first.kept = word
        assert first.found(word[::-1])
    with child() as (_, second):
        assert second.threads() == 1
        assert not second.found(word[::-1])


def test_a_job_cannot_see_the_folder_of_another(wrapped: None) -> None:
    """Neither its files nor the list of the folders."""
    with child(secret=b"the other answer") as (session, _), child() as (own, student):
        folder = session._process.folder
        assert student.sees(str(own._process.folder / "work.py"))
        assert student.sees(str(folder / "secret.txt")) is None
        assert student.lists(str(folder)) is None
        assert student.lists(str(folder.parent)) is None


REACHING = {
    "the memory of the warm process": "open('/proc/%d/mem' % os.getppid(), 'rb')",
    "its descriptors": "os.listdir('/proc/%d/fd' % os.getppid())",
    "its environment": "open('/proc/%d/environ' % os.getppid(), 'rb').read()",
    "its socket": "os.open('/proc/%d/fd/3' % os.getppid(), os.O_RDWR)",
    "killing it": "os.kill(os.getppid(), 9)",
    "stopping it": "os.kill(os.getppid(), signal.SIGSTOP)",
    "killing everything": "os.kill(-1, 9)",
    "killing its group": "os.killpg(os.getpgid(os.getppid()), 9)",
    "a descriptor for it": "os.pidfd_open(os.getppid())",
    "forking": "os.fork()",
    "forking twice": "os.fork() or os.fork()",
    "a signal when a pipe is read, to it": "fcntl.fcntl(os.pipe()[0], 8, os.getppid())",
    "another signal than that": "fcntl.fcntl(os.pipe()[0], 10, 9)",
    "a pair of sockets": "__import__('socket').socketpair()",
    "watching folders": "__import__('ctypes').CDLL(None).inotify_init() < 0 and os.stat('/nowhere')",
}


@pytest.mark.parametrize("line", REACHING.values(), ids=REACHING)
def test_a_job_cannot_reach_the_warm_process(wrapped: None, line: str) -> None:
    """Not through /proc, signals, descriptors or new processes; the next job runs as before."""
    with child() as (_, student):
        assert student.attempt(line) in ("PermissionError", "FileNotFoundError", "ProcessLookupError"), line
        before = warm.zygote("numpy")
    with child() as (_, student):
        assert student.double(2) == 4
        assert warm.zygote("numpy") is before


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("prctl", (1, 0, 0, 0, 0)),  # to outlive the warm process
        ("prctl", (4, 1, 0, 0, 0)),  # to be readable for others
        ("syscall", (101, 16)),  # ptrace
        ("syscall", (310, 1)),  # reading another process's memory
        ("syscall", (438, 3, 3, 0)),  # taking a descriptor of another process
        ("syscall", (425, 8, 0)),  # io_uring
        ("syscall", (321, 0)),  # bpf
        ("syscall", (323, 0)),  # userfaultfd
        ("syscall", (298, 0)),  # perf_event_open
        ("syscall", (250, 0)),  # keyctl
        ("syscall", (308, 0, 0)),  # setns
        ("unshare", (1 << 28,)),
    ],
)
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers are those of x86-64")
def test_raw_system_calls_are_denied(name: str, arguments: tuple[int, ...]) -> None:
    """With "operation not permitted", also past Python."""
    with child() as (_, student):
        assert student.code(name, *arguments) == 1


def test_clone3_does_not_exist() -> None:
    """So that the C library falls back to clone, whose flags the filter can read."""
    with child() as (_, student):
        assert student.code("syscall", 435, 0, 0) == 38


WRITING = """
import os, sys
found = []
for folder, folders, _ in os.walk("/"):
    if folder.startswith(("/proc", "/usr/lib", "/lib")):
        folders.clear()
        continue
    try:
        os.mkdir(folder + "/x")
        found.append(folder)
        os.rmdir(folder + "/x")
    except OSError:
        pass
print(*found)
"""


@pytest.mark.skipif(not bwrap.works(), reason="bwrap is not installed, or does not work here")
def test_in_namespaces_only_the_scratch_space_can_be_written() -> None:
    """Also by the warm process, which has neither Landlock nor a filter: no other folder takes an entry."""
    done = subprocess.run(
        [*bwrap.prefix(), sys.executable, "-I", "-c", WRITING], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [bwrap.SCRATCH]


# Jobs that will not end


@pytest.mark.parametrize("name", ["stop", "fill_the_pipe", "leave_session"])
def test_a_job_that_stops_floods_or_leaves_is_ended(wrapped: None, name: str) -> None:
    """One that stops itself, fills its reply pipe or leads a session of its own is gone when its session is."""
    with child(QUICK) as (session, student):
        with contextlib.suppress(Died, Garbled):
            getattr(student, name)()
        began = time.monotonic()
    assert time.monotonic() - began < 3
    assert session._process._child.wait(0) is not None
    with child() as (_, student):
        assert student.double(2) == 4


def test_threads_end_with_their_job(plain: None) -> None:
    """Ten threads that never end are one process, and one signal ends them."""
    with child() as (_, student):
        pid = student.pid()
        assert student.leave_threads() == 10
        student.flood()
    assert not alive(pid)


def test_writing_to_every_descriptor_disturbs_nobody_else(wrapped: None) -> None:
    """Bytes on descriptors 0 to 1000 reach the job's own pipes only."""
    with child() as (_, other):
        with child() as (_, student), pytest.raises(Garbled):
            student.write_everywhere("job" * 100)
        assert other.double(2) == 4
    with child() as (_, student):
        assert student.double(2) == 4


@pytest.mark.parametrize(("depth", "name"), [(900, "d"), (3_000, "d"), (60, "d" * 200)])
def test_nested_folders_are_removed(wrapped: None, depth: int, name: str) -> None:
    """Deeper than Python recurses and than a path is long; nothing of them stays, nothing breaks."""
    with child() as (session, student):
        with contextlib.suppress(Died):
            student.nest(depth, name)
            time.sleep(0.3)
            student.double(1)
        parent = session._process.scratch.parent
    assert not session._process.scratch.exists()
    assert not list(parent.glob(session._process.scratch.name))


def test_folders_that_cannot_be_listed_are_removed(wrapped: None) -> None:
    """One that hides its files from us is noticed, where we are not root; in any case nothing stays."""
    with child() as (session, student):
        if os.geteuid():
            student.hide()
            time.sleep(0.3)
            with pytest.raises(Died, match="looked into"):
                student.double(1)
        else:
            student.hide()
    assert not session._process.scratch.exists()


def test_a_submission_that_nests_too_deep_is_told(plain: None) -> None:
    """A path that is too long to be looked at counts as hiding."""
    with child() as (_, student):
        student.nest(60, "d" * 200)
        time.sleep(0.3)
        with pytest.raises(Died, match="looked into"):
            student.double(1)


def test_what_a_job_used_is_known(wrapped: None) -> None:
    """Seconds of the processor and the peak of memory, from the kernel, also of a job that was killed."""
    with child() as (session, student):
        student.burn(0.3)
        student.allocate(200)
    assert 0.3 <= session.usage.cpu < 3
    assert 200 << 20 < session.usage.peak < 600 << 20
    with child(QUICK) as (session, student), pytest.raises(Died):
        student.burn(60)
    assert session.usage.cpu > 0.05


# Nothing is left behind


def test_many_jobs_leave_nothing(plain: None) -> None:
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


def test_many_jobs_at_once(plain: None) -> None:
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


def test_a_forked_grader_has_warm_processes_of_its_own(plain: None) -> None:
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


def test_each_worker_of_the_pool_has_its_own(plain: None) -> None:
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


# A warm process that fails


def test_a_warm_process_that_died_is_replaced(wrapped: None) -> None:
    """Between two jobs, without anybody noticing."""
    with child() as (_, student):
        student.double(1)
    before = warm.zygote("numpy")
    signal.pidfd_send_signal(before._self, signal.SIGKILL)
    assert soon(lambda: not before.alive)
    with child() as (_, student):
        assert student.double(2) == 4
    assert warm.zygote("numpy") is not before


def test_a_job_dies_with_its_warm_process_and_that_is_our_fault(wrapped: None) -> None:
    """Nothing a submission did: the session is broken, not dead."""
    with child() as (_, student):
        warm.end()
        with pytest.raises(Broken):
            student.double(1)


def test_a_warm_process_that_misses_its_reply_is_replaced(plain: None, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_one_that_hangs_while_a_job_ends_is_killed(plain: None, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_library_that_starts_threads_is_refused(plain: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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


# torch


@needs_torch
def test_torch_trains_in_a_job() -> None:
    """A small network is trained with an optimiser, the same each time; threads are at one."""
    source = b"""
import torch
def train():
    model = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.Linear(144, 3))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    x, t = torch.randn(30, 1, 8, 8), torch.randint(0, 3, (30,))
    losses = []
    for _ in range(20):
        optimiser.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), t)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses
def threads(): return torch.get_num_threads()
"""
    seen = []
    for _ in range(2):
        with Session({"work.py": source}, limits=LIMITS, seed=3, confined=True, profile="torch") as session:
            session.begin()
            student: Any = remote.load(session, "work.py")
            seen.append(student.train())
            assert student.threads() == 1
    assert seen[0] == seen[1]
    assert seen[0][-1] < seen[0][0]


TENSORS = {
    "torch.ones(2, 3)": np.ones((2, 3), "f4"),
    "torch.ones(2, dtype=torch.float64, requires_grad=True)": np.ones(2),
    "torch.tensor([True, False])": np.array([True, False]),
    "torch.arange(3)": np.arange(3),
    "torch.ones(2, dtype=torch.float16)": np.ones(2, "f2"),
    "torch.ones(2, dtype=torch.bfloat16)": np.ones(2, "f4"),
    "torch.tensor(1.5)": np.array(1.5, "f4"),
    "torch.nn.Parameter(torch.zeros(2))": np.zeros(2, "f4"),
    "torch.eye(2).to_sparse()": np.eye(2, dtype="f4"),
    "torch.tensor([1j]).conj()": np.array([-1j], "c8"),
    "torch.ones(3, 2).T": np.ones((2, 3), "f4"),
    "torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)": np.ones(2, "f4"),
}


@needs_torch
def test_tensors_travel_as_arrays() -> None:
    """Of every type, layout and history; also in lists and dicts. One without entries stays a handle."""
    source = b"import torch\ndef make(text): return eval(text)\n"
    with Session({"work.py": source}, limits=LIMITS, seed=3, profile="torch") as session:
        session.begin()
        student: Any = remote.load(session, "work.py")
        for text, expected in TENSORS.items():
            found = student.make(text)
            assert (found.dtype, found.shape) == (expected.dtype, expected.shape), text
            np.testing.assert_allclose(found, expected, atol=0.05)
        both = student.make("[torch.ones(1), {'a': torch.zeros(2)}]")
        assert both[0].tolist() == [1.0]
        assert both[1]["a"].tolist() == [0.0, 0.0]
        assert isinstance(student.make("torch.ones(2, device='meta')"), remote.Remote)
        with pytest.raises(StudentError, match="travel"):
            student.make("torch.zeros(2_000_000)")


@needs_torch
def test_the_numpy_profile_has_no_torch(wrapped: None) -> None:
    """Where a layer is to be written by hand, the files of torch cannot be read at all."""
    spec = importlib.util.find_spec("torch")
    assert spec and spec.origin
    with child() as (_, student):
        assert student.sees(spec.origin) is None
        assert student.attempt("__import__('torch').nn.Linear(1, 1)") == "PermissionError"
    with child(profile="torch") as (_, student):
        assert student.sees(spec.origin)


def test_a_library_that_is_missing_is_our_affair(plain: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A profile whose library is not installed starts no job, and says which it is."""
    shutil.copytree(host.ENTRY.parent, tmp_path / "sandbox")
    preload = (tmp_path / "sandbox" / "preload.py").read_text()
    (tmp_path / "sandbox" / "preload.py").write_text(preload.replace('"torch.nn"', '"torch_of_another_world"'))
    monkeypatch.setattr(host, "ENTRY", tmp_path / "sandbox" / "entry.py")
    with pytest.raises(Broken, match=r"No module named 'torch"):
        Session({}, limits=LIMITS, seed=0, profile="torch")


def test_threads_of_the_grader_share_one(plain: None) -> None:
    """Threads that ask at the same moment get the same warm process."""
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(zygote())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
