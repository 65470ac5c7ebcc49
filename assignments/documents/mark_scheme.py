"""The mark scheme of a sheet: what a person has to know to mark it on paper as the grader would.

For each part: the points, how they are split, the other forms that are accepted, what a known mistake
still earns, and what is given for a right method on wrong earlier values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from assignments.documents import markdown
from assignments.documents.contents import Asked, Contents, Question, contents, count, points
from assignments.documents.html import template
from assignments.rules import Rules
from assignments.sheet import Item, Sheet
from problem_bank.answers.answer import Answer, places
from problem_bank.answers.array import Array
from problem_bank.answers.blank import Blank
from problem_bank.answers.choice import Choice
from problem_bank.answers.ordering import Ordering
from problem_bank.answers.selection import Selection
from problem_bank.answers.text import Claim, Rubric, Text
from problem_bank.exercise import Part, Slip
from problem_bank.values import entries

FORMS = 4  # other forms that are shown, and the characters of the longest
LONGEST = 80
ALSO = {
    "rational": "any number of the same value, as a fraction or as a decimal",
    "expression": "any expression of the same value",
    "index_expression": "any expression of the same value, with indices named otherwise as long as they agree",
    "matrix expression": "any matrix expression of the same value and shape",
    "equation": "any equation with the same solutions",
    "set": "its elements in any order",
    "table": "a cell that follows by the rule from the student's own row before counts like a right one",
    "network": "any network of at most the given size that gives what is asked for, on all inputs",
    "recurrent_network": "any recurrent network of at most the given size with these outputs for all sequences",
    "counterexample": "any object of the kind asked for, for which the claim fails; work both sides out",
    "certificate": "any certificate that holds; check it, since there are many",
    "blank": "any expression with which the program computes the same",
    "text": "the same points in any words",
}
"""What else is right, by the kind of answer."""


def render_mark_scheme(sheet: Sheet, format: str = "html", *, name: str = "", course: str = "") -> str:
    """The mark scheme as a page (format html) or as Markdown for the terminal (format markdown)."""
    page, general, schemes = contents(sheet, name=name, course=course), general_lines(sheet), part_lines(sheet)
    if format == "html":
        return str(template("mark_scheme.html.j2").render(page=page, schemes=schemes, general=general))
    return _markdown(page, schemes, general)


def general_lines(sheet: Sheet) -> list[str]:
    """What holds for the whole sheet, as Markdown lines."""
    return list(_general(sheet))


def part_lines(sheet: Sheet) -> dict[str, dict[str, list[str]]]:
    """The scheme of every part as Markdown lines, by question and part."""
    rules = sheet.assignment.spec.rules
    return {
        item.id: {part.name: list(_lines(part, item, rules)) for part in item.variant.parts} for item in sheet.items
    }


def _general(sheet: Sheet) -> Iterator[str]:
    """What holds for the whole sheet."""
    rules = sheet.assignment.spec.rules
    yield "Points may be split as each part says; a form that is not listed counts if it has the same value."
    yield "A part that is worked rightly from the student's own earlier values is marked as its follow-through says."
    bonus = [item.id for item in sheet.items if item.bonus]
    if bonus:
        yield f"Bonus: {', '.join(bonus)}; these points come on top of the total."
    for id, how in rules.nullified.items():
        yield f"{id} is taken out: " + ("everybody has its points." if how == "full" else "it does not count.")
    if rules.choice.wrong or rules.choice.several == "negative":
        yield "A question counts at least 0, even where wrong choices cost more than the others earn."
    if rules.round:
        yield f"The total is rounded to the nearest multiple of {rules.round:g}; halves go up."
    for grade, least in sorted(rules.grades.items(), key=lambda entry: -entry[1]):
        needed = Fraction(str(least)) * sheet.points
        yield f"Grade {grade}: from {count(needed)} of {points(sheet.points)} ({least:.0%})."


def _lines(part: Part, item: Item, rules: Rules) -> Iterator[str]:
    """The scheme of one part, as Markdown lines."""
    answer, worth = part.answer, Fraction(part.points) * item.scale
    if answer.kind == "code":
        yield "Marked by running it: see the results of the checks."
        return
    formula = answer.tex(answer.key)
    yield f"**Answer** {f'${formula}$, ' if formula else ''}typed `{answer.show(answer.key)}`: {points(worth)}"
    accepted = [*_forms(answer), *filter(None, [ALSO.get(answer.kind), _tolerance(answer)])]
    if accepted:
        yield f"**Also accepted** {'; '.join(accepted)}"
    yield from (f"**Marks** {line}" for line in _split(answer, worth, rules))
    if part.follow:
        method = worth * (1 - part.accuracy)
        yield (
            f"**Follow-through** worked rightly from own wrong earlier values: {points(method)} for the method; the "
            f"other {count(worth - method)} are for the right value. Nothing where the earlier slip made this trivial"
        )
    truth = item.variant.exercise.keys()
    yield from (_mistake(slip, part, worth, slip.worked(truth), rules) for slip in part.misconceptions)


def _mistake(slip: Slip, part: Part, worth: Fraction, value: object, rules: Rules) -> str:
    formula = "" if value is None else part.answer.keyed(value).tex(value)
    shown = f" ${formula}$" if formula else f" `{value}`" if isinstance(part.answer, Blank) else ""
    earned = worth * Fraction(slip.credit)
    if isinstance(part.answer, Choice) and not earned:
        earned = -worth * rules.choice.costs(len(part.answer.options)) if rules.choice.wrong else earned
    told = f"earns {count(earned)}".replace("-", "−")
    if part.answer.slips_add_up:
        told = f"costs its {'cells' if isinstance(part.answer, Array) else 'lines'}"
    if isinstance(value, Claim):
        told = f"costs {count(worth * value.cost)}"
    return f"**Mistake** `{slip.name}`{shown} {told}: {slip.feedback}"


def _forms(answer: Answer) -> list[str]:
    """A few other ways to write the answer that are read as the same."""
    shown = answer.show(answer.key)
    seen, found = {_bare(shown)}, []
    for sample in answer.samples().right:
        text = sample if isinstance(sample, str) else ""
        if text and _bare(text) not in seen and len(text) <= LONGEST and "\n" not in text and "`" not in text:
            seen.add(_bare(text))
            found.append(f"`{text.strip()}`")
    return found[:FORMS]


def _bare(text: str) -> str:
    return re.sub(r"[\s().]", "", text).casefold().replace("−", "-")


def _tolerance(answer: Answer) -> str:
    if (digits := getattr(answer, "digits", None)) is not None:
        return f"numbers to {places(digits)}, give or take one unit of the last one"
    tolerance = getattr(answer, "tolerance", 0)
    return f"numbers within {tolerance:g} of the right size (absolute below 1)" if tolerance else ""


def _split(answer: Answer, worth: Fraction, rules: Rules) -> Iterator[str]:
    """How the points are split within a part."""
    if isinstance(answer, Array) and (cells := len(list(entries(answer.key)))) > 1:
        steps = [(right, worth * max(0, 2 * right - cells) / cells) for right in range(cells, cells // 2, -1)]
        yield f"by right entries: {', '.join(f'{n} of {cells} earn {count(p)}' for n, p in steps)}; fewer 0"
    if isinstance(answer, Text) and isinstance(answer.key, Rubric):
        total = sum(point.weight for point in answer.key.points)
        yield from (f"{count(worth * point.weight / total)} for: {point.says}" for point in answer.key.points)
    if isinstance(answer, Ordering):
        yield "each line that uses others and follows them all earns a share; each misplaced or alien line costs one"
    if isinstance(answer, Selection) and rules.choice.several == "all_or_nothing":
        yield "only the exact answer counts"
    elif isinstance(answer, Selection):
        share = worth / len(answer.options)
        less = f", each other one −{count(share)}" if rules.choice.several == "negative" else ""
        yield f"each option judged rightly, named or left out, {count(share)}{less}"


def _markdown(page: Contents, schemes: dict[str, dict[str, list[str]]], general: list[str]) -> str:
    head = [markdown.head(page), "**Mark scheme. Not for students before the results are out.**", _list(general)]
    return "\n\n".join([*head, *(_question(question, schemes[question.id]) for question in page.questions)]) + "\n"


def _question(question: Question, schemes: dict[str, list[str]]) -> str:
    title = f"## {question.number}. {question.title} ({question.points})"
    return "\n\n".join([title, question.prompt, *(_part(part, schemes[part.name]) for part in question.parts)])


def _part(part: Asked, lines: list[str]) -> str:
    return f"**{part.number}** {part.prompt} ({part.points})\n\n{_list(lines)}"


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
