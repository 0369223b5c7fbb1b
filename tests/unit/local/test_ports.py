"""Two runs that start in the same moment never share a port, though nothing listens there yet."""

import subprocess
import sys

from local.ports import is_free, pick, pick_any

PICK = "from local import ports; print(ports.pick({port}), flush=True); input()"


def test_a_picked_port_is_no_other_run_s_until_this_one_ends() -> None:
    port = pick_any()
    other = subprocess.Popen(
        [sys.executable, "-c", PICK.format(port=port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert other.stdout is not None
    theirs = int(other.stdout.readline())
    assert is_free(port)
    assert theirs not in (port, pick(theirs))
    other.communicate("\n")
    assert pick(theirs) == theirs


def test_what_a_process_picked_it_can_pick_again() -> None:
    port = pick_any()
    assert pick(port) == port
