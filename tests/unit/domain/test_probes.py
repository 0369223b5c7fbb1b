"""A slow or failing endpoint is left, and a few requests go on finding out whether it has recovered."""

from collections import Counter

import pytest
from pointsman.domain.candidate import PROBES_MILLI
from pointsman.domain.decision import decide
from pointsman.domain.errors import NoCandidateError
from pointsman.domain.latency import LiveFigures
from pointsman.domain.preferences import Preferences

from tests.fakes import make_card, make_situation

CARDS = (make_card("quick"), make_card("steady", speed=make_card("x").speed.__class__(700, 90, "test")))
SLOW = LiveFigures(calls=90, answers=90, ttft_ms_p50=9_000, ttft_ms_p95=20_000, tpot_us_p50=90_000, tpot_us_p95=90_000)
FAILING = LiveFigures(calls=9, failed_milli=600)
LATENCY = Preferences(objective="latency")


def _chosen(live: LiveFigures, preferences: Preferences = LATENCY, requests: int = 2_000) -> Counter[str]:
    seen = {"acme/quick@acme": live}
    situations = (make_situation(CARDS, preferences, live=seen, lot=f"gen-{lot}") for lot in range(requests))
    return Counter(decide(situation).chosen.candidate.id for situation in situations)


def test_the_quicker_card_is_chosen_while_nothing_else_is_known() -> None:
    assert _chosen(LiveFigures()) == {"acme/quick": 2_000}


@pytest.mark.parametrize("live", [SLOW, FAILING])
def test_all_but_a_few_requests_leave_a_slow_or_failing_endpoint(live: LiveFigures) -> None:
    probes = _chosen(live)["acme/quick"]
    assert 0.5 * PROBES_MILLI < probes / 2 < 1.5 * PROBES_MILLI


def test_a_caller_with_a_limit_of_his_own_is_no_probe() -> None:
    assert _chosen(SLOW, Preferences(objective="latency", max_latency_ms=30_000)) == {"acme/steady": 2_000}


def test_the_limit_itself_holds_against_live_figures() -> None:
    with pytest.raises(NoCandidateError):
        decide(make_situation(CARDS[:1], Preferences(max_latency_ms=9_000), live={"acme/quick@acme": SLOW}))


def test_few_failures_or_a_small_share_of_many_leave_an_endpoint_in() -> None:
    for live in (LiveFigures(calls=4, failed_milli=1000), LiveFigures(calls=400, failed_milli=400)):
        assert _chosen(live, requests=20) == {"acme/quick": 20}


def test_why_an_endpoint_is_left_out_stands_in_the_funnel() -> None:
    decision = decide(make_situation(CARDS, live={"acme/quick@acme": FAILING}, lot="gen-1"))
    (health,) = [step for step in decision.funnel if step.step == "health"]
    assert "60 % of its last calls failed" in str(health)
