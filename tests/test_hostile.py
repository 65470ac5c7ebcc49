"""Hostile texts: programs, bombs, giants, look-alikes, and texts that want to be equal to everything."""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from benchmarks.corpus import Hostile, hostile
from problem_bank.algebra import decide
from problem_bank.errors import Unreadable

SECONDS = 0.1  # for one text, of this process's time
NOISE = 3  # a loaded machine may take so many times longer
BYTES = 50 * 2**20
FORBIDDEN = (
    "compile", "exec", "import", "open", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "os.remove",
    "pickle.", "shutil.", "socket.", "subprocess.", "ctypes.",
)  # fmt: skip

watchers: list[list[str]] = []  # those who are told


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Tells what Python itself reports of code that is made or run, files, processes and sockets."""
    if watchers and event.startswith(FORBIDDEN):
        watchers[-1].append(f"{event} {arguments!r:.80}")


sys.addaudithook(watch)


@pytest.fixture(scope="module", autouse=True)
def warm() -> Iterator[None]:
    """Load what is loaded once: mpmath, and the primes of this process."""
    for student, key in (("sin(x)^2 + cos(x)^2", "1"), ("floor(x) + relu(x)", "x"), ("\ud7ff", "x")):
        outcome(Hostile("", student, key, {"x": "real"}))
    gc.collect()
    gc.freeze()  # else the test runner's own objects are swept through while some text is timed
    yield
    gc.unfreeze()


@contextmanager
def watching() -> Iterator[list[str]]:
    """What is reported meanwhile."""
    watchers.append([])
    yield watchers[-1]
    watchers.pop()


def test_the_list_is_long() -> None:
    """At least 300 texts in at least 20 classes, some of a million characters."""
    texts = {(item.kind, item.text) for item in hostile()}
    assert len(texts) >= 300
    assert len({kind for kind, _ in texts}) >= 20
    assert max(len(text) for _, text in texts) >= 10**6


def test_hostile_texts_are_answered_soon_and_never_accepted(capsys: pytest.CaptureFixture[str]) -> None:
    """Each is unreadable with words that can be printed, wrong, or undecided; nothing else is raised."""
    slowest, accepted = (0.0, ""), []
    for item in hostile():
        started = time.process_time()
        if outcome(item) is True:
            accepted.append(str(item))
        slowest = max(slowest, (time.process_time() - started, str(item)))
    with capsys.disabled():
        print(f"\n  slowest hostile text: {1000 * slowest[0]:.0f} ms of {1000 * SECONDS:.0f}, {slowest[1]}")
    assert accepted == []
    assert slowest[0] < NOISE * SECONDS, slowest


def test_hostile_texts_run_no_code() -> None:
    """Nothing is compiled, run, imported or opened: Python's own audit of it stays empty."""
    items = list(with_functions())
    with watching() as events:
        for item in items:
            outcome(item)
    assert events == []


def test_the_audit_would_notice() -> None:
    """One evaluated text is enough to be seen."""
    with watching() as events:
        eval("1 + 1")
    assert any(event.startswith("compile") for event in events)


def test_hostile_texts_need_little_memory(capsys: pytest.CaptureFixture[str]) -> None:
    """Never more than 50 MB beyond the text itself."""
    most = (0, "")
    tracemalloc.start()
    try:
        for item in with_functions():
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            outcome(item)
            most = max(most, (tracemalloc.get_traced_memory()[1] - before, str(item)))
    finally:
        tracemalloc.stop()
    with capsys.disabled():
        print(f"\n  most memory: {most[0] / 2**20:.1f} MB of {BYTES / 2**20:.0f}, {most[1]}")
    assert most[0] < BYTES, most


def with_functions() -> Iterator[Hostile]:
    """Against the keys that need many digits."""
    yield from (item for item in hostile() if "sin" in item.key)


def outcome(item: Hostile) -> bool | str | None:
    """The decision, or what is said of an unreadable text."""
    try:
        decision = decide(item.text, item.key, symbols=item.symbols)
    except Unreadable as error:
        assert str(error).encode("utf-8"), "an empty message, or one that cannot be written to a file"
        return str(error)
    assert decision.basis
    assert decision.reading.text.encode("utf-8")
    return decision.equal
