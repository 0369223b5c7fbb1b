"""What keys have spent of their budgets, as DynamoDB counters. Knows keys by their id alone.

A request reserves what it may cost before it is sent and settles it afterwards. So all requests together spend more
than the limit only by what those under way cost above their reservation. In doubt money counts as spent: a reservation
whose settlement is lost stays until the period ends.

While the table is out of reach requests go on: each process counts by itself on top of what it knew, and writes that
as soon as it can.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.tables import Tables, from_item, is_refused_by_condition, to_item
from pointsman.domain.budget import Budget, elapsed_milli, period_name, slice_of, slices_of
from pointsman.domain.preferences import Caller

# For this long a process decides by what it last saw of a counter; a reservation always asks the counter itself.
REMEMBERED_S: Final = 5
MOST_REMEMBERED: Final = 4096
PAGE: Final = "budget"
NOTHING: Final = Decimal(0)


@dataclass(slots=True)
class _Seen:
    committed_usd: Decimal
    at: datetime


class DynamoDBBudgetBook:
    """Implements BudgetBook. `tables` must not try again by itself: what was added twice is spent twice."""

    def __init__(
        self,
        tables: Tables,
        table: str,
        *,
        on_blind: Callable[[str], None],
        now: Callable[[], datetime],
    ) -> None:
        self._tables, self._table, self._on_blind, self._now = tables, table, on_blind, now
        self._seen: dict[str, _Seen] = {}
        self._owed: dict[str, Decimal] = {}
        self._reserved: dict[str, tuple[str, Decimal]] = {}

    async def budget(self, request_id: str, caller: Caller) -> Budget | None:
        if caller.budget_usd is None:
            return None
        counter, limit_usd = self._slice(request_id, caller, caller.budget_usd)
        spent = await self._committed(counter) + self._owed.get(counter, NOTHING)
        return Budget(limit_usd, spent, elapsed_milli(caller.budget_period, self._now()))

    async def spent_usd(self, caller: Caller) -> Decimal:
        counters = self._counters(caller, slices_of(caller.budget_usd or NOTHING, caller.budget_period))
        return sum([await self._read(counter) for counter in counters], NOTHING)

    async def reserve(self, request_id: str, caller: Caller, usd: Decimal) -> bool:
        if caller.budget_usd is None or usd == 0:
            return True
        counter, limit_usd = self._slice(request_id, caller, caller.budget_usd)
        try:
            is_left = await self._add(counter, usd, at_most=limit_usd)
        except (BotoCoreError, ClientError) as error:
            self._on_blind(f"{type(error).__name__}: {error}")
            self._reserved[request_id] = counter, NOTHING
            return True
        if is_left:
            self._reserved[request_id] = counter, usd
        else:
            self._seen.pop(counter, None)
        return is_left

    async def settle(self, request_id: str, usd: Decimal) -> None:
        if request_id not in self._reserved:
            return
        counter, reserved = self._reserved.pop(request_id)
        difference = usd - reserved + self._owed.pop(counter, NOTHING)
        try:
            await self._add(counter, difference)
        except ClientError as error:
            self._owe(counter, difference, error)
        except BotoCoreError as error:
            # It may have been written all the same.
            self._owe(counter, max(NOTHING, difference), error)

    def _owe(self, counter: str, usd: Decimal, error: Exception) -> None:
        self._on_blind(f"{type(error).__name__}: {error}")
        self._owed[counter] = self._owed.get(counter, NOTHING) + usd

    async def _committed(self, counter: str) -> Decimal:
        seen = self._seen.get(counter)
        if seen is not None and (self._now() - seen.at).total_seconds() < REMEMBERED_S:
            return seen.committed_usd
        try:
            return self._note(counter, await self._read(counter))
        except (BotoCoreError, ClientError) as error:
            self._on_blind(f"{type(error).__name__}: {error}")
            return seen.committed_usd if seen else NOTHING

    def _note(self, counter: str, committed_usd: Decimal) -> Decimal:
        if len(self._seen) >= MOST_REMEMBERED:
            self._seen.clear()
        self._seen[counter] = _Seen(committed_usd, self._now())
        return committed_usd

    def _slice(self, request_id: str, caller: Caller, budget_usd: Decimal) -> tuple[str, Decimal]:
        slices = slices_of(budget_usd, caller.budget_period)
        return self._counters(caller, slices)[slice_of(request_id, slices)], budget_usd / slices

    def _counters(self, caller: Caller, slices: int) -> list[str]:
        name = period_name(caller.budget_period, self._now())
        return [f"{caller.key_id}/{name}/{number}" for number in range(slices)]

    async def _read(self, counter: str) -> Decimal:
        answer = await self._tables.call("GetItem", TableName=self._table, Key=_key(counter), ConsistentRead=True)
        return Decimal(from_item(answer["Item"])["committed_usd"]) if "Item" in answer else NOTHING

    async def _add(self, counter: str, usd: Decimal, *, at_most: Decimal | None = None) -> bool:
        """False where that would go beyond `at_most`."""
        if at_most is not None and usd > at_most:
            return False
        values, condition = {":usd": usd}, {}
        if at_most is not None:
            values[":room"] = at_most - usd
            condition = {"ConditionExpression": "attribute_not_exists(committed_usd) OR committed_usd <= :room"}
        try:
            written = await self._tables.call(
                "UpdateItem",
                TableName=self._table,
                Key=_key(counter),
                UpdateExpression="ADD committed_usd :usd",
                ExpressionAttributeValues=to_item(values),
                ReturnValues="UPDATED_NEW",
                **condition,
            )
        except ClientError as error:
            if is_refused_by_condition(error):
                return False
            raise
        self._note(counter, Decimal(from_item(written["Attributes"])["committed_usd"]))
        return True


def _key(counter: str) -> dict[str, Any]:
    return to_item({"key_id": counter, "page": PAGE})
