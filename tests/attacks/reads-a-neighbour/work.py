import sys


def f(x):
    try:
        with open("<canary>") as file:
            text = file.read()
    except OSError as error:
        raise ValueError("denied") from error
    print(text)
    print(text, file=sys.stderr)
    raise ValueError(text)
