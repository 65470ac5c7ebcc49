import os


def f(x):
    os.write(1, bytes(range(256)) * 100)
    os.write(2, b"\x1b]0;right\x07\xff\xfe")
    return x
