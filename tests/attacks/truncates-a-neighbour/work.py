import os


def f(x):
    try:
        os.truncate("<canary>", 0)
    except OSError as error:
        raise ValueError("denied") from error
    return x
