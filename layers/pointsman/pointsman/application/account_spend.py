"""What a key has spent and what of its budget is left, for its holder."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from pointsman.application.ports import BudgetBook, SpendBook
from pointsman.domain.budget import period_start
from pointsman.domain.preferences import Caller
from pointsman.domain.spend import Entry, sum_up

# Before the first request that can have been counted.
BEGINNING: Final = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class KeyAccount:
    """US dollars since ever, and in the day, week and month that run now, in UTC; `left_usd` of the key's budget."""

    total_usd: Decimal
    day_usd: Decimal
    week_usd: Decimal
    month_usd: Decimal
    left_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class AccountSpend:
    """What was spent is some seconds old, what is left is not."""

    book: SpendBook
    budgets: BudgetBook

    async def account(self, caller: Caller, now: datetime) -> KeyAccount:
        entries = await asyncio.to_thread(self.book.entries, BEGINNING, now.date(), key_id=caller.key_id)
        day, week, month = (period_start(period, now).date() for period in ("day", "week", "month"))
        spent = (_since(start, entries) for start in (BEGINNING, day, week, month))
        return KeyAccount(*spent, left_usd=await self._left(caller))

    async def _left(self, caller: Caller) -> Decimal | None:
        if caller.budget_usd is None:
            return None
        return max(Decimal(0), caller.budget_usd - await self.budgets.spent_usd(caller))


def _since(start: date, entries: Sequence[Entry]) -> Decimal:
    return sum_up(entry for entry in entries if entry.day >= start).usd
