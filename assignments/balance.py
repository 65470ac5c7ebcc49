"""Versions of equal work: questions are drawn anew until the sum is close to the planned one.

The work of a question is its minutes, times how the work of this draw compares with the usual draw
of its level. Each version is held to the same plan, so that none has to know the others.
"""

from __future__ import annotations

from dataclasses import replace
from statistics import fmean

import problem_bank
from assignments.errors import Problem, SetupError
from assignments.question import Question
from assignments.sheet import Item, Sheet, draw_item
from assignments.spec import Assignment

SPREAD = 0.05  # between any two versions
BAND = 0.024  # around the plan: 1.024 / 0.976 is just below 1.05
TRIES = 300  # draws of single questions


def balanced(sheet: Sheet, key: tuple[str, ...]) -> Sheet:
    """This sheet with questions drawn anew until its work is within BAND of the plan.

    Raises SetupError after TRIES draws, naming the question that is the farthest off.
    """
    plan = planned(sheet.assignment)
    questions = {question.id: question for question in sheet.assignment.spec.questions}
    usual = {item.id: _usual(questions[item.id], item) for item in sheet.items}
    work = {item.id: _work(item, usual[item.id]) for item in sheet.items}
    items = {item.id: item for item in sheet.items}
    for count in range(TRIES):
        off = sum(work.values()) - plan
        if abs(off) <= BAND * plan:
            return replace(sheet, items=tuple(items.values()))
        id = _to_redraw(items, work, off, count)
        taken = {item.variant.identity for item in items.values() if item.id != id}
        fresh = draw_item(questions[id], items[id].alternative, (*key, id, f"balance {count}"), taken)
        if abs(off - work[id] + _work(fresh, usual[id])) < abs(off):
            items[id], work[id] = fresh, _work(fresh, usual[id])
    raise SetupError(_failure(sheet, plan, work, questions))


def planned(assignment: Assignment) -> float:
    """The work of a usual sheet, in minutes: the mean over the alternatives of each question."""
    return sum(_minutes(question) for question in assignment.spec.questions)


def work(sheet: Sheet) -> float:
    """The work of a sheet, in minutes."""
    questions = {question.id: question for question in sheet.assignment.spec.questions}
    return sum(_work(item, _usual(questions[item.id], item)) for item in sheet.items)


def _minutes(question: Question) -> float:
    return fmean(one.minutes or problem_bank.load(one.family).minutes for one in question.alternatives)


def _work(item: Item, usual: float) -> float:
    return item.minutes * item.variant.exercise.work / usual


def _usual(question: Question, item: Item) -> float:
    asked = question.alternatives[item.alternative]
    return problem_bank.load(asked.family).usual_work(level=asked.level, given=asked.knobs)


def _to_redraw(items: dict[str, Item], work: dict[str, float], off: float, count: int) -> str:
    """The questions in turn, those first that are the farthest off in the direction of the whole."""
    sign = 1 if off > 0 else -1
    order = sorted(items, key=lambda id: sign * (items[id].minutes - work[id]))
    return order[count % len(order)]


def _failure(sheet: Sheet, plan: float, work: dict[str, float], questions: dict[str, Question]) -> Problem:
    off = sum(work.values()) - plan
    usual = {id: _minutes(question) for id, question in questions.items()}
    worst = max(work, key=lambda id: (work[id] - usual[id]) * (1 if off > 0 else -1))
    said = (
        f"version {sheet.version} takes {off / plan:+.1%} of the planned {plan:g} minutes after {TRIES} draws, most of "
        f"it in {worst}: {work[worst]:.1f} minutes, where {usual[worst]:.1f} are usual. Give its alternatives the same "
        "`minutes` if they take equally long, or take ones that do"
    )
    return Problem(sheet.assignment.name, worst, said)
