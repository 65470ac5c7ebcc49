import os


def f(x):
    try:
        os.rename("<neighbour>", "<outside>/gone")
    except OSError as error:
        raise ValueError("denied") from error
    return x
