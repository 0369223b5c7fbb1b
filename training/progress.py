"""How far a long step has come, on standard error."""

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
SECONDS_BETWEEN_REPORTS = 5.0


def show_progress(items: Sequence[T], name: str) -> Iterator[T]:
    started = reported = time.monotonic()
    for number, item in enumerate(items):
        yield item
        now = time.monotonic()
        if now - reported >= SECONDS_BETWEEN_REPORTS:
            reported = now
            say(f"{name}: {number + 1} of {len(items)}, {now - started:.0f} s")
    say(f"{name}: {len(items)} done in {time.monotonic() - started:.0f} s")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
