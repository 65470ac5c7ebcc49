"""A remark about a submission: the file, the place in it, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Note:
    """One remark. `place` is a line, a cell or a part; `message` says what was done or what to do."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        return ": ".join(bit for bit in (self.file, self.place, self.message) if bit)
