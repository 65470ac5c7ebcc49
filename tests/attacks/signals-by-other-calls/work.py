import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {"x86_64": (200, 129, 297, 424, 234), "aarch64": (130, 138, 240, 424, 131)}[platform.machine()]


def f(x):
    hits = []
    for pid in (int("<victim>"), int("<grader>")):
        for number in CALLS:
            arguments = (pid, pid, 9) if number in (297, 240, 234, 131) else (pid, 9, 0)
            if libc.syscall(number, *arguments, bytes(128)) >= 0:
                hits.append(number)
    raise LookupError(f"found the {hits}" if hits else "found nothing")
