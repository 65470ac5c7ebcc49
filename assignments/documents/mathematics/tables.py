"""Matrices, cases, arrays and aligned lines as MathML tables.

Browsers that follow MathML Core align cells by their style, others by the table's attributes: both are written.
"""

from __future__ import annotations

from collections.abc import Callable

from assignments.documents.mathematics.tree import Node, Table

_BRACKETS = {
    "pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"), "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"), "cases": ("{", ""),
}  # fmt: skip
_SIDES = {"l": "left", "c": "center", "r": "right"}
_ALIGNED = {"aligned", "split"}


def table(node: Table, element: Callable[[Node], str]) -> tuple[str, str, str]:
    """The left bracket, the table and the right bracket; `element` writes a cell."""
    columns = _columns(node)
    rows = "".join(_row(row, columns, node, element) for row in node.rows)
    sides = " ".join(_SIDES[column] for column in columns)
    sides = f' columnalign="{sides}"' if set(columns) != {"c"} else ""
    spacing = ' columnspacing="0"' if node.kind in _ALIGNED else ""
    display = "false" if node.kind in ("smallmatrix", "cases") else "true" if node.kind in _ALIGNED else ""
    style = f' displaystyle="{display}"' if display else ""
    body = f"<mtable{sides}{spacing}{style}>{rows}</mtable>"
    body = f'<mstyle scriptlevel="1">{body}</mstyle>' if node.kind == "smallmatrix" else body
    left, right = _BRACKETS.get(node.kind, ("", ""))
    return left, body, right


def _columns(node: Table) -> str:
    """The alignment of every column, one letter each."""
    count = max(map(len, node.rows))
    if node.kind == "array":
        letters = node.columns.replace("|", "")
        return (letters + letters[-1:] * count)[:count]
    if node.kind in _ALIGNED:
        return ("rl" * count)[:count]
    return ("l" if node.kind == "cases" else "c") * count


def _row(row: tuple[Node, ...], columns: str, node: Table, element: Callable[[Node], str]) -> str:
    ruled = _ruled(node.columns)
    cells = (_cell(element(cell), columns[i], i in ruled, node.kind, i) for i, cell in enumerate(row))
    return f"<mtr>{''.join(cells)}</mtr>"


def _cell(body: str, column: str, ruled: bool, kind: str, at: int) -> str:
    side = _SIDES[column]
    style = "" if column == "c" else f"text-align:{side};text-align:-webkit-{side}"
    if kind in _ALIGNED:  # no gap at an alignment point; one between two pairs of columns
        style += f";padding-left:{'1.5em' if at and column == 'r' else '0'};padding-right:0"
    if ruled:
        style += ";border-left:1px solid"
    return f'<mtd style="{style.lstrip(";")}">{body}</mtd>' if style else f"<mtd>{body}</mtd>"


def _ruled(columns: str) -> set[int]:
    """The columns that have a line on their left, from a format such as c|cc."""
    return {len(columns[:at].replace("|", "")) for at, sign in enumerate(columns) if sign == "|" and at}
