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

    `profile` names what the process that runs it has loaded: "numpy" or "torch". `provided` are files
    of the course that lie beside the submission, in place of its own of the same name. `standins`
    are right modules that take the place of the student's, one more at a time, where a check fails: what the
    file does is then judged apart from what it builds on. Both name files of `solutions`, as in
    "mlp_from_scratch/modules.py".

    The second route names the checks; that they pass right code and fail wrong code is shown by
    running them on both.
    """

    kind: ClassVar[str] = "code"
    private: ClassVar[tuple[str, ...]] = ("key", "profile", "provided", "standins")
    runs: ClassVar[bool] = True
    key: tuple[Check, ...]
    file: str
    without: tuple[str, ...] = ("torch", "tensorflow", "jax", "autograd", "keras")
    profile: str = "numpy"
    provided: tuple[str, ...] = ()
    standins: tuple[str, ...] = ()

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
