"""The text and numbers of every family, recorded: a change shows in the diff and asks for a new version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import problem_bank
from problem_bank.values import plain

FOLDER = Path(__file__).parent / "golden"


@pytest.mark.parametrize("id", problem_bank.ids())
def test_a_family_says_what_it_said(id: str, update_golden: bool) -> None:
    """Record anew with `make golden`, after raising the family's `version` if students have seen it."""
    file = FOLDER / f"{id}.json"
    now = json.dumps([_snapshot(id, level) for level in problem_bank.load(id).levels], indent=1, ensure_ascii=False)
    if update_golden:
        FOLDER.mkdir(exist_ok=True)
        file.write_text(now + "\n", "utf-8")
    assert file.is_file(), f"{id} has no golden file yet: run `make golden`"
    assert now + "\n" == file.read_text("utf-8"), f"{id} has changed: raise its version, then run `make golden`"


def test_every_golden_file_has_its_family() -> None:
    """A removed family takes its golden file along."""
    assert sorted(file.stem for file in FOLDER.glob("*.json")) == problem_bank.ids()


def _snapshot(id: str, level: str) -> dict[str, Any]:
    family = problem_bank.load(id)
    variant = family.draw("golden", level=level)
    keys = variant.exercise.keys()
    return {
        "level": level,
        "version": family.version,
        "given": {name: plain(value) for name, value in variant.drawn.items()},
        "prompt": variant.prompt,
        "parts": {part.name: variant.text(part.prompt) for part in variant.parts},
        "key": variant.key(),
        "misconceptions": {
            f"{part.name}.{slip.name}": {"answer": str(plain(slip.worked(keys))), "feedback": slip.feedback}
            for part in variant.parts
            for slip in part.misconceptions
        },
        "solution": variant.solution,
    }
