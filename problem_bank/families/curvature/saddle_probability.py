"""Goodfellow et al., Deep Learning, section 8.2.3: why critical points in many dimensions are mostly saddle points."""

from fractions import Fraction
from functools import cache
from itertools import product
from math import comb
from typing import Any

from problem_bank.answers import Expression
from problem_bank.exercise import Earlier, Exercise
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.steps import Steps
from problem_bank.values import Number

CHANCES = tuple(sorted({Fraction(a, b) for b in (2, 3, 4, 5, 6, 7, 8, 10) for a in range(1, b)}))

PROMPT = r"""
As a model of a critical point in $n = {{ n }}$ dimensions, suppose that every eigenvalue of the Hessian is positive
with probability $p = {{ p }}$ and negative otherwise, independently of the others (none is zero). The point is a
minimum if all eigenvalues are positive, a maximum if all are negative, and a saddle point otherwise. Give exact
values.
""".strip()

SOLUTION = r"""
- All ${{ n }}$ eigenvalues are positive with probability $p^n = {{ minimum }}$, all are negative with
$(1 - p)^n = {{ maximum }}$.
- What is left are saddle points: $1 - p^n - (1 - p)^n = {{ saddle }}$.
{% if "index" in ask %}
- For exactly ${{ k }}$ negative ones there are $\binom{ {{- n -}} }{ {{- k -}} } = {{ ways }}$ choices, each with
probability $p^{ {{- n - k -}} } (1 - p)^{ {{- k -}} }$: together ${{ index }}$.
{% endif %}
{% if "expected" in ask %}
- Of ${{ points }}$ critical points, ${{ points }} \cdot {{ minimum }} = {{ expected }}$ are minima on average.
{% endif %}
{% if "ratio" in ask %}
- Saddle points are ${{ saddle }} / {{ minimum }} = {{ saddle / minimum }}$ times as likely as minima.
{% endif %}
{% if "formula" in ask %}
- For any $n$, this is $\frac{1 - p^n - (1 - p)^n}{p^n} = ({{ 1 / p }})^n - 1 - ({{ q / p }})^n$. It grows
exponentially.
{% endif %}
""".strip()

PART = {
    "minimum": "The probability that the point is a minimum.",
    "saddle": "The probability that it is a saddle point.",
    "index": r"The probability that exactly ${{ k }}$ of the ${{ n }}$ eigenvalues are negative.",
    "expected": "How many of ${{ points }}$ such critical points are minima, on average?",
    "ratio": "How many times as likely as a minimum is a saddle point?",
    "formula": r"The same for any number of dimensions, $p = {{ p }}$ as above: write it as an expression in `n`.",
}

SAID = {
    "added": "You added the probabilities; independent events that must all happen are multiplied.",
    "one_in_n": "You counted n outcomes; there are two for every eigenvalue, and they need not be equally likely.",
    "maximum": "This is the probability of a maximum: p belongs to positive eigenvalues.",
    "maximum_counted": "A maximum is no saddle point either; take its probability away as well.",
    "single_index": "This counts saddle points with a single negative eigenvalue only.",
    "third": "The three kinds of points are not equally likely: most combinations of signs are mixed.",
    "no_choices": "You took one particular choice of the negative eigenvalues; there are several.",
    "rest_free": "The other eigenvalues must be positive: that has a probability too.",
    "swapped": "You swapped positive and negative: the negative ones have probability 1 − p.",
    "of_maxima": "These are the maxima: p belongs to positive eigenvalues.",
    "saddles": "These are the saddle points; the minima are asked for.",
    "upside_down": "This is minima per saddle point; the other way round is asked.",
    "per_extremum": "You compared with minima and maxima together; compare with minima alone.",
    "fixed": "This is the value for the n above; here n stays a letter.",
}


@family(
    topic="curvature",
    source="Goodfellow 8.2.3",
    minutes=7,
    version=2,
    levels={
        "easy": {"dimensions": (3, 4, 5, 6), "ask": ("minimum", "saddle", "expected")},
        "medium": {},
        "hard": {"ask": ("minimum", "saddle", "index", "expected", "ratio", "formula")},
    },
)
def saddle_probability(
    rng: Rng,
    *,
    dimensions: tuple[int, ...] = (4, 5, 6, 7),
    ask: tuple[str, ...] = ("minimum", "saddle", "index", "expected"),
) -> Exercise:
    """Find how likely minima and saddle points are when the signs of the eigenvalues are random."""
    n, p = rng.choice("n", dimensions), rng.choice("p", CHANCES)
    k = rng.int("k", 2, n - 1)
    rng.require(p**n > Fraction(1, 10**4), "a minimum is not beyond imagining")
    points = rng.choice("points", tuple(1000 * m for m in range(2, 61)))
    q = 1 - p
    saddle = 1 - p**n - q**n
    steps = Steps(SAID)
    for name in ask:
        _ask(steps, name, n=n, p=p, k=k, points=points)
    return Exercise(
        given={"n": n, "p": p, "k": k, "points": points, "dimensions": dimensions, "ask": ask},
        shown={"minimum": p**n, "maximum": q**n, "saddle": saddle, "ways": comb(n, k),
               "index": comb(n, k) * p ** (n - k) * q**k, "q": q, "expected": points * p**n},
        prompt=PROMPT,
        parts=steps.parts,
        solution=SOLUTION,
        work=float(len(ask)),
    )  # fmt: skip


