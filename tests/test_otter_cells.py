"""Notebook cells without a kernel: magics, what a cell costs when it fails, and notebooks in place of code files."""

from __future__ import annotations

import ast
import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.notebook_code import as_module, stand_in
from grader.sandbox import magics
from grader.sandbox.child import describe
from grader.sandbox.level import ENOUGH, level
from grader.sandbox.process import Limits
from grader.sandbox.session import Session
from grader.sources import sources

MAGICS = [
    ("%matplotlib inline", "pass", ["%matplotlib inline"]),
    ("x = 1\n!ls -l\ny = 2", "x = 1\npass\ny = 2", ["!ls -l"]),
    ("if True:\n    %time x = 3", "if True:\n    x = 3", ["%time x = 3"]),
    ("files = !ls *.py", "files = None", ["!ls *.py"]),
    ("t = %timeit -o f()", "t = None", ["%timeit -o f()"]),
    ("np.array?", "pass", ["np.array?"]),
    ("?np.array\nnp.mean??", "pass\npass", ["?np.array", "np.mean??"]),
    ("pip install torch", "pass", ["pip install torch"]),
    ("!echo it's\n%cd ..\nx = 1", "pass\npass\nx = 1", ["!echo it's", "%cd .."]),
    ("%%time\nx = 1\n", "\nx = 1\n", ["%%time"]),
    ("%%bash\nrm -rf x", "", ["%%bash"]),
    ("%%capture out\n%load_ext a\nx = 2", "\npass\nx = 2", ["%%capture out", "%load_ext a"]),
    ("x = (", "x = (", []),
    ("%", "pass", ["%"]),
    ('text = """\n%matplotlib\n!ls\n"""', 'text = """\n%matplotlib\n!ls\n"""', []),
    ("x = (7\n% 4)", "x = (7\n% 4)", []),
]


@pytest.mark.parametrize(("source", "python", "left"), MAGICS)
def test_magics_do_nothing_and_are_named(source: str, python: str, left: list[str]) -> None:
    """Lines for notebooks only become `pass`; lines keep their numbers, and what is Python stays as it is."""
    assert magics.plain(source) == (python, left)


@given(st.text(alphabet="%!?\n =xf('\"#)(1", max_size=60))
def test_python_is_never_touched(source: str) -> None:
    """Whatever parses is returned as it is; whatever does not, keeps its number of lines and never raises."""
    code, left = magics.plain(source)
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        assert not code or code.count("\n") == source.count("\n")
        return
    if not source.lstrip().startswith("%%"):
        assert (code, left) == (source, [])


@pytest.fixture
def child() -> Any:
    """A confined child with an empty notebook in it."""
    with Session({}, limits=Limits(wall=10), seed=0, confined=level().number >= ENOUGH) as session:
        session.begin()
        session.plain("cells", step="open", questions=["q1"])
        yield session


def run(child: Session, source: str, name: str = "cell 1") -> dict[str, Any]:
    """What the child says of a cell."""
    return dict(child.plain("cells", step="run", name=name, source=source))


def shown(child: Session, expression: str) -> str:
    """What an expression prints in the notebook."""
    return str(child.plain("examples", step="example", source=expression + "\n", fresh=True)["got"])


def test_an_error_costs_the_rest_of_its_cell(child: Session) -> None:
    """Statements before an error count, those after it do not, and the next cell is run as ever."""
    error = run(child, "a = 1\nb = 1 / 0\nc = 3")["error"]
    assert (error["type"], error["file"], error["line"]) == ("ZeroDivisionError", "cell 1", 2)
    assert run(child, "d = a + 1", "cell 2")["error"] is None
    assert shown(child, "a, d, 'b' in globals(), 'c' in globals()") == "(1, 2, False, False)\n"


@pytest.mark.parametrize("source", ["raise SystemExit(3)", "exit()", "raise KeyboardInterrupt", "(((", "\0", "def f(:"])
def test_no_cell_ends_the_notebook(child: Session, source: str) -> None:
    """Exits, interrupts and text that is no Python are errors of their cell."""
    assert run(child, source)["error"]
    assert run(child, "x = 1")["error"] is None


def test_long_cells_end_quickly() -> None:
    """Thousands of lines that the parser stumbles over cost no more than a hundred of them."""
    began = time.monotonic()
    text, notes = as_module(book("def f(): pass", *["!\n" * 20_000] * 50))
    assert text.count("\n") < 10 and len(notes) == 50
    assert time.monotonic() - began < 20


def test_a_check_pauses_the_cell(child: Session) -> None:
    """After a statement that asks for tests the cell waits; an unknown question is an error, as it is in otter."""
    reply = run(child, "import otter\ngrader = otter.Notebook('x.ipynb')\nx = 1\ngrader.check('q1')\nx = 2")
    assert (reply["asked"], reply["more"]) == (["q1"], True)
    assert shown(child, "x") == "1\n"
    assert child.plain("cells", step="resume") == {"asked": [], "more": False, "error": None}
    assert shown(child, "x") == "2\n"
    assert run(child, "grader.check('q2')")["error"]["message"] == "Test q2 does not exist"


