"""Where the time of one request goes, lap by lap. Laps exclude those inside them, so that they add up to the whole."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

# What no lap claims: framing an answer, from its first content to its first byte.
REST: Final = "first_byte"
# Waiting for a provider is not our time.
UPSTREAM: Final = "upstream"


@dataclass(slots=True)
class Stopwatch:
    """`clock` gives seconds that never run backwards."""

    clock: Callable[[], float]
    _spent_s: dict[str, float] = field(default_factory=dict[str, float])
    _current: str = REST
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.clock()

    @contextmanager
    def lap(self, name: str) -> Generator[None, None, None]:
        outer = self._turn_to(name)
        try:
            yield
        finally:
            self._turn_to(outer)

    def spent_ms(self) -> Mapping[str, float]:
        """Milliseconds of each lap so far."""
        self._turn_to(self._current)
        return {name: seconds * 1000 for name, seconds in self._spent_s.items()}

    def overhead_ms(self) -> float:
        """All but the waiting for providers."""
        return sum(spent for name, spent in self.spent_ms().items() if name != UPSTREAM)

    def _turn_to(self, name: str) -> str:
        now, before = self.clock(), self._current
        self._spent_s[before] = self._spent_s.get(before, 0.0) + now - self._since
        self._current, self._since = name, now
        return before


_RUNNING: ContextVar[Stopwatch | None] = ContextVar("running", default=None)


def start_stopwatch(clock: Callable[[], float]) -> Stopwatch:
    """The watch of the request that the current task serves."""
    watch = Stopwatch(clock)
    _RUNNING.set(watch)
    return watch


@contextmanager
def lap(name: str) -> Generator[None, None, None]:
    """A lap of the current request's watch; outside a request it measures nothing."""
    watch = _RUNNING.get()
    if watch is None:
        yield
        return
    with watch.lap(name):
        yield
