"""One child process: start it, exchange frames with it under a deadline, and end it for certain."""

from __future__ import annotations

import contextlib
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.sandbox import frames

_CHUNK = 1 << 16
_GLANCE = 0.2  # seconds between two looks at the scratch folder
_CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Limits:
    """What a submission may use: seconds of each check, and of the processor in all; bytes; counts."""

    wall: float = 10.0
    cpu: float = 60.0
    memory: int = 1 << 30
    file: int = 8 << 20
    descriptors: int = 64
    output: int = 64 << 10
    scratch: int = 64 << 20
    entries: int = 1_000


class Died(Exception):  # named for what happened
    """The child ended, or was ended, before it replied; the message says why, to the student."""


class Process:
    """A child and its private scratch folder with a copy of the files. Use it in a `with` block."""

    def __init__(self, files: Mapping[str, bytes], limits: Limits) -> None:
        self.limits = limits
        self._received, self._pending, self._looked = bytearray(), b"", 0.0
        self.output = {"stdout": bytearray(), "stderr": bytearray()}
        # Resolved: the kernel's rules and Python's tracebacks must mean the same folder.
        self.scratch = Path(tempfile.mkdtemp(prefix="markscheme-")).resolve()
        try:
            self._copy(files)
            self._start()
        except BaseException:
            shutil.rmtree(self.scratch, ignore_errors=True)
            raise

    def exchange(self, frame: bytes, deadline: float) -> bytes:
        """Send one frame and wait for the one that answers it.

        Raises Died, or frames.Garbled where the bytes on the pipe are no answer.
        """
        self._pump(0)
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
        self._kill()
        with contextlib.suppress(OSError):
            self._pump(0)
        for descriptor in (self._requests, self._replies):
            with contextlib.suppress(OSError):
                os.close(descriptor)
        for stream in (self._process.stdout, self._process.stderr):
            if stream:
                stream.close()
        self._selector.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def __enter__(self) -> Process:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _copy(self, files: Mapping[str, bytes]) -> None:
        for name, data in files.items():
            path = self.scratch / PurePosixPath(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)

    def _start(self) -> None:
        child_reads, self._requests = os.pipe()
        self._replies, child_writes = os.pipe()
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-B", "-X", "utf8", str(_CHILD), str(child_reads), str(child_writes)],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=self.scratch,
                env=self._environment(), pass_fds=(child_reads, child_writes), start_new_session=True,
            )  # fmt: skip
        except BaseException:
            os.close(self._requests)
            os.close(self._replies)
            raise
        finally:
            os.close(child_reads)
            os.close(child_writes)
        self._selector = selectors.DefaultSelector()
        streams = {"stdout": self._process.stdout, "stderr": self._process.stderr}
        self._names = {stream.fileno(): name for name, stream in streams.items() if stream}
        for descriptor in (self._requests, self._replies, *self._names):
            os.set_blocking(descriptor, False)
        for descriptor in (self._replies, *self._names):
            self._selector.register(descriptor, selectors.EVENT_READ)

    def _environment(self) -> dict[str, str]:
        """One thread for every linear-algebra library, no display, no home but the scratch folder."""
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        return threads | {"MPLBACKEND": "Agg", "HOME": str(self.scratch), "TMPDIR": str(self.scratch)}

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
        self._looked, size, entries = time.monotonic(), 0, 0
        for folder, _, names in os.walk(self.scratch):
            entries += 1 + len(names)
            for name in names:
                with contextlib.suppress(OSError):  # it may be gone again
                    size += Path(folder, name).lstat().st_size
            if size > self.limits.scratch or entries > self.limits.entries:
                raise Died(f"wrote more than {self.limits.scratch >> 20} MiB or {self.limits.entries:,} files")

    def _kill(self) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()

    def _why(self) -> str:
        """Why the child closed its end: it exited, or a signal ended it."""
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
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
