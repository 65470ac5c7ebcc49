"""What a family is made of on disk, and when it changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import problem_bank

INTERVAL = 0.2  # seconds between two looks
SETTLED = 0.03  # seconds without a further change that end a save
SUFFIXES = {".py", ".toml"}
BANK = Path(problem_bank.__file__).parent

Stamps = dict[Path, tuple[int, int]]
"""Time of the last change, in nanoseconds, and size of each file."""


def files(id: str, folders: Sequence[Path] = ()) -> Iterator[Path]:
    """The files that this family may use: those of its topic, in the bank and in `folders`, and what subjects share."""
    topic = id.partition(".")[0]
    for folder in (BANK / "families", *folders):
        yield from (file for file in (folder / topic).rglob("*") if file.suffix in SUFFIXES)
    yield from (BANK / "subjects").glob("*.py")


def stamps(id: str, folders: Sequence[Path] = ()) -> Stamps:
    """The state of these files now."""
    found: Stamps = {}
    for file in files(id, folders):
        try:
            state = file.stat()
        except FileNotFoundError:  # editors write a new file and give it the name of the old one
            continue
        found[file] = state.st_mtime_ns, state.st_size
    return found


class Watch:
    """Counts the changes of what `look` returns. Everything here may be used from any thread."""

    def __init__(self, look: Callable[[], Stamps]) -> None:
        self._look, self._seen, self._number = look, look(), 0
        self._changed, self._ended = threading.Condition(), threading.Event()

    @property
    def number(self) -> int:
        """How many changes there were so far."""
        return self._number

    def follow(self) -> None:
        """Look again and again until the watch ends; meant for a thread of its own."""
        while not self._ended.wait(INTERVAL):
            now = self._look()
            if now != self._seen:
                self._seen = self._settled(now)
                with self._changed:
                    self._number += 1
                    self._changed.notify_all()

    def _settled(self, now: Stamps) -> Stamps:
        """The state as soon as two looks agree: a save may take several steps, and empty a file first."""
        while not self._ended.wait(SETTLED) and (later := self._look()) != now:
            now = later
        return now

    def wait(self, number: int, seconds: float) -> int:
        """The number of changes, as soon as it is not `number` any more, or else after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._number != number or self._ended.is_set(), seconds)
        return self._number

    def end(self) -> None:
        """Stop looking, and let go whoever waits."""
        self._ended.set()
        with self._changed:
            self._changed.notify_all()

    @property
    def ended(self) -> bool:
        """Has it ended?"""
        return self._ended.is_set()
