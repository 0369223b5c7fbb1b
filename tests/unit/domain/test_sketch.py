"""A sketch is the same however its calls arrive, and says of a stream what the whole stream would say."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pointsman.domain.latency import HALF_LIFE_S, LiveFigures
from pointsman.domain.sketch import SIZE, Sighting, Sketch, merge, summarise

NOW = 1_800_000_000.0


def _calls(count: int, *, seed: int = 1, span_s: float = 60.0) -> list[Sighting]:
    """Spread evenly over the last `span_s`, their times to first token lognormal around 500 ms."""
    draw = random.Random(seed)
    return [
        Sighting(
            id=f"gen-{seed}-{number}/0",
            ended_at=NOW - draw.uniform(0, span_s),
            failed=draw.random() < 0.1,
            connection_ms=draw.choice((0, 30)),
            ttft_ms=round(500 * math.exp(draw.gauss(0, 0.6))),
            tpot_us=round(10_000 * math.exp(draw.gauss(0, 0.4))),
        )
        for number in range(count)
    ]


def _in_batches(calls: list[Sighting], size: int) -> Sketch:
    sketch: Sketch = ()
    for start in range(0, len(calls), size):
        sketch = merge(sketch, calls[start : start + size])
    return sketch


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 3 * SIZE), st.integers(1, 200), st.randoms(use_true_random=False))
def test_order_batches_and_repetition_change_nothing(count: int, size: int, draw: random.Random) -> None:
    calls = _calls(count)
    again = calls + draw.choices(calls, k=count)
    draw.shuffle(again)
    assert _in_batches(again, size) == merge((), calls)


def test_sketches_of_two_shards_merge_to_that_of_all_calls() -> None:
    calls = _calls(2_000)
    left, right = merge((), calls[:1_200]), merge((), calls[800:])
    assert merge(left, right) == merge(right, left) == merge((), calls)
    assert len(merge(left, right)) == SIZE


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [100, 5_000])
def test_quantiles_are_those_of_all_calls_weighted_by_age(count: int, seed: int) -> None:
    calls = _calls(count, seed=seed, span_s=120)
    figures = summarise(merge((), calls), now=NOW)
    assert abs(_share_below(calls, figures.ttft_ms_p50) - 0.5) < 0.12
    assert abs(_share_below(calls, figures.ttft_ms_p95) - 0.95) < 0.05
    assert figures.failed_milli == pytest.approx(100, abs=80)
    # So many calls are left when each counts half after HALF_LIFE_S.
    assert figures.calls == pytest.approx(sum(map(_weight, calls)), rel=0.25)


def _share_below(calls: list[Sighting], ttft_ms: int) -> float:
    below = sum(_weight(call) for call in calls if (call.ttft_ms or 0) <= ttft_ms)
    return below / sum(map(_weight, calls))


def _weight(call: Sighting) -> float:
    return 0.5 ** ((NOW - call.ended_at) / HALF_LIFE_S)


def test_new_calls_outweigh_as_many_old_ones_after_a_half_life() -> None:
    fast = [replace(call, ttft_ms=100) for call in _calls(4_000, span_s=60)]
    slow = [replace(call, id=f"slow-{call.id}", ttft_ms=5_000, ended_at=call.ended_at + 45) for call in _calls(3_000)]
    slow = [call for call in slow if call.ended_at > NOW]
    figures = summarise(merge(merge((), fast), slow), now=NOW + 45)
    assert (figures.ttft_ms_p50, figures.ttft_ms_p95) == (5_000, 5_000)


def test_failures_count_as_calls_and_not_as_answers() -> None:
    failed = [Sighting(f"f/{number}", NOW, failed=True) for number in range(8)]
    figures = summarise(merge((), [*failed, Sighting("a/0", NOW, failed=False, ttft_ms=7)]), now=NOW)
    assert (figures.calls, figures.answers, figures.failed_milli, figures.ttft_ms_p50) == (9, 1, 889, 7)
    assert figures.is_failing


def test_an_empty_sketch_says_nothing() -> None:
    assert summarise((), now=NOW) == LiveFigures()
