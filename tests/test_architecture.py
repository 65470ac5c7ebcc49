"""The house: who may import whom, what each door may pull in, and what the wheel holds."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOUSE = ("problem_bank", "solutions", "assignments", "grader", "markscheme")
MAY_IMPORT = {
    "solutions": set(),
    "problem_bank": {"solutions"},
    "assignments": {"problem_bank"},
    "grader": {"problem_bank", "assignments", "solutions"},
    "markscheme": {"problem_bank", "assignments", "grader", "solutions"},
}
FILES = sorted(file for package in HOUSE for file in (ROOT / package).rglob("*.py") if "coursework" not in file.parts)


@pytest.mark.parametrize("package", HOUSE)
def test_imports_run_one_way(package: str) -> None:
    """solutions <- problem_bank <- assignments <- grader <- markscheme."""
    allowed = MAY_IMPORT[package] | {package}
    for file in (file for file in FILES if file.relative_to(ROOT).parts[0] == package):
        foreign = {name for name in _imports(file) if name in HOUSE} - allowed
        assert not foreign, f"{file} imports {foreign}"


def test_algebra_stands_on_the_ground() -> None:
    """The algebra uses nothing of the bank but its errors."""
    for file in (ROOT / "problem_bank" / "algebra").glob("*.py"):
        modules = {name for name in _imports(file, whole=True) if name.split(".")[0] in HOUSE}
        assert all(name.startswith(("problem_bank.algebra", "problem_bank.errors")) for name in modules), file


def test_the_child_imports_nothing_of_ours() -> None:
    """The process that runs student code has one file of ours, and that file stands alone."""
    assert not _imports(ROOT / "grader" / "sandbox" / "child.py") & set(HOUSE)


def test_files_and_functions_stay_readable() -> None:
    """No file of the house has more than 300 lines."""
    long = {file.name: n for file in FILES if (n := len(file.read_text().splitlines())) > 300}
    assert not long


HEAVY = {"numpy", "sympy", "torch", "otter", "pydantic", "nbformat", "jinja2", "mpmath", "matplotlib"}


@pytest.mark.parametrize(
    ("door", "allowed"),
    [
        ("import markscheme.cli", set()),
        ("from markscheme.cli import main; main(['--help'], standalone_mode=False)", set()),
        ("import problem_bank", set()),
        ("import problem_bank.algebra", set()),
        ("import solutions", set()),
        ("import problem_bank; problem_bank.load('convolution.hand').draw('x').mark({'Y': '1'})", {"numpy"}),
        ("import problem_bank; problem_bank.load('convolution.hand').draw('x').prompt", {"numpy", "jinja2"}),
        ("import assignments.spec, assignments.sheet", {"pydantic"}),
        (
            "import problem_bank as b; [b.load(i).draw('x').prompt for i in b.ids()]",
            {"numpy", "jinja2", "sympy", "mpmath", "pydantic"},
        ),
        ("import grader.batch", {"pydantic", "jinja2", "numpy"}),
    ],
)
def test_doors_are_light(door: str, allowed: set[str]) -> None:
    """What a door pulls in of the heavy libraries; never torch, never otter."""
    code = f"import sys\n{door}\nprint('\\n' + ' '.join(sorted(set(sys.modules) & {HEAVY!r})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert set(done.stdout.splitlines()[-1].split()) <= allowed


def test_a_students_grader_py_does_not_shadow_ours(tmp_path: Path) -> None:
    """A folder with its own grader.py and solutions.py cannot hijack the command."""
    for name in ("grader", "solutions", "problem_bank", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('hijacked')\n")
    script = Path(sys.executable).with_name("markscheme")
    assert script.is_file(), "install the package first: pip install -e ."
    done = subprocess.run([script, "families"], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert "convolution.hand" in done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The built wheel."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    return zipfile.ZipFile(next(out.glob("*.whl")))


def test_the_wheel_holds_the_house_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    """Five packages and the metadata; no tests, no submissions, no secrets, no caches."""
    names = wheel.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == set(HOUSE)
    assert not [name for name in names if "test_golden" in name or "__pycache__" in name or name.endswith("secret.key")]


def test_the_wheel_holds_every_file_that_the_house_needs(wheel: zipfile.ZipFile) -> None:
    """Templates, courseworks, concept items and the sandbox's child travel along."""
    needed = {
        str(file.relative_to(ROOT))
        for package in HOUSE
        for file in (ROOT / package).rglob("*")
        if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in file.parts)
    }
    assert needed <= set(wheel.namelist())


def _imports(file: Path, *, whole: bool = False) -> set[str]:
    """The modules that a file imports anywhere, by their first name or whole."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names if whole else {name.split(".")[0] for name in names}
