import numpy as np


def f(x):
    for read in (np.fromfile, np.memmap):
        try:
            raise ValueError(bytes(read("<canary>", np.uint8)).decode())
        except OSError:
            pass
    raise ValueError("denied")
