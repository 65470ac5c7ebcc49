"""What an expression for a program may use: names of the program, and functions of NumPy that compute."""

from __future__ import annotations

import ast
from collections.abc import Collection

from problem_bank.answers import reading
from problem_bank.errors import Unreadable

DIGITS = 20  # of one number

_BUILTINS = "abs all any bool divmod enumerate float int len list max min pow range reversed round sorted sum tuple zip"
_MATH = "ceil e exp fabs floor inf isinf isnan log log10 log2 log1p nan pi pow prod sqrt tanh"
_FUNCTIONS = """
abs absolute add all allclose amax amin any arange argmax argmin argsort array array_split asarray atleast_2d average
bitwise_and bitwise_not bitwise_or bool bool_ broadcast_to ceil clip column_stack concatenate copy count_nonzero cumprod
cumsum diag divide dot dtype e einsum empty_like equal exp exp2 expand_dims expm1 eye flip fliplr flipud float32 float64
floor floor_divide fmax fmin full full_like greater greater_equal heaviside hstack identity indices inf inner int64
invert isclose isfinite isinf isnan less less_equal linalg log log10 log1p log2 logaddexp logical_and logical_not
logical_or logical_xor matmul max maximum mean median min minimum mod moveaxis multiply nan nan_to_num nansum ndim
negative newaxis nonzero not_equal ones ones_like outer pi positive power prod ravel reciprocal repeat reshape roll
round rot90 select shape sign size split sqrt square squeeze stack std subtract sum swapaxes take take_along_axis tanh
tensordot tile trace transpose tri tril tril_indices triu triu_indices true_divide var vdot vstack where zeros
zeros_like"""
_ATTRIBUTES = """
T all any argmax argmin astype clip copy cumsum diagonal dot dtype flatten item max mean min ndim nonzero prod ravel
repeat reshape round shape size squeeze std sum swapaxes take tolist trace transpose var"""
BUILTINS, MATH, FUNCTIONS, ATTRIBUTES = (
    frozenset(table.split()) for table in (_BUILTINS, _MATH, _FUNCTIONS, _ATTRIBUTES)
)
LINALG = frozenset(["det", "inv", "norm", "solve"])
MODULES = frozenset(["np", "math"])

_LEAVES = (ast.Name, ast.Constant, ast.Load, ast.Store, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)
_INNER = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.keyword, ast.Attribute, ast.Subscript,
    ast.Slice, ast.Tuple, ast.List, ast.Starred, ast.ListComp, ast.GeneratorExp, ast.comprehension,
)  # fmt: skip
_BINDING = (ast.NamedExpr, ast.Lambda, ast.SetComp, ast.DictComp)


def plainly(statement: ast.stmt, names: Collection[str]) -> ast.stmt:
    """The statement with functions of NumPy and constants called by their full names."""
    plain: ast.stmt = _Modules(names).visit(statement)
    return plain


def check(tree: ast.expr, names: Collection[str]) -> None:
    """Hold a tree against the tables. Raises Unreadable."""
    names = {*names, *_bound(tree)}
    for node in ast.walk(tree):
        if isinstance(node, _BINDING):
            raise Unreadable("a lambda, a set, a dictionary or := has no place here; write it with NumPy's functions")
        if isinstance(node, ast.BitXor):
            raise Unreadable("^ is no power in Python; write **")
        if not isinstance(node, _LEAVES + _INNER):
            raise Unreadable(f"{reading.quoted(ast.unparse(tree))} holds more than names, numbers, operators and calls")
        if isinstance(node, ast.Call) and len({k.arg for k in node.keywords}) < len(node.keywords):
            raise Unreadable(f"{reading.quoted(ast.unparse(node))} gives an argument twice")
        if isinstance(node, ast.Constant):
            _check_constant(node.value)
        if isinstance(node, ast.Name) and node.id not in names and node.id not in BUILTINS | MODULES:
            raise Unreadable(f"the program has no name {node.id}; it has {', '.join(sorted(names))} and np")
        if isinstance(node, ast.Attribute):
            _check_attribute(node)


class _Modules(ast.NodeTransformer):
    """Functions of NumPy and its constants by their bare names, where these are no others, and `numpy` for `np`."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = {*names, *BUILTINS}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A call of a function by its bare name."""
        if isinstance(node.func, ast.Name) and node.func.id in FUNCTIONS - self.names:
            node.func = _of_numpy(node.func.id)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """A bare constant, or the module."""
        if node.id in self.names or not isinstance(node.ctx, ast.Load):
            return node
        return _of_numpy(node.id) if node.id in ("inf", "newaxis", "pi") else _module(node)


def _of_numpy(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load())


def _module(node: ast.Name) -> ast.expr:
    return ast.Name("np", ast.Load()) if node.id == "numpy" else node


def _bound(tree: ast.expr) -> set[str]:
    """The names that comprehensions bind, which stand for nothing else. Raises Unreadable."""
    bound = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.comprehension):
            targets = node.target.elts if isinstance(node.target, ast.Tuple) else [node.target]
            found = [target.id for target in targets if isinstance(target, ast.Name)]
            known = BUILTINS | MODULES
            if node.is_async or len(found) < len(targets) or any(n in known or n[0] == "_" for n in found):
                raise Unreadable("a comprehension runs over names that stand for nothing else, such as i")
            bound.update(found)
    return bound


def _check_constant(value: object) -> None:
    if isinstance(value, bytes | complex) or len(str(value)) > 2 * DIGITS:
        raise Unreadable(f"{reading.quoted(str(value))} is no constant that is used here")
    if isinstance(value, int) and len(str(value)) > DIGITS:
        raise Unreadable(f"{reading.quoted(str(value))} is too large a number to be used here")


def _check_attribute(node: ast.Attribute) -> None:
    owner = ast.unparse(node.value)
    known = {"np": FUNCTIONS, "np.linalg": LINALG, "math": MATH}.get(owner, ATTRIBUTES)
    if node.attr not in known:
        raise Unreadable(f"{reading.quoted(f'{owner}.{node.attr}')} cannot be used in a blank; use functions of NumPy "
                         "that compute and the names of the program")  # fmt: skip
