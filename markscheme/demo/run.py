"""The demo from end to end, through the same functions that the commands use."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assignments.course import Course, create_course, find_course
from assignments.generate import generate
from assignments.roster import read_roster
from assignments.sheet import SheetSource
from assignments.spec import load_assignment
from grader.batch import Summary, grade_all
from grader.queue import FILE
from grader.report.report import Report
from grader.store import Store
from markscheme.demo.students import ABSENT, CLASS, write

DRAWN = ("tutorial-3a", "first-layer")
REAL = ("tutorial-3a", "assignment-3")
SHEETS = Path(__file__).parent / "real"
OWN = Path(__file__).parent / "assignments"
MARKER = ".markscheme-demo"

Say = Callable[[str], None]


@dataclass(frozen=True)
class Graded:
    """One graded folder of submissions."""

    assignment: str
    out: Path
    summary: Summary

    def reports(self) -> Iterator[Report]:
        """The stored reports, by student."""
        store = Store(self.out)
        return (report for student in store.students() if (report := store.report(student)))


def prepare(folder: Path, *, force: bool) -> Course:
    """An empty demo course in this folder. Raises FileExistsError for a folder that is not an older demo's."""
    if folder.exists() and any(folder.iterdir()):
        if not (force and (folder / MARKER).is_file()):
            raise FileExistsError(folder)
        shutil.rmtree(folder)
    create_course(folder, "Deep Learning (demo)")
    shutil.copytree(OWN, folder / "assignments", dirs_exist_ok=True)
    (folder / MARKER).touch()
    _write_roster(folder / "roster.csv")
    course = find_course(folder)
    assert course  # just made
    return course


def _write_roster(file: Path) -> None:
    """The class, and one who hands nothing in."""
    students = [(person.id, person.name) for person in CLASS] + [ABSENT]
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("student", "name", "email", "section"))
        writer.writerows((id, name, f"{id}@example.org", "A") for id, name in students)


def draw(course: Course, name: str) -> int:
    """Draw an assignment for the class and let everyone hand in; returns the number of files written."""
    assignment = load_assignment(name, course.folder)
    students = read_roster(course.roster).students
    records = course.folder / "sheets" / name / "attempt-1"
    summary = generate(
        assignment, students, course.secret, course.folder / "handout" / name,
        formats=("notebook", "html", "markdown"), records=records, course=course.name,
    )  # fmt: skip
    sheet_for = SheetSource(assignment, course.secret, records=records)
    for person in CLASS:
        write(person, sheet_for(person.id), course.folder / "submissions" / name)
    return summary.written


def grade(course: Course, name: str, *, jobs: int) -> Graded:
    """Grade what the class handed in."""
    assignment = load_assignment(name, course.folder)
    source = SheetSource(assignment, course.secret, records=course.folder / "sheets" / name / "attempt-1")
    out = course.folder / "grades" / name
    students = read_roster(course.roster).students
    mark = partial(
        grade_all, assignment, course.folder / "submissions" / name, out,
        sheet_for=source, students=students, jobs=jobs, show_keys=True, allow_unsafe=True,
    )  # fmt: skip
    summary = mark()
    if summary.waiting:
        follow_suggestions(out / FILE)
        summary = mark(update=True)
    return Graded(name, out, summary)


def follow_suggestions(queue: Path) -> None:
    """Mark every text as suggested: what a person would do, who agreed with every suggestion."""
    with queue.open(newline="", encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    with queue.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(row | {"mark": row["suggested"]} for row in rows)


def grade_real(course: Course, name: str) -> Graded:
    """Grade a real student's answers to the printed numbers."""
    place = course.folder / "real" / name / "submissions" / "real-student"
    place.mkdir(parents=True)
    shutil.copyfile(SHEETS / f"{name}.toml", place / "answers.toml")
    assignment, out = load_assignment(name), course.folder / "real" / name / "grades"
    source = SheetSource(assignment, course.secret, pinned=True)
    return Graded(name, out, grade_all(assignment, place.parent, out, sheet_for=source, show_keys=True))
