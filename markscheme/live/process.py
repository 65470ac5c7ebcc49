"""One process for each draw: it starts warm, knows nothing of the family, and ends when it has sent its page.

So a family's modules are never stale, and a loop without an end or a crash costs one draw.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import Pipe, forkserver, get_all_start_methods, get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess, SpawnProcess

from markscheme.live.draw import Drawn, Order, work
from markscheme.live.trouble import Trouble

LOOK = 0.05  # seconds between two looks at whether the draw is still wanted
GRACE = 1.0  # seconds that a process gets beyond its own limit to say where it was

_SAFE = "PYTHONSAFEPATH"

Process = ForkServerProcess | SpawnProcess


def warm_up() -> None:
    """Start the process that the others are forked from, if the system has such, with the libraries loaded."""
    if "forkserver" in get_all_start_methods():
        forkserver.set_forkserver_preload(["markscheme.live.warm"])
        with _safe_path():
            forkserver.ensure_running()


@contextmanager
def _safe_path() -> Iterator[None]:
    """Processes started here do not take a numpy.py of the current folder for NumPy."""
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    try:
        yield
    finally:
        os.environ.pop(_SAFE)
        if before is not None:
            os.environ[_SAFE] = before


def _process(order: Order, to: Connection) -> Process:
    forks = "forkserver" in get_all_start_methods()
    context = get_context("forkserver") if forks else get_context("spawn")
    return context.Process(target=work, args=(order, to), daemon=True)


def draw(order: Order, wanted: Callable[[], bool]) -> Drawn | None:
    """What a new process draws; None as soon as it is not wanted any more."""
    ours, theirs = Pipe(duplex=False)
    process = _process(order, theirs)
    with ours:
        process.start()
        theirs.close()  # so that the end of the process is seen
        try:
            return _receive(ours, process, order.seconds, wanted)
        finally:
            process.kill()
            process.join()


def _nothing(message: str) -> Drawn:
    return Drawn(troubles=(Trouble("The process that draws failed", message),))


def _receive(ours: Connection, process: Process, seconds: float, wanted: Callable[[], bool]) -> Drawn | None:
    left = seconds + GRACE
    while not ours.poll(LOOK):
        left -= LOOK
        if not wanted():
            return None
        if left < 0:
            return _nothing(f"It was stopped: it ran longer than {seconds:g} seconds in one step outside of Python.")
    try:
        drawn: Drawn = ours.recv()
    except EOFError:
        process.join()
        return _nothing(f"It ended with exit status {process.exitcode} before it had drawn.")
    return drawn
