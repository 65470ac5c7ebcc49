"""Which files the child may see: Python, its libraries and the submission's own copy, and nothing of ours."""

from __future__ import annotations

import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache", "/usr/share/zoneinfo",
           "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")  # fmt: skip
_FRAMEWORKS = ("torch", "torchgen", "functorch", "torchvision", "torchaudio", "tensorflow", "keras", "jax", "jaxlib",
               "flax", "autograd")  # fmt: skip
_OURS = ("problem_bank", "solutions", "assignments", "grader", "markscheme", "tests")


def rules(scratch: Path, profile: str = "torch") -> dict[str, list[str]]:
    """The paths that are readable, listable and writable for the child.

    In the profile "numpy" no library that differentiates by itself is readable: what is asked for
    there is to be written by hand.
    """
    readable, listable = _libraries(profile)
    return {"readable": [*readable, str(scratch)], "listable": list(listable), "writable": [str(scratch), "/dev/null"]}


def roots() -> set[Path]:
    """Python's own folders and the system's libraries, under every name by which they are asked for."""
    found = {Path(root) for root in (*_python(), *_SYSTEM) if Path(root).exists()}
    return found | {root.resolve() for root in found}


def hidden() -> frozenset[Path]:
    """Our own packages, which hold checks and reference solutions: where this code lies, and where it is installed."""
    return frozenset(site / name for site in {Path(__file__).resolve().parents[2], *_sites()} for name in _OURS)


@cache
def _libraries(profile: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    listable = {root.resolve() for root in roots()}
    frameworks = {site / name for site in _sites() for name in _FRAMEWORKS} if profile == "numpy" else set()
    closed = hidden() | frameworks
    readable = {str(path) for root in listable for path in _visible(root, closed)}
    return tuple(sorted(readable)), tuple(sorted(map(str, listable)))


def _sites() -> set[Path]:
    """Where packages are installed."""
    return {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}


def _python() -> Iterator[str]:
    """The standard library, the installed packages and, for a Python of its own prefix, its shared libraries."""
    for base in (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix):
        yield str(Path(base, "lib"))
        yield str(Path(base, "lib64"))
        yield str(Path(base, "pyvenv.cfg"))
    yield from (sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def _visible(root: Path, hidden: frozenset[Path]) -> Iterator[Path]:
    """The root without what is hidden below it, as few paths."""
    if root in hidden:
        return
    if any(path.is_relative_to(root) and path.exists() for path in hidden):
        for entry in sorted(root.iterdir()):
            yield from _visible(entry, hidden)
    else:
        yield root
