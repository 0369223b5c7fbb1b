"""Shares of requests, drawn from what the requests are called: the same request always draws the same."""

from hashlib import sha256


def draw_milli(name: str, lot: str) -> int:
    """From 0 to 999, another for each name, so that shares of several do not fall on the same requests."""
    digest = sha256(f"{name} {lot}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % 1000
