import sys


def f(x):
    for _ in range(20):
        sys.stdout.write("x" * 10_000_000)
        sys.stderr.write("y" * 1_000_000)
    return x
