import os
import socket


def f(x):
    try:
        for family in (16, 17, 40):
            try:
                socket.socket(family, socket.SOCK_RAW)
                break
            except PermissionError:
                pass
        else:
            raise OSError
    except OSError as error:
        raise ValueError("denied") from error
    return x
