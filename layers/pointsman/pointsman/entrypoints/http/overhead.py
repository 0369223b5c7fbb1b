"""Tells a caller what the router itself took of the time, in the form of a Server-Timing header."""

from collections.abc import Mapping
from typing import Final

from pointsman.application.stopwatch import Stopwatch

HEADER: Final = "x-pointsman-overhead-ms"


def tell_overhead(watch: Stopwatch) -> Mapping[str, str]:
    """The whole without the waiting for providers, then its laps, which add up to it, then that waiting."""
    spent = {"total": watch.overhead_ms(), **watch.spent_ms()}
    return {HEADER: ", ".join(f"{name};dur={duration_ms:.2f}" for name, duration_ms in spent.items())}
