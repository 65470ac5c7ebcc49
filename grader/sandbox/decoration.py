"""Libraries for pictures and progress bars, where this machine lacks them: they are there and do nothing.

Training scripts import them as a matter of course. No check looks at a picture, so a submission
must not go ungraded for want of one.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import types
from collections.abc import Iterator
from typing import Any

LIBRARIES = ("matplotlib", "mpl_toolkits", "seaborn", "plotly", "tqdm", "tensorboard", "wandb")
ON_TOP = "torch.utils.tensorboard"  # is there with PyTorch, and fails without tensorboard


class _Nothing:
    """Every attribute, entry and call of it is another nothing; two of them where several are unpacked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # Python's own questions
            raise AttributeError(name)
        return _Nothing()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return _Nothing()

    def __getitem__(self, key: Any) -> Any:
        return _Nothing()

    def __setitem__(self, key: Any, value: Any) -> None:
        pass

    def __iter__(self) -> Iterator[Any]:
        return iter((_Nothing(), _Nothing()))  # as in `figure, axes = plt.subplots()`

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class _Bar(_Nothing):
    """A progress bar: what it goes over, and nothing to see."""

    def __init__(self, iterable: Any = None, *args: Any, **kwargs: Any) -> None:
        self._over = range(iterable) if isinstance(iterable, int) else iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self._over if self._over is not None else ())

    def __len__(self) -> int:
        return len(self._over)


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Bar if name in ("tqdm", "trange", "tqdm_notebook") else _Nothing()


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def __init__(self, *libraries: str) -> None:
        self.libraries = libraries

    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        known = any(name == library or name.startswith(f"{library}.") for library in self.libraries)
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if known else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass


def provide() -> None:
    """Have the missing ones of these libraries; those that are installed are the real ones."""
    if importlib.util.find_spec("tensorboard") is None:
        sys.meta_path.insert(0, _Finder(ON_TOP))
    sys.meta_path.append(_Finder(*LIBRARIES))
