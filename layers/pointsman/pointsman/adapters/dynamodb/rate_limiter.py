"""Limits of requests a minute, as one DynamoDB counter for each key and minute. Knows keys by their id alone.

A process leases requests from the counter in blocks: one at first, then each time as many again as it has had in this
minute, and half of it wherever so many are not left. So a key's requests cost a process a logarithmic number of writes,
and at most half of what it leased stays unused. A limit that takes many processes to reach is cut into slices, each
with its own counter, and a process keeps to one, so that no counter is written too often. A minute begins for all
processes at once; a burst across its edge can reach twice the limit.
"""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.tables import Tables, is_refused_by_condition, to_item
from pointsman.domain.errors import RateLimitedError
from pointsman.domain.preferences import Caller

MINUTE_S = 60
# A process has some 30 requests a minute in Lambda and leases them by six writes or so: 300 writes a second at most.
REQUESTS_A_SLICE = 100_000
# Long after any clock disagrees about the minute.
COUNTER_KEPT_S = 600


@dataclass(slots=True)
class _Lease:
    """What this process may still take in one minute, and the largest block that the counter may still have."""

    minute: int
    largest_block: int
    left: int = 0
    leased: int = 0


class DynamoDBRateLimiter:
    """Implements RateLimiter. While the table is out of reach each process holds the limit by itself, and says so."""

    def __init__(
        self, tables: Tables, table: str, *, on_blind: Callable[[str], None], now: Callable[[], float] = time.time
    ) -> None:
        self._tables, self._table, self._on_blind, self._now = tables, table, on_blind, now
        self._leases: dict[str, _Lease] = {}
        self._place = random.random()
        self._renewing = asyncio.Lock()

    async def admit(self, caller: Caller) -> None:
        limit = caller.requests_per_minute
        if limit is None:
            return
        async with self._renewing:
            lease = self._lease(caller.key_id, limit // slices_of(limit))
            if lease.left == 0 and lease.largest_block > 0:
                await self._renew(*self._slice(caller.key_id, limit), lease)
            if lease.left == 0:
                wait_s = MINUTE_S - int(self._now()) % MINUTE_S
                raise RateLimitedError(f"This key may send {limit} requests a minute.", retry_after_s=wait_s)
            lease.left -= 1

    def _lease(self, key_id: str, limit: int) -> _Lease:
        minute = int(self._now()) // MINUTE_S
        lease = self._leases.get(key_id)
        if lease is None or lease.minute != minute:
            self._leases = {other: kept for other, kept in self._leases.items() if kept.minute == minute}
            lease = self._leases[key_id] = _Lease(minute, largest_block=limit)
        return lease

    def _slice(self, key_id: str, limit: int) -> tuple[str, int]:
        slices = slices_of(limit)
        return (f"{key_id}/{int(self._place * slices)}" if slices > 1 else key_id), limit // slices

    async def _renew(self, key_id: str, limit: int, lease: _Lease) -> None:
        block = min(max(1, lease.leased), lease.largest_block)
        try:
            while block > 0 and not await self._take(key_id, lease.minute, block, limit):
                block = lease.largest_block = block // 2
        except (BotoCoreError, ClientError) as error:
            self._on_blind(f"{type(error).__name__}: {error}")
            block, lease.largest_block = limit, 0
        lease.left, lease.leased = block, lease.leased + block

    async def _take(self, key_id: str, minute: int, block: int, limit: int) -> bool:
        expires_at = minute * MINUTE_S + COUNTER_KEPT_S
        try:
            await self._tables.call(
                "UpdateItem",
                TableName=self._table,
                Key=to_item({"id": f"{key_id}#{minute}"}),
                UpdateExpression="ADD used :block SET expires_at = :expires_at",
                ConditionExpression="attribute_not_exists(used) OR used <= :most",
                ExpressionAttributeValues=to_item({":block": block, ":most": limit - block, ":expires_at": expires_at}),
            )
        except ClientError as error:
            if is_refused_by_condition(error):
                return False
            raise
        return True


def slices_of(requests_per_minute: int) -> int:
    return 1 + (requests_per_minute - 1) // REQUESTS_A_SLICE


class NoRateLimiter:
    """Implements RateLimiter where there is no table of limits: a local run with its one key."""

    async def admit(self, caller: Caller) -> None:
        pass
