import os


def f(x):
    for change in (lambda p: os.chmod(p, 0), lambda p: os.utime(p, (1, 1)), lambda p: os.setxattr(p, "user.x", b"x")):
        try:
            change("<canary>")
        except OSError:
            pass
    return x
