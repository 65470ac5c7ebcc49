"""Work spread over processes, one item at a time, surviving the death of any of them."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AHEAD = 4  # items handed to each process in advance


def each(work: Callable[[Item], Result], items: Iterable[Item], jobs: int) -> Iterator[tuple[Item, Result | Exception]]:
    """(item, result) for every item, as they are done; the exception where the work raised one.

    An item whose process dies (killed, out of memory) is tried once more, alone; if that dies too,
    its result is the error, and the other items go on. With one job, or where no process can start,
    the work is done here.
    """
    rest, lost = iter(items), list[Item]()
    while jobs > 1:
        with _executor(jobs) as executor:
            if not _starts(executor):
                break
            yield from _stream(executor, work, rest, jobs * AHEAD, lost)
        if not lost:
            return
        yield from _one_by_one(work, lost)
        lost.clear()
    yield from ((item, _guarded(work, item)) for item in rest)


def _starts(executor: ProcessPoolExecutor) -> bool:
    """Can processes start here? Not for a script that works when it is imported, without a main guard."""
    try:
        executor.submit(int).result()
    except BrokenProcessPool:
        return False
    return True


def _stream(
    executor: ProcessPoolExecutor, work: Callable[[Item], Result], rest: Iterator[Item], window: int, lost: list[Item]
) -> Iterator[tuple[Item, Result | Exception]]:
    """Results until the items are done or the pool breaks; then `lost` holds what was under way."""
    running: dict[Future[Result], Item] = {}
    while True:
        try:
            for item in islice(rest, window - len(running)):
                lost.append(item)  # until it is known to have started
                running[executor.submit(work, item)] = lost.pop()
        except BrokenProcessPool:
            lost.extend(running.values())
            return
        if not running:
            return
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                lost.append(running.pop(future))
            else:
                yield running.pop(future), _error(error) if error else future.result()
        if lost:
            lost.extend(running.values())
            return


def _one_by_one(work: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[tuple[Item, Result | Exception]]:
    """Each item alone in a process, so that one whose process dies is known."""
    executor = _executor(1)
    for item in items:
        future = executor.submit(work, item)
        error = future.exception()
        if isinstance(error, BrokenProcessPool):
            executor.shutdown()
            executor = _executor(1)
            error = RuntimeError("the process that graded this died twice (out of memory?); grade it with --jobs 1")
        yield item, _error(error) if error else future.result()
    executor.shutdown()


def _guarded(work: Callable[[Item], Result], item: Item) -> Result | Exception:
    try:
        return work(item)
    except Exception as error:  # ours; it is reported, and the other items go on
        return error


def _error(error: BaseException) -> Exception:
    return error if isinstance(error, Exception) else RuntimeError(f"{type(error).__name__}: {error}")


def _executor(jobs: int) -> ProcessPoolExecutor:
    # Forking a process that has threads (a progress bar has) can deadlock; a fresh one costs 0.3 s.
    return ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn"))
