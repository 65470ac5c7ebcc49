"""Five distributions: the graded steps from the log-likelihood to the loss, and where misconceptions lead."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial
from math import factorial, log, pi, prod
from statistics import median
from typing import Any, NamedTuple

from problem_bank.answers import Expression, Number
from problem_bank.exercise import Earlier
from problem_bank.values import Vector, whole

LOSS = partial(Number, tolerance=1e-3, floor=1e-3)
LAMBDA = {"lambda": "positive"}


class Step(NamedTuple):
    """One part: its key or the rule of it, its misconceptions, and the answer's kind where it is no exact number."""

    right: Any
    wrong: dict[str, Any]
    kind: Callable[[Any], Any] | None = None


def bernoulli(data: Vector) -> dict[str, Step]:
    """Zeros and ones with the probability p."""
    n, ones = len(data), sum(data)
    zeros = n - ones
    expression = partial(Expression, symbols={"p": "unit"})

    def curvature(p: Any) -> Any:
        return -ones / Fraction(p) ** 2 - zeros / (1 - Fraction(p)) ** 2

    return {
        "likelihood": Step(f"{ones}*ln(p) + {zeros}*ln(1 - p)", {
            "negated": f"-{ones}*ln(p) - {zeros}*ln(1 - p)", "swapped": f"{zeros}*ln(p) + {ones}*ln(1 - p)",
            "averaged": f"({ones}*ln(p) + {zeros}*ln(1 - p))/{n}",
        }, expression),
        "slope": Step(f"{ones}/p - {zeros}/(1 - p)", {
            "inner_lost": f"{ones}/p + {zeros}/(1 - p)", "negated": f"{zeros}/(1 - p) - {ones}/p",
        }, expression),
        "estimate": Step(Fraction(ones, n), {
            "swapped": Fraction(zeros, n), "sum": ones, "smoothed": Fraction(ones + 1, n + 2),
        }),
        "curvature": Step(lambda e: whole(curvature(e["estimate"])), {
            "positive": lambda e: whole(-curvature(e["estimate"])),
        }),
        "loss": _loss(lambda e: -ones * log(e["estimate"]) - zeros * log(1 - e["estimate"]), n),
    }  # fmt: skip


def poisson(data: Vector) -> dict[str, Step]:
    """Counts with the mean lambda."""
    n, total = len(data), sum(data)
    factorials = [factorial(int(x)) for x in data]
    constant = " + ".join(f"ln({value})" for value in factorials)
    expression = partial(Expression, symbols=LAMBDA)
    core = f"{total}*ln(lambda) - {n}*lambda"

    def kernel(e: Earlier) -> float:
        return float(n * e["estimate"] - total * log(e["estimate"]))

    return {
        "likelihood": Step(f"{core} - ({constant})", {
            "negated": f"{n}*lambda - {total}*ln(lambda) + {constant}", "constant_dropped": core,
            "averaged": f"({core} - ({constant}))/{n}", "scale_dropped": f"{total}*ln(lambda) - ({constant})",
        }, expression),
        "slope": Step(f"{total}/lambda - {n}", {
            "term_lost": f"{total}/lambda", "negated": f"{n} - {total}/lambda",
        }, expression),
        "estimate": Step(whole(Fraction(total, n)), {"inverted": Fraction(n, total), "sum": total}),
        "curvature": Step(lambda e: whole(-total / Fraction(e["estimate"]) ** 2), {
            "positive": lambda e: whole(total / Fraction(e["estimate"]) ** 2), "not_at_estimate": -total,
        }),
        "loss": _loss(lambda e: kernel(e) + log(prod(factorials)), n, constant_dropped=kernel),
    }  # fmt: skip


def exponential(data: Vector) -> dict[str, Step]:
    """Waiting times with the rate lambda."""
    n, total = len(data), sum(data)
    expression = partial(Expression, symbols=LAMBDA)
    return {
        "likelihood": Step(f"{n}*ln(lambda) - {total}*lambda", {
            "negated": f"{total}*lambda - {n}*ln(lambda)", "scale_dropped": f"-{total}*lambda",
            "averaged": f"ln(lambda) - {total}/{n}*lambda", "no_logarithm": f"{n}*lambda - {total}*lambda",
        }, expression),
        "slope": Step(f"{n}/lambda - {total}", {
            "term_lost": f"{n}/lambda", "negated": f"{total} - {n}/lambda",
        }, expression),
        "estimate": Step(whole(Fraction(n, total)), {
            "inverted": whole(Fraction(total, n)), "sum": total,
        }),
        "curvature": Step(lambda e: whole(-n / Fraction(e["estimate"]) ** 2), {
            "positive": lambda e: whole(n / Fraction(e["estimate"]) ** 2), "not_at_estimate": -n,
        }),
        "loss": _loss(lambda e: total * e["estimate"] - n * log(e["estimate"]), n),
    }  # fmt: skip


