"""A family: a pure function from random streams and knobs to an exercise, with its oracle."""

from __future__ import annotations

import inspect
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from problem_bank.errors import BadGiven, BankError, Crashed, DrawFailed, Rejected
from problem_bank.exercise import Exercise
from problem_bank.prove import prove
from problem_bank.rng import Rng
from problem_bank.rounding import DIGITS, asked_digits, rounded
from problem_bank.values import freeze, is_number, plain
from problem_bank.variant import Variant

TRIES = 1_000
BAND = 1.5  # most work / least work among the draws of one question
SAMPLE = 31  # draws whose median work is the middle of the band

Make = Callable[..., Exercise]
Oracle = Callable[..., Mapping[str, Any]]


class _Setting(NamedTuple):
    """What a draw starts from: a level, all knobs, the streams whose values are given, and the rounding asked for."""

    level: str
    knobs: Mapping[str, Any]
    fixed: Mapping[str, Any]
    digits: int | None = None


@dataclass(eq=False)
class Family:
    """One kind of exercise; made by `@family`, found by its file, called through `draw`.

    `minutes` is the time a prepared student needs at the middle level; `version` goes up when the
    text or the numbers of a key change.
    """

    make: Make
    topic: str
    source: str
    minutes: float
    levels: Mapping[str, Mapping[str, Any]]
    version: int = 1
    _oracle: Oracle | None = None
    _bands: dict[str, tuple[float, float]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """topic.name"""
        return f"{self.topic}.{self.make.__name__}"

    @property
    def title(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.make) or self.id).splitlines()[0]

    def oracle(self, function: Oracle) -> Oracle:
        """Register the second route: from the given values, by name, to `part` and `part.misconception`."""
        self._oracle = function
        return function

    @cached_property
    def starters(self) -> dict[str, Path]:
        """The files that a student starts from, by name: those in starters/<name>/ beside the family's file."""
        folder = Path(inspect.getfile(self.make)).parent / "starters" / self.make.__name__
        return {file.name: file for file in sorted(folder.glob("*.*"))}

    def draw(
        self,
        key: object,
        *,
        level: str | None = None,
        given: Mapping[str, Any] | None = None,
        rejected: Counter[str] | None = None,
    ) -> Variant:
        """A proven variant for this key (a text, or a tuple naming secret, assignment, student, ...).

        `given` pins parameters and knobs by name, and `digits` asks for numbers to so many decimals;
        `rejected` counts the reasons of failed tries.
        Raises BadGiven for a value that does not fit, DrawFailed when no draw meets every
        condition, Disproved when the oracle disagrees, Crashed when the family itself fails.
        """
        setting = self._setting(level or self.middle_level, given or {})
        return self._proven(key, setting, Counter() if rejected is None else rejected)

    def rebuilt(self, variant: Variant) -> Exercise:
        """The exercise that the stored parameters of a variant make, without its proof."""
        setting = self._setting(variant.level, variant.drawn)
        return self._made(Rng(fixed=setting.fixed), setting)

    @cached_property
    def knobs(self) -> dict[str, Any]:
        """The family's settings with their defaults: its keyword-only arguments."""
        parameters = inspect.signature(self.make).parameters.values()
        return {p.name: p.default for p in parameters if p.kind is p.KEYWORD_ONLY}

    @cached_property
    def _oracle_names(self) -> frozenset[str] | None:
        """The given values that the oracle asks for; None where it takes all of them (`**given`)."""
        parameters = inspect.signature(self._oracle).parameters.values() if self._oracle else ()
        return None if any(p.kind is p.VAR_KEYWORD for p in parameters) else frozenset(p.name for p in parameters)

    @property
    def middle_level(self) -> str:
        """The level of a draw that names none."""
        return "medium" if "medium" in self.levels else next(iter(self.levels))

    def _proven(self, key: object, setting: _Setting, rejected: Counter[str]) -> Variant:
        rng, exercise = self._tried(key, setting, rejected, self._attempt)
        self._all_used(setting.fixed, rng.drawn)
        asked = {DIGITS: setting.digits} if setting.digits else {}
        return Variant(self.id, self.version, setting.level, {**setting.knobs, **rng.drawn, **asked}, exercise)

    def _tried(
        self, key: object, setting: _Setting, rejected: Counter[str], attempt: Callable[[Rng, _Setting], Exercise]
    ) -> tuple[Rng, Exercise]:
        """The first attempt that meets every condition; `rejected` counts the reasons of the others."""
        for number in range(TRIES):
            rng = Rng(*(key if isinstance(key, tuple) else (key,)), self.id, number, fixed=setting.fixed)
            try:
                return rng, attempt(rng, setting)
            except Rejected as reason:
                rejected[str(reason)] += 1
        raise DrawFailed(self._failure(setting, rejected))

    def _attempt(self, rng: Rng, setting: _Setting) -> Exercise:
        exercise = self._made(rng, setting)
        if rng.free:
            low, high = self._band(setting)
            rng.require(low <= exercise.work <= high, "the work is far from the usual")
        with self._crashes_named():
            proven = prove(exercise, self._second_route(exercise.given), pinned=not rng.free)
            return rounded(proven, setting.digits, pinned=not rng.free) if setting.digits else proven

    def _made(self, rng: Rng, setting: _Setting) -> Exercise:
        with self._crashes_named():
            return self.make(rng, **setting.knobs)

    @contextmanager
    def _crashes_named(self) -> Iterator[None]:
        """Families may be anyone's code: what goes wrong in them is told with its file and line."""
        try:
            yield
        except BankError:
            raise
        except Exception as error:
            raise Crashed(f"{self.id}: {_place(error)}: {type(error).__name__}: {error}") from error

    def _second_route(self, given: Mapping[str, Any]) -> Mapping[str, Any]:
        if self._oracle is None:
            raise BadGiven(f"{self.id} has no oracle; register one with @{self.make.__name__}.oracle")
        names = given.keys() if self._oracle_names is None else self._oracle_names
        return self._oracle(**{name: given[name] for name in names})

    def _band(self, setting: _Setting) -> tuple[float, float]:
        """The range of work to draw from: BAND wide, around the median of a fixed sample."""
        name = repr(setting)
        if name not in self._bands:
            sample = [self._tried(("band", i), setting, Counter(), self._made)[1] for i in range(SAMPLE)]
            middle = median(exercise.work for exercise in sample)
            self._bands[name] = (middle / BAND**0.5, middle * BAND**0.5)
        return self._bands[name]

    def usual_work(self, *, level: str | None = None, given: Mapping[str, Any] | None = None) -> float:
        """The middle of the work that draws of this level take; the same unit as `Exercise.work`."""
        low, high = self._band(self._setting(level or self.middle_level, given or {}))
        return float((low * high) ** 0.5)

    def _setting(self, level: str, given: Mapping[str, Any]) -> _Setting:
        """Knobs, from the level and the given values, apart from the given values of random streams."""
        if level not in self.levels:
            raise BadGiven(f"{self.id} has no level {level!r}; it has {', '.join(self.levels)}")
        knobs = {**self.knobs, **self.levels[level], **{n: freeze(v) for n, v in given.items() if n in self.knobs}}
        for name in self.knobs.keys() & given.keys():
            if is_number(self.knobs[name]) and isinstance(knobs[name], str):
                raise BadGiven(f"{self.id}: the knob {name} should be a number, not {knobs[name]!r}")
        fixed = {n: v for n, v in given.items() if n not in self.knobs and n != DIGITS}
        return _Setting(level, knobs, fixed, asked_digits(given))

    def _all_used(self, fixed: Mapping[str, Any], drawn: Mapping[str, Any]) -> None:
        unknown = sorted(set(fixed) - set(drawn))
        if unknown:
            knobs = f"; its knobs are {', '.join(self.knobs)}" if self.knobs else ""
            raise BadGiven(f"{self.id} draws no {', '.join(unknown)}; given may name {', '.join(drawn)}{knobs}")

    def _failure(self, setting: _Setting, rejected: Counter[str]) -> str:
        worst = "; ".join(f"{why} ({count} of {TRIES})" for why, count in rejected.most_common(3))
        where = f"{self.id}, level {setting.level}, {', '.join(f'{n}={plain(v)}' for n, v in setting.knobs.items())}"
        pinned = f", given {', '.join(setting.fixed)}" if setting.fixed else ""
        return (
            f"{where}{pinned}: no draw out of {TRIES} met every condition: {worst}. Relax what is given or its ranges."
        )


def _place(error: Exception) -> str:
    """Where an error was raised, as file:line."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{frame.filename}:{frame.lineno}"


def family(
    *, topic: str, source: str, minutes: float, levels: Mapping[str, Mapping[str, Any]], version: int = 1
) -> Callable[[Make], Family]:
    """Make a function (rng, *, knobs) -> Exercise a family of the bank."""

    def decorate(make: Make) -> Family:
        return Family(make, topic, source, minutes, levels, version)

    return decorate
