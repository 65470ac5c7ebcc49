"""A child as a process of its own, where no warm one can be forked (macOS): right, but slower."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from grader.sandbox.host import Ends, Usage, command, environment


class Fresh:
    """Starts Python anew for each child."""

    def __init__(self, profile: str) -> None:
        self.profile = profile
        # Resolved: the kernel's rules and Python's tracebacks must mean the same folder.
        self.ours = self.theirs = Path(tempfile.gettempdir()).resolve()

    def start(self, ends: Ends) -> Started:
        """A child that serves these pipes. Raises OSError."""
        passed = (ends.requests, ends.replies)
        return Started(
            subprocess.Popen(
                command("child", self.profile, *map(str, passed)), stdin=subprocess.DEVNULL, stdout=ends.stdout,
                stderr=ends.stderr, env=environment(), pass_fds=passed, start_new_session=True,
            )
        )  # fmt: skip


class Started:
    """A child of this process."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self.usage = process, Usage()

    def wait(self, seconds: float) -> int | None:
        """The exit status, negative for a signal; None where it has not ended in this time."""
        until = time.monotonic() + seconds
        while self._process.returncode is None:
            pid, status, used = os.wait4(self._process.pid, os.WNOHANG)
            if pid:
                self._process.returncode = os.waitstatus_to_exitcode(status)
                unit = 1 if sys.platform == "darwin" else 1 << 10  # of the peak
                self.usage = Usage(used.ru_utime + used.ru_stime, used.ru_maxrss * unit)
            elif time.monotonic() > until:
                return None
            else:
                time.sleep(0.002)
        return self._process.returncode

    def kill(self) -> None:
        """End it, with its whole process group, and wait for that."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            while self.wait(1.0) is None:
                pass
