"""The check that a program with an expression of a student in it does what the right program does.

What the program says while it runs is shown to nobody, since right expressions stand beside the student's: an error
is told by its kind, a result by its name, both in words of ours.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

import numpy as np

from problem_bank.answers.blank import Blank
from problem_bank.checks import Check, CheckFailed, StudentError
from problem_bank.exercise import Slip
from problem_bank.subjects.program_runs import agreeing, inputs, run, same
from problem_bank.subjects.programs import Program

TRIALS = 3  # hidden inputs, each in other sizes; what differs on one of them is wrong
SECONDS = 3.0  # an honest expression takes milliseconds

_ERRORS = {
    "ValueError": "the shapes of its arrays do not fit together, or a function gets a value that it does not take",
    "TypeError": "an operator or a function gets something of the wrong kind",
    "IndexError": "an index lies outside of its array",
    "UnboundLocalError": "it uses a name before the program gives it a value",
    "ZeroDivisionError": "it divides by zero",
    "AttributeError": "a value does not have the attribute that is asked of it",
    "AxisError": "an array does not have the axis that is asked for",
    "MemoryError": "it needs more memory than is allowed",
}


def check_of(name: str, answer: Blank, slips: Sequence[Slip]) -> Check:
    """A check, called `name`, of the file that holds the program with the student's expression in it."""
    program = answer.program
    assert program  # only an answer read without its key has none

    def computes_the_same(student: Any, rng: np.random.Generator) -> None:
        trials = [inputs(program, rng, trial) for trial in range(TRIALS)]
        results = [_called(student, program, given) for given in trials]
        truths = [run(program, given) for given in trials]
        if all(map(same, results, truths)):
            return
        for slip in slips:
            wrong = [run(program, given, answer.hole, slip.value) for given in trials]
            if all(map(same, results, wrong)):
                raise CheckFailed(slip.feedback, slip.name, ours=True)
        raise CheckFailed(_said(program, results, truths), ours=True)

    return Check(name, "The program computes what it should.", computes_the_same, seconds=SECONDS)


def _called(student: Any, program: Program, given: dict[str, Any]) -> Any:
    """What the program returns. Raises CheckFailed where it raises."""
    try:
        return getattr(student, program.function)(**given)
    except StudentError as error:
        told = _ERRORS.get(error.type, "Python cannot compute it")
        raise CheckFailed(f"With this the program stops with an error: {told}.", ours=True) from error


def _said(program: Program, results: Sequence[Any], truths: Sequence[Any]) -> str:
    """Which results are wrong, by their names in the program."""
    names = _returned(program)
    found = [agreeing(result, truth) for result, truth in zip(results, truths, strict=True)]
    wrong = [f"`{name}`" for i, name in enumerate(names) if not all(len(each) > i and each[i] for each in found)]
    if len(wrong) < len(names):
        return f"With this the program runs, but {' and '.join(wrong)} comes out wrong on hidden inputs."
    return "With this the program runs, but what it returns is wrong on hidden inputs."


def _returned(program: Program) -> list[str]:
    """The results of a program as it writes them."""
    (value,) = (node.value for node in ast.walk(ast.parse(program.built({}))) if isinstance(node, ast.Return))
    assert value  # a program returns something
    several = value.elts if isinstance(value, ast.Tuple) else [value]
    return [ast.unparse(each) for each in several]
