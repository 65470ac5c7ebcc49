"""An expression for a hole in a program, marked by running the program with it, which the grader does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from problem_bank.answers import python_text
from problem_bank.answers.answer import UNDECIDED, Answer, Match, Samples

if TYPE_CHECKING:
    from problem_bank.subjects.programs import Program  # imports pydantic, which reading answers does not need


@dataclass(frozen=True)
class Blank(Answer):
    """The key is the model's expression, as text; any other that makes the program compute the same is right.

    `names` are those of the program, which an expression may use. `program` and `hole` say where it is
    run; `planted` is the wrong expression that stands there in the text that the student reads, if one does.
    """

    kind: ClassVar[str] = "blank"
    private: ClassVar[tuple[str, ...]] = ("key", "program", "hole", "planted")
    runs: ClassVar[bool] = True
    key: str
    names: tuple[str, ...]
    program: Program | None = None
    hole: str = ""
    planted: str = ""

    def parse(self, raw: Any) -> str:
        return python_text.read(raw, self.names)

    def compare(self, value: str) -> Match:
        """The model's own text is right; what another one computes is seen when it is run."""
        same = value == self.parse(self.key)
        return Match(1, basis="text") if same else Match(0, basis=UNDECIDED)

    def show(self, value: str) -> str:
        return value

    def tex(self, value: str) -> str:
        """Nothing: code is shown as it is."""
        return ""

    @property
    def hint(self) -> str:
        return "a Python expression between quotes, such as np.maximum(x, 0)"

    def samples(self) -> Samples:
        right = (self.key, f"  {self.key}\n", f"({self.key})", f"`{self.key}`")
        wrong = ("0", f"-({self.key})", self.names[0], f"{self.names[0]} = {self.key}")
        name = self.names[0]
        hostile = ("__import__('os')", "np.load('x')", f"{name}.__class__", "(y := 1)", "lambda: 0", "open(1)")
        return Samples(right, wrong, ("", "1 +", ")", "import os", "a; b", "1\n2", "x" * 201, True, [1], *hostile))
