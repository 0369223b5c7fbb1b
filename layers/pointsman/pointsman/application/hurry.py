"""How long a request may still wait for providers. Knows nothing of what sets its deadline."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from pointsman.domain.errors import ProviderError, ProviderFailure

EventT = TypeVar("EventT")
# A provider bills a prompt that it was given too late to answer.
LEAST_CALL_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Hurry:
    """`deadline` is in the seconds of `clock`, None where nothing presses; `timeout_s` bounds a call in any case."""

    deadline: float | None
    timeout_s: float
    clock: Callable[[], float]

    def left_s(self) -> float:
        """What a call may take that begins now."""
        return self.timeout_s if self.deadline is None else min(self.timeout_s, self.deadline - self.clock())

    def presses(self) -> bool:
        """Whether a call that begins now gets less time than is its due."""
        return self.left_s() < self.timeout_s

    def forbids_a_call(self) -> bool:
        return self.presses() and self.left_s() < LEAST_CALL_S

    def cut_off(self, events: AsyncGenerator[EventT, None], provider: str) -> AsyncGenerator[EventT, None]:
        """The events; ProviderError as soon as the deadline has passed, be it amid a silence."""
        return events if self.deadline is None else self._until(self.deadline, events, provider)

    async def _until(
        self, deadline: float, events: AsyncGenerator[EventT, None], provider: str
    ) -> AsyncGenerator[EventT, None]:
        while True:
            try:
                async with asyncio.timeout(deadline - self.clock()):
                    event = await anext(events)
            except StopAsyncIteration:
                return
            except TimeoutError as error:
                raise ProviderError(out_of_time(provider, "given up")) from error
            yield event


def out_of_time(provider: str, what: str) -> ProviderFailure:
    return ProviderFailure(provider, "timeout", f"{what}: the time for this request is over")
