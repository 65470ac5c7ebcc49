"""What the documentation says is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import problem_bank
from assignments.sheet import draw_sheet
from assignments.spec import load_assignment, shipped
from markscheme.cli import COMMANDS
from problem_bank.verdict import Status

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
def test_links_into_a_page_lead_to_a_heading(page: Path) -> None:
    """What follows # in a link is the name of a heading there, as GitHub and the site make it."""
    for target, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", page.read_text("utf-8")):
        there = page.parent / target if target else page
        headings = re.findall(r"^#+ (.*)$", there.read_text("utf-8"), re.MULTILINE)
        assert anchor in map(_anchor, headings), f"{target}#{anchor}"


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_the_navigation_of_the_site_is_complete() -> None:
    """Every page of docs/ stands in it, by itself or with its folder, and every entry is a page or a folder."""
    docs = ROOT / "docs"
    _, _, nav = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:\n")
    entries = re.findall(r"- [^:]+: (\S+)$", nav, re.MULTILINE)
    assert all((docs / entry).exists() for entry in entries)
    folders = [entry for entry in entries if entry.endswith("/")]
    named = {docs / entry for entry in entries} | {page for folder in folders for page in (docs / folder).glob("*.md")}
    assert set(docs.rglob("*.md")) <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_exist(page: Path) -> None:
    """Whoever types what a page says gets no "no such command"."""
    assert set(re.findall(r"^\s*(?:\$ )?markscheme ([a-z-]+)", page.read_text("utf-8"), re.MULTILINE)) <= set(COMMANDS)


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


@pytest.mark.parametrize("pinned", [True, False], ids=["pinned", "drawn"])
@pytest.mark.parametrize("name", shipped())
def test_the_key_of_a_shipped_coursework_is_right(name: str, pinned: bool) -> None:
    """Whoever hands in the key has everything right; texts wait for a person, with all points suggested."""
    for item in draw_sheet(load_assignment(name), "ada", "s", pinned=pinned).items:
        for part, verdict in item.variant.mark(item.variant.key()).items():
            if verdict.waiting:
                assert verdict.suggestion
                assert verdict.suggestion.share == 1, f"{item.id}.{part}"
            else:
                assert verdict.status is Status.RIGHT or not verdict.graded, f"{item.id}.{part}: {verdict}"


@pytest.mark.parametrize("name", ["tutorial-2a", "tutorial-3a"])
def test_pinned_tutorials_leave_nothing_but_orders_open(name: str) -> None:
    """`given` pins every number; only the order of options and lines, and which lines are strange, is drawn."""
    for question in load_assignment(name).spec.questions:
        family = problem_bank.load(question.family)
        drawn = family.draw("any", level=question.level, given={**question.knobs, **question.given}).drawn
        left = set(drawn) - set(family.knobs) - set(question.given)
        assert left <= {"order", "statements", "strange"}, f"{question.id}: {left}"
