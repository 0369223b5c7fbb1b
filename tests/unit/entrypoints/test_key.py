"""GET /key and /credits: a key's spend and what is left of its budget, in OpenRouter's shape."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from pointsman.bootstrap.router import Router
from pointsman.domain.budget import BudgetPeriod
from pointsman.domain.preferences import Caller
from pointsman.domain.spend import Entry, Numbered, Spent

from tests.fakes import Stage, make_card, make_stage
from tests.unit.entrypoints.asking import ask


def stage_for(caller: Caller) -> Stage:
    """Of three dollars, one was spent a day: today, yesterday and forty days ago; others spent more."""
    stage = make_stage([make_card("one")])
    today = stage.router.now().date()
    for place, days in enumerate((0, 1, 40)):
        for key_id, usd in ((caller.key_id, 1), ("others", 50)):
            _spend(stage, key_id, today - timedelta(days=days), Decimal(usd), place)
    return replace(stage, router=_with_caller(stage.router, caller))


def _spend(stage: Stage, key_id: str, day: date, usd: Decimal, place: int) -> None:
    stage.spend.count(key_id, day, "shard", [Numbered(place, Entry(key_id, day, "acme/one", "math", Spent(1, usd)))])


def _with_caller(router: Router, caller: Caller) -> Router:
    class Keys:
        async def caller(self, key: str) -> Caller:
            return caller

    return replace(router, outside=replace(router.outside, keys=Keys()))


def told(stage: Stage, path: str) -> Any:
    answer = ask(stage, path)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


@pytest.mark.parametrize(
    ("period", "reset"), [("day", "daily"), ("week", "weekly"), ("month", "monthly"), ("total", None)]
)
def test_a_key_with_a_budget_is_told_what_is_left_and_when_it_begins_anew(
    period: BudgetPeriod, reset: str | None
) -> None:
    stage = stage_for(Caller("team", budget_usd=Decimal(10), budget_period=period))
    stage.budgets.spent["team"] = Decimal("2.5")
    key = told(stage, "/v1/key")
    assert (key["label"], key["limit"], key["limit_remaining"], key["limit_reset"]) == ("team", 10, 7.5, reset)
    assert (key["usage"], key["usage_daily"]) == (3, 1)
    # Yesterday may have been another week or month, forty days ago always was.
    assert {key["usage_weekly"], key["usage_monthly"]} <= {1, 2}
    assert told(stage, "/v1/credits") == {"total_credits": 10.5, "total_usage": 3}


def test_a_key_without_a_budget_has_no_limit() -> None:
    stage = stage_for(Caller("team"))
    key = told(stage, "/v1/key")
    assert (key["limit"], key["limit_remaining"], key["limit_reset"], key["usage"]) == (None, None, None, 3)
    assert told(stage, "/v1/credits") == {"total_credits": None, "total_usage": 3}


@pytest.mark.parametrize("path", ["/v1/key", "/api/v1/key", "/v1/credits"])
def test_nobody_is_told_without_a_key(path: str) -> None:
    assert ask(stage_for(Caller("team")), path, headers={}).status_code == 401
