"""A sheet as sheet.json: what a program may know that checks, before the deadline, whether answers can be read."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

from assignments.sheet import Item, Sheet
from problem_bank.values import plain, whole

FILE = "sheet.json"


def render(sheet: Sheet) -> str:
    """The public side of the sheet as JSON."""
    return json.dumps(public_sheet(sheet), ensure_ascii=False, indent=1) + "\n"


def public_sheet(sheet: Sheet) -> dict[str, Any]:
    """Texts, points and how each answer is read: `Variant.public` of every item, under the item's id."""
    return {
        "assignment": sheet.assignment.name,
        "title": sheet.assignment.spec.title,
        "items": {item.id: _public(item) for item in sheet.items},
    }


def _public(item: Item) -> dict[str, Any]:
    public = item.variant.public()
    for entry, part in zip(public["parts"], item.variant.parts, strict=True):
        entry["points"] = plain(whole(Fraction(part.points) * item.scale))
    return {"title": item.title, "points": plain(whole(item.points)), **public}
