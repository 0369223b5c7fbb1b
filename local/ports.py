"""Free ports on loopback, and calls to them.

A port that was picked is claimed until this process ends: what shall listen there starts later, and another run of ours
that picks meanwhile has to take another one.
"""

import os
import socket
import tempfile
import urllib.request
from pathlib import Path
from typing import Any

from local.claims import Claim

LOOPBACK = "127.0.0.1"
_claimed: dict[int, int] = {}


_WITHOUT_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def open_directly(request: str | urllib.request.Request, *, timeout_s: float) -> Any:
    """As urllib's urlopen, past any proxy that the environment names: that one cannot reach this machine's loopback."""
    return _WITHOUT_PROXY.open(request, timeout=timeout_s)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def pick(preferred: int) -> int:
    """`preferred` where it is free, else any other."""
    return preferred if is_free(preferred) and _claim(preferred) else pick_any()


def pick_any() -> int:
    while True:
        with socket.socket() as probe:
            probe.bind((LOOPBACK, 0))
            port = int(probe.getsockname()[1])
            if port not in _claimed and _claim(port):
                return port


def _claim(port: int) -> bool:
    if port not in _claimed:
        folder = Path(tempfile.gettempdir(), f"pointsman-ports-{os.getuid()}")
        file = Claim(folder / str(port)).try_take()
        if file is None:
            return False
        with file:
            # The lock is held for as long as one of its descriptors is open.
            _claimed[port] = os.dup(file.fileno())
    return True
