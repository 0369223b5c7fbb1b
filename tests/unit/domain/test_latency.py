"""Predicted latency: the card's prior at first, what was seen as answers come in."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pointsman.domain.latency import CONNECTION_MS, PRIOR_WEIGHT, LiveFigures, tempo_of
from pointsman.domain.model_card import Speed

SPEED = Speed(ttft_ms=400, tokens_per_s=100, source="test")
LENGTHS = (200, 1000)


def test_without_answers_the_cards_prior_holds() -> None:
    latency = tempo_of(SPEED, LiveFigures()).latency(*LENGTHS)
    assert latency.ttft_ms == CONNECTION_MS + 400
    assert latency.p50_ms == CONNECTION_MS + 400 + 2_000
    assert latency.p95_ms == CONNECTION_MS + 1_000 + 10_000


def test_prior_and_live_figures_weigh_the_same_after_as_many_answers_as_the_prior_is_worth() -> None:
    live = LiveFigures(answers=PRIOR_WEIGHT, ttft_ms_p50=800, ttft_ms_p95=2_000, tpot_us_p50=6_000, tpot_us_p95=20_000)
    latency = tempo_of(SPEED, live).latency(*LENGTHS)
    assert latency.ttft_ms == CONNECTION_MS + 600
    assert latency.p50_ms == CONNECTION_MS + 600 + 200 * 8
    assert latency.p95_ms == CONNECTION_MS + 1_500 + 1_000 * 15


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(0, 60_000))
def test_the_first_token_is_foreseen_between_prior_and_live(answers: int, seen_ms: int) -> None:
    live = LiveFigures(answers=answers, ttft_ms_p50=seen_ms, ttft_ms_p95=seen_ms)
    ttft_ms = tempo_of(SPEED, live).latency(*LENGTHS).ttft_ms - CONNECTION_MS
    assert min(400, seen_ms) <= ttft_ms <= max(400, seen_ms)


def test_where_no_answer_was_long_enough_to_tell_the_card_says_how_fast_tokens_come() -> None:
    curt = LiveFigures(answers=1_000_000, ttft_ms_p50=10, ttft_ms_p95=10)
    assert tempo_of(SPEED, curt).latency(*LENGTHS).p50_ms >= LENGTHS[0] * 1000 // SPEED.tokens_per_s


def test_a_connection_costs_what_calls_lately_paid_for_it() -> None:
    warm = LiveFigures(calls=1_000_000, connection_ms=0)
    assert tempo_of(SPEED, warm).latency(*LENGTHS).ttft_ms == SPEED.ttft_ms


def test_figures_fade_to_the_cards_prior_when_nothing_more_is_seen() -> None:
    slow = LiveFigures(calls=200, answers=200, connection_ms=40, ttft_ms_p50=9_000, ttft_ms_p95=9_000)
    foreseen = [tempo_of(SPEED, slow.after(age)).latency(*LENGTHS).ttft_ms for age in (0, 60, 300, 600)]
    assert foreseen == sorted(foreseen, reverse=True)
    assert foreseen[0] > 8_000
    assert foreseen[-1] == CONNECTION_MS + SPEED.ttft_ms
