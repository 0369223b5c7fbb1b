"""What the person at the terminal sees: progress on anything that takes long, and plain lines."""

import time
from collections.abc import Generator
from contextlib import contextmanager

from rich.console import Console


class _LastingConsole(Console):
    """Where nobody reads any more, the work goes on in silence."""

    def on_broken_pipe(self) -> None:
        self.quiet = True


class Report:
    def __init__(self, console: Console | None = None) -> None:
        self._console = console or _LastingConsole(highlight=False, soft_wrap=True)

    def fall_silent(self) -> None:
        """For when the terminal is gone: writing to it would fail."""
        self._console.quiet = True

    def say(self, text: str) -> None:
        self._console.print(text)

    def complain(self, text: str) -> None:
        self._console.print(text, style="bold red", markup=False)

    @contextmanager
    def step(self, what: str) -> Generator[None]:
        """Shows that `what` is under way, and how long it took when it is done."""
        began = time.monotonic()
        if not self._console.is_terminal:
            self.say(f"... {what}")
        with self._console.status(what):
            yield
        self.say(f"[green]ok[/green]  {what} ({time.monotonic() - began:.1f} s)")
