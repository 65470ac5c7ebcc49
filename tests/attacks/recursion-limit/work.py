import sys

sys.setrecursionlimit(10**9)


def g(x):
    return max(x, key=lambda _: g(x))


def f(x):
    return sorted(x, key=lambda _: f(x))
