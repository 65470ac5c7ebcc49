"""What came of one check: every way in which student code can end, in plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

from grader.sandbox.frames import Garbled
from grader.sandbox.process import Died
from grader.sandbox.session import Broken
from problem_bank.checks import CheckFailed, StudentError
from problem_bank.verdict import Status

# Libraries that coursework often imports: missing here, they are the machine's lack and no mistake.
_LIBRARIES = frozenset(
    ("numpy", "scipy", "pandas", "matplotlib", "seaborn", "sklearn", "PIL", "cv2", "tqdm", "torch", "torchvision",
     "tensorflow", "keras", "jax", "IPython", "sympy", "nltk", "gensim", "pytest", "requests", "yaml", "h5py",
     "networkx", "statsmodels")
)  # fmt: skip
_MISSING = re.compile(r"No module named '(\w+)(\.?)")
_PLAIN = re.compile(
    r"'(NoneType|bool|int|float|complex|str|list|tuple|dict|numpy\.\w+)' object "
    r"(?:is not callable|has no attribute ('\w+'))"
)
_REMOVED = re.compile(r"was removed in the NumPy|was a deprecated alias|NumPy has removed")


@dataclass(frozen=True)
class Outcome:
    """The end of one check. `flag` asks a person to look; `dead` says that the child is of no more use.

    `ours` tells that nothing that the submission made stands in the feedback.
    """

    status: Status
    feedback: str = ""
    misconceptions: tuple[str, ...] = ()
    flag: str = ""
    dead: bool = False
    cause: str = ""
    ours: bool = False


def outcome(action: Callable[[], object]) -> Outcome:
    """Right if the action raises nothing; otherwise what its error means. Raises nothing itself."""
    try:
        action()
    except CheckFailed as failed:
        names = (failed.misconception,) if failed.misconception else ()
        return Outcome(Status.WRONG, str(failed), names, ours=failed.ours)
    except StudentError as error:
        return _raised(error)
    except Died as died:
        return Outcome(Status.WRONG, f"Your code {died}.", dead=True)
    except Garbled as garbled:
        said = f"Your code disturbed the connection to the grader ({garbled}); nothing after that can be judged."
        return Outcome(Status.WRONG, said, flag=f"sent {garbled} to the grader", dead=True)
    except Broken as broken:
        return Outcome(
            Status.UNGRADED, f"The grader could not run your code; this is not your fault. ({broken})", dead=True
        )
    except Exception as error:  # whatever a check of ours may raise is ours
        if found := _PLAIN.match(str(error)):  # or nearly: it took what came back for an object
            said = f"There is a value of type {found[1]} where something with {found[2] or 'a call'} is expected."
            return Outcome(Status.WRONG, said, flag=f"gave a {found[1]} to a check that took it for more")
        return ours(f"The check itself failed ({type(error).__name__}: {error}).")
    return Outcome(Status.RIGHT)


def ours(reason: str, *, dead: bool = False) -> Outcome:
    """Not judged, for a reason that is not the student's."""
    return Outcome(Status.UNGRADED, f"{reason} This is not your fault and costs nothing.", dead=dead)


def _raised(error: StudentError) -> Outcome:
    """An error of student code: unfinished, a matter of the machine, or wrong."""
    place = f"{error.file}, line {error.line}" if error.file else "your code"
    if error.type == "NotImplementedError":
        return Outcome(Status.MISSING, f"Not written yet: {place} raises NotImplementedError.")
    if error.type == "Unwritten":  # the child's own word for a starter's `return out`
        return Outcome(Status.MISSING, f"Not written yet: {place} returns a name that nothing is assigned to.")
    if _of_the_machine(error):
        return Outcome(
            Status.UNGRADED, f"This machine lacks what {place} needs ({error.message}); this is not counted as wrong."
        )
    if error.type == "Forbidden":
        return Outcome(Status.WRONG, f"{place} uses {error.message}; solve this exercise without it.")
    if error.type == "SystemExit":
        return Outcome(Status.WRONG, f"{place} calls sys.exit(); code that is graded must not end the program.")
    if error.type == "Garbled":  # the child's own word for a value that does not travel
        return Outcome(Status.WRONG, f"Your code returned {error.message}.")
    if error.type == "MemoryError":
        return Outcome(Status.WRONG, f"{place} needs more memory than is allowed.")
    said = f": “{error.message}”" if error.message else ""
    return Outcome(Status.WRONG, f"{place} raised {error.type}{said}.")


def _of_the_machine(error: StudentError) -> bool:
    if error.type == "AttributeError":
        return bool(_REMOVED.search(error.message))
    missing = _MISSING.match(error.message) if error.type == "ModuleNotFoundError" else None
    if not missing or missing[1] not in _LIBRARIES:
        return False
    return bool(missing[2]) or find_spec(missing[1]) is None  # a part that newer versions lack, or the whole
