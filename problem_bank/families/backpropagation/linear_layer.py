"""Goodfellow et al., Deep Learning, section 6.5.6: the gradients of a linear layer over a batch."""

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from problem_bank.answers import Array, MatrixExpression
from problem_bank.exercise import Earlier, Exercise, Part, Slip
from problem_bank.families.backpropagation._layer_differences import gradients, instances
from problem_bank.family import family
from problem_bank.rng import Rng
from problem_bank.subjects.letters import ARRAYS, Names
from problem_bank.tex import tex
from problem_bank.values import Matrix, Vector

OLD = ("X", "W", "G")  # the arrays' names in the texts below; each draw has names of its own
LETTERS = ("dW", "db", "dX")
NUMBERS = ("dW_value", "db_value", "dX_value")


Shapes: TypeAlias = Mapping[str, tuple[int | str, ...]]


class Form(NamedTuple):
    """A way to write the layer: its formula, the shapes, the gradients, and what averages over the samples."""

    tex: str
    shapes: Shapes
    weights: str
    bias: str
    inputs: str
    wrong_sum: str
    updated: str
    said: str


_ROWS: Shapes = {"X": ("S", "M"), "G": ("S", "N"), "b": (1, "N")}
FORMS = {
    "rows, W^T": Form(r"Y = X W^\top + \mathbf{1}_S\, b", {**_ROWS, "W": ("N", "M")}, "G^T X", "1_S^T G", "G W",
                      "sum(G, axis=1)", "G (W - G^T X)", "a row of $X$ is one sample"),
    "rows, W": Form(r"Y = X W + \mathbf{1}_S\, b", {**_ROWS, "W": ("M", "N")}, "X^T G", "1_S^T G", "G W^T",
                    "sum(G, axis=1)", "G (W - X^T G)^T", "a row of $X$ is one sample"),
    "columns": Form(r"Y = W X + b\, \mathbf{1}_S^\top",
                    {"X": ("M", "S"), "G": ("N", "S"), "b": ("N",), "W": ("N", "M")}, "G X^T", "G 1_S", "W^T G",
                    "sum(G, axis=0)", "(W - G X^T)^T G", "a column of $X$ is one sample"),
}  # fmt: skip

SAID = {
    "transposed": "This is the transpose: a gradient has the shape of what it belongs to.",
    "averaged": "You divided by the number of samples; G holds the derivatives of L itself, so nothing is averaged.",
    "not_summed": "You left the sum over the samples out: the bias is added to each of them.",
    "wrong_sum": "You summed over the units; the bias has an entry for each unit, so sum over the samples.",
    "updated_first": "You used the weights after a step; the backward pass takes those of the forward pass.",
}

PROMPT = r"""
A linear layer computes ${{ formula }}$ for a batch of $S$ samples ({{ said }}), where
{% for line in shapes -%}
{{ line }}{{ "." if loop.last else ", " }}
{%- endfor %}
 Of the loss $L$ you know $G = \frac{\partial L}{\partial Y}$, which has the shape of $Y$. A gradient by a matrix or a
vector has the shape of that matrix or vector.
{% if letters %}

Write matrix expressions in `X`, `W`, `G` and the sizes: `A^T` or `A.T` transposes, `A B` or `A @ B` multiplies
matrices, `A .* B` entries, `sum(A, axis=0)` adds up the rows, `1_S` is a column of $S$ ones.
{% endif %}
{% if numbers %}

In numbers, $X = {{ X }}$, $W = {{ W }}$ and $G = {{ G }}$.
{% endif %}
""".strip()

SOLUTION = r"""
Each weight and each input moves $L$ through the entries of $Y$ it takes part in; add up what arrives there, weighted by
$G$. Only one arrangement of the factors gives the shape that is needed:

- $\frac{\partial L}{\partial W} = {{ weights }}$: every sample contributes (its column of $G$) times (its input).
- $\frac{\partial L}{\partial b} = {{ bias }}$: the bias is added to every sample, so its gradient sums over them.
- $\frac{\partial L}{\partial X} = {{ inputs }}$: what a unit receives goes back along its weights.
{% for line in worked %}

$${{ line }}$$
{% endfor %}
""".strip()


@family(
    topic="backpropagation",
    source="Goodfellow 6.5.6",
    minutes=8,
    version=2,
    levels={
        "easy": {"ask": ("dW", "dW_value", "db", "db_value")},
        "medium": {},
        "hard": {"forms": ("rows, W", "columns")},
    },
)
def linear_layer(
    rng: Rng, *, ask: tuple[str, ...] = (*LETTERS, *NUMBERS), forms: tuple[str, ...] = ("rows, W^T", "rows, W")
) -> Exercise:
    """Write the gradients of a linear layer over a batch, and compute them."""
    name, names = rng.choice("form", forms), rng.sample("names", ARRAYS, 3)
    form, said = FORMS[name], Names(OLD, names)
    given = {"ask": ask, "forms": forms, "form": name, "names": names}
    numbers = any(part in ask for part in NUMBERS)
    if numbers:
        given |= _arrays(rng, form)
    return Exercise(
        given=given,
        shown={
            "formula": said(form.tex), "said": said(form.said), "shapes": _shapes(form, said),
            "letters": any(part in ask for part in LETTERS), "numbers": numbers,
            **{_OF[part]: answer.key.tex() for part, answer in _answers(name, said).items()},
            "worked": _worked(name, given, ask, said) if numbers else [],
        },
        prompt=said(PROMPT),
        parts=[_part(part, name, given, said) for part in ask],
        solution=said(SOLUTION),
        work=float(sum(2 if part in LETTERS else 5 for part in ask)),
    )  # fmt: skip


