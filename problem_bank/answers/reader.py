"""Reading answers without the key: what a student's own check may do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from problem_bank import answers


def reader(public: Mapping[str, Any]) -> answers.Answer:
    """The answer kind that `Answer.public` described (possibly through JSON), with no key: it can only parse and show.

    Raises LookupError for a kind that this version does not know.
    """
    kinds = {kind.kind: kind for kind in _below(answers.Answer)}  # type: ignore[type-abstract]  # all below are concrete
    options = {name: _tuples(value) for name, value in public.items() if name != "kind"}
    return kinds[public["kind"]](key=None, **options)


def _below(kind: type[answers.Answer]) -> Iterator[type[answers.Answer]]:
    """All kinds that are made from this one."""
    for made in kind.__subclasses__():
        yield made
        yield from _below(made)


def _tuples(value: Any) -> Any:
    """Lists from JSON as the tuples that they were."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
