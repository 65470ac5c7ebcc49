import sys


def forbid(event, arguments):
    raise RuntimeError("not allowed")


def f(x):
    sys.addaudithook(forbid)
    return open("work.py").read()
