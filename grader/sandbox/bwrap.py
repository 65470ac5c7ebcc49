"""bwrap, where it is installed and found to work: the warm process in namespaces of its own.

It sees no other process, no network, and of the file system Python's libraries, read-only, and a
scratch space in memory of limited size.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from grader.sandbox.rules import hidden, roots

SCRATCH = "/scratch"  # as in zygote.py
_SIZE = 128 << 20  # bytes of the scratch space
_TRIAL = """
import json, os, socket, sys
def denied(trial):
    try:
        trial()
    except OSError:
        return True
    return False
def read():
    open(sys.argv[1]).close()
def write():
    open(sys.argv[1], "w").close()
def write_library():
    open(os.__file__ + ".x", "w").close()
def connect():
    socket.create_connection(("127.0.0.1", int(sys.argv[2])), timeout=2).close()
def signal():
    os.kill(int(sys.argv[3]), 0)
def leave():
    open("/scratch/x", "w").close()
held = [denied(trial) for trial in (read, write, write_library, connect, signal)]
print(json.dumps([all(held), not denied(leave)]))
"""


def prefix() -> list[str]:
    """What stands before the command that starts a warm process; nothing where bwrap does not work."""
    return list(_prefix()) if works() else []


@cache
def works() -> bool:
    """Tried: from inside, nothing of ours can be read, written, reached or signalled."""
    if sys.platform != "linux" or not shutil.which("bwrap"):
        return False
    with tempfile.NamedTemporaryFile() as canary, socket.create_server(("127.0.0.1", 0)) as server:
        targets = [canary.name, str(server.getsockname()[1]), str(os.getpid())]
        trial = [*_prefix(), sys.executable, "-I", "-B", "-c", _TRIAL, *targets]
        try:
            done = subprocess.run(trial, env={}, capture_output=True, timeout=30, check=True)
            return bool(json.loads(done.stdout) == [True, True])
        except (OSError, ValueError, subprocess.SubprocessError):
            return False


@cache
def _prefix() -> tuple[str, ...]:
    return (
        shutil.which("bwrap") or "bwrap", "--unshare-all", "--cap-drop", "ALL", *_bindings(), "--proc", "/proc",
        "--dev", "/dev", "--size", str(_SIZE), "--tmpfs", SCRATCH, "--remount-ro", "/dev", "--remount-ro", "/",
        "--setenv", "TMPDIR", SCRATCH, "--chdir", "/", "--",
    )  # fmt: skip


def _bindings() -> Iterator[str]:
    """Python and its libraries; nothing of ours but this folder, which holds no check and no key."""
    for path in sorted({*map(str, roots()), *_programs()}):
        if not path.startswith("/dev/"):
            yield from ("--ro-bind", path, path)
    here = str(Path(__file__).resolve().parent)
    covered = [str(path) for path in hidden() if path.exists() and any(path.is_relative_to(root) for root in roots())]
    for path in covered:
        yield from ("--tmpfs", path)
    yield from ("--ro-bind", here, here)
    for path in covered:
        yield from ("--remount-ro", path)


def _programs() -> Iterator[str]:
    """Python itself: each link on the way to it, and where the links lead."""
    path = Path(sys.executable)
    while True:
        yield str(path)
        if not path.is_symlink():
            return
        path = path.parent / path.readlink()
