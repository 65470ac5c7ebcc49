from fast import g


def f(x):
    return g(x)
