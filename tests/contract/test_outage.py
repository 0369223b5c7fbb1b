"""An outage of every table in the middle of traffic: all requests are answered, none is lost and none counted twice."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog, put_document
from pointsman.adapters.dynamodb.audit_stream import read_entries
from pointsman.adapters.dynamodb.boto_tables import ReadingClient
from pointsman.adapters.dynamodb.budgets import DynamoDBBudgetBook
from pointsman.adapters.dynamodb.hot_tables import HotTables, find_endpoint
from pointsman.adapters.dynamodb.registry import DynamoDBModelRegistry
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.sessions import DynamoDBSessionBook
from pointsman.adapters.dynamodb.spend import DynamoDBSpendBook
from pointsman.adapters.dynamodb.table_stream import TableStream, connect_to_streams
from pointsman.adapters.dynamodb.tables import Operation, Tables, create_table
from pointsman.adapters.http_sessions import HttpSessions
from pointsman.adapters.providers.aws_credentials import find_aws_credentials
from pointsman.application.count_spend import count_spend
from pointsman.application.incoming import Incoming
from pointsman.bootstrap.router import Router, compose
from pointsman.domain.ledger import Subject
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.registry import Change
from pointsman.domain.request import ChatRequest, Message, TextPart
from pointsman.domain.spend import sum_up

from tests.fakes import make_card, make_registry, make_stage

pytestmark = pytest.mark.system
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CARD = make_card("one")
CALLER = Caller("team", budget_usd=Decimal(10), budget_period="day")
TABLES = {kind: f"outage-{kind}" for kind in ("registry", "audit", "sessions", "spend")}
EACH = 8


class Cuttable:
    """Tables whose line can be cut: then they are looked for where nobody listens."""

    def __init__(self, tables: HotTables) -> None:
        self._tables, self.is_cut = tables, False

    async def call(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]:
        tables = replace(self._tables, url="http://127.0.0.1:9/") if self.is_cut else self._tables
        return await tables.call(operation, **parameters)


def open_router(tables: Tables, lost: list[Mapping[str, Any]], told: list[str], clock: list[float]) -> Router:
    """Every look at the registry falls due at once; `lost` gets what the audit does not take."""
    outside = replace(
        make_stage([CARD]).router.outside,
        registry=DynamoDBModelRegistry(
            lambda: ReadingClient(tables), TABLES["registry"], on_stale=told.append, clock=lambda: _tick(clock)
        ),
        audit=DynamoDBAuditLog(tables, TABLES["audit"], keep_days=1, on_lost=lost.append),
        sessions=DynamoDBSessionBook(tables, TABLES["sessions"], on_blind=told.append),
        budgets=DynamoDBBudgetBook(tables, TABLES["spend"], on_blind=told.append, now=lambda: NOW),
    )
    return compose(outside, timeout_s=5, pepper=lambda: b"pepper")


def _tick(clock: list[float]) -> float:
    clock[0] += 60
    return clock[0]


async def ask(router: Router, first: int) -> None:
    for number in range(first, first + EACH):
        request = ChatRequest(messages=(Message("user", (TextPart("Hello"),)),))
        subject = Subject(f"gen-{number:012d}", NOW, "/v1/chat/completions", "team", "auto", streamed=False)
        incoming = Incoming(request, Preferences(), CALLER, subject, router.clock())
        answer = await router.route_request.answer(incoming)
        assert [event async for event in answer.events]


def test_requests_go_on_through_an_outage_and_each_is_counted_once_afterwards(
    client: Any, emulator_env: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in emulator_env.items():
        monkeypatch.setenv(name, value)
    for kind, name in TABLES.items():
        create_table(client, name, kind)
    versions = DynamoDBRegistryVersions(client, TABLES["registry"])
    versions.commit(replace(make_registry([CARD]), version=0), Change("seeder", NOW, "seeded"))
    lost, told = list[Mapping[str, Any]](), list[str]()
    sessions = HttpSessions(connections=5)
    line = Cuttable(HotTables(sessions.current, find_aws_credentials, *find_endpoint(emulator_env), tries=1))
    router = open_router(line, lost, told, [0.0])

    with asyncio.Runner() as runner:
        runner.run(ask(router, 0))
        assert (lost, told) == ([], [])
        line.is_cut = True
        runner.run(ask(router, EACH))
        assert len(lost) == EACH
        assert told
        assert {document["ledger"]["registry_version"] for document in lost} == {1}
        line.is_cut = False
        runner.run(ask(router, 2 * EACH))
        assert len(lost) == EACH
        budget_usd = runner.run(router.outside.budgets.spent_usd(CALLER))
        runner.run(sessions.close())

    assert [put_document(client, TABLES["audit"], document) for document in [*lost, *lost]] == [
        *[True] * EACH,
        *[False] * EACH,
    ]
    book = DynamoDBSpendBook(client, TABLES["spend"])
    for _ in range(2):
        for shard, records in TableStream(client, connect_to_streams(), TABLES["audit"]).batches():
            count_spend(book, shard, read_entries(records))
    items = client.scan(TableName=TABLES["audit"])["Items"]
    spent = sum_up(book.entries(NOW.date(), NOW.date()))
    assert (len(items), spent.requests) == (3 * EACH, 3 * EACH)
    assert spent.usd == sum(Decimal(item["cost_usd"]["S"]) for item in items) > 0
    # The budget knows of the outage's requests, too: what they cost was owed and then written.
    assert budget_usd == spent.usd
