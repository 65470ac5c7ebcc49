import ctypes


def f(x):
    ctypes.memset(id(type(x)), 0, 400)
    return x
