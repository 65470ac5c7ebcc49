"""Proof that labelled points are linearly separable, or that they are not: any certificate that holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from problem_bank.answers import reading
from problem_bank.answers.answer import Answer, Match, Samples
from problem_bank.answers.array import Array
from problem_bank.answers.named import row
from problem_bank.errors import Unreadable
from problem_bank.exact import dot, times
from problem_bank.tex import tex
from problem_bank.values import Matrix, Number, Vector, entries

NAMES = ("w", "b", "multipliers")
_NAME = re.compile(r"""["']?(?:(\\lambda|lambda|λ|multipliers?)|\b([wb])\b)["']?\s{0,3}[=:]""", re.IGNORECASE)
_CLAIM = re.compile(r"^\s*\(?(?P<no>not|in|non)?[- ]{0,2}(?:linearly )?separable\)?[\s,.;:|]*", re.IGNORECASE)
_WRAPPER = re.compile(r"\b(?:np|numpy|torch)\.(?:array|tensor|asarray)\b|\band\b|\\(?:left|right)\b")


@dataclass(frozen=True)
class Separator:
    """A line: class +1 lies where w . x + b > 0, class -1 where it is < 0."""

    w: Vector
    b: Number


@dataclass(frozen=True)
class Multipliers:
    """One number per point, all >= 0 and not all 0, with sum_i lambda_i y_i (x_i, 1) = 0.

    They add the constraints y_i (w . x_i + b) > 0 up to 0 > 0, so that no line fulfils them all.
    """

    values: Vector


class Fault(NamedTuple):
    """What is wrong with a certificate: a name for its kind, and what to tell the student."""

    name: str
    said: str


@dataclass(frozen=True)
class Certificate(Answer):
    """A certificate for these points and labels (+1 or -1), answered by any other that holds, of whatever scale.

    The key is an example. That of a misconception is an example too, one that fails: an answer shows
    the misconception if its own fault has the same name. Faults of a line are `on_line` (a point lies
    on it, none on the wrong side), `swapped` (every point is on the wrong side), `one_class` (one
    class is right throughout, the other not) and `line`; those of multipliers are `zero` (all of
    them), `negative`, `no_labels` (they have a sum of 0 without the labels), `no_bias` (only the last
    component of the sum, sum_i lambda_i y_i, is not 0) and `sum`.
    """

    kind: ClassVar[str] = "certificate"
    fields: ClassVar[tuple[str, ...]] = NAMES
    key: Separator | Multipliers
    points: Matrix
    labels: Vector

    def parse(self, raw: Any) -> Separator | Multipliers:
        claim, fields = _split(raw)
        if not fields or ("multipliers" in fields) == bool({"w", "b"} & set(fields)):
            raise Unreadable(f"give either w and b, or multipliers, such as {self.hint}")
        if claim is not None and claim == ("multipliers" in fields):
            raise Unreadable("separable needs w and b, not separable needs multipliers; your answer mixes the two")
        if "multipliers" in fields:
            return Multipliers(_numbers("multipliers", fields["multipliers"], len(self.points), "one for each point"))
        missing = [name for name in ("w", "b") if name not in fields]
        if missing:
            raise Unreadable(f"{missing[0]} is missing; write {self.hint}")
        w = _numbers("w", fields["w"], len(self.points[0]), "one for each coordinate")
        return Separator(w, *_numbers("b", fields["b"], 1, "a single number"))

    def compare(self, value: Separator | Multipliers) -> Match:
        fault = self.fault(value)
        right = (fault.name if fault else None) == self._wanted
        return Match(int(right), fault.said if fault and not right else "", "certificate verified exactly")

    @cached_property
    def _wanted(self) -> str | None:
        """The name of the key's own fault: None, unless it is the key of a misconception."""
        fault = self.fault(self.key)
        return fault.name if fault else None

    def fault(self, value: Separator | Multipliers) -> Fault | None:
        """The first thing that is wrong with this certificate, or None."""
        return self._line_fault(value) if isinstance(value, Separator) else self._sum_fault(value.values)

    def show(self, value: Separator | Multipliers) -> str:
        if isinstance(value, Multipliers):
            return f"not separable: multipliers = {_flat.show(value.values)}"
        return f"separable: w = {_flat.show(value.w)}, b = {value.b}"

    def tex(self, value: Separator | Multipliers) -> str:
        if isinstance(value, Multipliers):
            return rf"\lambda = {tex(value.values)}"
        return rf"w = {tex(value.w)},\; b = {tex(value.b)}"

    @property
    def hint(self) -> str:
        w, multipliers = [0] * len(self.points[0]), [0] * len(self.points)  # zeros are never right
        return f"w = {w}, b = 0 (separable) or multipliers = {multipliers} (not separable), with numbers of your own"

    def samples(self) -> Samples:
        key, shown = self.key, self.show(self.key)
        right: list[Any] = [shown, shown.partition(": ")[2], shown.upper()]
        if isinstance(key, Multipliers):
            right += [{"multipliers": key.values, "w": "", "b": ""}, [2 * v for v in key.values], f"λ = {key.values}"]
            wrong: Separator | Multipliers = Multipliers(tuple(-v for v in key.values))
        else:
            right += [{"w": key.w, "b": key.b}, {"w": str(key.w), "b": str(key.b), "multipliers": " "}]
            wrong = Separator(tuple(-v for v in key.w), -key.b)
        malformed: list[Any] = ["", "separable", "not separable", True, 3, "w = [1], b = 2", "w = 1 2", "b = 1", "[1]"]
        malformed += ["w" * 9999, {"w": "x", "b": 1}, {"W": {}}, f"{shown}, w = [0, 0], b = 1, λ = 1"]
        return Samples(tuple(right), (self.show(wrong), [0] * len(self.points)), tuple(malformed))

    def _line_fault(self, line: Separator) -> Fault | None:
        margins = [y * (dot(line.w, x) + line.b) for x, y in zip(self.points, self.labels, strict=True)]
        if min(margins) > 0:
            return None
        first = next(i for i, margin in enumerate(margins) if margin <= 0)
        point = f"point {first + 1}, {row(self.points[first])}"
        said = f"For {point}, y (w · x + b) is {margins[first]}; it must be above 0."
        if min(margins) == 0:
            name = "on_line" if any(line.w) else "line"
        elif max(margins) < 0:
            name = "swapped"
        else:
            failing = {y for y, margin in zip(self.labels, margins, strict=True) if margin <= 0}
            name = "one_class" if len(failing) == 1 else "line"
        return Fault(name, said)

    def _sum_fault(self, multipliers: Vector) -> Fault | None:
        total = self._sum(times(multipliers, self.labels))
        negative = [i for i, m in enumerate(multipliers, 1) if m < 0]
        if not any(multipliers):
            return Fault("zero", "All multipliers are 0, and then the sum is 0 whatever the points are.")
        if any(total):
            return self._component_fault(multipliers, total, bool(negative))
        said = f"Multiplier {negative[0]} is negative." if negative else ""
        return Fault("negative", said) if negative else None

    def _component_fault(self, multipliers: Vector, total: Vector, negative: bool) -> Fault:
        at = next(i for i, component in enumerate(total) if component)
        last = at == len(total) - 1
        name = "no_labels" if not any(self._sum(multipliers)) else "no_bias" if last and not negative else "sum"
        which = f"Component {at + 1}{' (that of the bias)' if last else ''}"
        return Fault(name, f"{which} of the sum of all λ y (x, 1) is {total[at]}; it must be 0.")

    def _sum(self, factors: Vector) -> Vector:
        """The sum of all (x, 1), each times its factor."""
        return (*(dot(factors, column) for column in zip(*self.points, strict=True)), sum(factors))


_flat = Array((), ndim=1)


def _split(raw: Any) -> tuple[bool | None, dict[str, Any]]:
    """What was claimed (separable or not), as far as it was, and the raw fields that were filled in."""
    if isinstance(raw, list | tuple):
        return None, {"multipliers": raw}
    if isinstance(raw, Mapping):
        pairs, claim = [(_named(f"{key}="), value) for key, value in raw.items() if not _empty(value)], None
    else:
        claim, text = _claimed(raw)
        pairs = _from_text(text)
    names = [name for name, _ in pairs]
    strange = [name for name in names if name not in NAMES]
    if strange or len(set(names)) < len(names):
        said = f"{reading.clip(strange[0])} is none of them" if strange else "one of them is given twice"
        raise Unreadable(f"{said}; give w and b, or multipliers, once each")
    return claim, dict(pairs)


def _claimed(raw: Any) -> tuple[bool | None, str]:
    """The claim at the head of a text, and the rest of it."""
    if not isinstance(raw, str) or len(raw) > reading.LONGEST:
        said = f"a {reading.kind_of(raw)}" if not isinstance(raw, str) else "a text too long to read"
        raise Unreadable(f"{said} stands where w and b, or multipliers, are expected")
    found = _CLAIM.match(raw)
    return (found["no"] is None, raw[found.end() :]) if found else (None, raw)


def _from_text(text: str) -> list[tuple[str, str]]:
    """Split "w = ..., b = ..." at the names; a bare list of numbers stands for multipliers."""
    found = list(_NAME.finditer(text))
    if not found:
        return [("multipliers", text)] if text.strip(" $").startswith(("[", "(")) else []
    ends = [match.start() for match in found[1:]] + [len(text)]
    values = (text[match.end() : end] for match, end in zip(found, ends, strict=True))
    return [
        (_named(match[0]), value.strip(" \t\r\n,;$").rstrip("\\.")) for match, value in zip(found, values, strict=True)
    ]


def _named(text: str) -> str:
    """The field that "λ =", "W:" and the like mean; any other text as it is."""
    found = _NAME.fullmatch(text)
    if not found:
        return text.rstrip("=")
    return "multipliers" if found[1] else found[2].lower()


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], {})


def _numbers(name: str, raw: Any, count: int, meaning: str) -> Vector:
    """So many numbers: a row, a column or, for a single one, a bare number."""
    try:
        value = _flat.parse(_WRAPPER.sub(" ", raw) if isinstance(raw, str) else raw)
    except Unreadable as error:
        raise Unreadable(f"{name}: {error}") from None
    flat = tuple(entries(value))
    if len(flat) != count:
        raise Unreadable(f"{name} has {len(flat)} entries, but takes {count}, {meaning}")
    return flat
