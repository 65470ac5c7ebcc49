"""Everything that can be wrong with a folder of submissions at once, through the command line."""

from __future__ import annotations

import csv
import io
import json
import struct
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from markscheme.cli import main

ASSIGNMENT = (
    '[[questions]]\nid = "q1"\nfamily = "convolution.hand"\n[[questions]]\nid = "q2"\nfamily = "networks.forward"\n'
)
ROSTER = (
    "\ufeffstudent;name\nada;Ada\nbig;B\nbook;B\nclimb;C\nlink;L\nmany;M\ntwo;T\nada;Ada again\n../up;Up\n;Nobody\n"
)


def zipped(entries: dict[str, bytes], *, link: str = "") -> bytes:
    """A zip of these files, with one symbolic link if named."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
        if link:
            entry = zipfile.ZipInfo("answers.toml")
            entry.external_attr = 0o120777 << 16
            archive.writestr(entry, link)
    return data.getvalue()


def a_million_entries() -> bytes:
    """An end record that claims a million entries."""
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 50_000_000, 0, 0)


@pytest.fixture
def graded(tmp_path: Path) -> tuple[Path, Result]:
    """The folder of the course, and what `grade` said to the worst class."""
    run = CliRunner()
    run.invoke(main, ["init", str(tmp_path)])
    (tmp_path / "assignments/a").mkdir()
    (tmp_path / "assignments/a/assignment.toml").write_text(f'title = "A"\n{ASSIGNMENT}')
    (tmp_path / "roster.csv").write_text(ROSTER, "utf-8")
    key = json.loads(run.invoke(main, ["key", "a", "ada", "--json", "--course", str(tmp_path)]).output)["questions"]
    place = tmp_path / "in"
    right = "".join(
        f"[{question}]\n" + "".join(f'{part} = "{text}"\n' for part, text in held["key"].items())
        for question, held in key.items()
    )
    folders: dict[str, dict[str, bytes]] = {
        "ada": {"answers.toml": right.encode()},
        "big": {"answers.toml": b'[q1]\nY = "' + b"1 " * 5_000_000 + b'"\nsize = "2 x 2"\n'},
        "book": {"a.ipynb": b"<html>no notebook</html>", "answers.toml": b'[q1]\nsize = "2 x 2"\n'},
        "two": {"answers.toml": b'[q1]\nsize = "2 x 2"\n'},
    }
    for student, files in folders.items():
        (place / student).mkdir(parents=True)
        for name, data in files.items():
            (place / student / name).write_bytes(data)
    (place / "two.zip").write_bytes(zipped({"answers.toml": b'[q1]\nsize = "3 x 3"\n'}))
    (place / "climb.zip").write_bytes(zipped({"../../escaped.toml": b"x", "answers.toml": b'[q1]\nsize = "2 x 2"\n'}))
    (place / "link.zip").write_bytes(zipped({}, link="/etc/passwd"))
    (place / "many.zip").write_bytes(a_million_entries())
    arguments = ["grade", "a", str(place), "--out", str(tmp_path / "out"), "--course", str(tmp_path), "--jobs", "1"]
    return tmp_path, run.invoke(main, arguments)


def test_the_good_student_loses_nothing(graded: tuple[Path, Result]) -> None:
    """Full marks for the one whose answers are right, whatever the others hand in."""
    folder, _ = graded
    results = json.loads((folder / "out/results/ada.json").read_text())
    assert results["score"] == 2


def test_everyone_is_graded_and_told_why(graded: tuple[Path, Result]) -> None:
    """A result and a page for each, with the file, the place and the remedy."""
    folder, _ = graded
    told = {
        "big": "characters",
        "book": "a.ipynb",
        "climb": "escaped.toml",
        "link": "link",
        "many": "many.zip",
        "two": "two.zip",
    }
    for student, remark in told.items():
        assert remark in (folder / f"out/results/{student}.json").read_text("utf-8"), student
        assert (folder / f"out/feedback/{student}.html").is_file()
    assert not (folder.parent / "escaped.toml").exists()
    assert "root:" not in (folder / "out/results/link.json").read_text()


def test_bad_files_cost_only_what_they_touch(graded: tuple[Path, Result]) -> None:
    """The readable answers beside a 10 MB answer and a broken notebook are marked."""
    folder, _ = graded
    for student in ("big", "book"):
        tests = json.loads((folder / f"out/results/{student}.json").read_text())["tests"]
        status = {test["name"]: test["extra_data"]["status"] for test in tests}
        assert status["q1.size"] in ("right", "wrong"), student


def test_the_roster_is_reported_line_by_line(graded: tuple[Path, Result]) -> None:
    """A repeated id, a path and an empty id are named with their lines; the exit status says that something is open."""
    folder, result = graded
    assert result.exit_code == 1
    assert all(f"line {line}" in result.stderr for line in (9, 10, 11))
    rows = list(csv.DictReader((folder / "out/gradebook.csv").read_text("utf-8-sig").splitlines()))
    assert sorted(row["student"] for row in rows) == ["ada", "big", "book", "climb", "link", "many", "two"]
