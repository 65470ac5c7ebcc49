"""Harmless stand-ins in the child for what a notebook expects around it: otter-grader and IPython.

They do nothing but let the cells run on. Only `check` is heard.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Callable, Collection
from typing import Any

_OTTERS = ("otter.check", "otter.execute", "otter.export", "otter.logging", "otter.plugins", "otter.utils")
_IPYTHON = ("IPython", "IPython.core", "IPython.core.getipython", "IPython.display", "ipywidgets")


class Quiet:
    """Any attribute, any call, any entry: nothing comes of it."""

    def __getattr__(self, name: str) -> Quiet:
        if name.startswith("__"):
            raise AttributeError(name)
        return Quiet()

    def __call__(self, *args: Any, **kwargs: Any) -> Quiet:
        """Whatever the arguments."""
        return Quiet()

    def __repr__(self) -> str:
        return ""


class TestCase:
    """The decorator of exception-based tests: a function with its points and messages."""

    __test__ = False  # not a test of whoever collects them

    def __init__(
        self,
        name: str | None = None,
        points: float | None = None,
        hidden: bool = False,
        success_message: str | None = None,
        failure_message: str | None = None,
    ) -> None:
        self.name, self.points, self.hidden = name, points, hidden
        self.success_message, self.failure_message = success_message, failure_message
        self.function: Callable[..., object] = lambda: None

    def __call__(self, function: Callable[..., object]) -> TestCase:
        """Decorate a function."""
        self.function = function
        return self


def display(*objects: object, **_: object) -> None:
    """What a notebook would show, as text."""
    for one in objects:
        print(repr(one))


def install(questions: Collection[str], asked: list[str]) -> dict[str, Any]:
    """Put the stand-ins in place; the names that a notebook finds defined. `asked` hears each check."""
    tests = _module("otter.test_files", test_case=TestCase)
    _module("otter", Notebook=_notebook(questions, asked), test_files=tests, __version__="7")
    for name in _OTTERS:
        _module(name)
    if importlib.util.find_spec("IPython") is None:
        for name in _IPYTHON:
            _module(name, display=display, get_ipython=Quiet)
    return {"display": display, "get_ipython": Quiet}


def _notebook(questions: Collection[str], asked: list[str]) -> type:
    """otter's Notebook class while it is grading: only `check` does anything."""

    class Notebook(Quiet):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            pass

        def check(self, question: str, global_env: Any = None) -> Quiet:
            if question not in questions:
                raise FileNotFoundError(f"Test {question} does not exist")
            asked.append(str(question))
            return Quiet()

        init_grading_mode = staticmethod(Quiet())

    return Notebook


def _module(name: str, **contents: Any) -> types.ModuleType:
    """A module of this name that also answers to everything else."""
    module = types.ModuleType(name)
    module.__path__ = []
    vars(module).update(contents, __getattr__=_quiet)
    sys.modules[name] = module
    return module


def _quiet(name: str) -> Quiet:
    if name.startswith("__"):
        raise AttributeError(name)
    return Quiet()
