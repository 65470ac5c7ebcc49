import socket


def f(x):
    try:
        socket.getaddrinfo("answer.example.org", 80)
    except OSError as error:
        raise ValueError("denied") from error
    return x
