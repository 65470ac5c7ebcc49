"""The `student` of a check: a proxy whose attributes, entries and calls happen in the child.

Numbers, strings, arrays, and the lists, tuples and dicts that a call returns come back as copies.
Other objects, and the dicts and lists that are attributes of objects, stay in the child: reading
and writing them goes there each time, so that they are never stale.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.sandbox.frames import Garbled, Handle
from grader.sandbox.session import Session
from problem_bank.checks import Kept


class Remote(Kept):
    """An object of the submission. Raises StudentError where student code does."""

    __slots__ = ("_handle", "_kind", "_session")

    def __init__(self, session: Session, handle: Handle) -> None:
        object.__setattr__(self, "_session", session)
        object.__setattr__(self, "_handle", handle)
        object.__setattr__(self, "_kind", handle.type)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # Python's own questions (copying, printing) are not for the child
            raise AttributeError(name)
        return self._ask("get", name=name)

    def __setattr__(self, name: str, value: Any) -> None:
        self._ask("set", name=name, value=value)

    def __getitem__(self, key: Any) -> Any:
        return self._ask("item", key=key)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._ask("set_item", key=key, value=value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it in the child; the result comes back as data where it can."""
        return self._ask("call", args=list(args), kwargs=kwargs)

    def __repr__(self) -> str:
        return f"<{self._kind} in the submission>"

    __iter__ = None  # an endless or slow iteration would be ours; ask for `data` instead

    def _kept_call(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask("call", args=list(args), kwargs=kwargs, keep=True)

    def _tools(self) -> Any:
        return _ask(self._session, "tools")

    def _put(self, value: Any) -> Any:
        return _ask(self._session, "put", value=value)

    def _data(self) -> Any:
        return self._ask("value")

    def _ask(self, do: str, **fields: Any) -> Any:
        return _ask(self._session, do, of=self, **fields)


def load(session: Session, file: str, without: Sequence[str] = ()) -> Remote:
    """Import a file of the submission, where these libraries are of no use, and return its module.

    Raises StudentError, Died, Garbled.
    """
    module = _ask(session, "load", file=file, without=list(without))
    if not isinstance(module, Remote):  # the submission made it say so
        raise Garbled("something else than a module")
    return module


def _ask(session: Session, do: str, **fields: Any) -> Any:
    return session.ask(do, handle=_handle, restore=lambda handle: Remote(session, handle), **fields)


def _handle(value: Any) -> Handle:
    if not isinstance(value, Remote):
        raise TypeError(f"a check sends a {type(value).__name__}; only plain data and objects of the submission travel")
    handle: Handle = value._handle
    return handle
