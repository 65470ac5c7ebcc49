"""What the documentation says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assignments.sheet import draw_sheet
from assignments.spec import load_assignment, shipped
from markscheme.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def test_the_assignment_of_the_readme_holds(tmp_path: Path) -> None:
    """The example can be copied, drawn and pinned."""
    toml = re.search(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    assert toml
    (tmp_path / "assignment.toml").write_text(toml[1], "utf-8")
    assignment = load_assignment(tmp_path)
    for pinned in (True, False):
        assert len(draw_sheet(assignment, "ada", "secret", pinned=pinned).items) == 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and picture is a file of the repository."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist(page: Path) -> None:
    """Whoever types what a page says gets no "no such command"."""
    assert set(re.findall(r"^\s*(?:\$ )?markscheme ([a-z]+)", page.read_text("utf-8"), re.MULTILINE)) <= set(COMMANDS)


@pytest.mark.parametrize("name", shipped())
def test_shipped_courseworks_can_be_given_both_ways(name: str) -> None:
    """Pinned they are the same for everyone, drawn they differ; no exercise stands twice in a sheet."""
    assignment = load_assignment(name)
    pinned = {draw_sheet(assignment, student, "s", pinned=True).fingerprint for student in ("ada", "alan")}
    drawn = [draw_sheet(assignment, student, "s") for student in ("ada", "alan")]
    assert len(pinned) == 1
    assert drawn[0].fingerprint != drawn[1].fingerprint
    for sheet in drawn:
        assert len({item.variant.identity for item in sheet.items}) == len(sheet.items)
