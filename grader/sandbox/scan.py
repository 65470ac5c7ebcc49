"""What a source file holds, read without running it: its imports, and whether anything was written at all.

This runs in the confined child, since even the parser can be brought down by a hostile text.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def scan(file: Path) -> dict[str, Any]:
    """{"empty": no function has a body, "imports": top-level packages}. Raises SyntaxError."""
    text = file.read_bytes()
    if b"\0" in text:  # UTF-16, or no text at all
        raise SyntaxError("it holds zero bytes; save it as UTF-8", (str(file), 1, 0, ""))
    tree = ast.parse(text, filename=str(file))
    blanks, imports = set(_blanks(tree)), sorted(set(_imports(tree)))
    written = any(_works(node, blanks) for node in tree.body)
    return {"empty": not written and not _hands_on(tree, file.parent), "imports": imports}


def _hands_on(tree: ast.Module, folder: Path) -> bool:
    """Does a file without functions of its own take them from another one beside it?"""
    if any(isinstance(node, _Function | ast.ClassDef) for node in tree.body):
        return False
    taken = [node for node in tree.body if isinstance(node, ast.ImportFrom)]
    steps = [(node.module or ".").partition(".")[0] for node in taken]
    return any((folder / step).is_dir() or (folder / f"{step}.py").is_file() for step in steps)


def _imports(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module.partition(".")[0])
    return names


def unwritten(file: Path, line: int) -> bool:
    """Does the function around this line only return names that nothing is assigned to, as starters do?"""
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):  # it may have been written over
        return False
    return any(node.lineno <= line <= (node.end_lineno or line) for node in _blanks(tree))


def _blanks(tree: ast.Module) -> Iterator[_Function]:
    """The functions whose body is `return out`, and nothing binds `out`."""
    bound = {name for node in tree.body for name in _bound(node)} | set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, _Function) and _only_returns(node, bound):
            yield node


def _only_returns(node: _Function, bound: set[str]) -> bool:
    *before, last = node.body
    if not isinstance(last, ast.Return) or any(map(_works, before)):
        return False
    values = last.value.elts if isinstance(last.value, ast.Tuple) else [last.value]
    names = [value.id for value in values if isinstance(value, ast.Name)]
    given = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
    return bool(names) and len(names) == len(values) and not set(names) & (bound | given)


def _bound(node: ast.stmt) -> Iterator[str]:
    """The names that a statement at the top of a file makes."""
    if isinstance(node, _Function | ast.ClassDef):
        yield node.name
        return
    for part in ast.walk(node):
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
            yield part.id
        elif isinstance(part, ast.alias):
            yield (part.asname or part.name).partition(".")[0]


def _works(node: ast.stmt, blanks: Collection[ast.stmt] = ()) -> bool:
    """Does this statement do anything beyond importing, naming, documenting and announcing?"""
    if isinstance(node, _Function | ast.ClassDef):
        return node not in blanks and any(_works(inner, blanks) for inner in node.body)
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)  # a docstring or `...`
    if isinstance(node, ast.Raise):
        return "NotImplementedError" not in ast.dump(node)
    return not isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)
