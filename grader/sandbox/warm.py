"""Our side of the warm processes: each of our processes has its own, one for each profile.

A warm process that misses a reply is killed, and the next job gets a new one. None outlives us: it
ends when its socket closes, and that is the case at the latest when the kernel ends us.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

from grader.sandbox import bwrap
from grader.sandbox.host import Ends, Usage, command, environment

_START = 60.0  # seconds for loading the libraries, on a loaded machine
_REPLY = 15.0  # seconds for a fork, or for reaping a child that was killed


class Lost(OSError):
    """The warm process failed: it did not start, did not reply in time, or ended."""


def supported() -> bool:
    """Has this system what forking and handing over descriptors take?"""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(signal, "pidfd_send_signal")


class Zygote:
    """A warm process. Raises Lost where it does not start."""

    def __init__(self, profile: str) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._self, self._folder = -1, -1  # descriptors: the warm process, its file system
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # as long as the process
        with theirs:
            try:
                self._process = subprocess.Popen(
                    [*bwrap.prefix(), *command("zygote", profile, str(theirs.fileno()))],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._errors, cwd="/",
                    env=environment(), pass_fds=(theirs.fileno(),), start_new_session=True,
                )  # fmt: skip
            except BaseException:
                self._forget()
                raise
        try:
            self._meet()
        except BaseException:
            self.end()
            raise

    @property
    def alive(self) -> bool:
        """Can it be asked?"""
        return self._self >= 0 and self._process.poll() is None

    def start(self, ends: Ends) -> Forked:
        """A child that serves these pipes. Raises Lost; then this warm process is of no more use."""
        try:
            return self._fork(ends)
        except OSError as error:
            self.end()
            raise Lost(f"the warm process was lost: {error}") from error

    def end(self) -> None:
        """End it and all its children."""
        if self._self >= 0:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self._self, signal.SIGKILL)
        self._forget()
        try:
            self._process.wait(5.0)  # where it runs in bwrap, that ends a moment later
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def disown(self) -> None:
        """In a forked copy of the process that it belongs to: let go of it, and leave it alone."""
        self._forget()
        self._process.returncode = 0  # it is not ours to wait for

    def _meet(self) -> None:
        """Wait until it is ready; take what stands for it."""
        message, received = _receive(self._control, _START, 2) or (b"", [])
        if message != b"ready" or not received:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1.0)
            raise Lost(_last_line(self._errors) or "the warm process did not start in time")
        self._self = received[0]
        if received[1:]:
            self._folder = received[1]
            self.ours, self.theirs = Path(f"/proc/self/fd/{self._folder}"), Path(bwrap.SCRATCH)
        else:
            self.ours = self.theirs = Path(tempfile.gettempdir()).resolve()

    def _fork(self, ends: Ends) -> Forked:
        owner, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with theirs:
                self._control.settimeout(_REPLY)
                sent = [ends.requests, ends.replies, ends.stdout, ends.stderr, theirs.fileno()]
                socket.send_fds(self._control, [b"job"], sent)
            message, process = _receive(owner, _REPLY, 1) or (b"", [])
            if message != b"child" or len(process) != 1:
                raise Lost("it forked no child")
            return Forked(self, owner, process[0])
        except BaseException:
            owner.close()
            raise

    def _forget(self) -> None:
        self._control.close()
        self._errors.close()
        for descriptor in (self._self, self._folder):
            if descriptor >= 0:
                os.close(descriptor)
        self._self = self._folder = -1


class Forked:
    """A child of a warm process, known by a descriptor: its number may be another's by the time we use it."""

    def __init__(self, zygote: Zygote, owner: socket.socket, process: int) -> None:
        self._zygote, self._owner, self._process = zygote, owner, process
        self._status: int | None = None
        self.usage = Usage()

    def wait(self, seconds: float) -> int | None:
        """The exit status, negative for a signal; None where it has not ended in this time.

        Raises Lost where the warm process ended without telling.
        """
        if self._process >= 0 and (told := _receive(self._owner, seconds, 0)):
            self._close()
            if not told[0]:
                raise Lost("the warm process ended")
            end = json.loads(told[0])
            self._status, self.usage = end["status"], Usage(end["cpu"], end["peak"])
        return self._status

    def kill(self) -> None:
        """End it and wait for that; a warm process that does not say so in time is ended itself."""
        if self._process < 0:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)
        with contextlib.suppress(Lost):
            if self.wait(_REPLY) is None:
                self._close()
                self._zygote.end()

    def _close(self) -> None:
        self._owner.close()
        os.close(self._process)
        self._process = -1


def zygote(profile: str) -> Zygote:
    """This process's warm process for a profile. Raises OSError."""
    with _state.lock:
        found = _state.zygotes.get(profile)
        if found is None or not found.alive:
            if found:
                found.end()
            found = _state.zygotes[profile] = Zygote(profile)
        return found


def end() -> None:
    """End this process's warm processes; the next job starts them anew."""
    _state.end()


class _State:
    """The warm processes of this process."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.zygotes: dict[str, Zygote] = {}

    def end(self) -> None:
        """End them all."""
        while self.zygotes:
            self.zygotes.popitem()[1].end()

    def disown(self) -> None:
        """After a fork, in the copy: these belong to the original."""
        self.lock = threading.Lock()
        while self.zygotes:
            self.zygotes.popitem()[1].disown()


_state = _State()
atexit.register(_state.end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_state.disown)


def _receive(connection: socket.socket, seconds: float, most: int) -> tuple[bytes, list[int]] | None:
    """A message with its descriptors, b"" at the end of the connection; None where none comes in time."""
    ready = select.poll()
    ready.register(connection, select.POLLIN)
    if not ready.poll(1000 * seconds):
        return None
    try:
        message, descriptors, _, _ = socket.recv_fds(connection, 1 << 10, most, socket.MSG_CMSG_CLOEXEC)
    except ConnectionError:
        return b"", []
    return message, descriptors


def _last_line(errors: IO[bytes]) -> str:
    errors.seek(0)
    return b"".join(errors.read().strip().splitlines()[-1:]).decode("utf-8", "replace")
