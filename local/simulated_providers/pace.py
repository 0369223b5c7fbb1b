"""How fast a simulated model answers. Knows no model but by what it is told."""

import asyncio
import math
import random
from dataclasses import dataclass

_PREFILL_TOKENS_PER_S = 20_000.0


@dataclass(frozen=True, slots=True)
class Pace:
    ttft_ms: float
    tokens_per_s: float


def guess_pace(model: str) -> Pace:
    """Fixed by the name, so that one model is always faster than another."""
    dice = random.Random(model)
    return Pace(ttft_ms=dice.uniform(150, 700), tokens_per_s=dice.uniform(60, 240))


@dataclass(frozen=True, slots=True)
class Clock:
    """Waits as a model would; `speed` 10 is ten times as fast, infinity waits for nothing.

    `spread` is how far first tokens vary, as the standard deviation of their logarithm.
    """

    speed: float = 1.0
    spread: float = 0.0

    async def wait_for_first_token(self, pace: Pace, *, prompt_tokens: int) -> None:
        ttft_ms = pace.ttft_ms * math.exp(random.gauss(0, self.spread))
        await self._wait_ms(ttft_ms + 1000 * prompt_tokens / _PREFILL_TOKENS_PER_S)

    async def wait_for_tokens(self, pace: Pace, *, tokens: int) -> None:
        await self._wait_ms(1000 * tokens / pace.tokens_per_s)

    async def _wait_ms(self, duration_ms: float) -> None:
        delay_s = duration_ms / 1000 / self.speed
        if delay_s > 0:
            await asyncio.sleep(delay_s)