def _arrays(rng: Rng, form: Form) -> dict[str, Any]:
    """Numbers for X, W and G, of three different sizes."""
    sizes = dict(zip("SMN", rng.sample("sizes", (2, 3, 4), 3), strict=True))
    drawn: dict[str, Any] = {"sizes": tuple(sizes.values())}
    for array in OLD:
        rows, columns = (sizes[str(size)] for size in form.shapes[array])
        drawn[array] = rng.int_matrix(array, rows, columns, -2, 3)
        rng.require(any(v for row in drawn[array] for v in row), "no array is all zeros")
    return drawn


@cache
def _answers(form: str, said: Names) -> dict[str, MatrixExpression]:
    """The keys in letters, by part."""
    known = FORMS[form]
    shapes = said.keys(known.shapes)
    return {
        "dW": MatrixExpression(said(known.weights), shapes),
        "db": MatrixExpression(said(known.bias), shapes, loose_vectors=True),
        "dX": MatrixExpression(said(known.inputs), shapes),
    }


_OF = {"dW": "weights", "db": "bias", "dX": "inputs"}
_BY = {"dW": "W", "db": "b", "dX": "X"}


@cache
def _wrong(part: str, name: str) -> dict[str, str]:
    """What the misconceptions make of a gradient, in letters."""
    form = FORMS[name]
    right = str(getattr(form, _OF[part]))
    if part == "db":
        return {"not_summed": "G", "averaged": f"({right})/S", "wrong_sum": form.wrong_sum}
    more = {"updated_first": form.updated} if part == "dX" else {}
    return {"transposed": f"({right})^T", "averaged": f"({right})/S", **more}


def _part(part: str, name: str, given: Mapping[str, Any], said: Names) -> Part:
    letters = part.removesuffix("_value")
    answer = _answers(name, said)[letters]
    wrong = {slip: answer.parse(said(text)) for slip, text in _wrong(letters, name).items()}
    by = said(rf"\frac{{\partial L}}{{\partial {_BY[letters]}}}")
    if part == letters:
        slips = [Slip(slip, tree, said(SAID[slip])) for slip, tree in wrong.items()]
        return Part(part, f"Write ${by}$ as a matrix expression.", answer, misconceptions=slips)
    arrays = said.keys(_of(given))
    rows, columns = (*map(len, (given[letters[1]], given[letters[1]][0])),) if letters != "db" else (0, 0)

    def value(tree: Any, *, turned: bool = False) -> Any:
        """The value of an expression; one row or column of a matrix stays one."""
        found = answer.evaluate(tree, arrays)
        sides = (columns, rows) if turned else (rows, columns)
        return _in_rows(found, *sides) if rows and found and not isinstance(found[0], tuple) else found

    def follow(earlier: Earlier) -> Any:
        return value(earlier.get(letters, answer.key))

    slips = [Slip(slip, value(tree, turned=slip == "transposed"), said(SAID[slip])) for slip, tree in wrong.items()]
    key = value(answer.key)
    return Part(part, f"Compute ${by}$.", Array(key), points=2, misconceptions=slips, follow=follow)


def _in_rows(flat: Vector, rows: int, columns: int) -> Matrix:
    return tuple(flat[row * columns : (row + 1) * columns] for row in range(rows))


def _of(given: Mapping[str, Any]) -> dict[str, Matrix]:
    return {array: given[array] for array in OLD}


def _shapes(form: Form, said: Names) -> list[str]:
    """The shapes in words; the bias is a row or a column."""
    sizes = {array: rf"${array}$ is ${shape[0]} \times {(*shape, 1)[1]}$" for array, shape in form.shapes.items()}
    return [said(sizes[array]) for array in "XWbG"]


def _worked(name: str, given: Mapping[str, Any], ask: tuple[str, ...], said: Names) -> list[str]:
    """The values that are asked for."""
    lines = []
    for part in (p for p in ask if p in NUMBERS):
        letters = part.removesuffix("_value")
        answer = _answers(name, said)[letters]
        value = tex(answer.evaluate(answer.key, said.keys(_of(given))))
        lines.append(rf"\frac{{\partial L}}{{\partial {said(_BY[letters])}}} = {answer.key.tex()} = {value}")
    return lines


@linear_layer.oracle
def differences(ask: tuple[str, ...], form: str, names: tuple[str, ...], **given: Any) -> dict[str, Any]:
    """Differences of the loss sum(G .* Y), one entry after the other, in NumPy; it is linear in each array."""
    values: dict[str, Any] = {}
    for part in ask:
        if part in NUMBERS:
            own = {array: np.array(given[array]) for array in OLD}
            found = gradients(form, own)[part.removesuffix("_value")]
            values |= {f"{part}{slip}": value for slip, value in found.items()}
        else:
            values |= {f"{part}{slip}": value for slip, value in instances(form, names)[part].items()}
    return values
