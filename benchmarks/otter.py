"""Seconds of the processor for one notebook: `markscheme grade --otter` beside `otter run`, on the same assignment.

Needs the command `otter` on the PATH; it may be installed in an environment of its own.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.figure import Figure

DATA = Path("tests/data/otter")
MANY = 40  # what starting the program costs is taken off by grading one more and one less


def figures() -> Iterator[Figure]:
    """Our share of otter's processor time, in per cent of it."""
    otter = shutil.which("otter")
    if not otter:
        print("  otter is not on the PATH: nothing to compare with", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        notebook = _notebook(Path(folder))
        theirs = min(_seconds([otter, "run", "-a", str(_archive()), str(notebook), "-o", folder]) for _ in range(3))
        few, many = (_ours(Path(folder), notebook, count) for count in (1, 1 + MANY))
    ours = (many - few) / MANY
    note = f"{1e3 * ours:.0f} ms against {theirs:.2f} s of the processor"
    yield Figure("a notebook here over otter run", 100 * ours / theirs, "%", at_most=1.0, note=note)


def _archive() -> Path:
    return (DATA / "hw-ok.zip").resolve()


def _notebook(folder: Path) -> Path:
    """A right submission to the stored assignment."""
    with zipfile.ZipFile(DATA / "hw-ok-submissions.zip") as archive:
        name = next(name for name in archive.namelist() if Path(name).name == "right.ipynb")
        (folder / "right.ipynb").write_bytes(archive.read(name))
    return folder / "right.ipynb"


def _ours(folder: Path, notebook: Path, count: int) -> float:
    place = folder / f"submissions-{count}"
    place.mkdir()
    for i in range(count):
        shutil.copy(notebook, place / f"student{i}.ipynb")
    command = [sys.executable, "-c", "from markscheme.cli import main; main()", "grade", "--otter", str(_archive())]
    return _seconds([*command, str(place), "--out", str(folder / f"out-{count}"), "--jobs", "1"])


def _seconds(command: Sequence[str]) -> float:
    """What a command and the processes that it waits for cost."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
