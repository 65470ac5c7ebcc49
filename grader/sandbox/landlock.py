"""Landlock through its three system calls: which files a submission may read and write.

Everything that is not granted is denied: other submissions, keys, /proc, home folders, TCP, and
signals to processes outside. The numbers are those of linux/landlock.h.
"""

from __future__ import annotations

import ctypes
import os
import stat
import struct
from collections.abc import Iterable

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on every architecture
_VERSION_FLAG, _PATH_BENEATH = 1, 1
_READ_FILE, _READ_DIR, _WRITE_FILE, _TRUNCATE = 1 << 2, 1 << 3, 1 << 1, 1 << 14
_OF_FILES = _READ_FILE | _WRITE_FILE | _TRUNCATE
# execute .. make_sym came with version 1, refer with 2, truncate with 3, ioctl on devices with 5
_FILE_RIGHTS = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_SPECIAL = (1 << 0) | (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11) | (1 << 15)  # execute; devices, sockets, pipes
_libc = ctypes.CDLL(None, use_errno=True)
_TCP, _SCOPES = 0b11, 0b11  # bind and connect (version 4); abstract unix sockets and signals (version 6)


def version() -> int:
    """The kernel's Landlock version; 0 where there is none."""
    try:
        return max(0, _call(_CREATE_RULESET, None, 0, _VERSION_FLAG))
    except OSError:
        return 0


def restrict(readable: Iterable[str], listable: Iterable[str], writable: Iterable[str]) -> None:
    """Confine this process to these files and folders, for good; missing ones are passed over.

    `listable` folders show names only. Raises OSError. Needs no_new_privs.
    """
    abi = version()
    handled = max(rights for since, rights in _FILE_RIGHTS.items() if since <= abi)
    attributes = struct.pack("QQQ", handled, _TCP, _SCOPES)[: 8 if abi < 4 else 16 if abi < 6 else 24]
    ruleset = _call(_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        for paths, rights in (
            (readable, _READ_FILE | _READ_DIR),
            (listable, _READ_DIR),
            (writable, handled & ~_SPECIAL),
        ):
            for path in paths:
                _grant(ruleset, path, rights & handled)
        _call(_RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _grant(ruleset: int, path: str, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _OF_FILES
        if rights:
            _call(_ADD_RULE, ruleset, _PATH_BENEATH, struct.pack("<Qi", rights, opened), 0)
    finally:
        os.close(opened)


def _call(number: int, *arguments: int | bytes | None) -> int:
    typed = [ctypes.c_char_p(a) if isinstance(a, bytes | None) else ctypes.c_long(a) for a in arguments]
    result = _libc.syscall(ctypes.c_long(number), *typed)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"landlock call {number} failed")
    return int(result)