def gaussian(data: Vector) -> dict[str, Step]:
    """Mean mu and variance v."""
    n, total = len(data), sum(data)
    expression = partial(Expression, symbols={"mu": "real", "v": "positive"})
    squares = " + ".join(f"({x} - mu)^2" for x in data)
    spread, log_term = f"({squares})/(2*v)", f"{n}/2*ln(2*pi*v)"

    def around(e: Earlier) -> Any:
        return sum((x - e["mean"]) ** 2 for x in data)

    def loss(e: Earlier, scale: float = 2 * pi) -> float:
        return float(n / 2 * log(scale * e["variance"]) + around(e) / (2 * e["variance"]))

    return {
        "likelihood": Step(f"-{log_term} - {spread}", {
            "negated": f"{log_term} + {spread}", "averaged": f"-({log_term} + {spread})/{n}",
            "constant_dropped": f"-{n}/2*ln(v) - {spread}", "scale_dropped": f"-{spread}",
        }, expression),
        "slope_mean": Step(f"({total} - {n}*mu)/v", {
            "doubled": f"2*({total} - {n}*mu)/v", "negated": f"({n}*mu - {total})/v",
        }, expression),
        "slope_variance": Step(f"-{n}/(2*v) + ({squares})/(2*v^2)", {
            "power": f"-{n}/(2*v) + {spread}", "scale_dropped": f"({squares})/(2*v^2)",
        }, expression),
        "mean": Step(whole(Fraction(total, n)), {"sum": total, "median": _median(data)}),
        "variance": Step(lambda e: whole(Fraction(around(e)) / n), {
            "unbiased": lambda e: whole(Fraction(around(e)) / (n - 1)), "squares_sum": around,
            "not_centred": whole(Fraction(sum(x * x for x in data), n)),
        }),
        "loss": _loss(loss, n, constant_dropped=partial(loss, scale=1)),
    }  # fmt: skip


def laplace(data: Vector) -> dict[str, Step]:
    """Location mu and scale b."""
    n, total = len(data), sum(data)
    expression = partial(Expression, symbols={"b": "positive"})

    def away(e: Earlier) -> Any:
        return sum(abs(x - e["location"]) for x in data)

    def loss(e: Earlier) -> float:
        return float(n * log(2 * e["estimate"]) + away(e) / e["estimate"])

    return {
        "location": Step(_median(data), {
            "mean": whole(Fraction(total, n)), "midrange": whole(Fraction(min(data) + max(data), 2)),
        }),
        "likelihood": Step(lambda e: f"-{n}*ln(2*b) - {away(e)}/b", {
            "negated": lambda e: f"{n}*ln(2*b) + {away(e)}/b", "averaged": lambda e: f"-ln(2*b) - {away(e)}/({n}*b)",
            "constant_dropped": lambda e: f"-{n}*ln(b) - {away(e)}/b", "scale_dropped": lambda e: f"-{away(e)}/b",
        }, expression),
        "slope": Step(lambda e: f"-{n}/b + {away(e)}/b^2", {
            "power": lambda e: f"-{n}/b + {away(e)}/b", "negated": lambda e: f"{n}/b - {away(e)}/b^2",
            "scale_dropped": lambda e: f"{away(e)}/b^2",
        }, expression),
        "estimate": Step(lambda e: whole(Fraction(away(e)) / n), {
            "sum": away, "unbiased": lambda e: whole(Fraction(away(e)) / (n - 1)),
            "about_mean": whole(sum((abs(x - Fraction(total, n)) for x in data), Fraction(0)) / n),
            "squared": lambda e: whole(Fraction(sum((x - e["location"]) ** 2 for x in data)) / n),
        }),
        "loss": _loss(loss, n),
    }  # fmt: skip


def _median(data: Vector) -> Any:
    return whole(Fraction(median(Fraction(x) for x in data)))


def _loss(loss: Callable[[Earlier], float], n: int, **more: Any) -> Step:
    """The negative log-likelihood at the estimates."""
    wrong = {"log_likelihood": lambda e: -loss(e), "averaged": lambda e: loss(e) / n, **more}
    return Step(loss, wrong, LOSS)


MODELS: Mapping[str, Callable[[Vector], dict[str, Step]]] = {
    "bernoulli": bernoulli, "poisson": poisson, "exponential": exponential, "gaussian": gaussian, "laplace": laplace,
}  # fmt: skip
