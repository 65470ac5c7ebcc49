import faulthandler
import os
import resource
import sys

faulthandler.enable(all_threads=True)
faulthandler.dump_traceback_later(0.01)


def f(x):
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except (OSError, ValueError):
        pass
    os.abort()
