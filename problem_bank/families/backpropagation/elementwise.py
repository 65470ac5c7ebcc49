"""Goodfellow et al., Deep Learning, section 6.5.6: backpropagation through a function of each entry."""

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from problem_bank.algebra.matrices import Expr
from problem_bank.answers import Array, MatrixExpression
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.backpropagation._entry_differences import gradients, of_any_function, of_function
from problem_bank.families.backpropagation._slopes import ACTIVATIONS, Slope
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.values import Matrix, entries, whole

SHAPES = {"X": ("S", "M"), "G": ("S", "M"), "Y": ("S", "M")}
OPEN = ("h", "h'")
ALIASES = {"dh": "h'", "h_prime": "h'"}
POLYNOMIALS, SATURATING = ("relu", "square", "cube"), ("sigmoid", "tanh")

PROMPT = r"""
A layer computes $Y = h(X)$, entry by entry: $Y_{ij} = h(X_{ij})$, with $X$ of shape $S \times M$. Of the loss $L$ you
know $G = \frac{\partial L}{\partial Y}$, of the same shape.
{% if "form" in ask or "own_form" in ask %}

Write matrix expressions in `G`, `X` and `Y`: `A .* B` (or `A ⊙ B`) multiplies entry by entry, `A B` as matrices. A
function of a matrix, such as `h'(X)`, `sigmoid(X)` or `A.^2`, acts on each entry; `X > 0` is 1 where that is true
and 0 elsewhere, and `1 - A` subtracts each entry from 1.
{% endif %}
""".strip()

SOLUTION = r"""
Each entry of $X$ moves only its own entry of $Y$, with the slope $h'(X_{ij})$. So the chain rule has a single term,
and $\frac{\partial L}{\partial X} = G \odot h'(X)$: a product entry by entry.
{% if "own_form" in ask %}

Here $h(x) = {{ h }}$ has the slope ${{ slope }}$, so that $\frac{\partial L}{\partial X} = {{ own }}$.
{% endif %}
{% if "dX" in ask %}

With $y = h(x)$ the slope is ${{ slope }}$: the slopes are ${{ slopes }}$, and
$$ \frac{\partial L}{\partial X} = {{ G }} \odot {{ slopes }} = {{ value }}. $$
{% endif %}
""".strip()


@family(
    topic="backpropagation",
    source="Goodfellow 6.5.6",
    minutes=6,
    levels={
        "easy": {"ask": ("form", "dX"), "activations": POLYNOMIALS},
        "medium": {"activations": POLYNOMIALS},
        "hard": {},
    },
)
def elementwise(
    rng: Rng, *, ask: tuple[str, ...] = ("form", "own_form", "dX"), activations: tuple[str, ...] = SATURATING
) -> Exercise:
    """Pass a gradient back through a function that acts on each entry."""
    given: dict[str, Any] = {"ask": ask, "activations": activations}
    shown: dict[str, Any] = {}
    parts: dict[str, Callable[[], Part]] = {"form": _form}
    if set(ask) - {"form"}:
        drawn = _numbers(rng, activations)
        name, x, g = drawn["activation"], drawn["X"], drawn["G"]
        given |= drawn
        at = ACTIVATIONS[name]
        slopes = _mapped(x, at, at.slope_value)
        shown = {"h": at.tex, "slope": at.slope_tex, "own": _own_answer(name).key.tex(),
                 "slopes": slopes, "value": _times(g, slopes)}  # fmt: skip
        parts |= {"own_form": lambda: _own_form(name), "dX": lambda: _value(name, x, g, follows="own_form" in ask)}
    return Exercise(
        given=given,
        shown=shown,
        prompt=PROMPT,
        parts=[parts[part]() for part in ask],
        solution=SOLUTION,
        work=float(len(ask)),
    )


def _numbers(rng: Rng, activations: tuple[str, ...]) -> dict[str, Any]:
    """An activation, and numbers for X (or the k of X = ln k) and G."""
    name = rng.choice("activation", activations)
    if ACTIVATIONS[name].logarithms:
        x = rng.int_matrix("X", 2, 3, 1, 5)
    else:
        x = rng.int_matrix("X", 2, 3, -3, 3, exclude=(0,))
    g = rng.int_matrix("G", 2, 3, -3, 3, exclude=(0,))
    signs = [v > 0 for v in entries(x)]
    rng.require(name != "relu" or 2 <= sum(signs) <= 4, "some units are on and some are off")
    rng.require(len(set(entries(x))) > 3, "the entries of X differ")
    return {"activation": name, "X": x, "G": g}


