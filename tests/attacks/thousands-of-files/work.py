import itertools


def f(x):
    for number in itertools.count():
        open(f"file{number}", "w").close()
