"""Free ports on loopback, and calls to them."""

import socket
import urllib.request
from typing import Any

LOOPBACK = "127.0.0.1"


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
    return preferred if is_free(preferred) else pick_any()


def pick_any() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])
