"""A key's budget: how much of it is left, of how much of its time, and what a request may be worth in that light.

A large budget is cut into slices, each counted by itself, so that no single counter is written too often; a request
belongs to one slice by its id.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Final, Literal

# When what was spent counts anew; a `total` never does. In UTC; weeks begin on Monday.
BudgetPeriod = Literal["day", "week", "month", "total"]
# A budget that never begins anew is spent as usual down to its last fifth.
TOTAL_ELAPSED_MILLI: Final = 800
SQUARINGS: Final = 3
# A counter takes 500 requests a second (two writes each). At a hundredth of a cent each, that many spend this in a day.
USD_PER_DAY_AND_SLICE: Final = 5_000
MOST_SLICES: Final = 64
DAYS: Final[Mapping[BudgetPeriod, int]] = {"day": 1, "week": 7, "month": 30, "total": 1}


@dataclass(frozen=True, slots=True)
class Budget:
    """One slice as it stood when a request came: US dollars spent or reserved, thousandths of its period gone by."""

    limit_usd: Decimal
    spent_usd: Decimal
    elapsed_milli: int

    @property
    def left_usd(self) -> Decimal:
        return max(Decimal(0), self.limit_usd - self.spent_usd)


def pace_milli(budget: Budget | None) -> int:
    """What the key is willing to pay now, in thousandths of what it is with money enough; from 1 to 1000.

    As long as the share of money left is not below the share of time left, all of it. Below, the eighth power of what
    the one is of the other, for prices lie decades apart: with 95 % as much money as time two thirds, with 75 % a
    tenth.
    """
    if budget is None:
        return 1000
    left_milli = int(1000 * budget.left_usd / budget.limit_usd)
    pace = min(1000, 1000 * left_milli // max(1, 1000 - budget.elapsed_milli))
    for _ in range(SQUARINGS):
        pace = pace * pace // 1000
    return max(1, pace)


def slices_of(limit_usd: Decimal, period: BudgetPeriod) -> int:
    return min(MOST_SLICES, 1 + int(limit_usd / DAYS[period] / USD_PER_DAY_AND_SLICE))


def slice_of(request_id: str, slices: int) -> int:
    return int.from_bytes(sha256(request_id.encode()).digest()[:8], "big") % slices


def period_name(period: BudgetPeriod, now: datetime) -> str:
    """The same all through one period, such as `2026-11`."""
    year, week, _ = now.isocalendar()
    names = {"day": now.date().isoformat(), "week": f"{year}-W{week:02d}", "month": f"{now:%Y-%m}", "total": "total"}
    return names[period]


def elapsed_milli(period: BudgetPeriod, now: datetime) -> int:
    """Thousandths of the period that have gone by."""
    if period == "total":
        return TOTAL_ELAPSED_MILLI
    start = period_start(period, now)
    end = period_start(period, start + timedelta(days=31 if period == "month" else DAYS[period]))
    return int(1000 * (now - start) / (end - start))


def period_start(period: BudgetPeriod, now: datetime) -> datetime:
    """Of a period that begins anew; the day's beginning for a total."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if period == "week":
        return midnight - timedelta(days=now.weekday())
    return midnight.replace(day=1) if period == "month" else midnight
