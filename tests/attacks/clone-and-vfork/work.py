import ctypes
import os
import platform

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {"x86_64": (56, 57, 58, 435), "aarch64": (220, 435)}[platform.machine()]


def f(x):
    hits = []
    for number in CALLS:
        arguments = (ctypes.create_string_buffer(88), 88, 0, 0, 0) if number == 435 else (17, 0, 0, 0, 0)
        found = libc.syscall(number, *arguments)
        if found == 0:
            os._exit(7)
        if found > 0:
            hits.append(number)
    raise LookupError(f"found the {hits}" if hits else "found nothing")
