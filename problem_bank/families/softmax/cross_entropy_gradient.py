"""Goodfellow et al., Deep Learning, section 6.2.2.3: backpropagation through cross-entropy and softmax."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import permutations
from typing import Any

import numpy as np

from problem_bank.answers import Array
from problem_bank.exact import add, dot, times
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.softmax._exactly import derivatives, fractions, softmax
from problem_bank.families.softmax._forms import OLD, forms, instances
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.letters import ARRAYS, Names
from problem_bank.subjects.softmax import log_rows
from problem_bank.tex import tex
from problem_bank.values import Matrix, Vector

NUMBERS = (1, 2, 3, 4, 5, 6, 8, 9)
FORMS = ("dY_form", "dZ_form")
Rule = Callable[[Any, Any], Any]

PROMPT = r"""
{% if logits %}
$S = {{ S }}$ samples with {{ K }} classes have the logits $Z$ (natural logarithms; one row for each sample) and the
one-hot targets $T$:
$$ Z = {{ logits }}, \qquad T = {{ T }}. $$
{% else %}
$S$ samples with $K$ classes have the logits $Z$ and the one-hot targets $T$, one row for each sample.
{% endif %}
With $Y = \mathrm{softmax}(Z)$, row by row, the loss is the **mean over the samples** of the cross-entropy
$$ L = -\frac{1}{S} \sum_{s} \sum_{c} T_{sc} \ln Y_{sc}. $$
{% if logits %}
All numbers are exact: write fractions. Each matrix has the shape of $Z$.
{% endif %}
""".strip()

SOLUTION = r"""
{% if logits %}
The exponentials of the logits are ${{ a }}$; divided by the sums of their rows, ${{ totals }}$, they give
$$ Y = {{ Y }}. $$
{% endif %}
Only the target's entry of each row stands in the loss: its derivative is $-1/(S y)$, and the others have none. Entry by
entry,
$$ \frac{\partial L}{\partial Y} = -\frac{1}{S}\, T / Y {{ dY }}. $$
Through the softmax of each row, whose Jacobian is $\mathrm{diag}(y) - y y^\top$, this becomes $\frac{1}{S}(y - t)$: the
$y$ below the line cancels. So
$$ \frac{\partial L}{\partial Z} = \frac{1}{S} (Y - T) {{ dZ }}. $$
Each row sums to 0, and only the target's entry is negative.
""".strip()


@family(
    topic="softmax",
    source="Goodfellow 6.2.2.3",
    minutes=9,
    version=2,
    levels={"easy": {"ask": ("Y", "dZ")}, "medium": {}, "hard": {"ask": (*FORMS, "Y", "dZ"), "samples": 4}},
)
def cross_entropy_gradient(
    rng: Rng, *, ask: tuple[str, ...] = ("Y", "dY", "dZ"), samples: int = 2, classes: int = 3
) -> Exercise:
    """Send the gradient of the mean cross-entropy back through a softmax."""
    given: dict[str, Any] = {"ask": ask, "samples": samples, "classes": classes}
    if set(ask) & set(FORMS):
        given["names"] = rng.sample("names", ARRAYS, len(OLD))
    said = Names(OLD, given.get("names", OLD))
    if set(ask) <= set(FORMS):
        return Exercise(given=given, shown={"logits": "", "dY": "", "dZ": ""}, prompt=said(PROMPT),
                        parts=[forms(said)[name] for name in ask], solution=said(SOLUTION))  # fmt: skip
    a: Matrix = rng.each("a", [tuple(permutations(NUMBERS, classes))] * samples)
    targets = rng.ints("targets", samples, 1, classes)
    rng.require(len(set(targets)) > 1, "not all samples are of one class")
    rng.require(len(set(a)) == samples, "no two samples are the same")
    loss = _Loss(a, targets)
    build = {"Y": _outputs, "dY": _by_outputs, "dZ": _by_logits}
    return Exercise(
        given={**given, "a": a, "targets": targets},
        shown={"logits": log_rows(a), "T": loss.t, "S": samples, "K": classes, "totals": loss.totals, "Y": loss.y,
               "dY": f"= {tex(loss.by_outputs(loss.y))}", "dZ": f"= {tex(loss.by_logits(loss.y))}"},
        prompt=said(PROMPT),
        parts=[_renamed(build[name](loss), said) if name in build else forms(said)[name] for name in ask],
        solution=said(SOLUTION),
        work=float(samples * classes * len(ask)),
    )  # fmt: skip


def _renamed(part: Part, said: Names) -> Part:
    """A part whose texts have the old names."""
    slips = [replace(slip, feedback=said(slip.feedback)) for slip in part.misconceptions]
    return replace(part, prompt=said(part.prompt), misconceptions=slips)


class _Loss:
    """The mean cross-entropy of logits ln(a) against targets (classes from 1 on)."""

    def __init__(self, a: Matrix, targets: Vector) -> None:
        self.a = a
        self.t = tuple(tuple(int(c == t) for c in range(1, len(a[0]) + 1)) for t in targets)
        self.totals = tuple(map(sum, a))
        self.y = tuple(tuple(Fraction(v, total) for v in row) for row, total in zip(a, self.totals, strict=True))
        self.share = Fraction(1, len(a))

    def by_outputs(self, y: Matrix) -> Matrix:
        """-T / (S Y), entry by entry."""
        return self.entrywise(lambda q, t: -self.share / q if t else 0, y)

    def by_logits(self, y: Matrix) -> Matrix:
        """(Y - T) / S"""
        return self.entrywise(lambda q, t: (q - t) * self.share, y)

    def through_softmax(self, earlier: Earlier) -> Matrix:
        """The gradient by the logits from the own outputs and the own gradient g by them: y (g - g.y), row by row."""
        y = earlier.get("Y", self.y)
        g = earlier.get("dY", self.by_outputs(y))
        return tuple(times(p, add(row, (-dot(row, p),) * len(p))) for p, row in zip(y, g, strict=True))

    def entrywise(self, rule: Rule, y: Matrix) -> Matrix:
        """Rule(output, target) for every entry."""
        return tuple(tuple(map(rule, p, t)) for p, t in zip(y, self.t, strict=True))

    def slip(self, name: str, rule: Rule, feedback: str) -> Slip:
        """The misconception that applies this rule to the student's own outputs."""
        return Slip(name, lambda earlier: self.entrywise(rule, earlier.get("Y", self.y)), feedback)


