"""Where the time of one request goes, lap by lap. Laps exclude those inside them, so that they add up to the whole."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

# What no lap claims: framing an answer, from its first content to its first byte.
REST: Final = "first_byte"
# Waiting for a provider is not our time.
UPSTREAM: Final = "upstream"


@dataclass(slots=True)
class Lap:
    """A context, within which the watch counts for `name`."""

    watch: "Stopwatch | None"
    name: str
    _outer: str = REST

    def __enter__(self) -> None:
        if self.watch is not None:
            self._outer = self.watch.turn_to(self.name)

    def __exit__(self, *_: object) -> None:
        if self.watch is not None:
            self.watch.turn_to(self._outer)


@dataclass(slots=True)
class Stopwatch:
    """`clock` gives seconds that never run backwards."""

    clock: Callable[[], float]
    _spent_s: dict[str, float] = field(default_factory=dict[str, float])
    _current: str = REST
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        self._since = self.clock()

    def lap(self, name: str) -> Lap:
        return Lap(self, name)

    def spent_ms(self) -> Mapping[str, float]:
        """Milliseconds of each lap so far."""
        self.turn_to(self._current)
        return {name: seconds * 1000 for name, seconds in self._spent_s.items()}

    def overhead_ms(self) -> float:
        """All but the waiting for providers."""
        return sum(spent for name, spent in self.spent_ms().items() if name != UPSTREAM)

    def turn_to(self, name: str) -> str:
        """Begin the lap; the name of the one that was running."""
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


def lap(name: str) -> Lap:
    """A lap of the current request's watch; outside a request it measures nothing."""
    return Lap(_RUNNING.get(), name)
