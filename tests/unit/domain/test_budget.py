"""A budget's pace: all where money lasts as long as time, less where it does not; never above the limit."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointsman.domain.budget import (
    MOST_SLICES,
    Budget,
    BudgetPeriod,
    elapsed_milli,
    pace_milli,
    period_name,
    slice_of,
    slices_of,
)
from pointsman.domain.candidate import Situation
from pointsman.domain.decision import decide
from pointsman.domain.documents.ledger import decision_document
from pointsman.domain.documents.situation import decode_situation, encode_situation
from pointsman.domain.preferences import Preferences
from pointsman.domain.registry import Objective

from tests.fakes import make_card, make_situation

CARDS = [
    make_card("cheap", ability=500, usd="0.1"),
    make_card("mid", ability=1500, usd="1"),
    make_card("dear", ability=2500, usd="5"),
]
milli = st.integers(0, 1000)


def budget(spent_milli: int, elapsed: int) -> Budget:
    return Budget(Decimal(10), Decimal(spent_milli) / 100, elapsed)


def situation(spent_milli: int, elapsed: int, objective: Objective = "balanced") -> Situation:
    preferences = Preferences(objective=objective)
    return make_situation(
        CARDS, preferences, budget=budget(spent_milli, elapsed), policy={"willingness_to_pay_usd": Decimal(1)}
    )


@given(milli, milli, milli)
def test_the_more_is_spent_the_less_a_request_is_worth_and_the_later_the_more(
    spent: int, more: int, elapsed: int
) -> None:
    low, high = sorted((spent, more))
    assert 1 <= pace_milli(budget(high, elapsed)) <= pace_milli(budget(low, elapsed)) <= 1000
    assert pace_milli(budget(elapsed, low)) <= pace_milli(budget(elapsed, high))


@given(milli, milli)
def test_who_spends_no_faster_than_time_goes_by_is_not_slowed_down(spent: int, elapsed: int) -> None:
    assert (pace_milli(budget(spent, elapsed)) == 1000) == (spent <= elapsed) or spent == 1000


@pytest.mark.parametrize(("spent", "pace"), [(500, 1000), (525, 660), (625, 99), (1000, 1)])
def test_the_pace_at_half_of_the_time(spent: int, pace: int) -> None:
    assert pace_milli(budget(spent, 500)) == pace


def test_without_a_budget_nothing_is_slowed_down() -> None:
    assert pace_milli(None) == 1000


@pytest.mark.parametrize("objective", ["balanced", "quality"])
def test_quality_falls_step_by_step_as_money_runs_short(objective: Objective) -> None:
    chosen = [decide(situation(spent, 0, objective)).chosen for spent in range(0, 1000, 10)]
    assert all(later.quality.mean_milli <= sooner.quality.mean_milli for sooner, later in pairwise(chosen))
    assert [card.id for card in CARDS][::-1] == list(dict.fromkeys(one.candidate.id for one in chosen))


def test_a_floor_that_the_caller_named_stays() -> None:
    short = situation(990, 0)
    wanted = Preferences(objective="cost", min_quality_milli=850)
    decision = decide(make_situation(CARDS, wanted, budget=short.budget))
    assert decision.chosen.quality.mean_milli >= 850
    assert decision.aim.min_quality_milli == 850


@given(milli, milli)
def test_a_decision_within_a_budget_is_derived_again_to_the_bit(spent: int, elapsed: int) -> None:
    before = situation(min(spent, 990), elapsed)
    told = decision_document(decide(before))
    stored = json.loads(json.dumps(encode_situation(before)))
    assert decision_document(decide(decode_situation(stored, before.registry))) == told
    wtp = Decimal(told["objective"]["willingness_to_pay_usd"])
    assert wtp == before.registry.policy.willingness_to_pay_usd * Decimal(str(told["budget"]["pace"]))


@pytest.mark.parametrize(
    ("period", "name", "elapsed"),
    [("day", "2026-11-27", 750), ("week", "2026-W48", 678), ("month", "2026-11", 891), ("total", "total", 800)],
)
def test_periods_have_names_and_ends(period: BudgetPeriod, name: str, elapsed: int) -> None:
    now = datetime(2026, 11, 27, 18, tzinfo=UTC)
    assert (period_name(period, now), elapsed_milli(period, now)) == (name, elapsed)
    start = datetime(2026, 11, 1, tzinfo=UTC)
    assert elapsed_milli("month", start) == 0


def test_only_a_large_budget_is_cut_into_slices_and_requests_fall_on_all_of_them() -> None:
    assert [slices_of(Decimal(usd), "day") for usd in (1, 4999, 5000, 25_000, 10**9)] == [1, 1, 2, 6, MOST_SLICES]
    assert slices_of(Decimal(25_000), "month") == 1
    assert {slice_of(f"gen-{number}", 6) for number in range(100)} == set(range(6))
