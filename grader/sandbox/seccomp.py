"""A seccomp filter, as BPF instructions made by hand: which system calls a submission may not make.

The child stays one process: threads are allowed, new processes and programs are not, so that one
kill cleans up completely. Numbers are those of Linux's unistd.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

# name: number on x86-64, number on aarch64 (None where the call does not exist)
_PROCESSES = {
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "process_madvise": (440, 440),
    "process_mrelease": (448, 448), "kcmp": (312, 272), "pidfd_open": (434, 434), "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424), "tkill": (200, 130), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "setpriority": (141, 140), "ioprio_set": (251, 30),
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "migrate_pages": (256, 238), "move_pages": (279, 239), "personality": (135, 92),
}  # fmt: skip
_NETWORK = {
    "socket": (41, 198), "socketpair": (53, 199), "shmget": (29, 194), "shmat": (30, 196), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    "inotify_init": (253, None), "inotify_init1": (294, 26),
}  # fmt: skip
_SYSTEM = {
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432),
    "fspick": (433, 433), "mount_setattr": (442, 442), "unshare": (272, 97), "setns": (308, 268), "bpf": (321, 280),
    "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "keyctl": (250, 219), "add_key": (248, 217),
    "request_key": (249, 218), "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "acct": (163, 89), "quotactl": (179, 60), "quotactl_fd": (443, 443), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "sethostname": (170, 161),
    "setdomainname": (171, 162), "iopl": (172, None), "ioperm": (173, None), "syslog": (103, 116),
    "vhangup": (153, 58), "fanotify_init": (300, 262), "mknod": (133, None), "mknodat": (259, 33),
}  # fmt: skip
# Landlock does not cover these. They do nothing but report success, so that an honest shutil.copy works.
_METADATA = {
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "chown": (92, None), "fchown": (93, 55),
    "lchown": (94, None), "fchownat": (260, 54), "utime": (132, None), "utimes": (235, None),
    "futimesat": (261, None), "utimensat": (280, 88), "setxattr": (188, 5), "lsetxattr": (189, 6),
    "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
}  # fmt: skip
_CLONE, _CLONE3, _KILL, _TGKILL, _PRLIMIT = (56, 220), (435, 435), (62, 129), (234, 131), (302, 261)
_FCNTL, _IOCTL, _PRCTL = (72, 25), (16, 29), (157, 167)
_SIGNAL_OTHERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: a signal to anybody when a pipe can be read
_SIGNAL_OTHERS_TOO = (0x8901, 0x8902, 0x5412)  # FIOSETOWN, SIOCSPGRP; and TIOCSTI, which types for others
_OUTLIVE = (1, 4)  # PR_SET_PDEATHSIG, PR_SET_DUMPABLE
_NEWER = 450  # calls that this table does not know (and x86-64's x32 twins) do not exist for the child

_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # BPF: ld abs, jeq, jge, jset, ret
_ALLOW, _ERRNO, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
_CLONE_THREAD = 0x00010000
_PR_SET_SECCOMP, _MODE_FILTER = 22, 2


def supported() -> bool:
    """Is there a table for this machine?"""
    return platform.system() == "Linux" and platform.machine() in _ARCHITECTURES


def program(pid: int) -> bytes:
    """The filter for the process `pid`, which may signal and limit itself only."""
    column, architecture = _ARCHITECTURES[platform.machine()]
    deny = _ERRNO | errno.EPERM
    rules = [
        _op(_LOAD, _ARCHITECTURE), _op(_EQUAL, architecture, 1, 0), _op(_RETURN, _KILL_PROCESS),
        _op(_LOAD, _NUMBER), _op(_AT_LEAST, _NEWER, 0, 1), _op(_RETURN, _ERRNO | errno.ENOSYS),
        _when(_CLONE3[column], _op(_RETURN, _ERRNO | errno.ENOSYS)),  # the C library falls back to clone
        _when(_CLONE[column], _unless(_op(_ANY_BIT, _CLONE_THREAD, 0, 1), deny)),
        _when(_FCNTL[column], _except(1, _SIGNAL_OTHERS, deny)),
        _when(_IOCTL[column], _except(1, _SIGNAL_OTHERS_TOO, deny)),
        _when(_PRCTL[column], _except(0, _OUTLIVE, deny)),
        _when(_KILL[column], _unless(_op(_EQUAL, pid, 0, 1), deny)),
        _when(_TGKILL[column], _unless(_op(_EQUAL, pid, 0, 1), deny)),
        _when(_PRLIMIT[column], _unless(_op(_EQUAL, 0, 0, 1), deny)),
    ]  # fmt: skip
    for table, answer in ((_PROCESSES | _NETWORK | _SYSTEM, deny), (_METADATA, _ERRNO)):
        numbers = [row[column] for row in table.values()]
        rules += [_when(number, _op(_RETURN, answer)) for number in numbers if number is not None]
    return b"".join(rules) + _op(_RETURN, _ALLOW)


def restrict() -> None:
    """Put this process under the filter, for good. Raises OSError. Needs no_new_privs."""
    code = program(os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxQ", len(code) // 8, ctypes.addressof(buffer))  # struct sock_fprog
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.c_char_p(header), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refuses the seccomp filter")


def _op(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _when(number: int, block: bytes) -> bytes:
    """Run this block, which must return, for this call only."""
    return _op(_EQUAL, number, 0, len(block) // 8) + block


def _unless(test: bytes, answer: int) -> bytes:
    """Allow if the first argument passes the test, else answer."""
    return _op(_LOAD, _ARGUMENT) + test + _op(_RETURN, _ALLOW) + _op(_RETURN, answer)


def _except(argument: int, values: tuple[int, ...], answer: int) -> bytes:
    """Answer if the argument of this number, from 0, is one of the values, else allow."""
    load = _op(_LOAD, _ARGUMENT + 8 * argument)
    return load + b"".join(_when(value, _op(_RETURN, answer)) for value in values) + _op(_RETURN, _ALLOW)
