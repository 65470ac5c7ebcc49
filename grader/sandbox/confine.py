"""What the child does to itself before it touches student code: limits, capabilities, Landlock, seccomp.

Each step is taken where the system has it; which ones hold is found out by trying (see level.py).
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from . import landlock, seccomp  # relative: the child loads this folder under another name

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS, _SIGKILL = 1, 38, 9
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITIES_V3 = 0x20080522


def confine(limits: Mapping[str, Any], rules: Mapping[str, Any]) -> dict[str, Any]:
    """Confine this process for good. Says which parts were applied: {"landlock": version, "seccomp": bool}.

    `limits` has cpu (seconds), memory, file (bytes) and descriptors; `rules` the paths that are
    readable, listable and writable.
    """
    _limit(limits)
    if sys.platform != "linux" or not seccomp.supported():
        return {"landlock": 0, "seccomp": False}
    if len(list(Path("/proc/self/task").iterdir())) != 1:
        raise RuntimeError("the child has threads already; they would stay unconfined")
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        return {"landlock": 0, "seccomp": False}
    applied = {"landlock": _apply_landlock(rules)}
    _drop_capabilities(libc)
    return applied | {"seccomp": _apply_seccomp()}


def _apply_landlock(rules: Mapping[str, Any]) -> int:
    version = landlock.version()
    if version:
        landlock.restrict(rules["readable"], rules["listable"], rules["writable"])
    return version


def _apply_seccomp() -> bool:
    try:
        seccomp.restrict()
    except OSError:
        return False
    return True


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Root without its capabilities is an ordinary owner of files."""
    header, none = struct.pack("Ii", _CAPABILITIES_V3, 0), bytes(24)
    libc.syscall(ctypes.c_long(_CAPSET[os.uname().machine]), ctypes.c_char_p(header), ctypes.c_char_p(none))


def _limit(limits: Mapping[str, Any]) -> None:
    """Memory and processor time are what is used already plus the budget."""
    try:
        import resource
    except ImportError:  # Windows has none
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = int(used.ru_utime + used.ru_stime) + int(limits["cpu"]) + 1
    _lower(resource, resource.RLIMIT_CPU, cpu, cpu + 1)
    _lower(resource, resource.RLIMIT_FSIZE, limits["file"])
    _lower(resource, resource.RLIMIT_NOFILE, limits["descriptors"])
    _lower(resource, resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _lower(resource, resource.RLIMIT_AS, pages * resource.getpagesize() + int(limits["memory"]))


def _lower(resource: Any, which: int, soft: int, hard: int | None = None) -> None:
    """Set a limit, never above the hard one that holds already."""
    ceiling = resource.getrlimit(which)[1]
    wanted = [soft, soft if hard is None else hard]
    if ceiling != resource.RLIM_INFINITY:
        wanted = [min(value, ceiling) for value in wanted]
    resource.setrlimit(which, tuple(wanted))
