"""How long an answer will take, from live figures shrunk toward the model card's prior."""

from dataclasses import dataclass

from pointsman.domain.model_card import Speed

CONNECTION_MS = 40
# Until live quantiles say otherwise, the slow tail is taken as this multiple of the median.
TAIL_RATIO = 2.5
# Live figures count as much as the prior after this many answers.
PRIOR_WEIGHT = 20


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """What one endpoint of a model did lately over `answers` answers; `is_open` means that its breaker is."""

    answers: int = 0
    ttft_ms_p50: int = 0
    ttft_ms_p95: int = 0
    tokens_per_s: int = 0
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds to the last token, at the median and at the 95th percentile; `ttft_ms` to the first."""

    ttft_ms: int
    p50_ms: int
    p95_ms: int


def predict_latency(speed: Speed, live: LiveFigures, *, output_tokens: tuple[int, int]) -> Latency:
    """`output_tokens` at the median and at the 90th percentile of the predicted length."""
    ttft_ms = _shrink(live.ttft_ms_p50, speed.ttft_ms, live.answers)
    slow_ttft_ms = _shrink(live.ttft_ms_p95, round(speed.ttft_ms * TAIL_RATIO), live.answers)
    tokens_per_s = max(1, _shrink(live.tokens_per_s, speed.tokens_per_s, live.answers))
    usual, long = output_tokens
    return Latency(
        ttft_ms=CONNECTION_MS + ttft_ms,
        p50_ms=CONNECTION_MS + ttft_ms + usual * 1000 // tokens_per_s,
        p95_ms=CONNECTION_MS + slow_ttft_ms + long * 1000 // tokens_per_s,
    )


def _shrink(live: int, prior: int, answers: int) -> int:
    return (live * answers + prior * PRIOR_WEIGHT) // (answers + PRIOR_WEIGHT)
