"""The second route to the expressions of a program: what they compute, held against another implementation."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from problem_bank.families.code._references import REFERENCES
from problem_bank.subjects.program_runs import inputs, run
from problem_bank.subjects.programs import program

TRIALS = 3
RTOL = 1e-5  # some references are differences


def proven(name: str, names: tuple[int, ...]) -> dict[str, dict[str, Any]]:
    """For each hole the expression that was seen to be right, under "", and the wrong ones by misconception.

    None in the place of an expression that does not compute what it should, or of a wrong one that does.
    """
    drawn, right = program(name, names), _right(name, names)
    return {
        hole.name: {"": drawn.right[hole.name] if right else None}
        | {w.misconception: w.text if (hole.name, w.misconception) in _wrong(name) else None for w in hole.wrong}
        for hole in drawn.hole
    }


@cache
def _wrong(name: str) -> frozenset[tuple[str, str]]:
    """The misconceptions, by hole, with which the program does not return what it should.

    Other names for the variables change nothing about that.
    """
    holes = program(name).hole
    return frozenset((h.name, w.misconception) for h in holes for w in h.wrong if not _right(name, (), h.name, w.text))


def _right(name: str, names: tuple[int, ...], hole: str = "", wrong: str = "") -> bool:
    """Does the program return what the reference does? With a wrong expression in a hole, it should not."""
    drawn, rng = program(name, names), np.random.default_rng(len(name))
    trials = [inputs(drawn, rng, trial) for trial in range(TRIALS)]
    return all(_agree(run(drawn, given, hole, wrong), REFERENCES[name](*given.values())) for given in trials)


def _agree(value: Any, reference: tuple[Any, ...]) -> bool:
    several = value if isinstance(value, tuple) else (value,)
    pairs = zip(several, reference, strict=True)
    return all(np.shape(one) == np.shape(other) and np.allclose(one, other, RTOL, RTOL) for one, other in pairs)
