"""From a student's expression to a judgement: shapes first, then values, then what to say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from problem_bank.algebra.decision import Judgement
from problem_bank.algebra.matrices.compare import compare
from problem_bank.algebra.matrices.infer import Inference
from problem_bank.algebra.matrices.language import Language
from problem_bank.algebra.matrices.parse import parse
from problem_bank.algebra.matrices.remarks import agree, of_shape, of_value
from problem_bank.algebra.matrices.sizes import is_unknown, show
from problem_bank.algebra.matrices.toggle import toggled
from problem_bank.algebra.matrices.tree import Expr, negative, number
from problem_bank.algebra.matrices.typed import ClashError, Typed, refuse_unclear, settled, transpose
from problem_bank.errors import Unreadable

CLASH = "exact: the shapes do not fit"
_ZERO = (number(0), negative(number(0)))
_OTHER = {"numerator": "denominator", "denominator": "numerator"}
_PRODUCTS = {
    "⊙": "Here entries are multiplied one by one, not as matrices.",
    "@": "Here matrices are multiplied, not entry by entry.",
}


@dataclass(frozen=True)
class Policy:
    """Whether a transpose of the key is right too: named layouts (the key's first), and rows for columns."""

    layouts: tuple[str, ...] = ()
    loose_vectors: bool = False

    def allows(self, key: Typed) -> bool:
        """May the key be answered by its transpose?"""
        return len(self.layouts) > 1 or (self.loose_vectors and 1 in key.shape)


@lru_cache(maxsize=4096)
def read(text: str, known: Language) -> Expr:
    """The tree of a text. Raises Unreadable, also where the shapes leave two meanings open."""
    tree, inference = parse(text, known), Inference(known)
    try:
        found = inference.typed(tree)
    except ClashError:
        return tree  # readable, but wrong: `judge` tells why
    refuse_unclear(found, inference.bindings)
    return tree


def key_of(key: str | Expr, known: Language) -> Expr:
    """A key as a tree. Raises ValueError where it cannot be read, its shapes do not fit, or a size is not clear."""
    tree = _key_text(key, known) if isinstance(key, str) else key
    if any(map(is_unknown, _typed_key(tree, known).shape)):
        raise ValueError(f"the key {tree.show()} has no clear shape; write its ones and identities with their sizes")
    return tree


@lru_cache(maxsize=4096)  # a class gives the same few answers many times
def judge(tree: Expr, key: Expr, known: Language, policy: Policy) -> Judgement:
    """Compare a student's tree with a key that `key_of` has checked."""
    if tree == key:
        return Judgement(True, "exact: the same expression")
    right = _typed_key(key, known)
    try:
        mine = _typed(tree, known, right)
    except ClashError as clash:
        return Judgement(False, CLASH, _other_product(tree, right, known) or str(clash))
    found = None
    if mine.shape == right.shape:
        found = compare(mine, right, known)
    if (found is None or found.equal is False) and mine.shape == transpose(right).shape:
        found = _turned(mine, right, known, policy) or found
    if found is None:
        said = _other_product(tree, right, known) or of_shape(mine, right, known)
        return Judgement(False, CLASH, said)
    if found.equal is not False or found.reason:
        return found
    return replace(found, reason=_other_product(tree, right, known) or of_value(mine, right, known))


def _turned(mine: Typed, key: Typed, known: Language, policy: Policy) -> Judgement | None:
    """What to say of the transpose of the key; None where it is not, or the policy says nothing of it."""
    if not (policy.layouts or policy.allows(key)):
        return None
    found = compare(transpose(mine), key, known)
    if not found.equal:
        return found if found.equal is None else None
    first = policy.layouts[0] if policy.layouts else ""
    layout = _OTHER.get(first, "the other")
    if not policy.allows(key):
        said = f"This is the derivative in {layout} layout; here {first} layout is asked for."
        return Judgement(False, found.basis, said)
    rows = "Right; mind which of your vectors are rows and which are columns."
    return replace(found, reason=rows if policy.loose_vectors else f"Right, in {layout} layout.")


def _typed(tree: Expr, known: Language, key: Typed) -> Typed:
    """A student's tree with its shapes; a lone zero has any shape. Raises ClashError."""
    if tree in _ZERO:
        return Typed("zeros", (), key.shape)
    inference = Inference(known)
    found = inference.typed(tree)
    if not inference.bindings.fit(*zip(found.shape, key.shape, strict=True)) and any(map(is_unknown, found.shape)):
        raise ClashError(f"Your expression is {show(found.shape)}, the answer must be {show(key.shape)}.")
    return settled(found, inference.bindings)


@lru_cache(maxsize=1024)
def _typed_key(tree: Expr, known: Language) -> Typed:
    inference = Inference(known)
    found = inference.typed(tree)
    refuse_unclear(found, inference.bindings)
    return settled(found, inference.bindings)


@lru_cache(maxsize=1024)
def _key_text(key: str, known: Language) -> Expr:
    return parse(key, known)


def _other_product(tree: Expr, key: Typed, known: Language) -> str:
    """Would it be right with products of matrices for those entry by entry, or the other way round?"""
    for gap, said in _PRODUCTS.items():
        other = toggled(tree, gap)
        if other != tree and _is_key(other, key, known):
            return said
    return ""


def _is_key(tree: Expr, key: Typed, known: Language) -> bool:
    try:
        found = _typed(tree, known, key)
    except (ClashError, Unreadable):
        return False
    return found.shape == key.shape and agree(found, key, known)
