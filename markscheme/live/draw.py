"""Twenty variants and what they tell about the family: the work of the process that draws."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import problem_bank
from markscheme.live import trouble, watch
from markscheme.live.trouble import TooLong, Trouble


@dataclass(frozen=True)
class Order:
    """What to draw: variants of a family, at one level or the middle one, within so many seconds."""

    family: str
    level: str | None
    count: int
    seconds: float
    folders: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Drawn:
    """A page with a place for news at its top, empty where nothing could be drawn, and what is wrong."""

    page: str = ""
    troubles: tuple[Trouble, ...] = ()


def work(order: Order, to: Connection) -> None:
    """Draw, and send a Drawn; the whole life of a process that has seen none of the family's modules before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the server, which ends this process
    # Bytecode is told from its source by size and second alone, and an author may save twice in one.
    sys.dont_write_bytecode = True
    for folder in order.folders:
        problem_bank.add_folder(folder)
    to.send(drawn(order))


def drawn(order: Order) -> Drawn:
    """The page, or what stands in its way."""
    try:
        with _limit(order.seconds):
            return _draw(order)
    except (Exception, SystemExit, TooLong) as error:  # a family may be anyone's code, and unfinished
        files = watch.files(order.family, order.folders)
        return Drawn(troubles=(trouble.of_error(error, _used(), files),))


def _draw(order: Order) -> Drawn:
    from markscheme.live import formulas, page
    from problem_bank.audit import Audit, examine

    family = problem_bank.load(order.family)
    result = Audit(family.id, order.level or family.middle_level)
    variants = examine(family, order.count, result)
    html = page.render(family, variants, result)
    found = [trouble.of_message("Audit", problem, _used()) for problem in dict.fromkeys(result.problems)]
    if page.shows_sources(html):
        found += formulas.troubles(variants, _used())
    return Drawn(html, tuple(found))


def _used() -> list[Path]:
    """The files of the bank's families and subjects that were loaded here, the family's own first."""
    shared = ("problem_bank.families.", "problem_bank.subjects.")
    modules = [module for name, module in sys.modules.items() if name.startswith(shared)]
    return [Path(file) for module in modules if (file := getattr(module, "__file__", None))]


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Raises TooLong at the line that is running when the time is over, where the system has such a clock."""
    if not hasattr(signal, "setitimer"):
        yield  # whoever started this process ends it
        return

    def over(*_: object) -> None:
        raise TooLong(f"nothing was drawn within {seconds:g} seconds; is this a loop without an end?")

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
