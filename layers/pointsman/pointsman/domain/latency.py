"""How long an answer will take, from live figures shrunk toward the model card's prior."""

from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from pointsman.domain.model_card import Speed

CONNECTION_MS = 40
# Until live quantiles say otherwise, the slow tail is taken as this multiple of the median.
TAIL_RATIO = 2.5
# Live figures count as much as the prior after this many answers.
PRIOR_WEIGHT = 20
# After so long a call counts half: short enough that a slow provider is left within a minute.
HALF_LIFE_S = 30.0
# An endpoint counts as failing where half of its calls did, and of so many at least.
FAILING_MILLI = 500
LEAST_CALLS = 5


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """What one endpoint of a model did lately.

    `calls` counts what there is to go by, each call half after HALF_LIFE_S; `answers` those among them whose speed is
    known. Quantiles are 0 where nothing is known. `is_open` means that this process's breaker is.
    """

    calls: int = 0
    answers: int = 0
    connection_ms: int = 0
    ttft_ms_p50: int = 0
    ttft_ms_p95: int = 0
    tpot_us_p50: int = 0
    tpot_us_p95: int = 0
    failed_milli: int = 0
    is_open: bool = False

    @property
    def is_failing(self) -> bool:
        return self.calls >= LEAST_CALLS and self.failed_milli >= FAILING_MILLI

    def after(self, elapsed_s: float) -> "LiveFigures":
        """The same figures when nothing more was seen for so long: worth less, and so nearer to the prior."""
        left = 0.5 ** (elapsed_s / HALF_LIFE_S)
        return replace(self, calls=round(self.calls * left), answers=round(self.answers * left))


# Of an endpoint that did nothing lately.
QUIET: Final = LiveFigures()


class Latency(NamedTuple):
    """Milliseconds to the last token, at the median and at the 95th percentile; `ttft_ms` to the first."""

    ttft_ms: int
    p50_ms: int
    p95_ms: int


class Tempo(NamedTuple):
    """How long an endpoint takes to its first token and for each further one: usually, and in the slow tail."""

    ttft_ms: int
    slow_ttft_ms: int
    tpot_us: int
    slow_tpot_us: int

    def latency(self, usual_tokens: int, long_tokens: int) -> Latency:
        """Of an answer that is usually so long, and at the 90th percentile of the predicted length so long."""
        return Latency(
            self.ttft_ms,
            self.ttft_ms + usual_tokens * self.tpot_us // 1000,
            self.slow_ttft_ms + long_tokens * self.slow_tpot_us // 1000,
        )


def tempo_of(speed: Speed, live: LiveFigures = QUIET) -> Tempo:
    tpot_us = 1_000_000 // max(1, speed.tokens_per_s)
    connection_ms = _shrink(live.connection_ms, CONNECTION_MS, live.calls)
    return Tempo(
        connection_ms + _shrink(live.ttft_ms_p50, speed.ttft_ms, live.answers),
        connection_ms + _shrink(live.ttft_ms_p95, round(speed.ttft_ms * TAIL_RATIO), live.answers),
        _shrink(live.tpot_us_p50 or tpot_us, tpot_us, live.answers),
        _shrink(live.tpot_us_p95 or tpot_us, tpot_us, live.answers),
    )


def _shrink(live: int, prior: int, answers: int) -> int:
    return (live * answers + prior * PRIOR_WEIGHT) // (answers + PRIOR_WEIGHT)
