import os


def f(x):
    try:
        if not os.fork():
            os._exit(0)
    except OSError as error:
        raise ValueError("denied") from error
    return x
