import os


def f(x):
    hits = []
    for pid in (int("<grader>"), int("<warm>"), int("<victim>"), os.getppid()):
        for number in (9, 15, 2, 1, 19, 0):
            try:
                if pid > 0:
                    os.kill(pid, number)
                    hits.append((pid, number))
            except OSError:
                pass
    raise LookupError(f"found the {hits}" if hits else "found nothing")