def _ask(steps: Steps, name: str, *, n: int, p: Fraction, k: int, points: int) -> None:
    q, minimum = 1 - p, p**n
    match name:
        case "minimum":
            wrong: dict[str, Any] = {
                "added": n * p,
                "one_in_n": Fraction(1, n) if minimum != Fraction(1, n) else None,
                "maximum": q**n if p != q else None,
            }
            steps.ask(name, PART[name], lambda e: minimum, wrong)
        case "saddle":
            wrong = {
                "maximum_counted": lambda e: 1 - e.get("minimum", minimum),
                "single_index": n * p ** (n - 1) * q,
                "third": Fraction(1, 3),
            }
            steps.ask(name, PART[name], lambda e: 1 - e.get("minimum", minimum) - q**n, wrong)
        case "index":
            ways = comb(n, k)
            wrong = {
                "no_choices": p ** (n - k) * q**k,
                "rest_free": ways * q**k,
                "swapped": ways * p**k * q ** (n - k) if p != q and 2 * k != n else None,
            }
            steps.ask(name, PART[name], lambda e: ways * p ** (n - k) * q**k, wrong, points=2)
        case "expected":
            wrong = {
                "of_maxima": points * q**n if p != q else None,
                "saddles": lambda e: points * (1 - e.get("minimum", minimum) - q**n),
            }
            steps.ask(name, PART[name], lambda e: points * e.get("minimum", minimum), wrong)
        case "ratio":
            _ask_ratio(steps, minimum, q**n)
        case _:
            letters = Expression(f"(1 - ({p})^n - ({q})^n) / ({p})^n", {"n": "natural"})
            texts = {
                "maximum_counted": f"(1 - ({p})^n) / ({p})^n",
                "upside_down": f"({p})^n / (1 - ({p})^n - ({q})^n)",
                "fixed": f"{(1 - minimum - q**n) / minimum}",
            }
            slips = {slip: letters.parse(text) for slip, text in texts.items()}
            steps.ask(name, PART[name], lambda e: letters.key, slips, kind=letters.keyed)


def _ask_ratio(steps: Steps, minimum: Fraction, maximum: Fraction) -> None:
    def saddle(earlier: Earlier) -> Number:
        return Fraction(earlier.get("saddle", 1 - minimum - maximum))

    def least(earlier: Earlier) -> Number:
        return Fraction(earlier.get("minimum", minimum))

    wrong = {
        "upside_down": lambda e: least(e) / saddle(e),
        "per_extremum": lambda e: saddle(e) / (least(e) + maximum),
    }
    steps.ask("ratio", PART["ratio"], lambda e: saddle(e) / least(e), wrong)


@saddle_probability.oracle
def by_enumeration(n: int, p: Fraction, k: int, points: int, ask: tuple[str, ...]) -> dict[str, Any]:
    """All combinations of signs, one after the other, each with its probability."""
    q = 1 - p
    by_index, one = [Fraction(0)] * (n + 1), Fraction(0)
    for signs in product((0, 1), repeat=n):  # 1 is a negative eigenvalue
        chance = Fraction(1)
        for negative in signs:
            chance *= q if negative else p
        by_index[sum(signs)] += chance
        one = chance if sum(signs) == k else one
    minimum, maximum = by_index[0], by_index[n]
    saddle = sum(by_index[1:n])
    values: dict[str, Any] = {
        "minimum": minimum,
        "minimum.added": sum([p] * n),
        "minimum.one_in_n": None if minimum == Fraction(1, n) else Fraction(1, n),
        "minimum.maximum": None if p == q else maximum,
        "saddle": saddle,
        "saddle.maximum_counted": saddle + maximum,
        "saddle.single_index": by_index[1],
        "saddle.third": Fraction(1, 3),
        "index": by_index[k],
        "index.no_choices": one,
        "index.rest_free": by_index[k] / p ** (n - k),
        "index.swapped": None if p == q or 2 * k == n else by_index[n - k] * comb(n, k) / comb(n, n - k),
        "expected": minimum * points,
        "expected.of_maxima": None if p == q else maximum * points,
        "expected.saddles": saddle * points,
        "ratio": saddle / minimum,
        "ratio.upside_down": minimum / saddle,
        "ratio.per_extremum": saddle / (1 - saddle),
    }
    return values | (_formulas(p, saddle / minimum) if "formula" in ask else {})


@cache
def _formulas(p: Fraction, ratio: Fraction) -> dict[str, Any]:
    """Multiplied out: powers of 1/p and of the odds."""
    import sympy

    n = sympy.symbols("n")
    inverse, odds = sympy.Rational(str(1 / p)), sympy.Rational(str((1 - p) / p))
    right = inverse**n - 1 - odds**n
    return {"formula": right, "formula.maximum_counted": inverse**n - 1, "formula.upside_down": 1 / right,
            "formula.fixed": sympy.Rational(str(ratio))}  # fmt: skip
