"""CPU time of a process with all its children, by the scheduler's nanoseconds.

/proc/<pid>/stat counts in hundredths of a second, which is more than a gateway spends on a request; what
/proc/<pid>/task tells of threads goes with each thread that ends.
"""

import ctypes
import os
import time
from contextlib import suppress
from typing import Any

import psutil

LIBC: Any = ctypes.CDLL(None, use_errno=True)


def spent_s(pid: int) -> float:
    """Seconds of CPU of the living processes of the tree that `pid` is the root of, threads that ended included."""
    root = psutil.Process(pid)
    return sum(_of_process(process.pid) for process in (root, *root.children(recursive=True)))


def _of_process(pid: int) -> float:
    # One that has just ended spends no more.
    with suppress(ProcessLookupError):
        return time.clock_gettime(_clock_of(pid))
    return 0.0


def _clock_of(pid: int) -> int:
    clock = ctypes.c_int()
    failure: int = LIBC.clock_getcpuclockid(pid, ctypes.byref(clock))
    if failure:
        raise OSError(failure, os.strerror(failure))
    return clock.value
