"""A file of code, marked by running it: the grader runs the checks, `variant.mark` does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.errors import Unreadable

if TYPE_CHECKING:
    from problem_bank.checks import Check  # imports NumPy, which reading answers does not need


@dataclass(frozen=True)
class Code(Answer):
    """The key is the checks that the file must pass. Libraries in `without` may not do the work.

    The second route names the checks; that they pass right code and fail wrong code is shown by
    running them on both.
    """

    kind: ClassVar[str] = "code"
    key: tuple[Check, ...]
    file: str
    without: tuple[str, ...] = ("torch", "tensorflow", "jax", "autograd", "keras")

    def parse(self, raw: Any) -> Any:
        raise Unreadable(f"code is handed in as the file {self.file}")

    def compare(self, value: Any) -> Match:
        return Match(int(_names(value) == _names(self.key)), basis="run")

    def show(self, value: Any) -> str:
        return f"{self.file} passes: {', '.join(_names(value))}"

    def tex(self, value: Any) -> str:
        return rf"\text{{{self.show(value)}}}".replace("_", r"\_")

    @property
    def hint(self) -> str:
        return f"hand in the file {self.file}"

    def samples(self) -> Samples:
        return Samples((), (), ("", "import os", 3, ["x"], {"a": 1}))


def _names(checks: Any) -> tuple[str, ...]:
    """The names of checks, or of names that stand for them."""
    return tuple(getattr(item, "name", item) for item in checks)
