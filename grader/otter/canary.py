"""Is the child still to be believed? Comparisons with a known outcome, on numbers that nobody could foresee.

Tests run in the same process as the submission, so one that replaces NumPy's comparisons could pass
them all. This finds the plain ways of doing so; it is no proof of the contrary.
"""

from __future__ import annotations

import secrets

from grader.otter.doctests import Run

_TRIALS = (
    ("a comparison of two numbers", "{a} == {b}"),
    ("all", "__import__('builtins').all([{a} == {b}])"),
    ("isinstance", "__import__('builtins').isinstance({a}, str)"),
    ("numpy.allclose", "bool(__import__('numpy').allclose([{a}], [{b}]))"),
    ("numpy.isclose", "bool(__import__('numpy').isclose({a}, {b}))"),
    ("numpy.array_equal", "bool(__import__('numpy').array_equal([{a}], [{b}]))"),
)


def forged(run: Run) -> str:
    """What answers wrongly; nothing where all is well. Raises what `run` raises."""
    a, b = (secrets.randbelow(10**6) / 997 + 2_000 * n for n in range(2))
    for name, statement in _TRIALS:
        got, raised = run(statement.format(a=a, b=b), True)
        if raised is None and got != "False\n":
            return f"{name} was replaced"
    return ""
