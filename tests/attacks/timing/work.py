import time

import numpy as np

began = time.perf_counter_ns()


def f(x):
    return np.full(3, time.perf_counter_ns() - began)
