"""One child process: start it, exchange frames with it under a deadline, and end it for certain."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox import frames, scratch
from grader.sandbox.host import Ends, Usage, host

_CHUNK = 1 << 16
_GLANCE = 0.2  # seconds between two looks at the scratch folder


@dataclass(frozen=True)
class Limits:
    """What a submission may use: seconds of each check, and of the processor in all; bytes; counts."""

    wall: float = 10.0
    longest: float = 60.0  # what a check may ask for, if it trains something
    total: float = 300.0  # of the whole submission
    cpu: float = 300.0
    memory: int = 1 << 30
    file: int = 8 << 20
    descriptors: int = 64
    output: int = 64 << 10
    scratch: int = 64 << 20
    entries: int = 1_000


class Died(Exception):  # named for what happened
    """The child ended, or was ended, before it replied; the message says why, to the student."""


class Process:
    """A child and its private scratch folder with a copy of the files. Use it in a `with` block.

    The child knows the folder as `folder`. Raises OSError where no child can be started.
    """

    def __init__(self, files: Mapping[str, bytes], limits: Limits, profile: str = "numpy") -> None:
        self.limits = limits
        self._host = host(profile)
        self._received, self._pending, self._looked = bytearray(), b"", 0.0
        self.output = {"stdout": bytearray(), "stderr": bytearray()}
        self.scratch = Path(tempfile.mkdtemp(prefix="markscheme-", dir=self._host.ours))
        self.folder = self._host.theirs / self.scratch.name
        try:
            scratch.fill(self.scratch, files)
            self._start()
        except BaseException:
            scratch.remove(self.scratch)
            raise

    def exchange(self, frame: bytes, deadline: float) -> bytes:
        """Send one frame and wait for the one that answers it.

        Raises Died, or frames.Garbled where the bytes on the pipe are no answer.
        """
        self._received += self._read(self._replies)
        if self._received:
            raise frames.Garbled("a second answer to one request")
        self._pending = frame
        try:
            while self._whole() is None:
                self._wait(deadline)
        except Died as died:
            if self._received:
                raise frames.Garbled("an answer that breaks off") from died
            raise
        answer, self._received = bytes(self._received), bytearray()
        return answer

    def close(self) -> None:
        """Kill whatever still runs, keep what it printed, remove its folder."""
        self._child.kill()
        with contextlib.suppress(OSError, ValueError):  # closed before
            self._pump(0)
        self._selector.close()
        while self._ours:
            os.close(self._ours.pop())
        scratch.remove(self.scratch)

    @property
    def usage(self) -> Usage:
        """What the child used; nothing before it has ended."""
        return self._child.usage

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> None:
        pipes = [os.pipe() for _ in range(4)]
        (child_reads, self._requests), (self._replies, _), (stdout, _), (stderr, _) = pipes
        theirs = [child_reads, *(write for _, write in pipes[1:])]
        self._ours = [self._requests, self._replies, stdout, stderr]
        self._names = {stdout: "stdout", stderr: "stderr"}
        try:
            self._child = self._host.start(Ends(*theirs))
        except BaseException:
            while self._ours:
                os.close(self._ours.pop())
            raise
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        for descriptor in self._ours:
            os.set_blocking(descriptor, False)
        self._selector = selectors.DefaultSelector()
        for descriptor in self._ours[1:]:
            self._selector.register(descriptor, selectors.EVENT_READ)

    def _wait(self, deadline: float) -> None:
        """Let something happen. Raises Died where nothing more will."""
        if time.monotonic() > deadline:
            raise Died("did not finish in the time allowed (an endless loop?), so it was stopped")
        self._watch_scratch()
        if not self._pump(min(_GLANCE, max(0.0, deadline - time.monotonic()))):
            raise Died(self._why())

    def _pump(self, wait: float) -> bool:
        """Move bytes in every direction that is ready; False once the reply pipe is closed."""
        if self._pending:
            self._write()
        for key, _ in self._selector.select(0.005 if self._pending else wait):
            data = self._read(key.fd)
            if key.fd == self._replies:
                self._received += data
                if not data:
                    return False
            elif data:
                kept = self.output[self._names[key.fd]]
                kept += data
                del kept[: -self.limits.output]
            else:
                self._selector.unregister(key.fd)
        return True

    def _write(self) -> None:
        try:
            self._pending = self._pending[os.write(self._requests, self._pending) :]
        except BlockingIOError:
            pass  # the pipe is full until the child reads on
        except OSError:
            self._pending = b""  # the child closed its end; its reply pipe will tell

    def _read(self, descriptor: int) -> bytes:
        try:
            return os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return b""

    def _whole(self) -> int | None:
        """The length of the frame that has arrived completely. Raises Garbled, also for bytes after it."""
        if not self._received:
            return None
        size = frames.measure(self._received)
        if size is None or len(self._received) < size:
            return None
        if len(self._received) > size:
            raise frames.Garbled("more than one answer to one request")
        return size

    def _watch_scratch(self) -> None:
        """Stop a submission that fills the disk: the kernel limits single files only."""
        if time.monotonic() - self._looked < _GLANCE:
            return
        self._looked = time.monotonic()
        if wrong := scratch.excess(self.scratch, self.limits.scratch, self.limits.entries):
            raise Died(wrong)

    def _why(self) -> str:
        """Why the child closed its end: it exited, or a signal ended it."""
        status = self._child.wait(1.0)
        if status is None:
            return "closed the grader's pipes and stayed silent"
        if status >= 0:
            return f"ended the whole program (exit status {status})"
        return _SIGNALS.get(-status, f"was ended by signal {-status}")


_SIGNALS: dict[int, str] = {
    signal.SIGSEGV: "crashed (segmentation fault)",
    signal.SIGBUS: "crashed (bus error)",
    signal.SIGABRT: "crashed (abort)",
    signal.SIGFPE: "crashed (arithmetic fault)",
    signal.SIGILL: "crashed (illegal instruction)",
    signal.SIGKILL: "was killed: it used up its processor time, or the machine ran out of memory",
    signal.SIGXCPU: "used up its processor time, so it was stopped",
}
