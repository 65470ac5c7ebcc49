"""The gallery, the audit's page and the skeleton of a family: what helps to write families and to choose among them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import problem_bank
from assignments.documents.gallery import INDEX, audit_page, pages
from problem_bank import bank
from problem_bank.audit import audit

ROOT = Path(__file__).parents[1]


def markscheme(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from markscheme.cli import main; main()", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_a_page_for_each_topic() -> None:
    """Each family is on the page of its topic, with key, misconceptions and solution, and in the index."""
    found = pages(["convolution.hand", "convolution.output_size", "dropout.forward"])
    assert set(found) == {INDEX, "convolution.md", "dropout.md"}
    for id in ("convolution.hand", "convolution.output_size"):
        assert f"`{id}`" in found["convolution.md"]
        assert id in found[INDEX]
    assert "You flipped the kernel" in found["convolution.md"]
    assert found["convolution.md"].count("### Solution") == 2


def test_the_shipped_gallery_is_complete() -> None:
    """docs/gallery shows every family of the bank; `make gallery` writes it anew."""
    index = (ROOT / "docs" / "gallery" / INDEX).read_text()
    shown = set(re.findall(r"^- `([\w.]+)`", index, re.MULTILINE))
    assert shown == set(bank.ids())


def test_the_audits_page_shows_figures_and_examples() -> None:
    """One rendered example per level, below the table of figures."""
    cases = [("convolution.hand", level) for level in ("easy", "hard")]
    page = audit_page(cases, ["family", "level"], cases)
    assert "<table" in page
    assert page.count("<h3>Solution</h3>") == 2
    assert "hand_hard.Y" in page


@pytest.fixture
def course(tmp_path: Path) -> Path:
    assert markscheme("init", tmp_path / "course", folder=tmp_path).returncode == 0
    return tmp_path / "course"


def test_the_skeleton_is_a_proven_family(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `new-family` writes draws, follows through and passes the audit before anything is changed in it."""
    ran = markscheme("new-family", "units.weighted_sum", folder=course)
    assert ran.returncode == 0, ran.stderr
    monkeypatch.setattr(bank, "_folders", list(bank._folders))
    bank.add_folder(course / "families")
    try:
        for level in ("easy", "medium", "hard"):
            result = audit("units.weighted_sum", level, 60)
            assert result.problems == []
            assert result.floor < 0.03
        assert problem_bank.load("units.weighted_sum").source == "Goodfellow 6.1"
    finally:
        bank.load.cache_clear()


@pytest.mark.parametrize(
    ("id", "says"),
    [
        ("convolution.hand", "exists already"),
        ("../evil.x", "an id is topic.name"),
        ("units.class", "an id is topic.name"),
        ("Units.Sum", "an id is topic.name"),
        ("units", "an id is topic.name"),
    ],
)
def test_a_name_that_cannot_be_is_refused(id: str, says: str, course: Path) -> None:
    """Nothing is written for a taken, dangerous or malformed id, and the message says what would do."""
    ran = markscheme("new-family", id, folder=course)
    assert ran.returncode != 0
    assert says in ran.stderr
    assert not list(course.rglob("families/*/*.py"))


def test_a_familys_file_is_never_overwritten(course: Path) -> None:
    """A second call leaves the work of the first alone."""
    markscheme("new-family", "units.mine", folder=course)
    file = course / "families" / "units" / "mine.py"
    file.write_text("# my own work\n")
    ran = markscheme("new-family", "units.mine", folder=course)
    assert ran.returncode != 0
    assert file.read_text() == "# my own work\n"


def test_the_commands_write_their_pages(tmp_path: Path) -> None:
    """`gallery` and `audit --report` work from the command line."""
    ran = markscheme("gallery", "dropout.forward", "--out", tmp_path / "gallery", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "gallery" / "dropout.md").is_file()
    ran = markscheme(
        "audit", "dropout.forward", "-n", 5, "--jobs", 1, "--report", tmp_path / "a" / "audit.html", folder=tmp_path
    )
    assert "dropout.forward" in (tmp_path / "a" / "audit.html").read_text(), ran.stderr


@pytest.mark.parametrize("topic", ["units", "convolution"])
def test_a_course_family_may_have_helpers(topic: str, course: Path) -> None:
    """Its texts may stand in a file beside it, also under a topic that the bank has."""
    markscheme("new-family", f"{topic}.mine", folder=course)
    folder = course / "families" / topic
    (folder / "_words.py").write_text('TOPIC = "' + topic + '"\n')
    family = (folder / "mine.py").read_text().replace(f'topic="{topic}"', "topic=TOPIC")
    first = "from problem_bank"
    (folder / "mine.py").write_text(family.replace(first, f"{first}.families.{topic}._words import TOPIC\n{first}", 1))
    ran = markscheme("preview", f"{topic}.mine", folder=course)
    assert ran.returncode == 0, ran.stderr
    assert f"{topic}.mine" in ran.stdout
