"""The formulas of a variant that are outside the subset of LaTeX that every document can show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from assignments.documents.mathematics import LintError, lint
from markscheme.live.source import Source
from markscheme.live.trouble import Trouble, first
from problem_bank.variant import Variant

_TOKEN = re.compile(r"\\[A-Za-z]+|\\?.", re.DOTALL)


def troubles(variants: Iterable[Variant], files: Sequence[Path]) -> Iterator[Trouble]:
    """Every such formula, once for each text and each command in it that is not understood."""
    seen = set()
    for variant in variants:
        for place, text in _texts(variant):
            for error in lint(text):
                token = _TOKEN.match(error.text, error.position)
                cause = place, error.reason, token and token[0]
                if cause not in seen:
                    seen.add(cause)
                    yield _trouble(place, error, token[0] if token else error.text, files)


def _trouble(place: str, error: LintError, token: str, files: Sequence[Path]) -> Trouble:
    places = (found for file in files for found in Source(file).within(token))
    return Trouble("Formula outside the subset", f"{place}: {error}", "", first(places))


def _texts(variant: Variant) -> Iterator[tuple[str, str]]:
    """Each text with formulas, under the name of its place: prompt, part, part.misconception, key of part, solution."""
    yield "prompt", variant.prompt
    for part in variant.parts:
        yield part.name, variant.text(part.prompt)
        yield f"key of {part.name}", _formula(part.answer.tex(part.answer.key))
        for slip in part.misconceptions:
            yield f"{part.name}.{slip.name}", slip.feedback
        yield from ((part.name, str(option)) for option in part.answer.public().get("options", ()))
    yield "solution", variant.solution


def _formula(tex: str) -> str:
    return f"${tex}$" if tex else ""
