import os
import time


def f(x):
    try:
        child = os.fork()
    except OSError as error:
        raise ValueError("denied") from error
    if not child:
        os.setsid()
        if not os.fork():
            with open("<outside>/outlived", "w") as file:
                file.write("x")
            os.closerange(0, 64)
            time.sleep(5)
        os._exit(0)
    os.waitpid(child, 0)
    time.sleep(0.2)
    return x