@cache
def _form() -> Part:
    """dL/dX for any function h."""
    answer = MatrixExpression("G .* h'(X)", SHAPES, aliases=ALIASES, functions=OPEN, definitions={"Y": "h(X)"})
    said = {
        "value_for_slope": ("G .* h(X)", "You multiplied by h itself; what is needed is its slope."),
        "slope_alone": ("h'(X)", "You left G out: the chain rule multiplies by what comes from above."),
        "slope_at_output": ("G .* h'(Y)", "You took the slope at the output Y; it is taken at the input X."),
        "divided": ("G ./ h'(X)", "You divided by the slope; the chain rule multiplies."),
    }
    slips = [Slip(name, answer.parse(text), feedback) for name, (text, feedback) in said.items()]
    prompt = r"For any $h$ with derivative $h'$ (type `h'`), write $\frac{\partial L}{\partial X}$."
    return Part("form", prompt, answer, misconceptions=slips)


@cache
def _own_answer(name: str) -> MatrixExpression:
    at = ACTIVATIONS[name]
    return MatrixExpression(f"G .* ({at.slope})", SHAPES, definitions={"Y": at.h}, entrywise=True)


@cache
def _own_form(name: str) -> Part:
    """dL/dX for one function."""
    at, answer = ACTIVATIONS[name], _own_answer(name)
    slips = [Slip(w.name, answer.parse(f"G .* {w.letters}"), w.feedback) for w in at.wrong]
    slips.append(Slip("slope_alone", answer.parse(at.slope), "You left G out: multiply by what comes from above."))
    return Part("own_form", f"For $h(x) = {at.tex}$, write it with $X$ or $Y$ and without $h$.", answer,
                misconceptions=slips)  # fmt: skip


def _value(name: str, x: Matrix, g: Matrix, *, follows: bool) -> Part:
    at = ACTIVATIONS[name]
    slopes = _mapped(x, at, at.slope_value)
    slips = [Slip(w.name, _times(g, _mapped(x, at, w.value)), w.feedback) for w in at.wrong]
    slips.append(Slip("slope_alone", slopes, "You left G out: multiply by what comes from above."))
    answer, functions = _own_answer(name), {name: at.value}

    def follow(earlier: Earlier) -> Any:
        own = answer.written_out(earlier["own_form"])
        if at.logarithms and _bare(own, name):
            raise ValueError("X is a logarithm, which only h makes rational")
        return answer.evaluate(own, {"X": x, "G": g}, functions)

    where = r"For $X = \ln K$ (entry by entry) with $K = {{ X }}$" if at.logarithms else "For $X = {{ X }}$"
    prompt = rf"{where}, $G = {{{{ G }}}}$ and $h(x) = {at.tex}$, compute $\frac{{\partial L}}{{\partial X}}$ exactly."
    return Part("dX", prompt, Array(_times(g, slopes)), points=2, misconceptions=slips,
                follow=follow if follows else None)  # fmt: skip


def _mapped(x: Matrix, at: Slope, rule: Callable[[Any, Any], Any]) -> Matrix:
    """A rule (x, h(x)) of every entry, exactly."""
    return tuple(tuple(whole(Fraction(rule(v, at.value(v)))) for v in row) for row in x)


def _times(first: Matrix, second: Matrix) -> Matrix:
    """Entry by entry."""
    return tuple(
        tuple(whole(Fraction(a * b)) for a, b in zip(row, other, strict=True))
        for row, other in zip(first, second, strict=True)
    )


def _bare(tree: Expr, name: str) -> bool:
    """Does X stand anywhere but in h(X)?"""
    if tree == Expr("call", (Expr("symbol", (), "X"),), name):
        return False
    return (tree.op == "symbol" and tree.atom == "X") or any(_bare(arg, name) for arg in tree.args)


@elementwise.oracle
def differences(ask: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """Central differences of sum(G .* h(X)) in NumPy; for numbers, read as fractions of small denominators."""
    values: dict[str, Any] = {}
    if "form" in ask:
        values |= {f"form{slip}": value for slip, value in of_any_function().items()}
    if "own_form" in ask:
        values |= {f"own_form{slip}": value for slip, value in of_function(given["activation"]).items()}
    if "dX" in ask:
        name, x = given["activation"], np.array(given["X"], dtype=float)
        point = np.log(x) if ACTIVATIONS[name].logarithms else x
        for slip, value in gradients(name, point, np.array(given["G"])).items():
            values[f"dX{slip}"] = [[Fraction(v).limit_denominator(2_000) for v in row] for row in value.tolist()]
    return values