def _outputs(loss: _Loss) -> Part:
    columns = tuple(map(sum, zip(*loss.a, strict=True)))
    total = sum(columns)
    slips = [
        Slip("not_normalised", loss.a, "These are the exponentials; divide each row by its sum."),
        Slip("columns_normalised", tuple(tuple(map(Fraction, row, columns)) for row in loss.a),
             "You divided by the sums of the columns; the classes of one sample share a row."),
        Slip("all_normalised", tuple(tuple(Fraction(v, total) for v in row) for row in loss.a),
             "Each sample has a softmax of its own: divide by the sum of its row alone."),
    ]  # fmt: skip
    return Part("Y", "Write $Y$.", Array(loss.y), misconceptions=slips)


def _by_outputs(loss: _Loss) -> Part:
    share = loss.share
    slips = [
        loss.slip("sign", lambda q, t: share / q if t else 0, "The loss is minus a logarithm."),
        loss.slip("no_mean", lambda q, t: -1 / q if t else 0,
                  "The loss is the mean over the samples: divide by their number."),
        loss.slip("targets_lost", lambda q, t: -share / q,
                  "Only the entry of the true class stands in the loss: multiply with $T$."),
        loss.slip("not_divided", lambda q, t: -share * q if t else 0,
                  r"The derivative of $\ln y$ is $1/y$: divide by the output, do not multiply."),
        loss.slip("already_by_logits", lambda q, t: (q - t) * share,
                  "That is the derivative by the logits; by the outputs the softmax plays no part yet."),
    ]  # fmt: skip
    return Part("dY", r"Write $\partial L / \partial Y$.", Array(loss.by_outputs(loss.y)),
                misconceptions=slips, follow=lambda e: loss.by_outputs(e.get("Y", loss.y)))  # fmt: skip


