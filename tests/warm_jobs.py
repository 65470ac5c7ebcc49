"""Jobs in warm processes, as the tests start them: the submission that runs there, and what the grader sees of it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from grader import remote
from grader.sandbox import warm
from grader.sandbox.process import Limits
from grader.sandbox.session import Session

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
