"""A notebook that carries tests in its metadata, as the files of an archive."""

from __future__ import annotations

import json
from pathlib import Path

from grader.contents import Contents
from grader.folder import read_one
from grader.notebook import read_cells
from grader.tables import Sheetful

CONFIG, TESTS = "otter_config.json", "tests/"


def contents(place: Path) -> Contents:
    """otter_config.json and tests/<question>.py from `metadata.otter`, as far as they are there. Raises OSError."""
    found, source = read_one(place), Sheetful(place.name)
    metadata, _ = read_cells(found.files.get(place.name, b""), source)
    own = metadata.get("otter")
    own = own if isinstance(own, dict) else {}
    tests = own.get("tests")
    texts = {CONFIG: json.dumps({"assignment_name": own.get("assignment_name")})}
    for question, test in (tests if isinstance(tests, dict) else {}).items():
        texts[f"{TESTS}{question}.py"] = test if isinstance(test, str) else f"OK_FORMAT = True\n\ntest = {test!r}\n"
    return Contents({name: text.encode() for name, text in texts.items()}, [*found.notes, *source.notes])
