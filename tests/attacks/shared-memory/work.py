import os


def f(x):
    try:
        with open("/dev/shm/markscheme-note", "w") as file:
            file.write("x")
    except OSError as error:
        raise ValueError("denied") from error
    return x
