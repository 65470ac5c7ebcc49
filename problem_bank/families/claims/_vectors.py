"""False claims about numbers and vectors."""

from fractions import Fraction

from problem_bank.answers.counterexample import Reason, Values
from problem_bank.exact import add
from problem_bank.families.claims._claim import Claim, Numbers, holds
from problem_bank.tex import tex
from problem_bank.values import Number, Vector, whole

_TOTAL = Reason("wrong_total", "Your numbers do not add up to what the question asks for.")
_ADD_UP = "Read again what the numbers have to add up to: a counter-example must be one of the objects in question."


def _additive(values: Values, n: Numbers) -> Reason | None:
    u, v = values
    if u + v != n[0]:
        return _TOTAL
    return holds("same_sign", max(u + v, 0)) if u * v >= 0 else None


def given_scores(n: Numbers) -> Vector:
    """The vector that is given with the claim on pooling; its largest entry is the second."""
    return (n[1], n[1] + n[2], -n[2])


def _pooled(values: Values, n: Numbers) -> Reason | None:
    (v,), u = values, given_scores(n)
    if sum(v) != n[0]:
        return _TOTAL
    left, right = max(add(u, v)), max(u) + max(v)
    return holds("same_place", left) if left == right else None


def _elsewhere(n: Numbers) -> Vector:
    """A vector with the wanted sum whose largest entry is not the second."""
    return (n[0], -n[1], n[1]) if n[0] > 0 else (n[1], n[0], -n[1])


def _pooled_check(n: Numbers) -> str:
    u, v = given_scores(n), _elsewhere(n)
    return rf"$\max(u + v) = \max {tex(add(u, v))} = {max(add(u, v))}$, but ${max(u)} + {max(v)} = {max(u) + max(v)}$."


def _clipped(values: Values, n: Numbers) -> Reason | None:
    (g,), bound = values, n[1]
    if sum(g) != n[0]:
        return _TOTAL
    short = tuple(max(-bound, min(bound, entry)) for entry in g)
    if g[0] * short[1] != g[1] * short[0]:
        return None
    return holds("not_clipped" if short == g else "same_size", g, short)


def _averaged(values: Values, n: Numbers) -> Reason | None:
    u, v = values
    if sum(u) + sum(v) != n[0]:
        return _TOTAL
    return holds("equal_means", _mean(u)) if _mean(u) == _mean(v) else None


def _mean(u: Vector) -> Number:
    return whole(Fraction(sum(u)) / len(u))


def _halves(total: Number) -> tuple[Number, Number]:
    return Fraction(total) / 2, Fraction(total) / 2


VECTORS = {
    "additive_relu": Claim(
        "activations",
        r"ReLU may be pulled apart: $\mathrm{{ReLU}}(u + v) = \mathrm{{ReLU}}(u) + \mathrm{{ReLU}}(v)$ for all numbers "
        "$u$ and $v$.",
        "Give numbers $u$ and $v$ with $u + v = {pin}$.",
        (("u", ()), ("v", ())),
        _additive,
        lambda n: (n[0] + n[1], -n[1]) if n[0] > 0 else (n[0] - n[1], n[1]),
        lambda n: {"same_sign": _halves(n[0]), "wrong_total": (n[1], -n[1])},
        {"same_sign": "Where u and v have the same sign, ReLU keeps both or none. Let the unit be on for one of them "
                      "and off for the other.", "wrong_total": _ADD_UP},
        "ReLU is linear on each side of 0, but not across it: if one number is positive and the other negative, the "
        "right side ignores the negative one, and the left side does not.",
        lambda n: rf"$\mathrm{{ReLU}}({n[0]}) = {max(n[0], 0)}$, but the sum of both is ${max(n[0], 0) + n[1]}$.",
    ),
    "linear_pooling": Claim(
        "convolution",
        r"Max pooling is linear, so $\max(u + v) = \max(u) + \max(v)$, for $u = ({a},\, {ab},\, -{b})$ and every "
        "vector $v$ of three numbers (max is the largest entry).",
        "Give a vector $v$ whose entries add up to ${pin}$.",
        (("v", (3,)),),
        _pooled,
        lambda n: (_elsewhere(n),),
        lambda n: {"same_place": ((0, n[0], 0) if n[0] > 0 else (n[0], 0, 0),), "wrong_total": ((n[1], 0, 0),)},
        {"same_place": "If both largest entries stand in the same place, they do add up. Let the largest entry of v "
                       "stand elsewhere than that of u.", "wrong_total": _ADD_UP},
        "The largest entry of the sum stands in one place, so it adds up one entry of each vector. If the largest "
        "entries stand in different places, it cannot collect both, and the left side is smaller.",
        _pooled_check,
    ),
    "clipping": Claim(
        "optimisation",
        r"Clipping every entry of a gradient $g$ to the interval $[-{a}, {a}]$ makes it shorter, but keeps its "
        "direction: the clipped gradient is a multiple of $g$.",
        "Give a vector $g$ of two numbers whose entries add up to ${pin}$.",
        (("g", (2,)),),
        _clipped,
        lambda n: ((n[0] + n[1] + 1, -n[1] - 1) if n[0] > 0 else (n[0] - n[1] - 1, n[1] + 1),),
        lambda n: {"same_size": (_halves(n[0]),), "wrong_total": ((n[1] + 1, 1 - n[0]),)},
        {"same_size": "Where both entries are as large, both are shortened alike. Let the entries differ in size.",
         "wrong_total": _ADD_UP},
        "Clipping entry by entry shortens large entries and leaves small ones, so their ratio changes. (Clipping by "
        "the norm multiplies all entries by the same factor and does keep the direction.)",
        lambda n: rf"Clipped, it is ${'(' if n[0] > 0 else '-('}{n[1]},\, -{n[1]})$: entries of the same size, which "
        "those of $g$ are not.",
    ),
    "mean_of_means": Claim(
        "evaluation",
        "The mean score of a data set is the mean of the mean scores of its batches, however large these are.",
        "Give the scores of a batch $u$ of two examples and of a batch $v$ of three, which add up to ${pin}$ in all.",
        (("u", (2,)), ("v", (3,))),
        _averaged,
        lambda n: ((n[0] - n[1], n[1]), (n[2], -n[2], 0)),
        lambda n: {"equal_means": ((whole(Fraction(n[0], 5)),) * 2, (whole(Fraction(n[0], 5)),) * 3),
                   "wrong_total": ((n[1], 0), (0, 0, 0))},
        {"equal_means": "If both batches have the same mean, that is the mean of all, whatever their sizes. Give them "
                        "different means.", "wrong_total": _ADD_UP},
        "In the mean of means, each batch counts the same; in the mean of all examples, a batch counts by its size. "
        "The two differ whenever batches of different sizes have different means.",
        lambda n: rf"The means are ${tex(Fraction(n[0], 2))}$ and $0$, and their mean is ${tex(Fraction(n[0], 4))}$; "
        rf"the mean of all five is ${tex(Fraction(n[0], 5))}$.",
    ),
}  # fmt: skip
