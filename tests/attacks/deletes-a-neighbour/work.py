import os


def f(x):
    try:
        os.unlink("<canary>")
    except OSError as error:
        raise ValueError("denied") from error
    return x
