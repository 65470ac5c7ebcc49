"""What comes with a sheet: starters found by their place, several of one name made one."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from assignments.handouts import handouts, joined
from assignments.sheet import draw_sheet
from assignments.spec import Assignment, load_assignment
from problem_bank import bank

FIRST = '"""Layers.\n\nWrite the bodies.\n"""\n\nimport numpy as np\n\n\nclass A:\n    """One."""\n'
SECOND = '"""More."""\n\nimport math\nimport numpy as np\n\n# a note\n@staticmethod\ndef b():\n    pass\n'


def assignment(folder: Path, *families: str, files: str = "") -> Assignment:
    folder.mkdir(exist_ok=True)
    questions = [f'[[questions]]\nid = "q{i}"\nfamily = "{family}"\n' for i, family in enumerate(families)]
    (folder / "assignment.toml").write_text("\n".join(['title = "t"', files, *questions]))
    return load_assignment(folder)


def test_one_text_stays_as_it_is() -> None:
    """A single starter is handed out byte for byte."""
    assert joined([FIRST]) == FIRST


def test_several_texts_become_one() -> None:
    """The first docstring, each import once, every definition with the comments and decorators above it."""
    text = joined([FIRST, SECOND, FIRST])
    tree = ast.parse(text)
    assert ast.get_docstring(tree) == "Layers.\n\nWrite the bodies."
    assert text.count("import numpy as np") == text.count("class A") == text.count("import math") == 1
    assert "# a note\n@staticmethod\ndef b():" in text
    assert "\n\n\n\n" not in text


def test_starters_come_with_the_sheet(tmp_path: Path) -> None:
    """A code exercise brings its starter and its public tests, once, however often it is asked."""
    drawn = draw_sheet(assignment(tmp_path, "code.linear_module", "code.linear_module"), "ada", "secret")
    assert set(handouts(drawn)) == {"modules.py", "test_linear_module.py"}
    assert handouts(drawn)["modules.py"].count(b"class LinearModule") == 1


def test_a_file_of_the_assignment_replaces_a_starter(tmp_path: Path) -> None:
    """An instructor's own starter wins."""
    (tmp_path / "modules.py").write_text("mine = 1\n")
    drawn = draw_sheet(assignment(tmp_path, "code.linear_module", files='files = ["modules.py"]'), "ada", "secret")
    assert handouts(drawn)["modules.py"] == b"mine = 1\n"


@pytest.mark.parametrize("id", [id for id in bank.ids() if id.startswith("code.")])
def test_every_code_exercise_has_a_starter_and_public_tests(id: str) -> None:
    """Each that asks for a file has it, unfinished, and tests that students run without this toolkit."""
    family = bank.load(id)
    asked = {part.answer.file for part in family.draw("starter").exercise.parts if part.answer.kind == "code"}
    tests = [name for name in family.starters if name.startswith("test_")]
    assert asked <= set(family.starters)
    assert tests or not asked
    for name, file in family.starters.items():
        imported = {
            node.module or "" for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)
        }
        ours = {"problem_bank", "grader", "solutions", "assignments", "markscheme"}
        assert not {module.partition(".")[0] for module in imported} & ours, name
