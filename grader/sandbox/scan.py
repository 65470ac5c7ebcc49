"""What a source file holds, read without running it: its imports, and whether anything was written at all.

This runs in the confined child, since even the parser can be brought down by a hostile text.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any


def scan(file: Path) -> dict[str, Any]:
    """{"empty": no function has a body, "imports": top-level packages}. Raises SyntaxError."""
    tree = ast.parse(file.read_bytes(), filename=str(file))
    return {"empty": not any(map(_works, tree.body)), "imports": sorted(set(_imports(tree)))}


def _imports(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name.partition(".")[0] for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.append(node.module.partition(".")[0])
    return names


def _works(node: ast.stmt) -> bool:
    """Does this statement do anything beyond importing, naming, documenting and announcing?"""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return any(map(_works, node.body))
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)  # a docstring or `...`
    if isinstance(node, ast.Raise):
        return "NotImplementedError" not in ast.dump(node)
    return not isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)
