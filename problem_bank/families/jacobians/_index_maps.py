"""Maps between matrices whose Jacobians are answered entry by entry, in index notation."""

from functools import cache
from typing import NamedTuple

from problem_bank.algebra import Node
from problem_bank.algebra.indices import Notation, notation, renamed, tree_of
from problem_bank.answers import IndexExpression
from problem_bank.exercise import Slip
from problem_bank.subjects.letters import Names

OLD = ("X", "W", "A", "B")  # the arrays' names in the texts below
CANONICAL = ("i", "j", "k", "l")  # output, then variable


class Wrong(NamedTuple):
    """An answer that a misconception leads to, in the canonical letters."""

    name: str
    text: str
    feedback: str


class IndexMap(NamedTuple):
    """A map Y, the variable, the arrays with their dimensions, the sum that Y is, and its derivative.

    The texts use i, j for the entry of Y, k, l for that of the variable, and m for what is summed.
    """

    tex: str
    by: str
    arrays: dict[str, tuple[str, ...]]
    output: tuple[str, str]
    entry: str
    key: str
    wrong: tuple[Wrong, ...]


_PAIR = "The delta compares other indices: find out which index of $Y$ must equal which one of the variable."
_TURNED = "You transposed the factor: keep the order of its indices from the sum."
_NO_DELTA = "The delta is missing: this entry of the variable moves one row or column of $Y$ only."
_MIXED = "The factor holds the indices of $Y$ and the delta those of the variable; one index of each belongs together."


def _linear(pair: str, turned: str, missing: str, mixed: str) -> tuple[Wrong, ...]:
    """What goes wrong where the derivative is one factor times one delta."""
    return (
        Wrong("wrong_delta", pair, _PAIR),
        Wrong("factor_transposed", turned, _TURNED),
        Wrong("delta_missing", missing, _NO_DELTA),
        Wrong("indices_mixed", mixed, _MIXED),
    )


MAPS = {
    "XWT": IndexMap(
        "X W^T", "W", {"X": ("n", "d"), "W": ("k", "d")}, ("n", "k"), "X_im W_jm", "X_il delta_jk",
        _linear("X_il delta_ik", "X_li delta_jk", "X_il", "X_ij delta_kl"),
    ),
    "XWT_by_X": IndexMap(
        "X W^T", "X", {"X": ("n", "d"), "W": ("k", "d")}, ("n", "k"), "X_im W_jm", "W_jl delta_ik",
        _linear("W_jl delta_jk", "W_lj delta_ik", "W_jl", "W_ij delta_kl"),
    ),
    "XW": IndexMap(
        "X W", "W", {"X": ("n", "d"), "W": ("d", "k")}, ("n", "k"), "X_im W_mj", "X_ik delta_jl",
        _linear("X_ik delta_il", "X_ki delta_jl", "X_ik", "X_ij delta_kl"),
    ),
    "XW_by_X": IndexMap(
        "X W", "X", {"X": ("n", "d"), "W": ("d", "k")}, ("n", "k"), "X_im W_mj", "W_lj delta_ik",
        _linear("W_lj delta_jk", "W_jl delta_ik", "W_lj", "W_ij delta_kl"),
    ),
    "WTX": IndexMap(
        "W^T X", "W", {"W": ("d", "k"), "X": ("d", "n")}, ("k", "n"), "W_mi X_mj", "X_kj delta_il",
        _linear("X_kj delta_ik", "X_jk delta_il", "X_kj", "X_ij delta_kl"),
    ),
    "AWB": IndexMap(
        "A W B", "W", {"A": ("m", "k"), "W": ("k", "d"), "B": ("d", "n")}, ("m", "n"), "A_ip W_pq B_qj", "A_ik B_lj",
        (
            Wrong("factor_transposed", "A_ki B_jl", _TURNED),
            Wrong("indices_mixed", "A_il B_kj", "$A$ meets the rows of $W$ and $B$ its columns; you swapped them."),
            Wrong("one_factor", "A_ik", "$B$ is multiplied too: both factors stay when $W$ is differentiated."),
            Wrong("wrong_delta", "A_ik delta_jl", "No delta is left: every entry of $W$ moves every entry of $Y$."),
        ),
    ),
    "W_squared": IndexMap(
        r"W \odot W", "W", {"W": ("k", "d")}, ("k", "d"), "W_ij W_ij", "2 W_ij delta_ik delta_jl",
        (
            Wrong("no_two", "W_ij delta_ik delta_jl", "You lost the 2: both factors are differentiated."),
            Wrong("delta_missing", "2 W_ij delta_ik", "One delta is missing: row and column must both be the same."),
            Wrong("no_deltas", "2 W_ij", "The deltas are missing: an entry of $W$ moves only its own square."),
            Wrong("as_a_product", "W_lj delta_ik + W_ik delta_jl",
                  "That is the matrix product; this square is taken entry by entry."),
        ),
    ),
    "WWT": IndexMap(
        "W W^T", "W", {"W": ("k", "d")}, ("k", "k"), "W_im W_jm", "W_jl delta_ik + W_il delta_jk",
        (
            Wrong("first_factor_only", "W_jl delta_ik", "Both factors are $W$: the product rule gives two terms."),
            Wrong("doubled", "2 W_jl delta_ik", "The two terms of the product rule are not the same."),
            Wrong("wrong_delta", "W_jl delta_jk + W_il delta_ik", _PAIR),
            Wrong("delta_missing", "W_jl + W_il", _NO_DELTA),
        ),
    ),
}  # fmt: skip


def answer(name: str, letters: tuple[str, ...], said: Names) -> IndexExpression:
    """The key of a map, with these letters for the entry of Y and that of the variable, and names for the arrays."""
    shape = MAPS[name]
    ranges = (*shape.output, *shape.arrays[shape.by])
    key = _in(letters, _tree(name, shape.key, said))
    return IndexExpression(key, said.keys(shape.arrays), dict(zip(letters, ranges, strict=True)))


def slips(name: str, letters: tuple[str, ...], said: Names) -> list[Slip]:
    """The misconceptions of a map, in these letters."""
    return [
        Slip(wrong.name, _in(letters, _tree(name, wrong.text, said)), said(wrong.feedback))
        for wrong in MAPS[name].wrong
    ]


def _in(letters: tuple[str, ...], tree: Node) -> Node:
    return renamed(tree, dict(zip(CANONICAL, letters, strict=True)))


@cache
def _tree(name: str, text: str, said: Names) -> Node:
    return tree_of(said(text), _canonical(name, said))


def _canonical(name: str, said: Names) -> Notation:
    shape = MAPS[name]
    return notation(
        said.keys(shape.arrays), dict(zip(CANONICAL, (*shape.output, *shape.arrays[shape.by]), strict=True))
    )
