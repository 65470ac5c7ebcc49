import threading


def spin():
    while True:
        pass


def f(x):
    for _ in range(3):
        threading.Thread(target=spin).start()
    spin()
