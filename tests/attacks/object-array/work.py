import numpy as np


class Run:
    def __reduce__(self):
        return print, ("unpickled",)


def f(x):
    return np.array([Run(), Run(), Run()])
