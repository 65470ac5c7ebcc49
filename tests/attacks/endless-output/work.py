import threading


def flood():
    while True:
        print("x" * 100_000)


def f(x):
    threading.Thread(target=flood, daemon=True).start()
    return x
