"""Reading answers without the key: what a student's own check may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from problem_bank import answers


def reader(public: Mapping[str, Any]) -> answers.Answer:
    """The answer kind that `Answer.public` described (possibly through JSON), with no key: it can only parse and show.

    Raises LookupError for a kind that this version does not know.
    """
    kinds = {kind.kind: kind for kind in answers.Answer.__subclasses__()}
    options = {name: _tuples(value) for name, value in public.items() if name != "kind"}
    return kinds[public["kind"]](key=None, **options)


def _tuples(value: Any) -> Any:
    """Lists from JSON as the tuples that they were."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
