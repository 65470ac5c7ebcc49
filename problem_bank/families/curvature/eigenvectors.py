"""Goodfellow et al., Deep Learning, section 4.3.1: what the eigenvectors of a Hessian say about a point."""

from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np

from problem_bank.answers import Choice
from problem_bank.errors import BadGiven
from problem_bank.exact import add, dot, scale, times
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.families.curvature._eigenvectors_texts import KINDS, PART, PROMPT, SAID, SOLUTION
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps, bracketed
from problem_bank.values import Matrix, Number, Vector

FRAMES: dict[int, tuple[Matrix, ...]] = {
    2: (((1, 2), (2, -1)), ((2, 1), (1, -2)), ((1, 3), (3, -1)), ((3, 1), (-1, 3)), ((1, 1), (1, -1)),
        ((2, 3), (3, -2)), ((3, 2), (-2, 3))),
    3: (((1, 2, 2), (2, 1, -2), (2, -2, 1)), ((2, 2, -1), (2, -1, 2), (-1, 2, 2)), ((1, 1, 1), (1, -1, 0), (1, 1, -2)),
        ((1, 0, 1), (1, 1, -1), (1, -2, -1)), ((1, -2, 2), (2, 2, 1), (-2, 1, 2))),
}  # fmt: skip
TEST = ("trace", "determinant", "kind")
POSITIVE = {"condition", "limit", "step", "newton"}  # asked of a positive definite Hessian only


