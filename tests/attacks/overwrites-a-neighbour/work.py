import os


def f(x):
    try:
        with open("<canary>", "w") as file:
            file.write("x")
    except OSError as error:
        raise ValueError("denied") from error
    return x
