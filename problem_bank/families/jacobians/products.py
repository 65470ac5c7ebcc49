"""Goodfellow et al., Deep Learning, sections 4.3.1 and 6.5.2: the Jacobian of a polynomial map, and its products."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from problem_bank.exact import matvec, transpose
from problem_bank.exercise import Earlier, Exercise, Rule
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.polynomials import polynomial
from problem_bank.subjects.steps import Steps
from problem_bank.subjects.steps import products as sum_of
from problem_bank.values import Matrix, Number, Vector

MONOMIALS = ((2, 1), (1, 2), (2, 0), (1, 1), (0, 2), (1, 0), (0, 1))  # exponents of x and y

PROMPT = r"""
The map $F: \mathbb{R}^2 \to \mathbb{R}^{ {{- outputs -}} }$ has the components
{% for line in components %}
$${{ line }}$$
{% endfor %}
Below, $J$ is its Jacobian at the point $(x, y) = {{ point }}$, with a row for each component and a column for each
variable. Further, $u = {{ u }}${% if "vjp" in ask or "hessian" in ask %} and $v = {{ v }}${% endif %}.
""".strip()

SOLUTION = r"""
- Row $i$ of $J$ holds the partial derivatives of $F_i$: by $x$ with $y$ held fixed, by $y$ with $x$ held fixed. At
${{ point }}$, $J = {{ keys.jacobian }}$.
{% if "jvp" in ask %}
- $J u$ takes each row times $u$; the first entry is ${{ first }}$. So $J u = {{ keys.jvp }}$: how $F$ changes along
$u$.
{% endif %}
{% if "vjp" in ask %}
- $v^\top J$ adds up the rows, weighted by $v$: ${{ keys.vjp }}$. That is the gradient of $v^\top F$, which
backpropagation computes.
{% endif %}
{% if "hessian" in ask %}
- The Hessian of $v^\top F$ is $\sum_i v_i \nabla^2 F_i = {{ keys.hessian }}$.
{% endif %}
""".strip()

PART = {
    "jacobian": "The Jacobian $J$ at this point.",
    "jvp": "The product $J u$.",
    "vjp": r"The product $v^\top J$.",
    "hessian": r"The Hessian of the scalar function $v^\top F(x, y)$ at this point.",
}

SAID = {
    "transposed": "This is the transpose: a row belongs to a component, a column to a variable.",
    "exponent_lost": "You lost the exponents: the derivative of x² is 2 x.",
    "other_factor_lost": "In a product such as x y, the other variable stays as a factor.",
    "values": "You put u into the map; multiply the Jacobian at the point with u.",
    "difference": "You took the difference F(point + u) − F(point); the Jacobian gives its linear part only.",
    "unweighted": "You added the components up as they are; v gives each a weight.",
    "other_side": "You multiplied from the right; a row vector on the left combines the rows of J.",
    "no_mixed": "The mixed derivatives are missing.",
    "halved_diagonal": "On the diagonal stand second derivatives; that of x² is 2.",
}


@family(
    topic="jacobians",
    source="Goodfellow 4.3.1, 6.5.2",
    minutes=8,
    levels={"easy": {"ask": ("jacobian", "jvp")}, "medium": {}, "hard": {"cubic": True, "ask": tuple(PART)}},
)
def products(
    rng: Rng, *, outputs: int = 3, cubic: bool = False, ask: tuple[str, ...] = ("jacobian", "jvp", "vjp")
) -> Exercise:
    """Find the Jacobian of a polynomial map, and multiply it with vectors from both sides."""
    coefficients = rng.built("coefficients", lambda r: tuple(_component(r, i, cubic) for i in range(outputs)))
    point, u = rng.ints("point", 2, -2, 3, exclude=(0,)), rng.ints("u", 2, -3, 3, exclude=(0,))
    v = rng.ints("v", outputs, -3, 3, exclude=(0,))
    map_ = Map(coefficients, point)
    steps = Steps(SAID)
    for name in ask:
        right, wrong = map_.rules(name, u, v)
        steps.ask(name, PART[name], right, wrong, points=2 if name in ("jacobian", "hessian") else 1)
    keys = {name: map_.rules(name, u, v)[0]({}) for name in PART}
    terms = [polynomial(zip(row, map(_tex, MONOMIALS), strict=True)) for row in coefficients]
    rng.require(all(map(any, keys["jacobian"])) and any(keys["vjp"]), "no gradient is zero")
    return Exercise(
        given={**rng.drawn, "outputs": outputs, "cubic": cubic, "ask": ask},
        shown={"components": [f"F_{i}(x, y) = {term}" for i, term in enumerate(terms, 1)], "keys": keys,
               "first": sum_of(keys["jacobian"][0], u)},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(2 * outputs + 3 * len(ask)),
    )  # fmt: skip


def _component(rng: Rng, i: int, cubic: bool) -> Vector:
    """Coefficients of one component: a product of variables, or with `cubic` one of degree three, and a linear term."""
    high = rng.choice(f"high{i}", (0, 1) if cubic and i == 0 else (2, 3, 4))
    low = rng.choice(f"low{i}", (5, 6))
    values = {high: rng.int(f"a{i}", -3, 3, exclude=(0,)), low: rng.int(f"b{i}", -3, 3, exclude=(0,))}
    return tuple(values.get(k, 0) for k in range(len(MONOMIALS)))


def _tex(exponents: tuple[int, int]) -> str:
    """x^2 y"""
    powers = zip("xy", exponents, strict=True)
    return " ".join(letter if n == 1 else f"{letter}^{n}" for letter, n in powers if n)


@dataclass(frozen=True)
class Map:
    """A polynomial map, a row of coefficients for each component, at a point."""

    coefficients: Matrix
    point: Vector

    def rules(self, name: str, u: Vector, v: Vector) -> tuple[Rule, dict[str, Any]]:
        """How a part is answered, and the misconceptions."""
        jacobian = self.jacobian()

        def own(earlier: Earlier) -> Matrix:
            return tuple(earlier.get("jacobian", jacobian))

        match name:
            case "jacobian":
                return lambda e: jacobian, {
                    "transposed": transpose(jacobian),
                    "exponent_lost": self.jacobian(lambda n: int(n > 0)),
                    "other_factor_lost": self.jacobian(mixed=False),
                }
            case "jvp":
                there = tuple(a + b for a, b in zip(self.point, u, strict=True))
                moved = zip(Map(self.coefficients, there).values(), self.values(), strict=True)
                return lambda e: matvec(own(e), u), {
                    "values": Map(self.coefficients, u).values(),
                    "difference": tuple(a - b for a, b in moved),
                }
            case "vjp":
                return lambda e: matvec(transpose(own(e)), v), {
                    "unweighted": lambda e: tuple(map(sum, transpose(own(e)))),
                    "other_side": lambda e: matvec(own(e), u),
                }
        (a, b), (_, d) = h = self.hessian(v)
        return lambda e: h, {
            "no_mixed": ((a, 0), (0, d)),
            "halved_diagonal": ((Fraction(a, 2), b), (b, Fraction(d, 2))),
            "unweighted": self.hessian((1,) * len(v)),
        }

    def values(self) -> Vector:
        """F at the point."""
        return matvec(self.coefficients, tuple(self._monomial(m) for m in MONOMIALS))

    def jacobian(self, factor: Callable[[int], int] = lambda n: n, *, mixed: bool = True) -> Matrix:
        """J at the point; wrong with another factor for the exponents, or without the other variable."""

        def derivatives(by: int) -> Vector:
            only = None if mixed else by
            return tuple(factor(m[by]) * self._monomial(_less(m, by), only) for m in MONOMIALS)

        return transpose(tuple(matvec(self.coefficients, derivatives(by)) for by in (0, 1)))

    def hessian(self, v: Vector) -> Matrix:
        """Of v . F at the point."""
        weights = matvec(transpose(self.coefficients), v)

        def second(i: int, j: int) -> Number:
            return sum(
                w * m[i] * _less(m, i)[j] * self._monomial(_less(_less(m, i), j))
                for w, m in zip(weights, MONOMIALS, strict=True)
            )

        return ((second(0, 0), second(0, 1)), (second(1, 0), second(1, 1)))

    def _monomial(self, exponents: tuple[int, int], only: int | None = None) -> Number:
        """x^m y^n, or only one of the factors; 0 where an exponent is negative."""
        if min(exponents) < 0:
            return 0
        powers = [z**n for z, n in zip(self.point, exponents, strict=True)]
        return powers[0] * powers[1] if only is None else powers[only]


def _less(exponents: tuple[int, int], by: int) -> tuple[int, int]:
    """One power less of one variable."""
    m, n = exponents
    return (m - 1, n) if by == 0 else (m, n - 1)


@products.oracle
def differences(coefficients: Matrix, point: Vector, u: Vector, v: Vector) -> dict[str, Any]:
    """Central differences of the map at two distances, which are exact together for polynomials up to degree four."""
    table = np.array(coefficients, dtype=object)
    exponents = np.array(MONOMIALS)
    at, along, weights = (np.array(z, dtype=object) for z in (point, u, v))
    axes = np.eye(2, dtype=int).astype(object)

    def f(z: Any, rows: Any = table) -> Any:
        return rows @ np.array([z[0] ** int(m) * z[1] ** int(n) for m, n in exponents], dtype=object)

    def slope(direction: Any, z: Any = at, rows: Any = table) -> Any:
        near, far = ((f(z + h * direction, rows) - f(z - h * direction, rows)) / Fraction(2 * h) for h in (1, 2))
        return (4 * near - far) / Fraction(3)

    jacobian = np.array([slope(axis) for axis in axes], dtype=object).T
    curved = np.array([[(slope(a, at + b) - slope(a, at - b)) / Fraction(2) for a in axes] for b in axes], dtype=object)
    hessians = curved.transpose(2, 0, 1)  # of each component
    total = np.tensordot(weights, hessians, axes=1)
    mixed = np.where(exponents.min(axis=1) > 0, table, 0)
    alone = [slope(a, np.where(a == 1, at, 1), mixed) + slope(a, at, table - mixed) for a in axes]
    return {
        "jacobian": jacobian,
        "jacobian.transposed": jacobian.T,
        "jacobian.exponent_lost": [[sum(c / at[i] for c in _terms(row, at, i)) for i in (0, 1)] for row in table],
        "jacobian.other_factor_lost": np.array(alone, dtype=object).T,
        "jvp": slope(along),
        "jvp.values": f(along),
        "jvp.difference": f(at + along) - f(at),
        "vjp": weights @ jacobian,
        "vjp.unweighted": jacobian.sum(axis=0),
        "vjp.other_side": slope(along),
        "hessian": total,
        "hessian.no_mixed": np.diag(total.diagonal()),
        "hessian.halved_diagonal": total - np.diag(total.diagonal()) / Fraction(2),
        "hessian.unweighted": hessians.sum(axis=0),
    }


def _terms(row: Any, at: Any, by: int) -> list[Fraction]:
    """The terms of one component that hold a variable."""
    return [Fraction(c) * at[0] ** m * at[1] ** n for c, (m, n) in zip(row, MONOMIALS, strict=True) if (m, n)[by]]
