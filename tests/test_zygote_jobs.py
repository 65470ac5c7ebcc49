"""Jobs in warm processes: what they find there, what they cannot reach, and how they end."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import time

import pytest

from grader.sandbox import bwrap, host, warm
from grader.sandbox.frames import Garbled
from grader.sandbox.process import Died
from tests.warm_jobs import QUICK, alive, child, zygote

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="warm processes need Linux")


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


def test_jobs_are_forked_from_one_process(plain_jobs: None) -> None:
    """Two jobs are two processes with the same parent, which lives on."""
    with child() as (_, one), child() as (_, two):
        assert one.pid() != two.pid()
        assert one.parent() == two.parent() == zygote()
    with child() as (_, three):
        assert three.parent() == zygote()


def test_a_job_holds_its_own_pipes_and_nothing_else(wrapped_jobs: None) -> None:
    """Input, output, errors, requests and replies: no socket, no descriptor of another job or of the warm process."""
    with child() as (_, other), child() as (_, student):
        assert student.descriptors() == other.descriptors() == [0, 1, 2, 3, 4]


def test_a_job_has_one_thread_and_no_trace_of_another(wrapped_jobs: None) -> None:
    """What an earlier job had in memory or in its folder is nowhere in the next."""
    word = "a-word-of-the-first-job"
    with child(secret=word.encode()) as (_, first):
        first.kept = word
        assert first.found(word[::-1])
    with child() as (_, second):
        assert second.threads() == 1
        assert not second.found(word[::-1])


def test_a_job_cannot_see_the_folder_of_another(wrapped_jobs: None) -> None:
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
def test_a_job_cannot_reach_the_warm_process(wrapped_jobs: None, line: str) -> None:
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
def test_a_job_that_stops_floods_or_leaves_is_ended(wrapped_jobs: None, name: str) -> None:
    """One that stops itself, fills its reply pipe or leads a session of its own is gone when its session is."""
    with child(QUICK) as (session, student):
        with contextlib.suppress(Died, Garbled):
            getattr(student, name)()
        began = time.monotonic()
    assert time.monotonic() - began < 3
    assert session._process._child.wait(0) is not None
    with child() as (_, student):
        assert student.double(2) == 4


def test_threads_end_with_their_job(plain_jobs: None) -> None:
    """Ten threads that never end are one process, and one signal ends them."""
    with child() as (_, student):
        pid = student.pid()
        assert student.leave_threads() == 10
        student.flood()
    assert not alive(pid)


def test_writing_to_every_descriptor_disturbs_nobody_else(wrapped_jobs: None) -> None:
    """Bytes on descriptors 0 to 1000 reach the job's own pipes only."""
    with child() as (_, other):
        with child() as (_, student), pytest.raises(Garbled):
            student.write_everywhere("job" * 100)
        assert other.double(2) == 4
    with child() as (_, student):
        assert student.double(2) == 4


@pytest.mark.parametrize(("depth", "name"), [(900, "d"), (3_000, "d"), (60, "d" * 200)])
def test_nested_folders_are_removed(wrapped_jobs: None, depth: int, name: str) -> None:
    """Deeper than Python recurses and than a path is long; nothing of them stays, nothing breaks."""
    with child() as (session, student):
        with contextlib.suppress(Died):
            student.nest(depth, name)
            time.sleep(0.3)
            student.double(1)
        parent = session._process.scratch.parent
    assert not session._process.scratch.exists()
    assert not list(parent.glob(session._process.scratch.name))


def test_folders_that_cannot_be_listed_are_removed(wrapped_jobs: None) -> None:
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


def test_a_submission_that_nests_too_deep_is_told(plain_jobs: None) -> None:
    """A path that is too long to be looked at counts as hiding."""
    with child() as (_, student):
        student.nest(60, "d" * 200)
        time.sleep(0.3)
        with pytest.raises(Died, match="looked into"):
            student.double(1)


def test_what_a_job_used_is_known(wrapped_jobs: None) -> None:
    """Seconds of the processor and the peak of memory, from the kernel, also of a job that was killed."""
    with child() as (session, student):
        student.burn(0.3)
        student.allocate(200)
    assert 0.3 <= session.usage.cpu < 3
    assert 200 << 20 < session.usage.peak < 600 << 20
    with child(QUICK) as (session, student), pytest.raises(Died):
        student.burn(60)
    assert session.usage.cpu > 0.05