def _by_logits(loss: _Loss) -> Part:
    share = loss.share
    smaller = share / len(loss.a[0])
    slips = [
        loss.slip("sign", lambda q, t: (t - q) * share, "The sign is turned: it is $Y - T$."),
        loss.slip("no_mean", lambda q, t: q - t, "The loss is the mean over the samples: divide by their number."),
        loss.slip("diagonal_jacobian", lambda q, t: (q - 1) * share if t else 0,
                  "The other classes have gradients too: the softmax couples all logits of a row."),
        loss.slip("targets_lost", lambda q, t: q * share, "The targets are missing: it is $Y - T$."),
        loss.slip("mean_over_entries", lambda q, t: (q - t) * smaller,
                  "The mean is over the samples only, not over the classes."),
        Slip("softmax_skipped", lambda e: e.get("dY", loss.by_outputs(loss.y)),
             "That is the derivative by the outputs; it still has to pass the softmax."),
    ]  # fmt: skip
    return Part("dZ", r"Write $\partial L / \partial Z$.", Array(loss.by_logits(loss.y)), points=3,
                misconceptions=slips, follow=loss.through_softmax)  # fmt: skip


@cross_entropy_gradient.oracle
def by_complex_steps(ask: tuple[str, ...], names: tuple[str, ...] = OLD, **numbers: Any) -> dict[str, Any]:
    """Complex steps through loss and softmax; the wrong rules as array arithmetic; fractions at the end."""
    found: dict[str, Any] = {}
    if set(ask) & set(FORMS):
        found |= {part: replace(at, arrays=Names(OLD, names).keys(at.arrays)) for part, at in _formulas().items()}
    if "a" not in numbers:
        return found
    e, t = np.array(numbers["a"]), np.eye(len(numbers["a"][0]))[np.array(numbers["targets"]) - 1]
    rows, samples = int(np.lcm.reduce(e.sum(axis=1))), len(e)
    other = {"Y.columns_normalised": int(np.lcm.reduce(e.sum(axis=0))), "Y.all_normalised": int(e.sum())}
    for name, value in _values(e, t).items():
        found[name] = fractions(value, other.get(name, rows * 360 * samples))
    return found


def _values(e: Any, t: Any) -> dict[str, Any]:
    """Outputs, gradients and wrong answers, as floats."""
    z = np.log(e)
    y, samples = softmax(z), len(e)
    d_y = _gradient(lambda v: -(t.ravel() * np.log(v)).sum(axis=-1) / samples, y)
    d_z = _gradient(lambda v: -(t * np.log(softmax(v.reshape(-1, *z.shape)))).sum(axis=(-1, -2)) / samples, z)
    return {
        "Y": y, "Y.not_normalised": e, "Y.columns_normalised": e / e.sum(axis=0), "Y.all_normalised": e / e.sum(),
        "dY": d_y, "dY.sign": -d_y, "dY.no_mean": samples * d_y, "dY.targets_lost": -1 / (samples * y),
        "dY.not_divided": d_y * y**2, "dY.already_by_logits": d_z, "dZ": d_z, "dZ.sign": -d_z,
        "dZ.no_mean": samples * d_z, "dZ.diagonal_jacobian": d_y * y * (1 - y), "dZ.targets_lost": y / samples,
        "dZ.mean_over_entries": d_z / len(e[0]), "dZ.softmax_skipped": d_y,
    }  # fmt: skip


@cache
def _formulas() -> dict[str, Any]:
    """The values of the matrix expressions for one batch."""
    e, t = np.array([[1, 2, 5], [3, 1, 1]]), np.eye(3)[[0, 2]]
    return instances(_values(e, t), t)


def _gradient(f: Any, at: Any) -> Any:
    """The gradient of a scalar function of a flattened array, in the shape of that array."""
    return derivatives(f, at.ravel()).reshape(at.shape)
