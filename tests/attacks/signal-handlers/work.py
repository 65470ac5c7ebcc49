import signal
import sys

for number in range(1, signal.NSIG):
    try:
        signal.signal(number, lambda *a: None)
    except (OSError, ValueError):
        pass
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))


def f(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
