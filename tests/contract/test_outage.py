"""An outage of every table in the middle of traffic: all requests are answered, none is lost and none counted twice."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog, put_document
from pointsman.adapters.dynamodb.audit_stream import read_entries
from pointsman.adapters.dynamodb.budgets import DynamoDBBudgetBook
from pointsman.adapters.dynamodb.registry import DynamoDBModelRegistry
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.sessions import DynamoDBSessionBook
from pointsman.adapters.dynamodb.spend import DynamoDBSpendBook
from pointsman.adapters.dynamodb.table_stream import TableStream, connect_to_streams
from pointsman.adapters.dynamodb.tables import create_table
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
    """A client whose line can be cut."""

    def __init__(self, client: Any) -> None:
        self._client, self.is_cut = client, False

    def __getattr__(self, name: str) -> Any:
        if self.is_cut and name != "exceptions":
            raise EndpointConnectionError(endpoint_url="http://nowhere")
        return getattr(self._client, name)


def open_router(client: Any, lost: list[Mapping[str, Any]], told: list[str], clock: list[float]) -> Router:
    """Every look at the registry falls due at once; `lost` gets what the audit does not take."""
    outside = replace(
        make_stage([CARD]).router.outside,
        registry=DynamoDBModelRegistry(client, TABLES["registry"], on_stale=told.append, clock=lambda: _tick(clock)),
        audit=DynamoDBAuditLog(client, TABLES["audit"], keep_days=1, on_lost=lost.append),
        sessions=DynamoDBSessionBook(client, TABLES["sessions"], on_blind=told.append),
        budgets=DynamoDBBudgetBook(lambda: client, TABLES["spend"], on_blind=told.append, now=lambda: NOW),
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
    lost, told, line = list[Mapping[str, Any]](), list[str](), Cuttable(client)
    router = open_router(line, lost, told, [0.0])

    asyncio.run(ask(router, 0))
    assert (lost, told) == ([], [])
    line.is_cut = True
    asyncio.run(ask(router, EACH))
    assert len(lost) == EACH
    assert told
    assert {document["ledger"]["registry_version"] for document in lost} == {1}
    line.is_cut = False
    asyncio.run(ask(router, 2 * EACH))
    assert len(lost) == EACH

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
    assert asyncio.run(router.outside.budgets.spent_usd(CALLER)) == spent.usd
