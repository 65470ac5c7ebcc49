"""Hostile submissions, each a folder of tests/attacks: no marks, no secret and no harm at any level of confinement.

`expect.toml` beside the submission says what the report must say (see `Expectation`), `recipe.toml` how files are made
that cannot lie in the repository as they are handed in: archives, links, pipes, odd names (see handing_in.py).
An attack finds the places that it aims at under names such as `<canary>`: it is as well informed as can be.
"""

from __future__ import annotations

import contextlib
import os
import platform
import resource
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import grader.code
import grader.job
import problem_bank
from grader.code import CodeRun, mark_code
from grader.outcome import Outcome, outcome
from grader.sandbox import bwrap, host, level, warm
from grader.sandbox.process import Limits
from grader.submission import Submission, read_submission
from problem_bank.answers.code import Code
from problem_bank.checks import check, close
from problem_bank.exercise import Part
from problem_bank.verdict import Status, Verdict
from tests.handing_in import handed_in

pytestmark = pytest.mark.skipif(platform.system() != "Linux", reason="confinement is the Linux kernel's")

FOLDER = Path(__file__).parent / "attacks"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/expect.toml"))
ROOT = Path(__file__).parents[1]
LEVELS = (3, 2, 1, 0)
HONEST = {"work.py": b"def f(x): return 2 * x\n"}


@dataclass(frozen=True)
class Expectation:
    """What the report on an attack must say, and what must hold afterwards.

    `tries` is the attack in a sentence. `status` is that of every part, `parts` that of single ones; `most` the
    highest score in all. `says` are texts of the feedback, `notes` and `flags` of the run, `received` of the notes
    made when the files were read; `never` may stand nowhere. `dies` tells whether the child has to end for it.
    `unsafe` are the levels below 2 where it is run nonetheless, since it can do no harm to a machine there, and
    `succeeds` those among them where it does reach its aim: that shows that this test would notice.
    """

    tries: str
    exercise: str = "double"
    level: str = "medium"
    status: str = "wrong"
    parts: dict[str, str] = field(default_factory=dict)
    most: float = 0
    says: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    received: list[str] = field(default_factory=list)
    trouble: str = ""
    dies: bool | None = None
    seconds: float = 10.0
    limits: dict[str, Any] = field(default_factory=dict)
    unsafe: list[int] = field(default_factory=list)
    succeeds: list[int] = field(default_factory=list)


# The exercise that most attacks are handed in for


@check(points=4)
def double(student: Any, rng: np.random.Generator) -> None:
    """`f` doubles every entry."""
    x = rng.normal(size=3)
    close(student.f(x), 2 * x, what="f(x)")


DOUBLE = Part("double", "Double.", Code(key=(double,), file="work.py"), points=4)


@cache
def parts_of(exercise: str, hard: str) -> tuple[Part, ...]:
    if exercise == "double":
        return (DOUBLE,)
    return tuple(problem_bank.load(exercise).draw("attacks", level=hard).parts)


# Confinement, by level


WEAKER = {
    1: ("landlock.py", "return max(0, _call", "return 0 * max(0, _call"),
    0: ("confine.py", "not seccomp.supported()", "True"),
}


@dataclass(frozen=True)
class Machine:
    """This machine at one level of confinement; every process of its jobs has `mark` in its command."""

    number: int
    mark: str
    scratch: Path

    def processes(self) -> set[int]:
        """Those that run now."""
        return {int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and self._is_ours(entry)}

    def _is_ours(self, entry: Path) -> bool:
        try:
            return self.mark.encode() in (entry / "cmdline").read_bytes()
        except OSError:
            return False

    def left(self) -> list[str]:
        """The folders of jobs that are there now."""
        places = {self.scratch, *(zygote.ours for zygote in warm._state.zygotes.values() if zygote.alive)}
        return [entry.name for place in places for entry in place.glob("markscheme-*")]


