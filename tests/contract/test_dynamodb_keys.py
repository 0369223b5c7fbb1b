"""API keys and their limits on an embedded emulator: who is let in, for how long, and how often."""

import asyncio
import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.dynamodb.key_store import DynamoDBKeyStore
from pointsman.adapters.dynamodb.keys import KEPT_IN_AN_OUTAGE_S, REMEMBERED_S, DynamoDBApiKeys, SingleApiKey
from pointsman.adapters.dynamodb.rate_limiter import REQUESTS_A_SLICE, DynamoDBRateLimiter, NoRateLimiter, slices_of
from pointsman.adapters.dynamodb.tables import Operation, Tables
from pointsman.application.ports import RateLimiter
from pointsman.domain.errors import AccessUnavailableError, AuthenticationError, NotFoundError, RateLimitedError
from pointsman.domain.preferences import Caller
from pointsman.entrypoints.cli.program import main
from typer.testing import CliRunner

from local import ministack

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
]
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
EVERYTHING = Caller(
    key_id="team",
    allowed_models=("acme/*",),
    role="operator",
    objectives=("cost", "balanced"),
    zero_retention=True,
    no_training=True,
    requests_per_minute=60,
    budget_usd=Decimal("12.50"),
    budget_period="day",
)


def create(client: Any, table: str, caller: Caller = EVERYTHING) -> str:
    return DynamoDBKeyStore(client, table).create(caller, pepper=b"p", now=NOW)


def open_keys(
    client: Any, table: str, pepper: bytes = b"p", clock: Callable[[], float] = lambda: 0.0
) -> DynamoDBApiKeys:
    return DynamoDBApiKeys(BotoTables(client), table, pepper=lambda: pepper, clock=clock)


def test_what_a_key_allows_is_read_back_whole_from_the_keys(client: Any, table: str) -> None:
    for made in (EVERYTHING, Caller("plain")):
        key = create(client, table, made)
        caller = asyncio.run(open_keys(client, table).caller(key))
        assert caller == replace(made, key_id=f"{made.key_id}-{key[3:9]}")


def test_only_the_right_key_opens_the_keys(client: Any, table: str) -> None:
    key = create(client, table)
    keys = open_keys(client, table)
    assert asyncio.run(keys.caller(key)).allowed_models == ("acme/*",)
    for wrong in (key[:-1] + "?", "pm-unknown-key-of-nobody", "x"):
        with pytest.raises(AuthenticationError):
            asyncio.run(keys.caller(wrong))
    with pytest.raises(AuthenticationError):
        asyncio.run(open_keys(client, table, pepper=b"other").caller(key))


def test_neither_the_key_nor_what_it_could_be_guessed_from_lies_in_the_keys(client: Any, table: str) -> None:
    key = create(client, table)
    (item,) = client.scan(TableName=table)["Items"]
    assert key not in repr(item)
    assert len(item["digest"]["S"]) == 64
    # 43 characters hold the 256 random bits; the item tells nine of them.
    assert (len(key), len(item["prefix"]["S"])) == (46, 12)


def test_a_revoked_key_is_refused_within_a_minute_by_who_remembers_it_from_the_keys(client: Any, table: str) -> None:
    now = 0.0
    key, store = create(client, table), DynamoDBKeyStore(client, table)
    keys = open_keys(client, table, clock=lambda: now)
    key_id = asyncio.run(keys.caller(key)).key_id
    store.revoke(key_id, now=NOW)
    now = REMEMBERED_S - 0.1
    assert asyncio.run(keys.caller(key)).key_id == key_id
    now = REMEMBERED_S
    with pytest.raises(AuthenticationError):
        asyncio.run(keys.caller(key))
    with pytest.raises(AuthenticationError):
        asyncio.run(open_keys(client, table).caller(key))
    assert REMEMBERED_S <= 60


def test_a_key_revoked_while_it_is_looked_up_is_remembered_no_longer_for_that_from_the_keys(
    client: Any, table: str
) -> None:
    now = 0.0

    @dataclass(frozen=True, slots=True)
    class Slow:
        """The answer is of the moment of the question, and comes ten seconds later."""

        tables: Tables

        async def call(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]:
            nonlocal now
            answer = await self.tables.call(operation, **parameters)
            now += 10
            return answer

    key = create(client, table)
    keys = DynamoDBApiKeys(Slow(BotoTables(client)), table, pepper=lambda: b"p", clock=lambda: now)
    key_id = asyncio.run(keys.caller(key)).key_id
    DynamoDBKeyStore(client, table).revoke(key_id, now=NOW)
    now = REMEMBERED_S
    with pytest.raises(AuthenticationError):
        asyncio.run(keys.caller(key))


def test_revoking_twice_keeps_the_first_moment_in_the_keys(client: Any, table: str) -> None:
    store = DynamoDBKeyStore(client, table)
    create(client, table)
    (entry,) = store.list()
    assert (entry.created_at, entry.revoked_at) == ("2026-11-27T12:00:00+00:00", None)
    for hour in (13, 14):
        store.revoke(entry.caller.key_id, now=NOW.replace(hour=hour))
    assert [kept.revoked_at for kept in store.list()] == ["2026-11-27T13:00:00+00:00"]
    with pytest.raises(NotFoundError, match="nobody"):
        store.revoke("nobody", now=NOW)


