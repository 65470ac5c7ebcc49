import os


def f(x):
    try:
        os.mkdir("<outside>/folder")
    except OSError as error:
        raise ValueError("denied") from error
    return x
