import os

import numpy as np


class Run:
    def __reduce__(self):
        return os.system, ("touch '<outside>/unpickled'",)


def f(x):
    np.savez("weights.npz", weights=np.array([Run()], dtype=object))
    np.load("weights.npz", allow_pickle=True)["weights"]
    raise ValueError("loaded")