@family(
    topic="curvature",
    source="Goodfellow 4.3.1",
    minutes=9,
    levels={
        "easy": {"ask": (*TEST, "bend")},
        "medium": {},
        "hard": {"size": 3, "ask": ("hessian", "bend", "condition", "limit", "newton")},
    },
)
def eigenvectors(
    rng: Rng, *, size: int = 2, ask: tuple[str, ...] = ("hessian", "bend", "condition", "step")
) -> Exercise:
    """Read curvature, kind of critical point and best step from eigenvalues and eigenvectors of a Hessian."""
    if size not in FRAMES or not set(ask) <= set(PART) or (set(TEST) & set(ask) and not set(TEST) <= set(ask)):
        raise BadGiven(f"size {size}, ask {', '.join(ask)}: write 2 or 3, and some of {', '.join(PART)}; trace, "
                       "determinant and kind belong together")  # fmt: skip
    positive = bool(POSITIVE & set(ask))
    frame = rng.choice("directions", FRAMES[size])
    eigenvalues = rng.sample(
        "eigenvalues", range(2, 12 * size - 8) if positive else (*range(-9, 0), *range(1, 10)), size
    )
    along, slopes = _mixture(rng, "along", size), _mixture(rng, "slopes", size)
    options = tuple(list(KINDS)[i] for i in rng.shuffle("order", len(KINDS)))
    if "newton" in ask:
        slopes = times(slopes, eigenvalues)  # so that Newton's step is whole
    hessian = _Hessian(frame, eigenvalues, along, slopes)
    rng.require(len(set(map(abs, eigenvalues))) == size, "the eigenvalues differ in size")
    rng.require(min(len(set(map(abs, v))) for v in (along, slopes)) > 1, "the vectors lie askew")
    rng.require(not positive or max(eigenvalues) % min(eigenvalues) != 0, "the condition number is a fraction")
    steps = Steps(SAID)
    hessian.ask(steps, ask, options)
    return Exercise(
        given={**rng.drawn, "size": size, "ask": ask},
        shown={"d": hessian.d, "g": hessian.g, "keys": steps.keys, "said": KINDS[hessian.kind],
               "d_sum": _combination(along), "g_sum": _combination(slopes), "weights": hessian.weights(along),
               "gg": dot(hessian.g, hessian.g), "ghg": hessian.form(slopes)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(size * len(ask)),
    )  # fmt: skip


@dataclass(frozen=True)
class _Hessian:
    """Orthogonal eigenvectors, eigenvalues, and the coefficients of d and g in the eigenvectors; H is not needed."""

    frame: Matrix
    eigenvalues: Vector
    along: Vector
    slopes: Vector

    @property
    def d(self) -> Vector:
        """The direction."""
        return self._mixed(self.along)

    @property
    def g(self) -> Vector:
        """The gradient."""
        return self._mixed(self.slopes)

    @property
    def kind(self) -> str:
        """What a critical point with these eigenvalues is."""
        signs = {value > 0 for value in self.eigenvalues}
        return "saddle" if len(signs) > 1 else "minimum" if True in signs else "maximum"

    def weights(self, coefficients: Vector) -> Vector:
        """The shares of a vector's squared length along the eigenvectors."""
        parts = [c * c * dot(u, u) for c, u in zip(coefficients, self.frame, strict=True)]
        return tuple(Fraction(part) / sum(parts) for part in parts)

    def form(self, coefficients: Vector) -> Number:
        """v' H v for the vector with these coefficients."""
        rows = zip(coefficients, self.frame, self.eigenvalues, strict=True)
        return sum(value * c * c * dot(u, u) for c, u, value in rows)

    def ask(self, steps: Steps, names: tuple[str, ...], options: tuple[str, ...]) -> None:
        """Append the parts of these names."""
        values = self.eigenvalues
        rules: dict[str, tuple[Any, dict[str, Any]]] = {
            "trace": (sum(values), {"product": prod(values)}),
            "determinant": (prod(values), {"sum": sum(values)}),
            "hessian": (self._matrix(lengths=True), {"lengths_forgotten": self._matrix(lengths=False)}),
            "bend": (dot(self.weights(self.along), values), {
                "not_unit": self.form(self.along), "mean": Fraction(sum(values), len(values)),
                "coordinates": dot(tuple(v * v for v in self.d), values) / Fraction(dot(self.d, self.d)),
            }),
            **(self._descent() if POSITIVE & set(names) else {}),
        }  # fmt: skip
        for name in names:
            if name == "kind":
                self._ask_kind(steps, options)
            else:
                key, wrong = rules[name]
                steps.ask(name, PART[name], _always(key), wrong, points=1 if name in (*TEST, "limit") else 2)

    def _descent(self) -> dict[str, tuple[Any, dict[str, Any]]]:
        """What only a positive definite Hessian is asked: how fast descent goes, and where to."""
        values, low, high = self.eigenvalues, min(self.eigenvalues), max(self.eigenvalues)
        return {
            "condition": (Fraction(high) / low, {"inverted": Fraction(low) / high, "difference": high - low}),
            "limit": (Fraction(2) / high, {"smallest": Fraction(2) / low, "half": Fraction(1) / high}),
            "step": (1 / dot(self.weights(self.slopes), values), {
                "inverted": dot(self.weights(self.slopes), values), "steepest": Fraction(1) / high,
            }),
            "newton": (self._newton(-1, -1), {
                "sign": self._newton(1, -1), "multiplied": self._newton(-1, 1),
                "coordinates": tuple(-Fraction(v) / value for v, value in zip(self.g, values, strict=True)),
            }),
        }  # fmt: skip

    def _ask_kind(self, steps: Steps, options: tuple[str, ...]) -> None:
        """The second derivative test, from the student's own trace and determinant."""

        def own(e: Earlier) -> int:
            kind = "undecided" if e["determinant"] == 0 else "saddle"
            if e["determinant"] > 0:
                kind = "minimum" if e["trace"] > 0 else "maximum"
            return options.index(kind)

        wrong = {name: place for place, name in enumerate(options) if name != self.kind}
        steps.ask("kind", PART["kind"], own, wrong, kind=lambda key: Choice(key, tuple(KINDS[n] for n in options)))

    def _mixed(self, coefficients: Vector) -> Vector:
        total: Vector = (0,) * len(self.frame)
        for c, u in zip(coefficients, self.frame, strict=True):
            total = add(total, scale(c, u))
        return total

    def _newton(self, sign: int, exponent: int) -> Vector:
        """sign * H**exponent g"""
        scaled = [sign * c * Fraction(v) ** exponent for c, v in zip(self.slopes, self.eigenvalues, strict=True)]
        return self._mixed(tuple(scaled))

    def _matrix(self, *, lengths: bool) -> Matrix:
        """The sum of the outer products, each divided by the squared length."""
        factors = [
            Fraction(v) / (dot(u, u) if lengths else 1) for v, u in zip(self.eigenvalues, self.frame, strict=True)
        ]
        pairs, n = list(zip(factors, self.frame, strict=True)), range(len(self.frame))
        return tuple(tuple(sum(f * u[i] * u[j] for f, u in pairs) for j in n) for i in n)


def _always(key: Any) -> Rule:
    return lambda earlier: key


def _mixture(rng: Rng, name: str, size: int) -> Vector:
    """Coefficients in the eigenvectors."""
    return rng.ints(name, size, -3, 3, exclude=(0,))


def _combination(coefficients: Vector) -> str:
    """3 u_1 + (-2) u_2"""
    return " + ".join(f"{'' if c == 1 else bracketed(c)} \\, u_{i}" for i, c in enumerate(coefficients, 1))


@eigenvectors.oracle
def by_matrices(*, directions: Any, eigenvalues: Any, along: Any, slopes: Any, order: Any, ask: Any) -> dict[str, Any]:
    """The Hessian as a NumPy matrix that is then multiplied, solved and searched, without its eigenvectors."""
    q, values = np.array(directions, dtype=float).T, np.array(eigenvalues, dtype=float)
    h = q @ np.diag(values) @ np.linalg.inv(q)
    d, g = q @ np.array(along), q @ (np.array(slopes) * (values if "newton" in ask else 1))
    spectrum = np.linalg.eigvalsh((h + h.T) / 2)
    low, high = spectrum[0], spectrum[-1]
    kind = "minimum" if low > 0 else "maximum" if high < 0 else "saddle"
    places = {f"kind.{name}": order.index(i) for i, name in enumerate(KINDS)}
    found = {
        "trace": np.trace(h), "trace.product": np.linalg.det(h), "determinant": np.linalg.det(h),
        "determinant.sum": np.trace(h), "hessian": h, "hessian.lengths_forgotten": (q * values) @ q.T,
        "bend": d @ h @ d / (d @ d), "bend.not_unit": d @ h @ d, "bend.mean": spectrum.mean(),
        "bend.coordinates": (d * d) @ values / (d @ d),
    }  # fmt: skip
    if low > 0:
        found |= {
            "condition": high / low, "condition.inverted": low / high, "condition.difference": high - low,
            "limit": 2 / high, "limit.smallest": 2 / low, "limit.half": 1 / high,
            "step": g @ g / (g @ h @ g), "step.inverted": g @ h @ g / (g @ g), "step.steepest": 1 / high,
            "newton": -np.linalg.solve(h, g), "newton.sign": np.linalg.solve(h, g), "newton.multiplied": -h @ g,
            "newton.coordinates": -g / values,
        }  # fmt: skip
    return {name: _exactly(value) for name, value in found.items()} | places | {"kind": places[f"kind.{kind}"]}


def _exactly(value: Any) -> Any:
    """The fractions behind floats, which here have small denominators."""
    if np.ndim(value):
        return [_exactly(entry) for entry in value]
    return Fraction(float(value)).limit_denominator(50_000)
