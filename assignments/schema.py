"""The JSON Schema of the assignment file, for editors that complete and check TOML.

`python -m assignments.schema` prints it; docs/schema/assignment.schema.json is the published copy.
"""

from __future__ import annotations

import json
from typing import Any

from assignments.spec import Spec


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of an assignment file."""
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:markscheme:schema:assignment",
        "title": "Markscheme assignment",
    }
    return {**head, **{key: value for key, value in Spec.model_json_schema().items() if key != "title"}}


def text() -> str:
    """The schema as the published file holds it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(text(), end="")
