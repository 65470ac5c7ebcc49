"""The output folder: results and feedback, one pair per student, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from grader.report.report import Report
from grader.report.results import from_results, to_results


class Store:
    """results/<student>.json and feedback/<student>.html below a folder; older ones below previous/<stamp>/.

    A result is there exactly when its feedback page is there too, so an interrupted run continues
    where it stopped.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def results(self, student: str) -> Path:
        """Where a student's results are."""
        return self.folder / "results" / f"{student}.json"

    def feedback(self, student: str) -> Path:
        """Where a student's feedback page is."""
        return self.folder / "feedback" / f"{student}.html"

    def report(self, student: str) -> Report | None:
        """The stored report; None where there is none, or none that can be read."""
        try:
            return from_results(json.loads(self.results(student).read_bytes()))
        except (FileNotFoundError, ValueError):
            return None

    def students(self) -> Iterator[str]:
        """The ids of all students with results, sorted."""
        return iter(sorted(file.stem for file in (self.folder / "results").glob("*.json")))

    def write(self, report: Report, page: str, *, previous: str = "") -> None:
        """Store a report and its feedback page, keeping what was there under previous/<previous>/ if named."""
        if previous:
            self._keep(report.student, previous)
        results = json.dumps(to_results(report), indent=1, ensure_ascii=False) + "\n"
        replace(self.feedback(report.student), page)
        replace(self.results(report.student), results)

    def _keep(self, student: str, stamp: str) -> None:
        for file in (self.results(student), self.feedback(student)):
            if file.is_file():
                kept = self.folder / "previous" / stamp / file.relative_to(self.folder)
                kept.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, kept)


def replace(file: Path, text: str) -> None:
    """Write a file in one step: readers see the old one or the new one, never half of it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    draft.write_text(text, "utf-8")
    draft.replace(file)
