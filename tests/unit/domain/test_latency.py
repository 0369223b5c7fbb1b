"""Predicted latency: the card's prior at first, what was seen as answers come in."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pointsman.domain.latency import CONNECTION_MS, PRIOR_WEIGHT, LiveFigures, predict_latency
from pointsman.domain.model_card import Speed

SPEED = Speed(ttft_ms=400, tokens_per_s=100, source="test")
LENGTHS = (200, 1000)


def test_without_answers_the_cards_prior_holds() -> None:
    latency = predict_latency(SPEED, LiveFigures(), output_tokens=LENGTHS)
    assert latency.ttft_ms == CONNECTION_MS + 400
    assert latency.p50_ms == CONNECTION_MS + 400 + 2_000
    assert latency.p95_ms == CONNECTION_MS + 1_000 + 10_000


def test_prior_and_live_figures_weigh_the_same_after_as_many_answers_as_the_prior_is_worth() -> None:
    live = LiveFigures(answers=PRIOR_WEIGHT, ttft_ms_p50=800, ttft_ms_p95=2_000, tokens_per_s=300)
    latency = predict_latency(SPEED, live, output_tokens=LENGTHS)
    assert latency.ttft_ms == CONNECTION_MS + 600
    assert latency.p50_ms == CONNECTION_MS + 600 + 1_000
    assert latency.p95_ms == CONNECTION_MS + 1_500 + 5_000


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 60_000))
def test_the_first_token_is_foreseen_between_prior_and_live(answers: int, seen_ms: int) -> None:
    live = LiveFigures(answers, ttft_ms_p50=seen_ms, ttft_ms_p95=seen_ms, tokens_per_s=100)
    ttft_ms = predict_latency(SPEED, live, output_tokens=LENGTHS).ttft_ms - CONNECTION_MS
    assert min(400, seen_ms) <= ttft_ms <= max(400, seen_ms)


def test_an_endpoint_that_never_wrote_a_token_still_has_a_latency() -> None:
    stalled = LiveFigures(answers=1_000_000, ttft_ms_p50=10, ttft_ms_p95=10)
    assert predict_latency(SPEED, stalled, output_tokens=LENGTHS).p50_ms >= LENGTHS[0] * 1000
