"""Functions with kinks: how they are described, and their forms."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from problem_bank.answers.kinks import Form, joined
from problem_bank.tex import tex
from problem_bank.values import Matrix, Number, Vector


class Path(NamedTuple):
    """A function of one input: the points that it joins, and its slopes before the first and after the last."""

    knots: Matrix
    before: Number
    after: Number


@dataclass(frozen=True)
class Curve:
    """m g + c, by the LaTeX of g with the places a < b < e and the peak p, and by the path of g."""

    formula: str
    path: Callable[..., Path]


CURVES = {
    "max": Curve(r"\max(x, {a})", lambda a, b, e, p: Path(((a, a),), 0, 1)),
    "min": Curve(r"\min(x, {a})", lambda a, b, e, p: Path(((a, a),), 1, 0)),
    "absolute": Curve("|x - {a}|", lambda a, b, e, p: Path(((a, 0),), -1, 1)),
    "identity": Curve("x", lambda a, b, e, p: Path(((a, a),), 1, 1)),
    "leaky": Curve(r"\max(x - {a},\, \tfrac{{1}}{{2}} (x - {a}))",
                   lambda a, b, e, p: Path(((a, 0),), Fraction(1, 2), 1)),
    "clip": Curve(r"\min(\max(x, {a}), {b})", lambda a, b, e, p: Path(((a, a), (b, b)), 0, 0)),
    "hat": Curve("", lambda a, b, e, p: Path(((a, 0), (b, p), (e, 0)), 0, 0)),
    "bent": Curve("", lambda a, b, e, p: Path(((a, 0), (b, p), (e, -p)), p, 1)),
    "ramp": Curve("", lambda a, b, e, p: Path(((a, p), (b, 0), (e, 0)), 0, -p)),
}  # fmt: skip

PLANES: dict[str, tuple[str, tuple[Number, Number], int]] = {
    "larger": (r"\max(x_1, x_2 + {a})", (Fraction(1, 2), Fraction(1, 2)), 1),
    "smaller": (r"\min(x_1, x_2 + {a})", (Fraction(1, 2), Fraction(1, 2)), -1),
    "distance": ("|x_1 - x_2 - {a}|", (0, 0), 2),
}
"""Functions of two inputs: LaTeX, slopes, and the weight, in halves, of |x1 - x2 - a|."""


def path_of(kind: str, places: Vector, p: int, m: int, c: int) -> Path:
    """The points and slopes of m g + c."""
    knots, before, after = CURVES[kind].path(*places, p)
    return Path(tuple((x, m * y + c) for x, y in knots), m * before, m * after)


def form_in_plane(kind: str, a: Number, m: int, c: int) -> Form:
    """The form of a function of two inputs."""
    _, (s, t), weight = PLANES[kind]
    kink = (1, -1, -a, Fraction(m * weight, 2))
    return (kink,), (m * s, m * t), c + (0 if kind == "distance" else Fraction(m, 2) * a)


def words(kind: str, places: Vector, p: int, m: int, c: int) -> str:
    """The function as a student reads it, with LaTeX."""
    pattern = PLANES[kind][0] if kind in PLANES else CURVES[kind].formula
    if pattern:
        size = {1: "", -1: "-"}.get(m, str(m))
        inner = pattern.format(a=places[0], b=places[1]).replace("- -", "+ ").replace("+ -", "- ")
        offset = f" {'-' if c < 0 else '+'} {abs(c)}" if c else ""
        return f"${size}{inner}{offset}$"
    knots, before, after = path_of(kind, places, p, m, c)
    points = ", ".join(f"$({tex(x)}, {tex(y)})$" for x, y in knots)
    return (
        f"the function that joins the points {points} by straight lines, with slope ${tex(before)}$ before the first "
        f"and slope ${tex(after)}$ after the last"
    )


def path_form(path: Path) -> Form:
    """The form of a function of one input."""
    return joined(*path)
