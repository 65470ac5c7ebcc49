"""The bank finds families by their files: families/<topic>/<name>.py holds the family topic.name."""

from __future__ import annotations

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from problem_bank import families
from problem_bank.errors import UnknownFamily
from problem_bank.family import Family

_folders = [Path(__file__).parent / "families"]


def add_folder(folder: Path) -> None:
    """Find families in this folder too (a course's own); they may not take the id of a shipped one.

    Its files are imported as problem_bank.families.<topic>.<name>, helpers whose names begin with "_" too.
    """
    if folder not in _folders:
        _folders.append(folder)
        families.__path__.append(str(folder))
        load.cache_clear()


def added_folders() -> list[Path]:
    """The folders given to `add_folder`, for another process to add."""
    return _folders[1:]


def ids() -> list[str]:
    """The ids of all families, sorted. Reads the folders only; nothing is imported."""
    files = (file for folder in _folders for file in folder.glob("*/[!_]*.py"))
    return sorted({f"{file.parent.name}.{file.stem}" for file in files})


@cache
def load(id: str) -> Family:
    """The family with this id, such as "convolution.hand". Imports its file alone.

    Raises UnknownFamily, naming the nearest ids or what is wrong with the file.
    """
    topic, _, name = id.partition(".")
    for folder in _folders:
        file = folder / topic / f"{name}.py"
        if id in ids() and file.is_file():
            return _family_of(_import(file, id), id, file)
    raise UnknownFamily(f"there is no family {id!r}.{_nearest(id)} `markscheme families` lists them all.")


def _import(file: Path, id: str) -> ModuleType:
    name = f"problem_bank.families.{id}"
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec and spec.loader  # a .py file always has both
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise UnknownFamily(f"{file}: {type(error).__name__}: {error}") from error
    return module


def _family_of(module: ModuleType, id: str, file: Path) -> Family:
    found = [value for value in vars(module).values() if isinstance(value, Family)]
    if len(found) != 1 or found[0].id != id:
        held = ", ".join(f.id for f in found) or "none"
        raise UnknownFamily(f"{file}: expected one family called {id} (its folder and file name), found {held}")
    return found[0]


def _nearest(id: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(id, ids(), n=3, cutoff=0.85) or get_close_matches(id, ids(), n=3, cutoff=0.4)
    return f" Did you mean {' or '.join(close)}?" if close else ""
