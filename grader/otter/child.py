"""The child in which a notebook runs: one after another, where one has to be stopped.

A new child runs the cells before again, without what stopped the old one, so that an endless loop
costs what depends on it and no more. What comes back is checked for its shape before it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeGuard, TypeVar

from grader.otter.handed_in import Step
from grader.sandbox.frames import Garbled
from grader.sandbox.process import Died, Limits
from grader.sandbox.session import Session, student_error
from grader.spent import Spent
from problem_bank.checks import StudentError

T = TypeVar("T")

DEATHS = 5  # children that one submission may bring down before the rest is not run any more


@dataclass(frozen=True)
class Ran:
    """How far a cell came: the lines left out, the tests to run now, whether it goes on, and what ended it."""

    left: tuple[str, ...]
    asked: tuple[str, ...]
    more: bool
    error: StudentError | None


@dataclass(frozen=True)
class Seed:
    """The number that is set before every cell, by the generators or as a variable."""

    number: int | None = None
    variable: str | None = None


@dataclass
class Child:
    """Runs steps and pieces of tests. Every method raises Died, Garbled or Broken where the child did not survive.

    `secret` is set by whoever sends what the student must not see: what is printed after that is not kept.
    """

    files: Mapping[str, bytes]
    questions: Collection[str]
    limits: Limits
    confined: bool
    profile: str
    seed: Seed
    spent: Spent
    stdout: str = ""
    stderr: str = ""
    secret: bool = False
    deaths: int = 0
    flags: list[str] = field(default_factory=list)
    _session: Session | None = None
    _done: list[tuple[Step, int]] = field(default_factory=list)  # what ran, and how often it was resumed

    @property
    def lost(self) -> bool:
        """Has the submission had its share of children?"""
        return self.deaths >= DEATHS

    def run(self, step: Step) -> Ran:
        """Run a cell until its end or its first request for a test."""
        ran = self._alive(lambda session: self._begin(session, step))
        self._done.append((step, 0))
        return ran

    def resume(self) -> Ran:
        """Go on with the cell that `run` began."""
        ran = self._alive(lambda session: _ran(_cells(session, "resume")))
        step, pauses = self._done.pop()
        self._done.append((step, pauses + 1))
        return ran

    def example(self, source: str, fresh: bool) -> tuple[str, str | None]:
        """Run a statement of a doctest: what it printed, and the end of its traceback."""
        found = self._alive(lambda session: session.plain("examples", step="example", source=source, fresh=fresh))
        got, raised = (found.get(name) for name in ("got", "raised")) if isinstance(found, dict) else (None, None)
        if not isinstance(got, str) or not isinstance(raised, str | None):
            self._bury(Garbled("an answer of another shape"))
        return got, raised

    def case(self, source: str, function: str) -> None:
        """Run a test function. Raises StudentError with what it raised."""
        self._alive(lambda session: session.plain("examples", step="case", source=source, function=function))

    def keep_secret(self) -> None:
        """From now on this child knows what the student must not see."""
        if not self.secret:
            self._listen()
            self.secret = True

    def close(self) -> None:
        """End the child for certain."""
        if self._session:
            if not self.secret:
                self._listen()
            self._session.close()
            self.spent.add(self._session.usage)
            self._session, self.secret = None, False

    def _alive(self, action: Callable[[Session], T]) -> T:
        """The action in a child that has run the cells so far."""
        try:
            session = self._session or self._fresh()
            session.begin(until=self.spent.until)
            return action(session)
        except (Died, Garbled) as error:
            self._bury(error)

    def _fresh(self) -> Session:
        seed = self.seed.number or 0
        self._session = session = Session(
            self.files, limits=self.limits, seed=seed, confined=self.confined, profile=self.profile
        )
        session.begin(until=self.spent.until)
        _cells(session, "open", questions=sorted(self.questions))
        for step, pauses in self._done:
            session.begin(until=self.spent.until)
            self._begin(session, step)
            for _ in range(pauses):
                session.begin(until=self.spent.until)
                _cells(session, "resume")
        return session

    def _begin(self, session: Session, step: Step) -> Ran:
        if self.seed.number is not None and step.seeded:
            _cells(session, "seed", seed=self.seed.number, variable=self.seed.variable)
        return _ran(_cells(session, "run", name=step.name, source=step.source))

    def _bury(self, error: Died | Garbled) -> NoReturn:
        self.deaths += 1
        if isinstance(error, Garbled):
            self.flags.append(f"sent {error} to the grader")
        self.close()
        raise error

    def _listen(self) -> None:
        """Keep what the first child printed, while it is not yet in the know."""
        if self._session and not (self.stdout or self.stderr):
            self.stdout, self.stderr = self._session.output["stdout"], self._session.output["stderr"]


def _cells(session: Session, step: str, **fields: Any) -> Any:
    """One step of the notebook. An error of a cell is part of the answer; any other is forged, and Garbled."""
    try:
        return session.plain("cells", step=step, **fields)
    except StudentError as error:
        raise Garbled("an error in place of an answer") from error


def _ran(reply: Any) -> Ran:
    """A reply about a cell. Raises Garbled for one of another shape."""
    if not isinstance(reply, dict):
        raise Garbled("an answer of another shape")
    left, asked, error = reply.get("left", []), reply.get("asked"), reply.get("error")
    if not (_texts(left) and _texts(asked) and isinstance(error, dict | None)):
        raise Garbled("an answer of another shape")
    return Ran(
        left=tuple(left),
        asked=tuple(dict.fromkeys(asked)),
        more=reply.get("more") is True,
        error=student_error(error) if error is not None else None,
    )


def _texts(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)