HARMLESS = [
    "import otter; grader = otter.Notebook()",
    "from otter import Notebook; Notebook('a.ipynb', tests_dir='t').export(run_tests=True, force_save=True)",
    "import otter.plugins; otter.logging.set_level(3)",
    "import otter; otter.Notebook().check_all(); otter.Notebook().to_pdf('x')",
    "import otter; otter.Notebook.init_grading_mode('tests')",
    "from otter.test_files import test_case",
    "from IPython.display import display, HTML; display(1)",
    "get_ipython().run_line_magic('matplotlib', 'inline')",
    "display([1, 2])",
    "from __future__ import annotations\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 1\nA()",
    "import inspect\ndef f(): return 1\nassert 'return 1' in inspect.getsource(f)",
    "import pickle\nclass B: pass\npickle.loads(pickle.dumps(B()))",
    "open('plot.txt', 'w').write('x')",
]


@pytest.mark.parametrize("source", HARMLESS)
def test_what_notebooks_do_is_harmless(child: Session, source: str) -> None:
    """otter's own cells, display, dataclasses, getsource, pickles and files work as in a kernel."""
    reply = run(child, source)
    assert reply["error"] is None, reply


def test_future_imports_last(child: Session) -> None:
    """`from __future__` in one cell holds in the later ones, as in a kernel."""
    run(child, "from __future__ import annotations")
    assert run(child, "def f(x: not_defined_anywhere): return x", "cell 2")["error"] is None


def test_seeds_are_set(child: Session) -> None:
    """A seed sets NumPy's and Python's generators; with a variable, it sets that and nothing else."""
    for _ in range(2):
        child.plain("cells", step="seed", seed=42)
        run(child, "import numpy as np, random\na = (np.random.rand(), random.random())")
        assert shown(child, "[round(float(x), 6) for x in a]") == "[0.37454, 0.639427]\n"
    run(child, "np.random.seed = 42; random.seed = None")
    child.plain("cells", step="seed", seed=42)
    assert shown(child, "round(float(np.random.rand()), 6)") == "0.37454\n"
    child.plain("cells", step="seed", seed=7, variable="rng_seed")
    assert shown(child, "rng_seed") == "7\n"


def test_a_case_does_not_change_the_notebook(child: Session) -> None:
    """Each doctest case has a copy of the names: what it defines is gone in the next one."""
    run(child, "x = 1")
    child.plain("examples", step="example", source="x = 5\n", fresh=True)
    assert child.plain("examples", step="example", source="x\n", fresh=False)["got"] == "5\n"
    assert child.plain("examples", step="example", source="x\n", fresh=True)["got"] == "1\n"


def test_errors_name_the_cell() -> None:
    """An error without a place in the submission has no file."""
    assert describe(ValueError("x"), "/nowhere")["file"] == ""


def book(*cells: str, **metadata: Any) -> bytes:
    """A notebook of these code cells."""
    code = [{"cell_type": "code", "metadata": metadata, "source": cell} for cell in cells]
    return json.dumps({"cells": code, "metadata": {}}).encode()


def test_a_notebook_becomes_the_file() -> None:
    """Where modules.py was asked for and only a notebook is there, its cells are the file, and a note says so."""
    area, twice = "def area(r):\n    # kept\n    return math.pi * r**2", "def twice(x):\n    return 2 * x"
    cells = ["%pip install x", "import math", area, "print(area(1 / 0))", "((", twice]
    kept, notes = sources({"hw/work.ipynb": book(*cells)}, ["modules.py"])
    text = kept["hw/modules.py"].decode()
    names: dict[str, Any] = {}
    exec(text, names)  # ours, in this test
    assert names["area"](1) > 3 and names["twice"](2) == 4
    assert "# kept" in text and "# cell 6" in text
    assert notes == [
        "modules.py was not handed in; the code cells of hw/work.ipynb were taken for it",
        "hw/work.ipynb, cell 1: “%pip install x” is for notebooks only and was left out",
        "hw/work.ipynb, cell 5 is no Python, or too long, and was left out",
    ]


def test_only_what_is_missing_is_made() -> None:
    """A file that is there stays; a notebook without definitions, or with our own cells only, is no code."""
    work = book("def f(): pass")
    assert stand_in({"a.ipynb": work, "src/modules.py": b"x"}, ["modules.py"]) == ({}, [])
    assert stand_in({"a.ipynb": book("x = 1")}, ["modules.py"]) == ({}, [])
    assert stand_in({"a.ipynb": book("def f(): pass", tags=["answer"])}, ["modules.py"]) == ({}, [])
    assert stand_in({"a.ipynb": b"no notebook"}, ["modules.py"]) == ({}, [])
    assert stand_in({"a.ipynb": work}, []) == ({}, [])
    made, _ = stand_in({"b.ipynb": book("x = 1"), "c.ipynb": work}, ["modules.py", "train.py"])
    assert set(made) == {"modules.py", "train.py"}


def test_future_imports_come_first() -> None:
    """Later cells may import from __future__; the file begins with it."""
    text, _ = as_module(book("def f(): pass", "from __future__ import annotations\nx = 1"))
    assert text.startswith("from __future__ import annotations\n")
    compile(text, "modules.py", "exec")


@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_cells_give_python_or_nothing(cells: list[str]) -> None:
    """Whatever the cells hold, the file made of them is Python."""
    text, _ = as_module(book("def f(): pass", *cells))
    ast.parse(text)
