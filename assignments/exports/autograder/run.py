"""Grade the submission in /autograder/submission as `markscheme grade` does, and hand Gradescope its results.json."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

LONGEST = 2_000  # characters of an error that are shown


def main(autograder: Path) -> None:
    """Write results/results.json, with a score or with the reason why there is none."""
    source, results = autograder / "source", autograder / "results"
    settings = json.loads((source / "settings.json").read_text("utf-8"))
    metadata = json.loads((autograder / "submission_metadata.json").read_text("utf-8"))
    student = settings["pinned"] or find_student(metadata, settings["students"])
    if not student:
        found = refusal("Your address is not on the roster, so your numbers are unknown. Tell your instructor.")
    else:
        found = grade(autograder / "submission", source / "course", settings, student, metadata.get("created_at"))
    results.mkdir(exist_ok=True)
    (results / "results.json").write_text(json.dumps(found, indent=1), "utf-8")


def find_student(metadata: dict[str, Any], students: dict[str, str]) -> str:
    """The id of the first submitter whose address or student number the roster has; else an empty text."""
    for user in metadata.get("users", []):
        for field in ("email", "sid"):
            known = students.get(str(user.get(field) or "").casefold())
            if known:
                return known
    return ""


def grade(
    submission: Path, course: Path, settings: dict[str, Any], student: str, created: str | None
) -> dict[str, Any]:
    """What `markscheme grade` makes of this one submission."""
    with tempfile.TemporaryDirectory() as work:
        handed_in = Path(work, "submissions", student)
        shutil.copytree(submission, handed_in, symlinks=True)
        if created:
            date(handed_in, datetime.fromisoformat(created).timestamp())
        out = Path(work, "out")
        command = [sys.executable, "-I", "-m", "markscheme", "grade", settings["assignment"], str(handed_in.parent),
                   "--out", str(out), "--jobs", "1", "--attempt", str(settings["attempt"])]  # fmt: skip
        if settings["pinned"]:
            command.append("--pinned")
        done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
        return graded(out / "results" / f"{student}.json", done.stdout + done.stderr)


def graded(file: Path, said: str) -> dict[str, Any]:
    """The results that were written; where there are none, a refusal with what the command said."""
    if not file.is_file():
        return refusal("This could not be graded; that is not your fault.", said)
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found


def date(folder: Path, time: float) -> None:
    """Lateness is judged by the time of the files: give them that of the submission."""
    for place in [folder, *folder.rglob("*")]:
        os.utime(place, (time, time), follow_symlinks=False)


def refusal(said: str, details: str = "") -> dict[str, Any]:
    """Results without a score, which Gradescope shows as a failed autograder; the details for the staff only."""
    tests = [{"name": "details", "output": details[-LONGEST:], "visibility": "hidden"}] if details else []
    return {"output": said, "tests": tests}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
