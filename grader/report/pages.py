"""The templates of the pages. They share their look, Markdown and MathML with the problem sheets."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from problem_bank.verdict import Status

if TYPE_CHECKING:
    from jinja2 import Environment

WORDS = {
    Status.RIGHT: "Right",
    Status.PARTIAL: "Partly right",
    Status.CONSISTENT: "Right method",
    Status.WRONG: "Not right",
    Status.UNREADABLE: "Could not be read",
    Status.MISSING: "No answer",
    Status.UNGRADED: "Not marked yet",
}
"""Each status as students and instructors read it."""


def render(name: str, **values: object) -> str:
    """A page of this package. Everything printed is escaped, unless a filter made it markup."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    import assignments.documents
    from assignments.documents.contents import count
    from assignments.documents.html import block, illustrated, inline
    from assignments.documents.mathml import mathml

    shared = Path(assignments.documents.__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader([Path(__file__).parent / "templates", shared]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(block=block, inline=inline, illustrated=illustrated)
    environment.filters.update(math=lambda tex: Markup(mathml(tex)))
    environment.filters.update(marks=count, percent=percent, signed=signed)
    environment.globals.update(words={status.value: word for status, word in WORDS.items()})
    return environment


def percent(share: Fraction | float | None) -> str:
    """A share as people read it; a dash for none."""
    return "–" if share is None else f"{float(share):.0%}".replace("%", " %")


def signed(value: float | None) -> str:
    """A correlation with two decimals and a proper minus; a dash for none."""
    return "–" if value is None else f"{round(value, 2) + 0.0:.2f}".replace("-", "−")
