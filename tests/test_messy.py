"""Honest submissions that are a mess, each a folder of tests/messy: what they deserve, they get.

`expect.toml` beside the submission says what the report must say (see `Expectation`); how files arrive that cannot lie
in the repository as they are is in `recipe.toml` (see handing_in.py).
"""

from __future__ import annotations

import importlib.util
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pytest

import problem_bank
from grader.code import mark_code
from grader.submission import read_submission
from tests.handing_in import handed_in

FOLDER = Path(__file__).parent / "messy"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/expect.toml"))


@dataclass(frozen=True)
class Expectation:
    """What the report must say.

    `shows` is what is a mess, in a sentence. `status` is that of every part, `parts` that of single ones ("any" where
    it does not matter). `says` are texts of the feedback; `notes` and `flags` of the run, where there are any.
    `lacks` are libraries: where one is installed, there is nothing to see.
    """

    shows: str
    exercise: str
    status: str = "right"
    parts: dict[str, str] = field(default_factory=dict)
    level: str = "medium"
    says: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    seconds: float = 20.0


def expectation(name: str) -> Expectation:
    return Expectation(**tomllib.loads((FOLDER / name / "expect.toml").read_text()))


@pytest.mark.parametrize("name", NAMES)
def test_a_messy_submission(name: str, tmp_path: Path) -> None:
    """It is judged by what it does, and whatever is not the student's doing costs nothing."""
    expected = expectation(name)
    if "torch" in expected.exercise:
        pytest.importorskip("torch")
    if any(importlib.util.find_spec(library) for library in expected.lacks):
        pytest.skip(f"{expected.lacks} are installed here")
    variant = problem_bank.load(expected.exercise).draw("messy", level=expected.level)
    received = read_submission("sam", handed_in(FOLDER / name, tmp_path), ["q1"])
    verdicts, run = mark_code(variant.parts, received.files, seed=received.fingerprint, allow_unsafe=True)
    found = {part: verdict.status.name.lower() for part, verdict in verdicts.items()}
    wanted = {part: expected.parts.get(part, expected.status) for part in found}
    said = {part: verdict.feedback for part, verdict in verdicts.items()}
    assert found == {part: found[part] if status == "any" else status for part, status in wanted.items()}, said
    for part, status in wanted.items():
        full = status == "right"
        assert status == "any" or verdicts[part].score == (verdicts[part].points if full else 0), part
    feedback = "\n".join(said.values())
    assert [text for text in expected.says if text not in feedback] == [], feedback
    assert [text for text in expected.notes if text not in "\n".join(run.notes)] == [], run.notes
    assert [text for text in expected.flags if text not in "\n".join(run.flags)] == [], run.flags
    assert bool(expected.flags) == bool(run.flags), run.flags
    assert run.seconds < expected.seconds


def test_the_list_is_long() -> None:
    """At least 60 of them, each with a sentence of its own that says what it shows."""
    shown = [expectation(name).shows for name in NAMES]
    assert len(shown) >= 60
    assert len(set(shown)) == len(shown)
    assert all(text.endswith(".") for text in shown)
