# ruff: noqa: E501  # tables of cases, one per line
"""answers.toml and notebooks as students hand them in: messy ones are understood, hostile ones cost what they touch."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.answers_file import read_answers
from grader.notebook import read_notebook

QUESTIONS = ("q1", "q2", "q10")


def notebook(*cells: str) -> bytes:
    return json.dumps({"cells": [{"cell_type": "code", "source": cell} for cell in cells]}).encode()


def from_cells(*cells: str) -> dict[str, dict[str, Any]]:
    return read_notebook("week.ipynb", notebook(*cells), QUESTIONS).answers


# answers.toml

CLEAN = {
    "strings, numbers, arrays": ('[q1]\na = "3x3"\nb = 4\nc = [[1, 2], [3, 4]]', {"a": "3x3", "b": 4, "c": [[1, 2], [3, 4]]}),
    "dotted": ('q1.a = "x"\nq1.w.W1 = [1]', {"a": "x", "w": {"W1": [1]}}),
    "inline": ("q1 = {a = 1, b = 'y'}", {"a": 1, "b": "y"}),
    "blank answers are none": ('[q1]\na = ""\nb = []\nc.W = ""\nd = " x "', {"d": " x "}),
    "an escape bit the LaTeX": (r'[q1]' '\n' r'a = "\frac{1}{2} \theta \beta \nabla \rho"', {"a": r"\frac{1}{2} \theta \beta \nabla \rho"}),
    "layout is no LaTeX": ('[q1]\na = "1\\t2\\n3 4"', {"a": "1\t2\n3 4"}),
    "a number that Python refuses to print": ("[q1]\na = 0x" + "f" * 5000, {"a": "0x" + "f" * 5000}),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CLEAN.values(), ids=CLEAN)
def test_toml_is_read_as_toml(text: str, expected: dict[str, Any]) -> None:
    """A file that TOML accepts needs no remark."""
    source = read_answers("answers.toml", text.encode())
    assert source.answers["q1"] == expected
    assert not source.notes


BROKEN = {
    "an expression without quotes": ("[q1]\nu = (1 - 2*lambda)*theta", {"u": "(1 - 2*lambda)*theta"}, "line 2"),
    "with a comment": ("[q1]\nu = 2*x  # mine", {"u": "2*x"}, "line 2"),
    "a colon": ("[q1]\na: 3", {"a": 3}, "line 2"),
    "typographic quotes": ("[q1]\na = “3 x 3”", {"a": "3 x 3"}, "typographic"),
    "German quotes": ("[q1]\na = „3 x 3“", {"a": "3 x 3"}, "typographic"),
    "an unknown escape": (r'[q1]' '\n' r'a = "\alpha x"', {"a": r"\alpha x"}, "line 2"),
    "an unclosed string": ('[q1]\na = "3\nb = 4', {"a": "3", "b": 4}, "line 2"),
    "an unclosed list": ("[q1]\na = [[1, 2],\n [3, 4]\nb = 5", {"a": "[[1, 2],\n [3, 4]", "b": 5}, "line 2"),
    "a list over several lines": ("[q1]\na = [[1, 2],\n     [3, 4]]\nb = 1+x", {"a": [[1, 2], [3, 4]], "b": "1+x"}, "line 4"),
    "an unclosed triple quote": ('[q1]\na = """3\nb = 4\n', {"a": "3", "b": 4}, "line 2"),
    "an unclosed header": ("[q1\na = 1", {"a": 1}, "line 1"),
    "the same answer twice": ("[q1]\na = 1\na = 2", {"a": 2}, "answered twice"),
    "a dotted key": ("q1.u = x + y", {"u": "x + y"}, "line 1"),
    "a line of prose": ("[q1]\nI do not know\na = 1", {"a": 1}, "line 2"),
    "deep nesting": ("[q1]\na = " + "[" * 3000 + "\nb = 1", {"a": "[" * 3000, "b": 1}, "line 2"),
    "a number of 5000 digits": ("[q1]\na = " + "9" * 5000, {"a": "9" * 5000}, "line 2"),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "remark"), BROKEN.values(), ids=BROKEN)
def test_broken_toml_is_salvaged_with_a_remark(text: str, expected: dict[str, Any], remark: str) -> None:
    """What TOML refuses is read line by line, and the line is named."""
    source = read_answers("answers.toml", text.encode())
    assert source.answers["q1"] == expected
    assert any(remark in str(note) for note in source.notes)


