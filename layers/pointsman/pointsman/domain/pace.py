"""How fast a model wrote, from when its answer began and ended."""

from dataclasses import dataclass

from pointsman.domain.model_card import Speed

# Of fewer tokens the time between them is mostly the network's.
LEAST_TOKENS = 8


@dataclass(frozen=True, slots=True)
class Pace:
    """Milliseconds to the first content, and microseconds for each further token where there were enough."""

    ttft_ms: int
    tpot_us: int | None


def pace_of_stream(first_ms: int, rest_ms: int, *, tokens: int) -> Pace:
    """`tokens` are those that came in `rest_ms`, after the first content."""
    return Pace(first_ms, round(rest_ms * 1000 / tokens) if tokens >= LEAST_TOKENS and rest_ms else None)


def pace_of_whole(whole_ms: int, *, tokens: int, speed: Speed) -> Pace:
    """An answer that came at once tells only the sum: it is split as the model card splits it."""
    writing_ms = tokens * 1000 / max(1, speed.tokens_per_s)
    slowness = whole_ms / max(1.0, speed.ttft_ms + writing_ms)
    tpot_us = round(slowness * writing_ms * 1000 / tokens) if tokens >= LEAST_TOKENS else None
    return Pace(round(slowness * speed.ttft_ms), tpot_us)
