"""A file lock for each process we start, held by the process itself for as long as it lives.

So a process left over from a run that was killed is known for certain, even when process ids are used again.
"""

import fcntl
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

_POLL_S = 0.05


@dataclass(frozen=True, slots=True)
class Claim:
    """`path` is the lock file; it holds the id of the process that holds the lock."""

    path: Path

    def try_take(self) -> TextIO | None:
        """The open file, locked until it and every copy that a child inherited are closed; None if another holds it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        file = self.path.open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        return file

    def holder(self) -> int | None:
        text = self.path.read_text().strip() if self.path.exists() else ""
        return int(text) if text else None

    def is_free(self) -> bool:
        file = self.try_take()
        if file is not None:
            file.close()
        return file is not None

    def end_holder(self, *, grace_s: float) -> None:
        """Asks the holder's process group to stop, and kills it where it does not within `grace_s`."""
        for signal_number, patience_s in ((signal.SIGTERM, grace_s), (signal.SIGKILL, grace_s)):
            deadline = time.monotonic() + patience_s
            if not self.is_free():
                _signal_group(self.holder(), signal_number)
            while not self.is_free():
                if time.monotonic() > deadline:
                    break
                time.sleep(_POLL_S)


def _signal_group(leader: int | None, signal_number: signal.Signals) -> None:
    if leader is None:
        return
    try:
        os.killpg(leader, signal_number)
    except ProcessLookupError:
        return
