import os
import socket


def f(x):
    try:
        s = socket.socket(socket.AF_UNIX)
        s.connect("\0<abstract>")
        s.close()
    except OSError as error:
        raise ValueError("denied") from error
    return x
