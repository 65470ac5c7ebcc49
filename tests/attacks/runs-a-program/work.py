import os
import subprocess


def f(x):
    try:
        subprocess.run(["/bin/true"], check=True)
    except OSError as error:
        raise ValueError("denied") from error
    return x
