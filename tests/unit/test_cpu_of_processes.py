"""The benchmarks' measure of CPU time counts what a thread spent before it ended, and a process's children."""

import subprocess
import sys
from collections.abc import Sequence

import psutil
import pytest

from bench.peers.cpu import spent_s

WORK = "import time\ndef work():\n    while time.thread_time() < 0.2: pass\n"
BY_A_THREAD = f"{WORK}import threading\nt = threading.Thread(target=work)\nt.start()\nt.join()\n"
BY_A_CHILD = (
    "import subprocess, sys\n"
    f"child = subprocess.Popen([sys.executable, '-c', {WORK + 'work(); print(flush=True); input()'!r}],"
    " stdin=subprocess.PIPE, stdout=subprocess.PIPE)\nchild.stdout.readline()\n"
)
WAIT = "print(flush=True)\ninput()\n"


@pytest.mark.parametrize("program", [BY_A_THREAD, BY_A_CHILD], ids=["a thread that ended", "a child"])
def test_what_was_spent_by(program: str) -> None:
    command: Sequence[str] = [sys.executable, "-c", program + WAIT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert spent_s(process.pid) >= 0.2
        process.communicate(b"\n")


def test_a_process_that_is_gone_is_an_error() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    with pytest.raises(psutil.NoSuchProcess):
        spent_s(process.pid)