@pytest.fixture(scope="module", params=LEVELS, ids=lambda number: f"level {number}")
def machine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The machine at a level, which is found by trying; a lower one by taking a layer away."""
    number, scratch, mark = request.param, tmp_path_factory.mktemp("scratch"), f"markscheme={secrets.token_hex(8)}"
    if number == 3 and not bwrap.works():
        pytest.skip("bwrap is not installed, or does not work here")
    command = host.command
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm, "_state", warm._State())
        patch.setattr(warm, "command", lambda *arguments: [sys.executable, "-X", mark, *command(*arguments)[1:]])
        patch.setattr(tempfile, "tempdir", str(scratch))
        if number < 3:
            patch.setattr(bwrap, "works", lambda: False)
        if number in WEAKER:
            patch.setattr(host, "ENTRY", _weaker(tmp_path_factory.mktemp("sandbox"), *WEAKER[number]))
        found = level.level.__wrapped__()
        if number == 2 and found.number == 1:
            pytest.skip("this kernel has no Landlock")
        assert found.number == number, str(found)
        patch.setattr(grader.code, "level", lambda: found)
        yield Machine(number, mark, scratch)
        warm.end()


def _weaker(folder: Path, name: str, old: str, new: str) -> Path:
    """A copy of the sandbox that leaves a layer out."""
    shutil.copytree(host.ENTRY.parent, folder, dirs_exist_ok=True)
    source = (folder / name).read_text()
    assert old in source
    (folder / name).write_text(source.replace(old, new))
    return folder / "entry.py"


# What must stay unharmed


class Surroundings:
    """What an attack may aim at: files of others, servers, processes. `harm` says what became of them."""

    def __init__(self, folder: Path, machine: Machine) -> None:
        self._machine, self.secret = machine, secrets.token_hex(16)
        self.neighbour, self.outside = folder / "neighbour", folder / "outside"
        for place in (self.neighbour, self.outside):
            place.mkdir()
        self.canary = self.neighbour / "work.py"
        self.canary.write_text(f"answer = '{self.secret}'\n")
        self.outside.chmod(0o777)
        self._victim = subprocess.Popen(["sleep", "600"])
        self._servers = dict(self._serve(folder))
        self._before: dict[str, Any] = {}

    def watch(self, profile: str = "numpy") -> None:
        """From now on everything counts; the warm processes are there."""
        for name in {"numpy", profile}:
            warm.zygote(name)
        self._before = self._state()

    def _serve(self, folder: Path) -> Iterator[tuple[str, socket.socket]]:
        yield "port4", socket.create_server(("127.0.0.1", 0))
        if socket.has_ipv6:
            with contextlib.suppress(OSError):  # this machine may have no IPv6
                yield "port6", socket.create_server(("::1", 0), family=socket.AF_INET6)
        for name, address in (("socket", f"{folder}/s"), ("abstract", f"\0markscheme-{secrets.token_hex(8)}")):
            server = socket.socket(socket.AF_UNIX)
            server.bind(address)
            server.listen()
            yield name, server

    def names(self) -> dict[str, str]:
        """What the attack is told."""
        addresses = {name: server.getsockname() for name, server in self._servers.items()}
        return {
            "canary": str(self.canary), "neighbour": str(self.neighbour), "outside": str(self.outside),
            "grader": str(os.getpid()), "victim": str(self._victim.pid),
            "warm": str(warm.zygote("numpy")._process.pid), "socket": str(addresses["socket"]),
            "abstract": addresses["abstract"].decode()[1:], "port4": str(addresses["port4"][1]),
            "port6": str(addresses.get("port6", (0, 1))[1]), "secret_backwards": self.secret[::-1],
            "checks": str(ROOT / "problem_bank" / "families" / "code" / "linear_module.py"),
            "solution": str(ROOT / "solutions" / "numpy_nn" / "linear.py"),
        }  # fmt: skip

    def _state(self) -> dict[str, Any]:
        """All that an attack might change."""
        files = {
            str(path): (path.stat().st_mode, path.stat().st_mtime_ns, path.is_file() and path.read_bytes())
            for place in (self.neighbour, self.outside)
            for path in (place, *sorted(place.rglob("*")))
            if path.exists()
        }
        return {
            "files": files,
            "shared memory": [path.name for path in Path("/dev/shm").glob("markscheme*")],
            "our descriptors": len(list(Path("/proc/self/fd").iterdir())),
            "our limits": (resource.getrlimit(resource.RLIMIT_NOFILE), os.getpriority(os.PRIO_PROCESS, 0)),
            "the victim": (self._victim.poll(), os.getpriority(os.PRIO_PROCESS, self._victim.pid)),
            "processes": self._machine.processes(),
            "folders of jobs": self._machine.left(),
        }

    def harm(self, said: str) -> list[str]:
        """What is not as it was before, or got out; nothing, if all went well."""
        _settle(self._machine, self._before["processes"])
        after = self._state()
        found = [name for name in after if after[name] != self._before[name]]
        found += [f"reached by {name}" for name, server in self._servers.items() if _called(server)]
        if self.secret in said or self.secret[::-1] in said:
            found.append("the secret got out")
        return found

    def close(self) -> None:
        """End what was started."""
        for server in self._servers.values():
            server.close()
        self._victim.kill()
        self._victim.wait()
        for left in self._machine.processes() - self._before["processes"]:
            os.kill(left, signal.SIGKILL)


def _settle(machine: Machine, before: set[int]) -> None:
    """A process that has been killed takes a moment to be gone."""
    until = time.monotonic() + 0.5
    while machine.processes() - before and time.monotonic() < until:
        time.sleep(0.01)


def _called(server: socket.socket) -> bool:
    server.setblocking(False)
    try:
        server.accept()[0].close()
    except BlockingIOError:
        return False
    return True


@pytest.fixture
def surroundings(machine: Machine, tmp_path: Path) -> Iterator[Surroundings]:
    """Fresh ones for each attack."""
    around = Surroundings(tmp_path, machine)
    yield around
    around.close()


# The attacks


@dataclass(frozen=True)
class Marked:
    """What came of it."""

    received: Submission
    verdicts: dict[str, Verdict]
    run: CodeRun
    deaths: int
    seconds: float

    @property
    def said(self) -> str:
        """Everything that anybody may read of it."""
        return f"{self.verdicts} {asdict(self.run)} {self.received.notes} {self.received.trouble}"


def marked(name: str, expected: Expectation, machine: Machine, around: Surroundings, place: Path) -> Marked:
    """Read the submission and mark it, as `markscheme grade` does."""
    place = handed_in(FOLDER / name, place, around.names())
    started, ends = time.monotonic(), list[Outcome]()
    parts, limits = parts_of(expected.exercise, expected.level), Limits(**{"memory": 512 << 20} | expected.limits)

    def recorded(action: Callable[[], object]) -> Outcome:
        ends.append(outcome(action))
        return ends[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grader.job, "outcome", recorded)
        received = read_submission("mallory", place, ["q1"])
        verdicts, run = mark_code(
            parts, received.files, seed=around.secret, limits=limits, allow_unsafe=machine.number in expected.unsafe
        )
    return Marked(received, verdicts, run, sum(end.dead for end in ends), time.monotonic() - started)


@pytest.mark.parametrize("name", NAMES)
def test_an_attack(name: str, machine: Machine, surroundings: Surroundings, tmp_path: Path) -> None:
    """It gets no mark, learns and harms nothing, and ends in time; the next submission is judged as ever."""
    expected = Expectation(**tomllib.loads((FOLDER / name / "expect.toml").read_text()))
    runs, torch = machine.number >= 2 or machine.number in expected.unsafe, "torch" in expected.exercise
    if torch:
        pytest.importorskip("torch")
    surroundings.watch("torch" if torch and runs else "numpy")
    found = marked(name, expected, machine, surroundings, tmp_path)
    harm = surroundings.harm(found.said)
    if not runs:
        assert {verdict.status for verdict in found.verdicts.values()} == {Status.UNGRADED}
        assert all("does not confine" in verdict.feedback for verdict in found.verdicts.values())
        assert harm == []
        return
    assert bool(harm) == (machine.number in expected.succeeds), (harm, found.verdicts, found.run)
    assert found.run.unsafe == (machine.number < 2)
    if machine.number < 2:
        assert "open: see" in found.run.confinement  # the report says what was not prevented
    if machine.number not in expected.succeeds:
        _as_expected(found, expected)
    verdicts, _ = mark_code([DOUBLE], HONEST, seed="after", allow_unsafe=True)
    assert verdicts["double"].status is Status.RIGHT, "the attack was felt by the next submission"


def _as_expected(found: Marked, expected: Expectation) -> None:
    statuses = {name: verdict.status.name.lower() for name, verdict in found.verdicts.items()}
    assert statuses == dict.fromkeys(statuses, expected.status) | expected.parts, found.verdicts
    assert sum(verdict.score for verdict in found.verdicts.values()) <= expected.most
    feedback = "\n".join(verdict.feedback for verdict in found.verdicts.values())
    assert [text for text in expected.says if text not in feedback] == [], (feedback, found.run)
    assert [text for text in expected.never if text in found.said] == []
    received = "\n".join(str(note) for note in found.received.notes)
    for texts, place in (
        (expected.notes, "\n".join(found.run.notes)),
        (expected.flags, "\n".join(found.run.flags)),
        (expected.received, received),
    ):
        assert [text for text in texts if text not in place] == [], place
    assert expected.trouble in found.received.trouble, found.received.trouble
    assert bool(expected.flags) == bool(found.run.flags), found.run.flags
    assert expected.dies is None or bool(found.deaths) == expected.dies
    assert found.seconds < expected.seconds


def test_every_attack_is_told_in_a_sentence() -> None:
    """The list is long, each entry says what it tries, and what is a secret is never in a file of the list."""
    tried = [Expectation(**tomllib.loads((FOLDER / name / "expect.toml").read_text())).tries for name in NAMES]
    assert len(tried) >= 100
    assert len(set(tried)) == len(tried)
    assert all(text.endswith(".") for text in tried)


def test_the_sensors_notice(machine: Machine, surroundings: Surroundings) -> None:
    """A changed file, a connection and a word of the secret are all noticed."""
    surroundings.watch()
    assert surroundings.harm("") == []
    (surroundings.outside / "x").touch()
    socket.create_connection(("127.0.0.1", int(surroundings.names()["port4"]))).close()
    assert surroundings.harm(surroundings.secret) == ["files", "reached by port4", "the secret got out"]
