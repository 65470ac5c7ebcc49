"""The page of a family: what it costs and rejects, then its variants with keys, misconceptions and solutions."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from assignments.documents import html
from assignments.documents.contents import contents, points
from assignments.documents.key import answer_keys
from assignments.sheet import Item, Sheet
from assignments.spec import Assignment, Question, Spec
from markscheme.live.trouble import Trouble
from problem_bank.audit import Audit
from problem_bank.family import BAND, Family
from problem_bank.variant import Variant

TEMPLATES = Path(__file__).parent / "templates"
NEWS = "<!-- news -->"  # filled when the page is served; no text can hold it, since texts are escaped


@dataclass(frozen=True)
class Level:
    """A level of the family, and whether this page is its."""

    name: str
    shown: bool


def render(family: Family, variants: Sequence[Variant], result: Audit) -> str:
    """The page of these variants of one level, with a place for news."""
    items = tuple(_item(number, variant) for number, variant in enumerate(variants, 1))
    worth = points(items[0].points) if len({item.points for item in items}) == 1 else ""
    return _page(
        family.id,
        family.title,
        items,
        facts=(worth, f"{family.minutes:g} minutes", family.source, f"version {family.version}"),
        levels=[Level(name, name == result.level) for name in family.levels],
        measured=_measured(family, result),
        rejected=result.rejected.most_common(),
    )


def blank(family: str) -> str:
    """The page of a family that was never drawn yet."""
    return _page(family, family, (), facts=(), levels=(), measured=(), rejected=())


def with_news(page: str, change: int, troubles: Iterable[Trouble], older: str = "") -> str:
    """The page as it is served: with the number of its change and what is wrong.

    `older` is the time of the page, where it is not the page of this change.
    """
    news = _template("news.html.j2").render(change=change, troubles=tuple(troubles), older=older)
    return page.replace(NEWS, str(news), 1)


def shows_sources(page: str) -> bool:
    """Is there a formula that is shown as its source?"""
    return 'class="tex"' in page


def _page(id: str, title: str, items: tuple[Item, ...], *, facts: Iterable[str], **values: Any) -> str:
    questions = [Question(id="q", family=id)]
    sheet = Sheet(Assignment(id, Path(), Spec(title="preview", questions=questions)), "preview", 1, True, items)
    page = replace(contents(sheet, course=id), title=title.rstrip("."), points="")
    return str(
        _template("live.html.j2").render(
            page=page,
            keys={item.id: answer_keys(item) for item in items},
            solutions={item.id: item.variant.solution for item in items},
            figures={item.id: item.variant.exercise.figures for item in items},
            script=Markup(_script()),
            allowed=b64encode(hashlib.sha256(_script().encode()).digest()).decode(),
            family=[fact for fact in facts if fact],
            news=Markup(NEWS),
            **values,
        )
    )


def _item(number: int, variant: Variant) -> Item:
    worth = sum((Fraction(part.points) for part in variant.parts), Fraction(0))
    return Item(f"v{number}", f"Work {variant.exercise.work:.3g}", "", worth, variant)


def _measured(family: Family, result: Audit) -> list[tuple[str, str]]:
    """What the audit of these variants measured, in words and figures."""
    middle = family.usual_work(level=result.level)
    band = f"{middle / BAND**0.5:.3g} to {middle * BAND**0.5:.3g}"
    low, high = result.work
    return [
        ("accepted", f"{result.acceptance:.0%} of {result.tries} draws"),
        ("time", f"{result.milliseconds:.1f} ms per proven variant"),
        ("work", f"{low:.3g} to {high:.3g}, of a band from {band}"),
        ("floor", f"one answer typed everywhere earns {result.floor:.1%} beyond guessing"),
        ("different", f"{result.distinct} of {result.variants} exercises"),
    ]


@cache
def _template(name: str) -> Any:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    """As of the documents, with the templates of this package before theirs."""
    shared: Environment = html.template("key.html.j2").environment
    folders = [TEMPLATES, Path(html.__file__).parent / "templates"]
    return shared.overlay(loader=FileSystemLoader(folders))


@cache
def _script() -> str:
    return (TEMPLATES / "live.js").read_text("utf-8")
