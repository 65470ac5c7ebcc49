"""Python as a student types it into a program: one expression, or one line with it, read as a tree and never run.

An expression computes from the names that the program has and binds none: no walrus, lambda or comprehension, no
statement but the line itself. Attributes and functions of NumPy are those of the tables below, so that nothing
opens a file, runs a text or reaches into Python. What is read is written anew from its tree: brackets,
line breaks and comments of the typed text cannot lead out of the place where it will stand.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection

from problem_bank.answers import reading
from problem_bank.errors import Unreadable

LONGEST = 200  # characters
DEEPEST = 40  # levels of a tree; honest expressions have ten
DIGITS = 20  # of one number

_BUILTINS = "abs bool enumerate float int len list max min pow range reversed round sum tuple zip"
_FUNCTIONS = """
abs absolute add all allclose amax amin any arange argmax argmin argsort array asarray atleast_2d average bitwise_and
bitwise_not bitwise_or bool_ broadcast_to ceil clip column_stack concatenate copy cumprod cumsum diag divide dot dtype e
einsum empty_like equal exp exp2 expand_dims expm1 eye flip fliplr flipud float32 float64 floor floor_divide full
full_like greater greater_equal hstack identity inf inner int64 invert isclose isfinite isinf isnan less less_equal
linalg log log1p log2 logaddexp logical_and logical_not logical_or matmul max maximum mean median min minimum mod
moveaxis multiply nan nan_to_num nansum ndim negative newaxis not_equal ones ones_like outer pi power prod ravel
reciprocal repeat reshape roll round rot90 shape sign size sqrt square squeeze stack std subtract sum swapaxes take
take_along_axis tanh tensordot tile trace transpose tri tril tril_indices triu triu_indices true_divide var vdot vstack
where zeros zeros_like"""
_ATTRIBUTES = """
T all any argmax argmin astype clip copy cumsum diagonal dot dtype flatten max mean min ndim prod ravel repeat reshape
round shape size squeeze std sum swapaxes take trace transpose var"""
BUILTINS, FUNCTIONS, ATTRIBUTES = (frozenset(table.split()) for table in (_BUILTINS, _FUNCTIONS, _ATTRIBUTES))
LINALG = frozenset(["det", "inv", "norm", "solve"])

_LEAVES = (ast.Name, ast.Constant, ast.Load, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_INNER = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword, ast.Attribute, ast.Subscript,
    ast.Slice, ast.Tuple, ast.List, ast.Starred,
)  # fmt: skip
_PLAIN = str.maketrans("−–×·⋅“”‘’\u00a0", "--***\"\"'' ", "\u200b\u2060\ufeff")
_BINDING = (ast.NamedExpr, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def read(raw: object, names: Collection[str]) -> str:
    """The expression or line in its plain spelling, which reads as itself. `names` are those of the program.

    Raises Unreadable, saying what can be written.
    """
    statement = statement_of(_text(raw))
    _check(value_of(statement), names)
    for target in _targets(statement):
        if not isinstance(target, ast.Name | ast.Subscript | ast.Tuple):
            raise Unreadable("the left side is neither a name nor an entry; write the expression alone")
        _check(_loaded(target), names)
    return spelled(statement)


def statement_of(text: str) -> ast.stmt:
    """The one statement that this text is: an expression, an assignment, a return or the head of a for loop.

    Raises Unreadable.
    """
    try:
        body = _parsed(text).body
    except SyntaxError as error:
        raise Unreadable(f"{_quoted(text)} is no Python expression ({error.msg})") from error
    except (ValueError, RecursionError, MemoryError) as error:  # zero bytes, or nested too deeply
        raise Unreadable(f"{_quoted(text)} is no Python expression") from error
    if len(body) != 1:
        raise Unreadable(f"{_quoted(text)} is {len(body)} statements; write one expression")
    if isinstance(body[0], ast.Assign) and len(body[0].targets) != 1:
        raise Unreadable(f"{_quoted(text)} assigns twice; write one expression")
    if not isinstance(body[0], ast.Expr | ast.Assign | ast.AugAssign | ast.Return | ast.For):
        raise Unreadable(f"{_quoted(text)} is a statement; write the expression that it needs")
    if _depth(body[0]) > DEEPEST:  # before anything descends into it
        raise Unreadable(f"{_quoted(text)} is nested too deeply; write it with fewer brackets")
    return body[0]


def value_of(statement: ast.stmt) -> ast.expr:
    """The expression that a statement computes: its right side, what it returns, what it loops over.

    That of `w -= d` is `w - d`. Raises Unreadable where there is none.
    """
    value = statement.iter if isinstance(statement, ast.For) else getattr(statement, "value", None)
    if not isinstance(value, ast.expr):
        raise Unreadable("there is nothing to read; write a Python expression")
    if isinstance(value, ast.Starred):
        raise Unreadable("a star in front makes no expression; write it without")
    if isinstance(statement, ast.AugAssign):
        return ast.BinOp(_loaded(statement.target), statement.op, value)
    return value


def spelled_value(statement: ast.stmt) -> str:
    """The expression that a statement computes, as text."""
    return ast.unparse(value_of(statement))


def head(statement: ast.stmt) -> str:
    """What stands around the expression of a line, such as "w =" or "return"; nothing around an expression alone."""
    if isinstance(statement, ast.Assign | ast.AugAssign):
        return f"{', '.join(ast.unparse(target) for target in _targets(statement))} ="
    if isinstance(statement, ast.For):
        return f"for {ast.unparse(statement.target)} in"
    return "return" if isinstance(statement, ast.Return) else ""


def spelled(statement: ast.stmt) -> str:
    """A statement as text, a loop by its head."""
    return ast.unparse(statement).partition("\n")[0]


def _text(raw: object) -> str:
    """The raw answer as one tidy text. Raises Unreadable."""
    if isinstance(raw, bool | list | dict | tuple) or raw is None:
        raise Unreadable(f"a {reading.kind_of(raw)} stands where an expression is expected; put it between quotes")
    text = str(raw).translate(_PLAIN).strip().strip("`").strip()
    if not text:
        raise Unreadable("there is nothing to read; write a Python expression")
    if len(text) > LONGEST:
        raise Unreadable(f"the expression has {len(text):,} characters; {LONGEST} are read at most")
    return text


def _parsed(text: str) -> ast.Module:
    """The text as Python; the head of a loop is a loop that does nothing. Raises SyntaxError and others."""
    text = f"{text} pass" if re.fullmatch(r"for\b.*:", text) else text
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's remarks on style are not for us
        return ast.parse(text)


def _depth(tree: ast.AST) -> int:
    """How many levels a tree has, without recursion."""
    level, depth = [tree], 0
    while level:
        level, depth = [child for node in level for child in ast.iter_child_nodes(node)], depth + 1
    return depth


def _quoted(text: str) -> str:
    """A text on one line, shortened, for messages."""
    return reading.clip(" ".join(text.split()))


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AugAssign | ast.For) else []


def _loaded(target: ast.expr) -> ast.expr:
    """A target as the expression that it would be on the right side."""
    return ast.parse(ast.unparse(target), mode="eval").body


def _check(tree: ast.expr, names: Collection[str]) -> None:
    """Hold a tree against the tables. Raises Unreadable."""
    for node in ast.walk(tree):
        if isinstance(node, _BINDING):
            raise Unreadable("a lambda, a comprehension or := makes names of its own; write it with NumPy's functions")
        if isinstance(node, ast.BitXor):
            raise Unreadable("^ is no power in Python; write **")
        if not isinstance(node, _LEAVES + _INNER):
            raise Unreadable(f"{_quoted(ast.unparse(tree))} holds more than names, numbers, operators and calls")
        if isinstance(node, ast.Constant):
            _check_constant(node.value)
        if isinstance(node, ast.Name) and node.id not in names and node.id not in BUILTINS | {"np"}:
            raise Unreadable(f"the program has no name {node.id}; it has {', '.join(sorted(names))} and np")
        if isinstance(node, ast.Attribute):
            _check_attribute(node)


def _check_constant(value: object) -> None:
    if isinstance(value, bytes | complex) or len(str(value)) > 2 * DIGITS:
        raise Unreadable(f"{_quoted(str(value))} is no constant that is used here")
    if isinstance(value, int) and len(str(value)) > DIGITS:
        raise Unreadable(f"{_quoted(str(value))} is too large a number to be used here")


def _check_attribute(node: ast.Attribute) -> None:
    owner = ast.unparse(node.value)
    known = {"np": FUNCTIONS, "np.linalg": LINALG}.get(owner, ATTRIBUTES)
    if node.attr not in known:
        raise Unreadable(f"{_quoted(f'{owner}.{node.attr}')} cannot be used in a blank; use functions of NumPy "
                         "that compute and the names of the program")  # fmt: skip
