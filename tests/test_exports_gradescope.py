"""The autograder grades in its image what `markscheme grade` grades here, and holds no secret."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from assignments.exports.wheel import PACKAGES, wheel
from markscheme.cli import main

ROOT = Path(__file__).parents[1]
ASSIGNMENT = """\
title = "Week 1"
[[questions]]
id = "q1"
family = "convolution.hand"
points = 4
[[questions]]
id = "q2"
family = "activations.dead_units"
points = 3
"""


def command(folder: Path, *arguments: str) -> str:
    """Run our command line in this folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        done = CliRunner().invoke(main, arguments)
    finally:
        os.chdir(before)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with one assignment, handed out, and an autograder for it."""
    folder = tmp_path_factory.mktemp("gradescope") / "course"
    command(folder.parent, "init", "course")
    file = folder / "assignments" / "week-1" / "assignment.toml"
    file.write_text(ASSIGNMENT)
    command(folder, "generate", "week-1", "--out", "handout", "--jobs", "1")
    command(folder, "export", "week-1", "--to", "gradescope", "--out", "autograder.zip")
    return folder


def unpacked(archive: Path, place: Path, metadata: dict[str, Any]) -> Path:
    """Gradescope's folders with this autograder in them."""
    (place / "submission").mkdir(parents=True)
    (place / "submission_metadata.json").write_text(json.dumps(metadata))
    zipfile.ZipFile(archive).extractall(place / "source")
    return place


def run(place: Path) -> dict[str, Any]:
    """What run_autograder writes, with this Python in place of the image's."""
    environment = {**os.environ, "AUTOGRADER": str(place), "MARKSCHEME_PYTHON": sys.executable}
    command = ["bash", place / "source" / "run_autograder"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results: dict[str, Any] = json.loads((place / "results" / "results.json").read_text())
    return results


def test_the_same_scores_as_here(course: Path, tmp_path: Path) -> None:
    """Right, wrong and missing answers: every test of results.json is that of our own grading."""
    key = json.loads(command(course, "key", "week-1", "ada", "--json"))["questions"]["q1"]["key"]
    answers = f'[q1]\nsize = "{key["size"]}"\nY = "[[1, 2], [3, 4]]"\n[q2]\n'
    (tmp_path / "submissions" / "ada").mkdir(parents=True)
    (tmp_path / "submissions" / "ada" / "answers.toml").write_text(answers)
    command(course, "grade", "week-1", str(tmp_path / "submissions"), "--out", str(tmp_path / "D"), "--jobs", "1")
    here = json.loads((tmp_path / "D" / "results" / "ada.json").read_text())
    metadata: dict[str, Any] = {
        "created_at": "2026-01-02T03:04:05.000000-07:00",
        "users": [{"email": "Ada@Example.org", "id": 7}],
    }
    place = unpacked(course / "autograder.zip", tmp_path / "autograder", metadata)
    (place / "submission" / "answers.toml").write_text(answers)
    there = run(place)
    assert there["score"] == here["score"] > 0
    assert there["tests"] == here["tests"]
    assert there["extra_data"]["sheet"] == here["extra_data"]["sheet"]
    assert (
        there["extra_data"]["submitted"].startswith("2026-01-02T") or "2026-01-02" in there["extra_data"]["submitted"]
    )


def test_strangers_get_no_score(course: Path, tmp_path: Path) -> None:
    """Whoever is not on the roster is refused with the reason, and never graded against another's numbers."""
    place = unpacked(course / "autograder.zip", tmp_path / "autograder", {"users": [{"email": "eve@example.org"}]})
    results = run(place)
    assert "score" not in results
    assert "not on the roster" in results["output"]


def test_what_breaks_is_no_zero(course: Path, tmp_path: Path) -> None:
    """An autograder without its assignment gives no score; the reason is for the staff."""
    place = unpacked(course / "autograder.zip", tmp_path / "autograder", {"users": [{"email": "ada@example.org"}]})
    (place / "source" / "course" / "assignments" / "week-1" / "assignment.toml").unlink()
    results = run(place)
    assert "score" not in results
    assert results["tests"][0]["visibility"] == "hidden"


def test_the_pinned_form_needs_no_roster(course: Path, tmp_path: Path) -> None:
    """With --pinned everybody has the same sheet, and any submitter is graded."""
    command(course, "export", "week-1", "--to", "gradescope", "--pinned", "--out", str(tmp_path / "pinned.zip"))
    place = unpacked(tmp_path / "pinned.zip", tmp_path / "autograder", {"users": [{"email": "eve@example.org"}]})
    (place / "submission" / "answers.toml").write_text("[q1]\n")
    assert run(place)["score"] == 0


def test_the_secret_stays_at_home(course: Path) -> None:
    """Not in any file of the zip, nor of the wheel in it."""
    secret = (course / "secret.key").read_bytes().strip()
    assert len(secret) == 64
    assert not any(secret in data for data in everything((course / "autograder.zip").read_bytes()))


def everything(archive: bytes) -> list[bytes]:
    """All files of a zip, and of the zips in it."""
    found = []
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in opened.namelist():
            data = opened.read(name)
            found += [data, name.encode()] if not zipfile.is_zipfile(io.BytesIO(data)) else everything(data)
    return found


def test_scripts_may_be_run(course: Path) -> None:
    """setup.sh and run_autograder are executable, as Gradescope asks, and plain shell."""
    with zipfile.ZipFile(course / "autograder.zip") as archive:
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & 0o111
            assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
            subprocess.run(["bash", "-n"], input=archive.read(name), check=True)


def test_the_wheel_is_one() -> None:
    """Every file of the five packages with its hash in the RECORD, the command, and nothing else."""
    name, data = wheel()
    assert name.startswith("markscheme-") and name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = next(n.partition("/")[0] for n in archive.namelist() if ".dist-info/" in n)
        record = dict(line.split(",")[:2] for line in archive.read(f"{info}/RECORD").decode().splitlines())
        assert set(record) == set(archive.namelist())
        for member, digest in record.items():
            if digest:
                raw = base64.urlsafe_b64encode(hashlib.sha256(archive.read(member)).digest()).rstrip(b"=").decode()
                assert digest == f"sha256={raw}"
        assert "markscheme = markscheme.cli:main" in archive.read(f"{info}/entry_points.txt").decode()
    ours = {
        file.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and not any(part.startswith((".", "__pycache__")) for part in file.relative_to(ROOT).parts)
    }
    assert {member for member in record if not member.startswith(info)} == ours


def test_the_wheel_can_be_installed(tmp_path: Path) -> None:
    """pip takes it, and what it installs runs by itself."""
    name, data = wheel()
    (tmp_path / name).write_bytes(data)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile",
               "--target", str(tmp_path / "site"), str(tmp_path / name)]  # fmt: skip
    subprocess.run(install, check=True, capture_output=True)
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import markscheme; print(markscheme.__file__)"
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(str(tmp_path))
