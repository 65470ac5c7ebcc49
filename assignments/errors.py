"""What is wrong with something an instructor wrote: the file, the place in it, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One finding. `place` is a line, a TOML path or a column; `message` says what to do next."""

    file: Path | str
    place: str
    message: str

    def __str__(self) -> str:
        return ": ".join(str(bit) for bit in (self.file, self.place, self.message) if str(bit))


class SetupError(Exception):
    """Files of the course that cannot be used as they are; lists every problem, not the first."""

    def __init__(self, problems: list[Problem] | Problem) -> None:
        self.problems = problems if isinstance(problems, list) else [problems]
        super().__init__("\n".join(map(str, self.problems)))
