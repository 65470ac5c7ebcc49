"""The gradients of the mean cross-entropy as matrix expressions in Y, T and the number of samples S."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from problem_bank.answers import Instance, MatrixExpression
from problem_bank.exercise import Part, Slip
from problem_bank.families.softmax._exactly import fractions
from problem_bank.subjects.letters import Names

OLD = ("Y", "T", "Z")  # the names in the texts; where formulas are asked for, each draw has names of its own
SHAPES = {"Y": ("S", "K"), "T": ("S", "K")}
DENOMINATOR = 360
HOW = "Type `./` and `.*` for divisions and products entry by entry, and `S` for the number of samples."

_DY = {
    "sign": ("(T ./ Y)/S", "The loss is minus a logarithm."),
    "no_mean": ("-(T ./ Y)", "The loss is the mean over the samples: divide by their number."),
    "not_divided": ("-(T .* Y)/S", r"The derivative of $\ln y$ is $1/y$: divide by the output, do not multiply."),
    "already_by_logits": ("(Y - T)/S", "That is the derivative by the logits; the softmax plays no part yet."),
}
_DZ = {
    "sign": ("(T - Y)/S", "The sign is turned: it is the outputs minus the targets."),
    "no_mean": ("Y - T", "The loss is the mean over the samples: divide by their number."),
    "diagonal_jacobian": ("((Y - T) .* T)/S",
                          "The other classes have gradients too: the softmax couples all logits of a row."),
    "targets_lost": ("Y/S", "The targets are missing; they are subtracted."),
    "softmax_skipped": ("-(T ./ Y)/S", "That is the derivative by the outputs; it still has to pass the softmax."),
}  # fmt: skip


@cache
def forms(said: Names) -> Mapping[str, Part]:
    """The two parts, by name."""
    return {
        "dY_form": _part("dY_form", rf"Write $\partial L / \partial Y$ for any targets, with `Y` and `T`. {HOW}",
                         "-(T ./ Y)/S", _DY, said),
        "dZ_form": _part("dZ_form", r"Write $\partial L / \partial Z$ as a factor times a matrix, with `Y` and `T`.",
                         "(Y - T)/S", _DZ, said),
    }  # fmt: skip


def _part(name: str, prompt: str, key: str, wrong: Mapping[str, tuple[str, str]], said: Names) -> Part:
    answer = MatrixExpression(said(key), said.keys(SHAPES))
    slips = [Slip(slip, answer.keyed(said(text)).key, said(why)) for slip, (text, why) in wrong.items()]  # read once
    return Part(name, said(prompt), answer, misconceptions=slips)


def instances(numbers: Mapping[str, Any], targets: Any) -> dict[str, Instance]:
    """The second route's numbers for a batch, as what the matrix expressions are worth there, in the old names.

    The outputs are multiples of 1/DENOMINATOR.
    """
    arrays = {"Y": fractions(numbers["Y"], DENOMINATOR), "T": tuple(map(tuple, targets.astype(int).tolist()))}
    wanted = {f"{name}.{slip}".rstrip("."): None for name, table in (("dY", _DY), ("dZ", _DZ)) for slip in ("", *table)}
    return {_form(name): Instance(arrays, _rows(numbers[name])) for name in wanted}


def _form(name: str) -> str:
    part, dot, slip = name.partition(".")
    return f"{part}_form{dot}{slip}"


def _rows(array: Any) -> tuple[tuple[float, ...], ...]:
    return tuple(map(tuple, array.tolist()))
