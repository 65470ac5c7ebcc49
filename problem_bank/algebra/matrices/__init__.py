"""Reading and deciding matrix expressions whose arrays have sizes in letters.

    >>> from problem_bank.algebra.matrices import decide_matrix
    >>> shapes = {"X": ("n", "d"), "G": ("n", "k")}
    >>> decide_matrix("G.T @ X", "G^T X", shapes=shapes).equal
    True
    >>> decide_matrix("X G", "G^T X", shapes=shapes).reason
    'X G multiplies (n × d) by (n × k): the inner sizes differ; did you mean X^T G?'

`docs/design/matrix-expressions.md` says how products, powers, vectors and functions are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from problem_bank.algebra.decision import UNDECIDED, Decision, Judgement, Reading
from problem_bank.algebra.matrices.judge import CLASH, Policy, judge, key_of, read
from problem_bank.algebra.matrices.language import Language, Shapes, language
from problem_bank.algebra.matrices.substitute import evaluate, positional, replaced, rows_of
from problem_bank.algebra.matrices.tree import Expr
from problem_bank.algebra.matrices.typed import ClashError

__all__ = [
    "CLASH", "UNDECIDED", "ClashError", "Decision", "Expr", "Judgement", "Language", "Policy", "Reading", "Shapes",
    "decide_matrix", "evaluate", "judge", "key_of", "language", "positional", "read",
    "replaced", "rows_of",
]  # fmt: skip


def decide_matrix(
    student: str,
    key: str | Expr,
    *,
    shapes: Shapes,
    symbols: Mapping[str, str] | Iterable[str] | None = None,
    aliases: Mapping[str, str] | None = None,
    functions: Iterable[str] = (),
    layouts: tuple[str, ...] = (),
    loose_vectors: bool = False,
    allow_scalar_plus_matrix: bool = False,
) -> Decision:
    """Read a student's matrix expression and compare it with the key.

    `shapes` declares the arrays with their sizes: {"X": ("n", "d"), "w": ("d",), "S": ()}; the letters
    are readable as numbers too. `symbols` are further numbers with their domains, or domains of the
    entries of arrays ({"P": "positive"}); `functions` are unknown ones that act on each entry
    ("h", "h'"). A vector (d,) is a column, and its transpose a row: only `loose_vectors` makes them
    equal. `layouts` names the layout of the key ("numerator",); with a second name, the transpose is
    right as well. Raises Unreadable for the student's text, ValueError for a key or declarations
    that do not fit.
    """
    known = language(shapes, symbols, aliases, functions, allow_scalar_plus_matrix)
    tree, right = read(student, known), key_of(key, known)
    found = judge(tree, right, known, Policy(layouts, loose_vectors))
    return Decision(found.equal, found.basis, Reading(tree.show, tree.tex), found.reason)
