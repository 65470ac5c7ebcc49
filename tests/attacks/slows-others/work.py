import os
import resource


def f(x):
    hits = []
    for pid in (int("<grader>"), int("<victim>"), os.getppid()):
        for change in (
            lambda: os.setpriority(os.PRIO_PROCESS, pid, 19),
            lambda: resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, 3)),
            lambda: os.sched_setaffinity(pid, {0}),
            lambda: os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0)),
        ):
            try:
                change()
                hits.append(pid)
            except OSError:
                pass
    raise LookupError(f"found the {hits}" if hits else "found nothing")
