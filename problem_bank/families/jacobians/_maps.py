"""Maps of a vector w with their Jacobians as matrix expressions, and the wrong ones that students write."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from problem_bank.answers import MatrixExpression
from problem_bank.subjects.letters import Names

Shapes = Mapping[str, tuple[str, ...]]

TRANSPOSED = "That is the transpose (denominator layout): the output belongs down the rows, the variable along them."


class Map(NamedTuple):
    """A map of w (length d), the arrays in it, its Jacobian, how it is found, and wrong ones with their feedback.

    `wrong` adds to the transpose, which every map has whose Jacobian is not symmetric.
    """

    tex: str
    arrays: str
    jacobian: str
    steps: str
    wrong: Mapping[str, tuple[str, str]]
    symmetric: bool = False
    definitions: Mapping[str, str] = {}


_HALF = "Both factors hold w, and each of them gives a term: the factor 2 is missing."
_FLAT = "What does not move has no slope."
_PLAIN = "That is the derivative of each entry by itself; as a Jacobian it stands on a diagonal."
MAPS = {
    "constant": Map("c", "w", "0 1_d^T", r"Nothing moves when $w$ moves.",
                    {"variable": ("w^T", _FLAT), "one": ("1_d^T", _FLAT)}),
    "squared_norm": Map(r"\lVert w \rVert^2", "w", "2 w^T", r"$\partial_i \sum_j w_j^2 = 2 w_i$.",
                        {"factor": ("w^T", _HALF)}),
    "dot": Map(r"w^\top x", "wx", "x^T", r"$\partial_i \sum_j w_j x_j = x_i$.",
               {"variable": ("w^T", "Differentiate by w: what stands beside it is left.")}),
    "linear": Map("X w", "wX", "X", r"$\partial_j \sum_k X_{ik} w_k = X_{ij}$.", {}),
    "identity": Map("w", "w", "I_d", r"$\partial_j w_i$ is 1 for $i = j$ and 0 elsewhere.",
                    {"ones": ("1_d 1_d^T", "Each output moves with its own entry only.")}, symmetric=True),
    "entry_squares": Map(r"w \odot w", "w", "2 diag(w)", r"$\partial_j w_i^2 = 2 w_i$ for $i = j$, else 0.",
                         {"factor": ("diag(w)", "The derivative of a square brings down a 2."),
                          "no_diagonal": ("2 w", _PLAIN)}, symmetric=True),
    "entry_exp": Map(r"\exp(w)", "w", "diag(exp(w))", r"$\partial_j e^{w_i} = e^{w_i}$ for $i = j$, else 0.",
                     {"no_diagonal": ("exp(w)", _PLAIN)}, symmetric=True),
    "relu_linear": Map(r"\mathrm{ReLU}(X w)", "wX", "diag(X w > 0) X",
                       "Row $i$ of $X$, where unit $i$ is on, and zeros where it is off.",
                       {"no_slope": ("X", "You left the slope of ReLU out."),
                        "value": ("diag(relu(X w)) X", "The slope of ReLU is 0 or 1, not its value.")}),
    "quadratic": Map(r"w^\top A w", "wA", "w^T (A + A^T)",
                     r"$\partial_k \sum_{ij} w_i A_{ij} w_j = \sum_j A_{kj} w_j + \sum_i w_i A_{ik}$.",
                     {"symmetric": ("2 w^T A", "A need not be symmetric: its transpose gives the other half."),
                      "factor": ("w^T A", _HALF)}),
    "residual": Map(r"\lVert X w - y \rVert^2", "wXy", "2 (X w - y)^T X",
                    r"$\partial_j \sum_i (X w - y)_i^2 = 2 \sum_i (X w - y)_i X_{ij}$.",
                    {"factor": ("(X w - y)^T X", _HALF),
                     "sign": ("2 (y - X w)^T X", "The sign of the residual is the other way round."),
                     "inner": ("2 (X w - y)^T", "You left out the inner derivative, that of X w by w.")}),
    "composed": Map("C X w", "wXC", "C X", "The Jacobians of the two steps are multiplied, the last step first.",
                    {"inner_only": ("X", "C multiplies the result, so it multiplies the Jacobian too.")}),
    "scaled": Map(r"(w^\top x)\, w", "wx", "w x^T + (w^T x) I_d",
                  r"The product rule: $w$ times the row $x^\top$, plus the number times the identity.",
                  {"outer_only": ("w x^T", "The second factor depends on w as well."),
                   "number_only": ("(w^T x) I_d", "The number depends on w as well.")}),
    "softmax": Map(r"s = \mathrm{softmax}(w)", "ws", "diag(s) - s s^T",
                   r"$\partial_j s_i = s_i (\delta_{ij} - s_j)$.",
                   {"diagonal": ("diag(s) - diag(s) diag(s)",
                                  "Each output moves with every input: off the diagonal too."),
                    "plus": ("diag(s) + s s^T", "Raising one entry lowers all others: mind the sign."),
                    "only_outer": ("-s s^T", "On the diagonal there is a second term.")},
                   symmetric=True, definitions={"s": "softmax(w)"}),
}  # fmt: skip

SHAPES: Shapes = {"w": ("d",), "x": ("d",), "y": ("n",), "s": ("d",), "X": ("n", "d"), "A": ("d", "d"), "C": ("k", "n")}


OLD = tuple(SHAPES)


@cache
def answer(name: str, letters: tuple[str, ...], said: Names) -> MatrixExpression:
    """The Jacobian of a map, in numerator layout, with these letters for n, d and k, and names for the arrays."""
    m, of = MAPS[name], dict(zip("ndk", letters, strict=True))
    shapes = {array: tuple(of[size] for size in shape) for array, shape in SHAPES.items() if array in m.arrays}
    definitions = said.keys({array: said(text) for array, text in m.definitions.items()})
    return MatrixExpression(
        _in(said(m.jacobian), of), said.keys(shapes), definitions=definitions, layouts=("numerator",)
    )


def wrong(name: str, letters: tuple[str, ...], said: Names) -> dict[str, tuple[str, str]]:
    """The wrong Jacobians of a map and what to say of them."""
    m, of = MAPS[name], dict(zip("ndk", letters, strict=True))
    turned = {} if m.symmetric else {"transposed": (f"({m.jacobian})^T", TRANSPOSED)}
    return {slip: (_in(said(text), of), said(why)) for slip, (text, why) in (turned | dict(m.wrong)).items()}


def _in(text: str, of: Mapping[str, str]) -> str:
    """The sizes of ones, zeros and identities in the letters of a draw."""
    return re.sub(r"_([ndk])", lambda found: f"_{of[found[1]]}", text)
