import socket


def f(x):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
        try:
            with socket.socket(socket.AF_INET6, kind) as connection:
                connection.connect(("::1", int("<port6>")))
                connection.send(b"x")
            return x
        except OSError:
            pass
    raise ValueError("denied")
