"""How well this machine confines student code, found by trying: a probe attacks, as a submission would.

3  files, network, processes and signals are all denied, and nothing outside is even seen (bwrap as well)
2  files, network, processes and signals are all denied (Landlock and seccomp)
1  network, processes and signals are denied (seccomp only)
0  nothing is: grade only code that you would run yourself
"""

from __future__ import annotations

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.sandbox.frames import Garbled
from grader.sandbox.process import Died, Limits
from grader.sandbox.session import Broken, Session
from problem_bank.checks import StudentError

ENOUGH = 2  # for grading code of others
_PROBE = b"""
import os, socket

def see(path):
    os.stat(path)

def read(path):
    with open(path) as file:
        file.read(1)

def write(path):
    with open(path, "w") as file:
        file.write("x")

def connect(port):
    socket.create_connection(("127.0.0.1", port), timeout=2).close()

def signal(pid):
    os.kill(pid, 0)

def fork():
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)

def denied(trial, argument):
    try:
        globals()[trial](*argument)
    except (PermissionError, FileNotFoundError):
        return True
    return False
"""


@dataclass(frozen=True)
class Level:
    """The level, and for each trial whether it was denied. `trouble` says why nothing could be tried."""

    number: int
    denied: dict[str, bool]
    trouble: str = ""

    def __str__(self) -> str:
        open_doors = [name for name, held in self.denied.items() if not held]
        return f"level {self.number}" + (f", open: {', '.join(open_doors)}" if open_doors else "") + self.trouble


@cache
def level() -> Level:
    """The level of this machine; tried once per process."""
    try:
        with _trials() as trials, Session({"probe.py": _PROBE}, limits=Limits(wall=20), seed=0) as session:
            session.begin()
            module = session.plain("load", file="probe.py")
            denied = session.ask("get", of=module, name="denied", **_HANDLES)
            found = {
                name: session.ask("call", of=denied, args=[name, list(args)], kwargs={}, **_HANDLES) is True
                for name, args in trials.items()
            }
    except (Broken, StudentError, Died, Garbled, OSError) as error:
        return Level(0, {}, f" (the probe failed: {error})")
    return Level(_number(found), found)


_HANDLES = {"handle": lambda value: value, "restore": lambda handle: handle}


@contextmanager
def _trials() -> Iterator[dict[str, tuple[object, ...]]]:
    """What the probe tries, each on something that is really there and really open to us."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        canary, target = Path(folder, "canary"), Path(folder, "target")
        canary.write_text("x")
        yield {
            "see": (str(canary),),
            "read": (str(canary),),
            "write": (str(target),),
            "connect": (server.getsockname()[1],),
            "signal": (os.getpid(),),
            "fork": (),
        }


def _number(denied: dict[str, bool]) -> int:
    if all(denied.values()):
        return 3
    if all(held for trial, held in denied.items() if trial != "see"):
        return 2
    return 1 if denied["connect"] and denied["fork"] and denied["signal"] else 0
