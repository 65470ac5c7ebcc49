"""Libraries that an exercise is to be solved without: importing one is harmless, using it is an error.

Honest files import more than they use, so an import alone must not bring a submission down. This
is for a clear message, not for safety: what may not do the work is not told anything anyhow, and
an import is flagged for a person to look at.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
import types
from collections.abc import Sequence
from typing import Any, NoReturn


class Forbidden(ImportError):
    """Student code used a library that the exercise is to be solved without; the message is its name."""


class _Absent:
    """Stands for whatever student code takes out of an absent library; any use but taking more raises Forbidden."""

    def __init__(self, library: str) -> None:
        self.__dict__["_library"] = library

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # Python's own questions
            raise AttributeError(name)
        return self

    def _used(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Forbidden(self._library)

    __call__ = __getitem__ = __iter__ = __enter__ = __mro_entries__ = __setattr__ = _used


class _Module(types.ModuleType):
    """An absent library, or a part of it."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Absent(self.__name__.partition(".")[0])


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, libraries: Sequence[str]) -> None:
        self.libraries = frozenset(libraries)

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.partition(".")[0] not in self.libraries:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def forbid(libraries: Sequence[str]) -> None:
    """Make these libraries absent for all that is imported from now on."""
    for name in list(sys.modules):
        if name.partition(".")[0] in libraries:
            del sys.modules[name]
    sys.meta_path.insert(0, _Finder(libraries))
