"""The warm process: Python with its libraries loaded, which forks one child for each job.

`python -I entry.py zygote PROFILE CONTROL` with the descriptor of a unix socket. Each message there
carries five descriptors: the child's ends of its four pipes, and a socket on which this process
tells about the child: first a descriptor that stands for it, in the end how it ended and what it
used. It knows nothing else: no submission, no path, no key. It ends with the socket, and with it
all children.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import json
import os
import resource
import select
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from . import child
from .preload import preload

SCRATCH = "/scratch"  # where the children work, in a file system of its own
_DESCRIPTORS = 5  # of a job
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE = 1, 4


@dataclass(frozen=True)
class _Job:
    """A child that runs: its process, by number and descriptor, and where its owner listens."""

    pid: int
    process: int
    owner: socket.socket


def main(profile: str, control: str) -> None:
    """Load, make sure that a fork is safe, say so, and serve."""
    os.environ.pop("PWD", None)  # bwrap adds it
    preload(profile)
    if (threads := len(list(Path("/proc/self/task").iterdir()))) != 1:
        raise SystemExit(f"the warm process has {threads} threads; a fork would lose them")
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)  # its memory is nobody's to read
    gc.collect()
    gc.freeze()  # what is loaded stays shared with the children
    with socket.socket(fileno=int(control)) as connection:
        _announce(connection)
        Zygote(connection).serve()
        os._exit(0)  # nothing here is worth a tidy end, and torch takes long over one


def _announce(connection: socket.socket) -> None:
    """Say that jobs may come, with a descriptor of this process and, where it has one, of its file system."""
    sent = [os.pidfd_open(os.getpid())]
    if Path(SCRATCH).is_dir():
        sent.append(os.open(SCRATCH, os.O_DIRECTORY | os.O_RDONLY))
    socket.send_fds(connection, [b"ready"], sent)
    for descriptor in sent:
        os.close(descriptor)


class Zygote:
    """Forks, and waits for what it forked. One thread, one loop."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._poll = select.poll()
        self._poll.register(control, select.POLLIN)
        self._jobs: dict[int, _Job] = {}  # by both descriptors of each

    def serve(self) -> None:
        """Until the other side closes the socket."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._control.fileno():
                    message, received, _, _ = socket.recv_fds(self._control, 16, _DESCRIPTORS)
                    if not message:
                        return self._end()
                    self._take(received)
                elif job := self._jobs.get(descriptor):
                    self._kill(job)  # it has ended, or its owner has left
                    self._reap(job)

    def _take(self, received: list[int]) -> None:
        """Fork a child for a job. Whatever fails, the owner sees its socket close and asks again."""
        try:
            if len(received) == _DESCRIPTORS:
                self._fork(received)
        except OSError:
            pass  # no process or descriptor is free
        finally:
            for descriptor in received:
                with contextlib.suppress(OSError):
                    os.close(descriptor)

    def _fork(self, received: list[int]) -> None:
        parent, pid = os.getpid(), os.fork()
        if not pid:
            try:
                self._become(parent, received[:-1])
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(1)  # never back into this loop
        job = _Job(pid, os.pidfd_open(pid), socket.socket(fileno=os.dup(received[-1])))
        self._jobs |= {job.process: job, job.owner.fileno(): job}
        job.owner.setblocking(False)
        self._poll.register(job.process, select.POLLIN)
        self._poll.register(job.owner, 0)  # hanging up is always told
        with contextlib.suppress(OSError):  # the owner may have left already
            socket.send_fds(job.owner, [b"child"], [job.process])

    def _become(self, parent: int, pipes: list[int]) -> None:
        """The child: lose everything but the four pipes, and serve the job."""
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            return
        os.setsid()
        for connection in (self._control, *(job.owner for job in self._jobs.values())):
            connection.detach()  # or a forgotten object would close a descriptor of the same number later
        requests, replies, *streams = [fcntl.fcntl(pipe, fcntl.F_DUPFD, 64) for pipe in pipes]
        for number, descriptor in enumerate((*streams, requests, replies), 1):
            os.dup2(descriptor, number)
        os.closerange(5, os.sysconf("SC_OPEN_MAX"))
        child.serve(3, 4)
        os._exit(0)

    def _kill(self, job: _Job) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(job.process, signal.SIGKILL)

    def _reap(self, job: _Job) -> None:
        """Wait for a child that ends now, and tell its owner how it ended and what it used."""
        _, status, used = os.wait4(job.pid, 0)
        for descriptor in (job.process, job.owner.fileno()):
            self._poll.unregister(descriptor)
            del self._jobs[descriptor]
        with contextlib.suppress(OSError):
            job.owner.send(json.dumps(_told(status, used)).encode())
        job.owner.close()
        os.close(job.process)

    def _end(self) -> None:
        for job in set(self._jobs.values()):
            self._kill(job)
            self._reap(job)


def _told(status: int, used: resource.struct_rusage) -> dict[str, float]:
    """The exit status, negative for a signal; seconds of the processor; the peak memory in bytes."""
    return {
        "status": os.waitstatus_to_exitcode(status),
        "cpu": used.ru_utime + used.ru_stime,
        "peak": used.ru_maxrss << 10,
    }
