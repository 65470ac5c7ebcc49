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
from problem_bank.subjects.letters import ARRAYS, Names
from problem_bank.values import Matrix, entries, whole

OLD = ("X", "G", "Y")  # the names in the texts below; each draw has names of its own
SHAPES = dict.fromkeys(OLD, ("S", "M"))
OPEN = ("h", "h'")
ALIASES = {"dh": "h'", "h_prime": "h'"}
LEFT_OUT = "You left G out: multiply by what comes from above."
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
    version=2,
    levels={
        "easy": {"ask": ("form", "dX"), "activations": POLYNOMIALS},
        "medium": {"activations": POLYNOMIALS},
        "hard": {},
    },
)
def elementwise(
    rng: Rng, *, ask: tuple[str, ...] = ("form", "own_form", "dX"), activations: tuple[str, ...] = SATURATING,
    shape: tuple[int, int] = (2, 3),
) -> Exercise:  # fmt: skip
    """Pass a gradient back through a function that acts on each entry."""
    names = rng.sample("names", ARRAYS, 3)
    said = Names(OLD, names)
    given: dict[str, Any] = {"ask": ask, "activations": activations, "names": names, "shape": shape}
    shown: dict[str, Any] = {}
    parts: dict[str, Callable[[], Part]] = {"form": lambda: _form(said)}
    if set(ask) - {"form"}:
        drawn = _numbers(rng, activations, shape)
        name, x, g = drawn["activation"], drawn["X"], drawn["G"]
        given |= drawn
        at = ACTIVATIONS[name]
        slopes = _mapped(x, at, at.slope_value)
        shown = {"h": at.tex, "slope": at.slope_tex, "own": _own_answer(name, said).key.tex(),
                 "slopes": slopes, "value": _times(g, slopes)}  # fmt: skip
        parts |= {
            "own_form": lambda: _own_form(name, said),
            "dX": lambda: _value(name, x, g, said, follows="own_form" in ask),
        }
    return Exercise(
        given=given,
        shown=shown,
        prompt=said(PROMPT),
        parts=[parts[part]() for part in ask],
        solution=said(SOLUTION),
        work=float(len(ask)),
    )


def _numbers(rng: Rng, activations: tuple[str, ...], shape: tuple[int, int]) -> dict[str, Any]:
    """An activation, and numbers for X (or the k of X = ln k) and G."""
    name = rng.choice("activation", activations)
    if ACTIVATIONS[name].logarithms:
        x = rng.int_matrix("X", *shape, 1, 5)
    else:
        x = rng.int_matrix("X", *shape, -3, 3, exclude=(0,))
    g = rng.int_matrix("G", *shape, -3, 3, exclude=(0,))
    signs = [v > 0 for v in entries(x)]
    rng.require(name != "relu" or 2 <= sum(signs) <= 4, "some units are on and some are off")
    rng.require(len(set(entries(x))) > 3, "the entries of X differ")
    return {"activation": name, "X": x, "G": g}


@cache
def _form(said: Names) -> Part:
    """dL/dX for any function h."""
    definitions = said.keys({"Y": said("h(X)")})
    answer = MatrixExpression(said("G .* h'(X)"), said.keys(SHAPES), {}, ALIASES, OPEN, definitions)
    wrong = {
        "value_for_slope": ("G .* h(X)", "You multiplied by h itself; what is needed is its slope."),
        "slope_alone": ("h'(X)", "You left G out: the chain rule multiplies by what comes from above."),
        "slope_at_output": ("G .* h'(Y)", "You took the slope at the output Y; it is taken at the input X."),
        "divided": ("G ./ h'(X)", "You divided by the slope; the chain rule multiplies."),
    }
    slips = [Slip(name, answer.parse(said(text)), said(feedback)) for name, (text, feedback) in wrong.items()]
    prompt = said(r"For any $h$ with derivative $h'$ (type `h'`), write $\frac{\partial L}{\partial X}$.")
    return Part("form", prompt, answer, misconceptions=slips)


@cache
def _own_answer(name: str, said: Names) -> MatrixExpression:
    at = ACTIVATIONS[name]
    definitions = said.keys({"Y": said(at.h)})
    return MatrixExpression(said(f"G .* ({at.slope})"), said.keys(SHAPES), definitions=definitions, entrywise=True)


@cache
def _own_form(name: str, said: Names) -> Part:
    """dL/dX for one function."""
    at, answer = ACTIVATIONS[name], _own_answer(name, said)
    slips = [Slip(w.name, answer.parse(said(f"G .* {w.letters}")), said(w.feedback)) for w in at.wrong]
    slips.append(Slip("slope_alone", answer.parse(said(at.slope)), said(LEFT_OUT)))
    prompt = f"For $h(x) = {at.tex}$, write it with $X$ or $Y$ and without $h$."
    return Part("own_form", said(prompt), answer, misconceptions=slips)


def _value(name: str, x: Matrix, g: Matrix, said: Names, *, follows: bool) -> Part:
    at = ACTIVATIONS[name]
    slopes = _mapped(x, at, at.slope_value)
    slips = [Slip(w.name, _times(g, _mapped(x, at, w.value)), said(w.feedback)) for w in at.wrong]
    slips.append(Slip("slope_alone", slopes, said(LEFT_OUT)))
    answer, functions, arrays = _own_answer(name, said), {name: at.value}, said.keys({"X": x, "G": g})

    def follow(earlier: Earlier) -> Any:
        own = answer.written_out(earlier["own_form"])
        if at.logarithms and _bare(own, name, said.table["X"]):
            raise ValueError("X is a logarithm, which only h makes rational")
        return answer.evaluate(own, arrays, functions)

    where = r"For $X = \ln K$ (entry by entry) with $K = {{ X }}$" if at.logarithms else "For $X = {{ X }}$"
    prompt = rf"{where}, $G = {{{{ G }}}}$ and $h(x) = {at.tex}$, compute $\frac{{\partial L}}{{\partial X}}$ exactly."
    return Part("dX", said(prompt), Array(_times(g, slopes)), points=2, misconceptions=slips,
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


def _bare(tree: Expr, name: str, x: str) -> bool:
    """Does x stand anywhere but in h(x)?"""
    if tree == Expr("call", (Expr("symbol", (), x),), name):
        return False
    return (tree.op == "symbol" and tree.atom == x) or any(_bare(arg, name, x) for arg in tree.args)


@elementwise.oracle
def differences(ask: tuple[str, ...], names: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """Central differences of sum(G .* h(X)) in NumPy; for numbers, read as fractions of small denominators."""
    values: dict[str, Any] = {}
    if "form" in ask:
        values |= {f"form{slip}": value for slip, value in of_any_function(names[:2]).items()}
    if "own_form" in ask:
        values |= {f"own_form{slip}": value for slip, value in of_function(given["activation"], names[:2]).items()}
    if "dX" in ask:
        name, x = given["activation"], np.array(given["X"], dtype=float)
        point = np.log(x) if ACTIVATIONS[name].logarithms else x
        for slip, value in gradients(name, point, np.array(given["G"])).items():
            values[f"dX{slip}"] = [[Fraction(v).limit_denominator(2_000) for v in row] for row in value.tolist()]
    return values
