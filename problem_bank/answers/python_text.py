"""Python as a student types it into a program: one expression, or one line with it, read as a tree and never run.

An expression computes from the names that the program has, and binds none but those of its own comprehensions: no
walrus or lambda, no statement but the line itself. It uses what the tables in `python_names` hold, so that nothing
opens a file, runs a text or reaches into Python. What is read is written anew from its tree: brackets,
line breaks and comments of the typed text cannot lead out of the place where it will stand.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection

from problem_bank.answers import reading
from problem_bank.answers.python_names import check, plainly
from problem_bank.errors import Unreadable
from problem_bank.values import is_number

LONGEST = 200  # characters
DEEPEST = 40  # levels of a tree; honest expressions have ten

_PLAIN = str.maketrans("−–×·⋅÷“”‘’\u00a0", "--***/\"\"'' ", "\u200b\u2060\ufeff")
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!="}
_FENCE = re.compile(r"^`{3}(?:\w*\s*\n)?|`{3}$")
_BEFORE = re.compile(  # a prompt, the sign or the name of the hole, the number of a line that follows
    r"^(?:>>>|(?:__\d+__|blank_\d+)\s*[=:]|=(?!=)|\d+[:.)]?\s+(?=return\b|for\b|[A-Za-z_][\w\[\], ]*[-+*/@]?=(?!=)))\s*"
)


def read(raw: object, names: Collection[str]) -> str:
    """The expression or line in its plain spelling, which reads as itself. `names` are those of the program.

    Raises Unreadable, saying what can be written.
    """
    statement = plainly(statement_of(_text(raw)), names)
    check(value_of(statement), names)
    for target in _targets(statement):
        if not isinstance(target, ast.Name | ast.Subscript | ast.Tuple):
            raise Unreadable("the left side is neither a name nor an entry; write the expression alone")
        check(_loaded(target), names)
    return spelled(statement)


def statement_of(text: str) -> ast.stmt:
    """The one statement that this text is: an expression, an assignment, a return or the head of a for loop.

    Raises Unreadable.
    """
    try:
        body = _parsed(text).body
    except SyntaxError as error:
        raise Unreadable(f"{reading.quoted(text)} is no Python expression ({error.msg})") from error
    except (ValueError, RecursionError, MemoryError) as error:  # zero bytes, or nested too deeply
        raise Unreadable(f"{reading.quoted(text)} is no Python expression") from error
    if len(body) != 1:
        raise Unreadable(f"{reading.quoted(text)} is {len(body)} statements; write one expression")
    if isinstance(body[0], ast.Assign) and len(body[0].targets) != 1:
        raise Unreadable(f"{reading.quoted(text)} assigns twice; write one expression")
    if not isinstance(body[0], ast.Expr | ast.Assign | ast.AugAssign | ast.Return | ast.For):
        raise Unreadable(f"{reading.quoted(text)} is a statement; write the expression that it needs")
    if _depth(body[0]) > DEEPEST:  # before anything descends into it
        raise Unreadable(f"{reading.quoted(text)} is nested too deeply; write it with fewer brackets")
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
    typed = reading.text(raw) if is_number(raw) or len(str(raw)) > reading.LONGEST else str(raw)  # or refuses it
    text = _FENCE.sub("", typed.translate(_PLAIN).strip()).strip().strip("`").strip()
    for sign, spelt in _SIGNS.items():
        text = text.replace(sign, spelt)
    text = _BEFORE.sub("", text).rstrip(" ;,")
    if not text:
        raise Unreadable("there is nothing to read; write a Python expression")
    if len(text) > LONGEST:
        raise Unreadable(f"the expression has {len(text):,} characters; {LONGEST} are read at most")
    return text


def _parsed(text: str) -> ast.Module:
    """The text as Python; the head of a loop is a loop that does nothing. Raises SyntaxError and others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python's remarks on style are not for us
        try:
            return ast.parse(text)
        except SyntaxError:
            if not text.startswith("for "):
                raise
            return ast.parse(f"{text.removesuffix(':')}: pass")


def _depth(tree: ast.AST) -> int:
    """How many levels a tree has, without recursion."""
    level, depth = [tree], 0
    while level:
        level, depth = [child for node in level for child in ast.iter_child_nodes(node)], depth + 1
    return depth


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AugAssign | ast.For) else []


def _loaded(target: ast.expr) -> ast.expr:
    """A target as the expression that it would be on the right side."""
    return ast.parse(ast.unparse(target), mode="eval").body