def test_a_broken_table_costs_no_other_table() -> None:
    """An answer never slips into the question before a broken header."""
    text = '[q1]\na = 1\n[q2\na = 2\n[q10]\na = "3"\nb = 1 + '
    assert read_answers("a", text.encode()).answers == {"q1": {"a": 1}, "q2": {"a": 2}, "q10": {"a": "3", "b": "1 +"}}


@pytest.mark.parametrize(
    ("encoding", "remark"),
    [("utf-8", ""), ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"), ("cp1252", "Windows")],
)  # fmt: skip
def test_encodings_are_recognised(encoding: str, remark: str) -> None:
    """The text arrives whatever an editor saved it as."""
    source = read_answers("answers.toml", '[q1]\r\na = "é ± 1"\r\n'.encode(encoding))
    assert source.answers == {"q1": {"a": "é ± 1"}}
    assert [remark in str(note) for note in source.notes] == [True] * bool(remark)


def test_a_huge_answer_costs_only_itself() -> None:
    """10 MB in one answer: it is handed on with its size, quickly, and its neighbours are read."""
    text = f'[q1]\na = "{"x" * 10_000_000}"\nb = "3x3"\n[q2]\nc = [{"1," * 3_000_000}]\nd = 4\n'
    began = time.perf_counter()
    answers = read_answers("answers.toml", text.encode()).answers
    assert time.perf_counter() - began < 3
    assert len(answers["q1"]["a"]) > 9_000_000
    assert (answers["q1"]["b"], answers["q2"]["d"]) == ("3x3", 4)


FLOODS = {
    "brackets": b"[" * 5_000_000,
    "lines of brackets": (b"[" * 20_000 + b"\n") * 200,
    "empty keys": b"a = \n" * 1_000_000,
    "broken keys": b"[q1]\n" + b"".join(b"a%d = 1+\n" % i for i in range(100_000)),
    "quotes": b'[q1]\na = ' + b'"""' * 500_000,
    "headers": b"[q1]\n" * 500_000,
    "spaces": b" " * 5_000_000 + b"x",
    "zeros": b"\0" * 5_000_000,
    "equals": b"=" * 3_000_000,
    "escapes": b'[q1]\na = "' + b"\\" * 1_000_001,
}  # fmt: skip


@pytest.mark.parametrize("data", FLOODS.values(), ids=FLOODS)
def test_floods_end_quickly_with_few_remarks(data: bytes) -> None:
    """Megabytes of nonsense are answered in a moment."""
    began = time.perf_counter()
    source = read_answers("answers.toml", data)
    assert time.perf_counter() - began < 3
    assert len(source.notes) < 50


@given(st.binary(max_size=300) | st.text(alphabet="[]{}=\"'.,#\n\\q1ab23 \t“”", max_size=120).map(str.encode))
def test_reading_raises_nothing(data: bytes) -> None:
    """Whatever the bytes, there is an answer, and it can be written to a file."""
    for source in (read_answers("a", data), read_notebook("n", data, QUESTIONS)):
        repr(source.answers).encode()
        "".join(map(str, source.notes)).encode()


# Notebooks

CELLS = {
    "literals": ('q1 = {"a": "3x3", "b": [[1, 2]], "c": (1, 2), "d": -1.5}', {"a": "3x3", "b": [[1, 2]], "c": [1, 2], "d": -1.5}),
    "an expression is its text": ('q1 = {"u": (1 - 2*l)*theta, "h": 1/2}', {"u": "(1 - 2*l)*theta", "h": "1/2"}),
    "arrays": ('q1 = {"a": np.array([[1, 2]]), "b": torch.tensor([1.0]), "c": list((1, 2))}', {"a": [[1, 2]], "b": [1.0], "c": [1, 2]}),
    "an array of fractions": ('q1 = {"a": np.array([1/2, 3])}', {"a": "[1/2, 3]"}),
    "a fraction": ('q1 = {"a": Fraction(-1, 3)}', {"a": "-1/3"}),
    "never run": ('q1 = {"a": __import__("os").system("false"), "b": [open("x")]}', {"a": '__import__("os").system("false")', "b": '[open("x")]'}),
    "blank": ('q1 = {"a": "", "b": None, "c": ..., "d": {"W": ""}, "e": 0}', {"e": 0}),
    "magics": ('%matplotlib inline\n!pip install x\nq1 = {"a": 1}', {"a": 1}),
    "by part": ('q1 = {}\nq1["a"] = 3', {"a": 3}),
    "dict()": ('q1 = dict(a="x", b=2)', {"a": "x", "b": 2}),
    "a Python keyword": ('q1 = {"g": G + 2*lambda*theta, "u": (1-2*lambda)*theta,\n "n": 5}', {"g": "G + 2*lambda*theta", "u": "(1-2*lambda)*theta", "n": 5}),
    "not closed": ('q1 = {\n "a": 3,\n "b": "x"', {"a": 3, "b": "x"}),
    "an escape bit the LaTeX": ('q1 = {"a": "\\frac{1}{2}", "b": r"\\theta"}', {"a": r"\frac{1}{2}", "b": r"\theta"}),
    "half of a surrogate pair": ('q1 = {"a": "\\ud800"}', {"a": "?"}),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::SyntaxWarning")  # of Python, on students' escapes
@pytest.mark.parametrize(("cell", "expected"), CELLS.values(), ids=CELLS)
def test_cells_are_read_and_never_run(cell: str, expected: dict[str, Any]) -> None:
    """An answer cell gives literals, and the source text of anything else."""
    assert from_cells(cell)["q1"] == expected


def test_students_own_dictionaries_say_nothing() -> None:
    """Only cells named after a question are answers."""
    source = read_notebook("n", notebook('config = {"lr": 0.1}', 'q1 = {"a": 1}'), QUESTIONS)
    assert (source.answers, source.notes) == ({"q1": {"a": 1}}, [])


def test_a_blank_copy_of_a_cell_wipes_nothing() -> None:
    """The answers count, not the empty template further down; of two answers the last."""
    assert from_cells('q1 = {"a": 1, "b": 2}', 'q1 = {"a": "", "b": 3}') == {"q1": {"a": 1, "b": 3}}


def test_a_broken_cell_costs_only_itself() -> None:
    """The cell before and the cell after are read."""
    answers = from_cells('q1 = {"a": 1}', 'q2 = {"a": ((((', 'q10 = {"a": 3}')
    assert (answers["q1"], answers["q10"]) == ({"a": 1}, {"a": 3})


HOSTILE_CELLS = {
    "unary minus": "q1={'a':" + "-" * 50_000 + "1}",
    "long sum": "q1={'a':" + "1+" * 30_000 + "1}",
    "attributes": "q1={'a':a" + ".b" * 30_000 + "}",
    "brackets": "q1={'a':" + "[" * 80_000 + "}",
    "tower": "q1={'a': 9**9**9**9}",
    "digits": "q1={'a': " + "9" * 5000 + "}",
    "lambdas": "q1={'a':" + "lambda:" * 10_000 + "1}",
    "a megabyte": "q1={'a':'" + "x" * 1_000_000 + "'}",
    "zero byte": "q1={'a':1}\0",
}


@pytest.mark.parametrize("cell", HOSTILE_CELLS.values(), ids=HOSTILE_CELLS)
def test_hostile_cells_end_quickly(cell: str) -> None:
    """Deep and long source neither hangs nor kills; the next cell is read."""
    began = time.perf_counter()
    assert from_cells(cell, 'q2 = {"a": 2}')["q2"] == {"a": 2}
    assert time.perf_counter() - began < 2


NO_NOTEBOOKS = {
    "not JSON": b"hello", "cut off": notebook("q1 = {}")[:-9], "no notebook": b"[1, 2]", "a number": b"3", "empty": b"",
    "deep": b"[" * 300_000, "wide": b"[" * 2_000_000, "cells are no list": b'{"cells": {}}', "bytes": b"\xff\xfe\0",
}  # fmt: skip


@pytest.mark.parametrize("data", NO_NOTEBOOKS.values(), ids=NO_NOTEBOOKS)
def test_what_is_no_notebook_is_said(data: bytes) -> None:
    """One remark with a remedy, no answers."""
    source = read_notebook("week.ipynb", data, QUESTIONS)
    assert (source.answers, len(source.notes)) == ({}, 1)


def test_odd_cells_are_passed_over() -> None:
    """Cells of any shape cost nobody else."""
    cells = [
        None,
        3,
        {"cell_type": "code"},
        {"cell_type": "code", "source": [1, "q1 = {'a': 1}"]},
        {"cell_type": "code", "source": {}},
    ]
    data = json.dumps({"cells": cells}).encode()
    assert read_notebook("n", data, QUESTIONS).answers == {"q1": {"a": 1}}
