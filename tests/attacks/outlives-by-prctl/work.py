import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)


def f(x):
    hits = [option for option in (1, 4) if libc.prctl(option, 0, 0, 0, 0) == 0]
    try:
        os.setsid()
        hits.append("setsid")
    except OSError:
        pass
    raise LookupError(f"found the {hits}" if hits else "found nothing")
