"""What the bank holds, to leaf through: an example of each family with its solution and its misconceptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import problem_bank
from assignments.documents.key import picture_file, render_key
from assignments.sheet import Item, Sheet
from assignments.spec import Assignment, Question, Spec
from problem_bank.family import Family
from problem_bank.figures.svg import standing_alone
from problem_bank.variant import Variant

STUDENT = "gallery"  # whose variants are shown
INDEX, PICTURES = "README.md", "pictures/"


def pages(ids: Iterable[str]) -> dict[str, str]:
    """A Markdown page for each topic, with one example per family, and an index of them all, by file name."""
    topics: dict[str, list[Family]] = {}
    for id in ids:
        family = problem_bank.load(id)
        topics.setdefault(family.topic, []).append(family)
    found = {f"{topic}.md": _page(topic, families) for topic, families in topics.items()}
    return {INDEX: _index(topics), **found}


def pictures(ids: Iterable[str]) -> dict[str, str]:
    """The figures that the pages show, as SVG by file name."""
    families = map(problem_bank.load, ids)
    items = [_item(family, family.middle_level) for family in families]
    return {
        PICTURES + picture_file(item, name): standing_alone(figure) + "\n"
        for item in items
        for name, figure in item.variant.exercise.figures.items()
    }


def audit_page(cases: Iterable[tuple[str, str]], columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The table of an audit as an HTML page, with an example of each (family, level), keys and misconceptions."""
    items = tuple(_item(problem_bank.load(id), level) for id, level in cases)
    head, rule = "| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)
    table = "\n".join([head, rule, *("| " + " | ".join(row) + " |" for row in rows)])
    return render_key(_sheet("Audit of the bank", items, table))


def _page(topic: str, families: list[Family]) -> str:
    sheet = _sheet(_title(topic), tuple(_item(family, family.middle_level) for family in families))
    page = render_key(sheet, "markdown", pictures=PICTURES)
    return page.replace("**Key. Not for students before the deadline.**\n\n", "", 1)


def _index(topics: Mapping[str, list[Family]]) -> str:
    count = sum(map(len, topics.values()))
    lines = [
        "# Gallery",
        f"An example of each of the {count} families of the bank, with its key, its misconceptions and its solution.\n"
        "Every student gets other numbers. Made by `markscheme gallery`; change the families, not these pages.",
    ]
    for topic, families in topics.items():
        rows = "\n".join(f"- `{family.id}`: {family.title} ({family.minutes:g} min)" for family in families)
        lines.append(f"## [{_title(topic)}]({topic}.md)\n\n{rows}")
    return "\n\n".join(lines) + "\n"


def _title(topic: str) -> str:
    return topic.replace("_", " ").capitalize()


def _item(family: Family, level: str) -> Item:
    variant = family.draw(STUDENT, level=level)
    facts = f"`{family.id}` · {level} · {family.minutes:g} minutes · {family.source}"
    return Item(f"{family.make.__name__}_{level}", family.title.rstrip("."), facts, _points(variant), variant)


def _points(variant: Variant) -> Fraction:
    return sum((Fraction(part.points) for part in variant.parts), Fraction(0))


def _sheet(title: str, items: tuple[Item, ...], instructions: str = "") -> Sheet:
    questions = [Question(id="q", family=item.variant.family) for item in items]
    spec = Spec(title=title, questions=questions, instructions=instructions)
    return Sheet(Assignment("gallery", Path(), spec), STUDENT, 1, True, items)
