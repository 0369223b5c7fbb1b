"""CPU time of a process with all its children, from /proc, in the scheduler's nanoseconds.

/proc/<pid>/stat counts in hundredths of a second, which is more than a gateway spends on a request.
"""

from contextlib import suppress
from pathlib import Path

import psutil


def spent_s(pid: int) -> float:
    """Seconds of CPU of all living threads of the tree that `pid` is the root of."""
    root = psutil.Process(pid)
    return sum(_of_threads(process.pid) for process in (root, *root.children(recursive=True))) / 1e9


def _of_threads(pid: int) -> int:
    total = 0
    for schedstat in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            total += int(schedstat.read_text().split()[0])
    return total
