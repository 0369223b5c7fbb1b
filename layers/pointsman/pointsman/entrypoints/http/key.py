"""GET /key and GET /credits: what the caller's key has spent and what is left, in OpenRouter's words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pointsman.application.account_spend import AccountSpend, KeyAccount
from pointsman.domain.budget import BudgetPeriod
from pointsman.domain.preferences import Caller
from pointsman.entrypoints.http.arrival import Arrival, receive

LIMIT_RESET: Final[Mapping[BudgetPeriod, str | None]] = {
    "day": "daily",
    "week": "weekly",
    "month": "monthly",
    "total": None,
}


async def get_key(request: Request) -> Response:
    """What was spent is some seconds old; `limit_remaining` is what a request sees, reservations taken off."""
    arrival = await receive(request)
    return _tell(arrival, encode_key(arrival.caller, await _account(arrival)))


async def get_credits(request: Request) -> Response:
    """Of the caller's key. Without a budget there is no end to its credits, which is told as null."""
    arrival = await receive(request)
    account = await _account(arrival)
    total = None if account.left_usd is None else account.total_usd + account.left_usd
    return _tell(arrival, {"total_credits": _number(total), "total_usage": float(account.total_usd)})


def _tell(arrival: Arrival, data: Mapping[str, Any]) -> Response:
    return JSONResponse({"data": data}, headers=dict(arrival.headers))


async def _account(arrival: Arrival) -> KeyAccount:
    outside = arrival.router.outside
    return await AccountSpend(outside.spend, outside.budgets).account(arrival.caller, arrival.router.now())


def encode_key(caller: Caller, account: KeyAccount) -> dict[str, Any]:
    return {
        "label": caller.key_id,
        "limit": _number(caller.budget_usd),
        "limit_remaining": _number(account.left_usd),
        "limit_reset": None if caller.budget_usd is None else LIMIT_RESET[caller.budget_period],
        "usage": float(account.total_usd),
        "usage_daily": float(account.day_usd),
        "usage_weekly": float(account.week_usd),
        "usage_monthly": float(account.month_usd),
        # OpenRouter's name for calls with the caller's own key at a provider; here all keys are the operator's.
        "byok_usage": 0.0,
        "byok_usage_daily": 0.0,
        "byok_usage_weekly": 0.0,
        "byok_usage_monthly": 0.0,
        "include_byok_in_limit": False,
        "is_free_tier": False,
        "expires_at": None,
    }


def _number(usd: Decimal | None) -> float | None:
    return None if usd is None else float(usd)


ROUTES: Final = (
    Route("/key", get_key, methods=["GET"]),
    Route("/credits", get_credits, methods=["GET"]),
)
