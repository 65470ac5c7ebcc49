import os
import socket


def f(x):
    try:
        socket.create_connection(("127.0.0.1", int("<port4>")), 2).close()
    except OSError as error:
        raise ValueError("denied") from error
    return x
