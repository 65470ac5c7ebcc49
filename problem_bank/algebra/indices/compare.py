"""Are two index expressions equal, for all sizes and all values of the free indices?"""

from __future__ import annotations

from problem_bank.algebra import equality
from problem_bank.algebra.caps import weigh
from problem_bank.algebra.decision import UNDECIDED, Judgement
from problem_bank.algebra.indices.cases import Case, cases
from problem_bank.algebra.indices.concrete import array_of, at
from problem_bank.algebra.indices.notation import Notation, used
from problem_bank.algebra.indices.ranges import clash
from problem_bank.algebra.indices.rename import without_sums
from problem_bank.algebra.modular import bound
from problem_bank.algebra.tree import Node, names, nodes

_OFF_DIAGONAL = {(True, False), (False, True)}


def compare(first: Node, second: Node, notation: Notation) -> Judgement:
    """Compare a student's tree with the key; both as they were read, with every sum and its range."""
    if first == second:
        return Judgement(True, "exact: the same expression")
    unfit = clash(first, notation)
    if unfit and not clash(second, notation):
        return Judgement(False, "exact: an index does not fit", f"{unfit[0].upper()}{unfit[1:]}.")
    if any(node.op == "sum" for node in nodes(first)):
        shorter = _compared(*without_sums(first, second), notation)  # equal for any values of the sums?
        if shorter.equal:
            return shorter
    return _compared(first, second, notation)


def reason(first: Node, second: Node, notation: Notation) -> str:
    """What a wrong answer lacks, or has in common with the key; "" if nothing simple."""
    missing = [letter for letter in notation.letters if letter in used(second) and letter not in used(first)]
    if missing:
        return f"{missing[0]} does not occur in your answer, but what is asked depends on it."
    chosen = cases(first, second, notation)
    few = [case for case in chosen if case.sizes == chosen[0].sizes]
    return _opposite(first, second, few) or _partly(first, second, notation, few)


def _compared(first: Node, second: Node, notation: Notation) -> Judgement:
    """Wrong or undecided with the first case that is; else right, on the weakest basis of all cases."""
    chosen = cases(first, second, notation)
    if not chosen:
        return Judgement(None, UNDECIDED, "The expression holds too many sums to be compared here.")
    weight, found = 0, []
    for case in chosen:
        a, b = _scalars(first, second, case)
        domains = {name: notation.domain(array_of(name)) for name in names(a) | names(b)}
        judged = equality.compare(a, b, domains)
        if not judged.equal:
            return judged
        weight += sum(w.degree + w.bits for w in (weigh(a), weigh(b)))
        found.append(judged)
    return Judgement(True, _basis([judged.basis for judged in found], weight))


def _basis(bases: list[str], weight: int) -> str:
    """The weakest of several, for all of them together."""
    for basis in bases:
        if basis.startswith("numeric"):
            return basis
    if any(basis.startswith("probabilistic") for basis in bases):
        return f"probabilistic: error below 2^-{bound(weight)}"
    return "exact: the same entries"


def _scalars(first: Node, second: Node, case: Case) -> tuple[Node, Node]:
    return at(first, case.place, case.sizes), at(second, case.place, case.sizes)


def _partly(first: Node, second: Node, notation: Notation, few: list[Case]) -> str:
    """Where just one pair of indices shares a dimension: is the answer right for equal ones, or for different ones?"""
    pairs = [(a, b) for a, r in notation.free for b, s in notation.free if a < b and r == s]
    if len(pairs) != 1:
        return ""
    a, b = pairs[0]
    right = {(case.place[a] == case.place[b], _equal(*_scalars(first, second, case))) for case in few}
    if right == {(True, True), (False, False)}:
        return f"This is right where {a} = {b}, but not where they differ."
    return f"This is right where {a} and {b} differ, but not where {a} = {b}." if right == _OFF_DIAGONAL else ""


def _opposite(first: Node, second: Node, few: list[Case]) -> str:
    opposite = few and all(_equal(-a, b) for case in few for a, b in [_scalars(first, second, case)])
    return "The sign of the whole is the other way round." if opposite else ""


def _equal(first: Node, second: Node) -> bool:
    return bool(equality.compare(first, second, dict.fromkeys(names(first) | names(second), "real")).equal)