def test_an_operator_makes_lists_and_revokes_at_the_command_line_the_keys(
    client: Any, table: str, emulator_env: Mapping[str, str]
) -> None:
    env = {**emulator_env, "POINTSMAN_KEYS_TABLE": table, "POINTSMAN_KEY_PEPPER_SECRET": "A_PEPPER", "A_PEPPER": "p"}

    def run(*arguments: str) -> str:
        ended = CliRunner().invoke(main, ["keys", *arguments], env={**env, "COLUMNS": "80"})
        assert ended.exit_code == 0, ended.output
        return ended.output.strip()

    key = run("create", "team", "--role", "operator", "--objective", "cost", "--budget-usd", "12.50")
    (listed,) = json.loads(run("list", "--json"))
    assert (listed["role"], listed["objectives"], listed["budget_usd"]) == ("operator", ["cost"], "12.5")
    assert asyncio.run(open_keys(client, table).caller(key)).budget_usd == Decimal("12.50")
    assert listed["key_id"] in run("list")
    assert run("revoke", listed["key_id"]).endswith("revoked")
    assert json.loads(run("list", "--json"))[0]["revoked_at"] is not None
    with pytest.raises(AuthenticationError):
        asyncio.run(open_keys(client, table).caller(key))


def test_in_an_outage_a_good_key_stays_good_for_a_while_as_the_keys(client: Any, table: str) -> None:
    now = 0.0
    key = create(client, table)
    keys = open_keys(client, table, clock=lambda: now)
    caller = asyncio.run(keys.caller(key))
    client.delete_table(TableName=table)
    now = KEPT_IN_AN_OUTAGE_S - 1
    assert asyncio.run(keys.caller(key)) == caller
    now = KEPT_IN_AN_OUTAGE_S
    for unsure in (key, "pm-never-seen-before"):
        with pytest.raises(AccessUnavailableError):
            asyncio.run(keys.caller(unsure))


def test_the_local_key_is_compared_whole() -> None:
    assert asyncio.run(SingleApiKey("dev").caller("dev")).role == "operator"
    with pytest.raises(AuthenticationError):
        asyncio.run(SingleApiKey("dev").caller("de"))


async def admitted(limiter: RateLimiter, caller: Caller, times: int) -> int:
    """How many of so many requests are let in."""
    count = 0
    for _ in range(times):
        try:
            await limiter.admit(caller)
            count += 1
        except RateLimitedError:
            pass
    return count


class CountingClient:
    """The client, and how many counters it was made to write."""

    def __init__(self, client: Any) -> None:
        self._client, self.writes = client, 0
        self.exceptions = client.exceptions

    def update_item(self, **wanted: Any) -> Any:
        self.writes += 1
        return self._client.update_item(**wanted)


def limiter_on(client: Any, table: str, now: Callable[[], float] = lambda: 60.0) -> DynamoDBRateLimiter:
    return DynamoDBRateLimiter(BotoTables(client), table, on_blind=pytest.fail, now=now)


def test_one_process_lets_in_exactly_the_limit_at_few_writes_of_the_limits(client: Any, table: str) -> None:
    for limit in (1, 7, 64, 1000):
        counting = CountingClient(client)
        caller = Caller(f"key-{limit}", requests_per_minute=limit)
        assert asyncio.run(admitted(limiter_on(counting, table), caller, 2 * limit)) == limit
        assert counting.writes <= 3 * math.ceil(math.log2(limit)) + 2


def test_processes_share_one_limit_of_the_limits(client: Any, table: str) -> None:
    caller = Caller("key", requests_per_minute=40)
    limiters = [limiter_on(client, table) for _ in range(4)]

    async def ask_all() -> int:
        return sum([await admitted(limiter, caller, 1) for _ in range(40) for limiter in limiters])

    assert asyncio.run(ask_all()) == 40


def test_a_large_limit_is_counted_in_slices_that_hold_it_together_in_the_limits(client: Any, table: str) -> None:
    caller = Caller("key", requests_per_minute=5 * REQUESTS_A_SLICE)
    limiters = [limiter_on(client, table) for _ in range(40)]
    for limiter in limiters:
        asyncio.run(limiter.admit(caller))
    items = client.scan(TableName=table)["Items"]
    assert 1 < len(items) <= slices_of(5 * REQUESTS_A_SLICE) == 5
    assert sum(int(item["used"]["N"]) for item in items) == len(limiters)
    (one, *_) = [item["id"]["S"].split("#")[0] for item in items]
    assert one.startswith("key/")


def test_the_next_minute_begins_anew_in_the_limits(client: Any, table: str) -> None:
    now = 60.0
    caller = Caller("key", requests_per_minute=2)
    limiter = limiter_on(client, table, now=lambda: now)
    assert asyncio.run(admitted(limiter, caller, 5)) == 2
    now = 119.0
    with pytest.raises(RateLimitedError) as refused:
        asyncio.run(limiter.admit(caller))
    assert refused.value.retry_after_s == 1
    now = 120.0
    assert asyncio.run(admitted(limiter, caller, 5)) == 2


def test_counters_do_not_stay_in_the_limits(client: Any, table: str) -> None:
    asyncio.run(limiter_on(client, table).admit(Caller("key", requests_per_minute=5)))
    (item,) = client.scan(TableName=table)["Items"]
    assert (item["id"]["S"], item["used"]["N"], item["expires_at"]["N"]) == ("key#1", "1", "660")


def test_without_the_table_a_process_holds_the_limit_by_itself_and_says_so_once(client: Any) -> None:
    told: list[str] = []
    limiter = DynamoDBRateLimiter(BotoTables(client), "no-such-limits", on_blind=told.append, now=lambda: 60.0)
    assert asyncio.run(admitted(limiter, Caller("key", requests_per_minute=5), 20)) == 5
    assert len(told) == 1


def test_a_key_without_a_limit_costs_nothing(client: Any) -> None:
    counting = CountingClient(client)
    for limiter in (limiter_on(counting, "no-such-limits"), NoRateLimiter()):
        assert asyncio.run(admitted(limiter, Caller("key"), 3)) == 3
    assert counting.writes == 0
