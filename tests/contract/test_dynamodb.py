"""The DynamoDB adapters on an embedded emulator: what the ports promise, the tables keep."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from pointsman.adapters.audit_lines import format_audit_line, read_audit_lines
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog, put_document
from pointsman.adapters.dynamodb.registry import (
    DynamoDBModelRegistry,
    DynamoDBRegistryStore,
    read_registry,
    write_registry,
)
from pointsman.adapters.dynamodb.tables import create_table
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.application.onboard_model import OnboardModel
from pointsman.application.ports import AuditLog, RegistryStore
from pointsman.domain.ability import AbilityItems, AbilityPrior
from pointsman.domain.errors import NotFoundError, RegistryError
from pointsman.domain.item_response import Item
from pointsman.domain.ledger import AuditRecord, Rejection, Subject
from pointsman.domain.model_card import ModelClass
from pointsman.domain.onboarding import PoolPrompt
from pointsman.domain.registry import Registry

from local import ministack
from tests.fakes import SHA, TODAY, InMemoryAuditLog, InMemoryRegistryStore, make_card, make_registry

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
]


def make_record(identity: str) -> AuditRecord:
    subject = Subject(identity, datetime(2026, 11, 22, tzinfo=UTC), "/v1/route", "me", "auto", streamed=False)
    return AuditRecord(subject, "rejected", rejection=Rejection("RequestError", "no", "model"))


def test_a_registry_comes_back_as_it_was_written_to_the_registry(client: Any, table: str) -> None:
    store, written = DynamoDBRegistryStore(client, table), read_seed_registry()
    assert store.read() is None
    assert store.write(written) == 1
    by_id = tuple(sorted(written.cards, key=lambda card: card.id))
    assert store.read() == replace(written, version=1, cards=by_id)
    assert store.write(written) == 2


def test_a_card_that_is_no_longer_in_the_files_leaves_the_registry(client: Any, table: str) -> None:
    store = DynamoDBRegistryStore(client, table)
    store.write(make_registry([make_card("one"), make_card("two")]))
    store.write(make_registry([make_card("one")]))
    assert store.read() == replace(make_registry([make_card("one")]), version=2)


def test_grades_are_kept_one_by_one_in_the_fakes_and_the_tables_registry(client: Any, table: str) -> None:
    def grade_twice(store: RegistryStore) -> Registry | None:
        store.write(make_registry([make_card("new"), make_card("other")]))
        items = AbilityItems(SHA, {}, dict.fromkeys(get_args(ModelClass), AbilityPrior((0.5,), (1.0,))))
        onboard = OnboardModel(store, items)
        for number, score_milli in enumerate((1000, 250)):
            prompt = PoolPrompt(f"p{number}", Item((1.234,), -0.5))
            assert onboard.grade("acme/new", prompt, score_milli=score_milli, as_of=TODAY) == number + 2
        return store.read()

    kept = grade_twice(DynamoDBRegistryStore(client, table))
    assert kept == grade_twice(InMemoryRegistryStore())
    assert kept is not None
    graded = kept.cards[0].gradings[0].answers
    assert [(answer.prompt_id, answer.score_milli) for answer in graded] == [("p0", 1000), ("p1", 250)]
    assert (graded[0].discrimination_milli, graded[0].difficulty_milli) == ((1234,), -500)


def test_of_two_writers_at_once_one_is_told_by_the_registry(client: Any, table: str) -> None:
    registry = make_registry([make_card("one")])
    write_registry(client, table, registry)

    class Overtaken:
        """The client of a writer who has read the version just before another wrote."""

        exceptions = client.exceptions

        def get_item(self, **wanted: Any) -> Any:
            seen = client.get_item(**wanted)
            write_registry(client, table, registry)
            return seen

        def get_paginator(self, name: str) -> Any:
            return client.get_paginator(name)

        def transact_write_items(self, **wanted: Any) -> Any:
            return client.transact_write_items(**wanted)

    with pytest.raises(RegistryError, match="somebody else"):
        write_registry(Overtaken(), table, registry)


@pytest.mark.parametrize(("edits", "is_read"), [(1, True), (3, False)])
def test_an_edit_is_read_whole_or_not_at_all(client: Any, edits: int, is_read: bool) -> None:
    table = f"edited-{edits}-registry"
    create_table(client, table, "registry")
    write_registry(client, table, make_registry([make_card("one", usd="1")]))

    class Overtaken:
        """The client of a reader between whose two looks at the version somebody edits, as often as told."""

        left = edits

        def get_item(self, **wanted: Any) -> Any:
            return client.get_item(**wanted)

        def get_paginator(self, name: str) -> Any:
            if self.left:
                self.left -= 1
                write_registry(client, table, make_registry([make_card("one", usd=str(10 + self.left))]))
            return client.get_paginator(name)

    if is_read:
        assert read_registry(Overtaken(), table) == replace(make_registry([make_card("one", usd="10")]), version=2)
    else:
        with pytest.raises(RegistryError, match="changed while"):
            read_registry(Overtaken(), table)


def test_the_last_snapshot_outlives_the_registry(client: Any, table: str) -> None:
    told: list[str] = []
    times = iter((0.0, 1_000.0, 1_000.0, 1_000.0))
    write_registry(client, table, make_registry([make_card("one")]))
    reader = DynamoDBModelRegistry(client, table, on_stale=told.append, clock=lambda: next(times))
    first = asyncio.run(reader.current())
    client.delete_table(TableName=table)
    assert asyncio.run(reader.current()) == first
    assert len(told) == 1


def test_a_seed_serves_where_there_is_no_table_of_the_registry(client: Any) -> None:
    seed = Registry(0, (make_card("one"),), make_registry([make_card("one")]).policy)
    reader = DynamoDBModelRegistry(client, "no-such-table", on_stale=lambda _: None, seed=lambda: seed)
    assert asyncio.run(reader.current()) == seed
    with pytest.raises(RegistryError):
        asyncio.run(DynamoDBModelRegistry(client, "no-such-table", on_stale=lambda _: None).current())


def test_a_record_is_counted_once_by_the_audit(client: Any, table: str) -> None:
    lost: list[Mapping[str, Any]] = []
    log = DynamoDBAuditLog(client, table, keep_days=1, on_lost=lost.append)
    for _ in range(2):
        asyncio.run(log.write(make_record("gen-1")))
    found = asyncio.run(log.find("gen-1"))
    assert (found["outcome"], found["ledger"]["rejection"]["field"]) == ("rejected", "model")
    assert client.scan(TableName=table, Select="COUNT")["Count"] == 1
    assert lost == []
    with pytest.raises(NotFoundError):
        asyncio.run(log.find("gen-2"))


def test_the_fake_keeps_and_finds_as_the_audit(client: Any, table: str) -> None:
    def keep_and_find(log: AuditLog) -> Mapping[str, Any]:
        first = make_record("gen-1")
        for record in (first, replace(first, outcome="failed")):
            asyncio.run(log.write(record))
        with pytest.raises(NotFoundError):
            asyncio.run(log.find("gen-2"))
        found = dict(asyncio.run(log.find("gen-1")))
        found.pop("expires_at", None)
        return found

    real = DynamoDBAuditLog(client, table, keep_days=1, on_lost=lambda _: None)
    assert keep_and_find(InMemoryAuditLog()) == keep_and_find(real)


def test_what_no_table_took_is_replayed_into_the_audit(client: Any, table: str) -> None:
    lost: list[Mapping[str, Any]] = []
    asyncio.run(DynamoDBAuditLog(client, "no-such-table", keep_days=1, on_lost=lost.append).write(make_record("gen-3")))
    lines = ["noise", *(f"ERROR {format_audit_line(record)}" for record in lost)]
    assert [put_document(client, table, record) for record in read_audit_lines(lines)] == [True]
    assert [put_document(client, table, record) for record in read_audit_lines(lines)] == [False]
