"""The tutorial works as it is written: its files are written, its commands run, and they print what the page shows."""

from __future__ import annotations

from pathlib import Path

from docs.site.tutorial import Step, play


def test_the_tutorial_tells_the_truth(tmp_path: Path) -> None:
    """Every command succeeds and prints what stands below it; the pages that the text speaks of are there."""
    steps = list(play(tmp_path))
    assert {step.command.split()[1] for step in steps if step.command.startswith("markscheme")} >= {
        "init", "families", "preview", "generate", "key", "check", "grade",
    }  # fmt: skip
    for step in steps:
        assert step.holds, f"$ {step.command}\n{step.printed}"
        assert step.status == ("unreadable" in step.printed), step.command
    grades = tmp_path / "my-course" / "grades" / "week-1"
    feedback = (grades / "feedback" / "ada.html").read_text("utf-8")
    for words in ("You flipped the kernel", "1 right method", "1 could not be read"):
        assert words in feedback
    assert (grades / "report.html").is_file()


def test_a_page_that_lies_is_found() -> None:
    """Another number, a missing line and a line too many do not hold; `…` stands for any text."""
    assert Step("", "a … z\n", "a\nb\nz\n").holds
    assert Step("", "…\nlast 3\n", "first\nlast 3\n").holds
    for expected in ("last 4\n", "last 3\nmore\n", ""):
        assert not Step("", expected, "last 3\n").holds
