"""The protocol with a child: start it, load a file of the submission, ask for things by name.

Every request bears a fresh number and the reply must bear the same; whatever else comes is
`Garbled`. A failure of the machinery, before any student code has run, is `Broken`: our fault.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from grader.sandbox.frames import Garbled, Handle, decode, encode, legible
from grader.sandbox.host import Usage
from grader.sandbox.process import Died, Limits, Process
from grader.sandbox.rules import rules
from problem_bank.checks import StudentError

_LONGEST = 500  # characters of a text in an error report
_START = 30.0  # seconds; a loaded machine may take long to start Python


class Broken(Exception):  # named for what happened
    """The sandbox itself failed; the submission is not to blame."""


class Session:
    """One confined child that holds one submission. Use it in a `with` block.

    `applied` says which parts of the confinement the child put on: {"landlock": ..., "seccomp": ...};
    with `confined`, both are required.
    """

    def __init__(
        self, files: Mapping[str, bytes], *, limits: Limits, seed: int, confined: bool = False, profile: str = "numpy"
    ) -> None:
        self.limits = limits
        self._number = 0
        try:
            self._process = Process(files, limits, profile)
        except OSError as error:
            raise Broken(f"no child could be started: {error}") from error
        self.applied = self._start(seed, profile)
        if confined and not (self.applied["landlock"] and self.applied["seccomp"]):
            self.close()
            raise Broken(f"the child is not confined as it was in the probe: {self.applied}")

    def begin(self, seconds: float | None = None, until: float = math.inf) -> None:
        """Start the clock of one check: all that is asked from now on shares these seconds, or the wall limit.

        It ends at `until`, a moment of time.monotonic(), in any case.
        """
        self._deadline = min(time.monotonic() + min(seconds or self.limits.wall, self.limits.longest), until)

    def ask(self, do: str, *, handle: Callable[[Any], Handle], restore: Callable[[Handle], Any], **fields: Any) -> Any:
        """Have the child do something and return its value.

        Raises StudentError for an error of student code, Died when the child ended, Garbled when
        its reply is none, Broken where the sandbox itself failed.
        """
        self._number += 1
        try:
            request = encode({"id": self._number, "do": do, **fields}, handle)
        except Garbled as error:  # not the submission's doing
            raise ValueError(f"a check sends too much: {error}") from error
        try:
            reply = decode(self._process.exchange(request, self._deadline), restore)
        except OSError as error:
            raise Broken(str(error)) from error
        # The type first: an array compares to an array, which is neither true nor false.
        if not isinstance(reply, dict) or type(reply.get("id")) is not int or reply["id"] != self._number:
            raise Garbled("a reply to another request")
        if "error" in reply:
            raise student_error(reply["error"])
        return reply.get("value")

    def plain(self, do: str, **fields: Any) -> Any:
        """`ask` for what takes and gives plain data only."""
        return self.ask(do, handle=_no_handle, restore=lambda handle: handle, **fields)

    @property
    def output(self) -> dict[str, str]:
        """What the submission printed last, by stream."""
        return {name: bytes(data).decode("utf-8", "replace") for name, data in self._process.output.items()}

    @property
    def usage(self) -> Usage:
        """What the child used, once it has ended."""
        return self._process.usage

    def close(self) -> None:
        """End the child for certain and remove its folder."""
        self._process.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, seed: int, profile: str) -> dict[str, Any]:
        limits, folder = self.limits, self._process.folder
        budget = {"cpu": limits.cpu, "memory": limits.memory, "file": limits.file, "descriptors": limits.descriptors}
        self._deadline = time.monotonic() + _START
        try:
            applied = self.plain("start", folder=str(folder), limits=budget, rules=rules(folder, profile), seed=seed)
        except (StudentError, Died, Garbled) as error:  # no student code has run yet
            said = self.output["stderr"].strip().splitlines()[-1:]
            self.close()
            raise Broken(f"the child did not start: {' '.join([str(error), *said])}") from error
        except BaseException:
            self.close()
            raise
        return dict(applied)


def student_error(error: Any) -> StudentError:
    """An error that the child describes; what it says is cut and made legible. Raises Garbled."""
    if not isinstance(error, dict):
        raise Garbled("an error that is none")
    type_, message, file = (legible(str(error.get(name, "")), _LONGEST) for name in ("type", "message", "file"))
    line = error.get("line")
    return StudentError(type_, message, file, line if type(line) is int else 0)


def _no_handle(value: Any) -> Handle:
    raise TypeError(f"a {type(value).__name__} does not travel; send plain data")
