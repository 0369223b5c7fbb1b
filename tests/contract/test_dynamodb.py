"""The DynamoDB adapters on an embedded emulator: what the ports promise, the tables keep."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from pointsman.adapters.audit_lines import format_audit_line, read_audit_lines
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog, put_document
from pointsman.adapters.dynamodb.audit_trail import DynamoDBAuditTrail
from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.application.onboard_model import OnboardModel
from pointsman.application.ports import AuditLog, RegistryStore
from pointsman.application.signed_registry import SignedRegistryStore
from pointsman.domain.ability import AbilityItems, AbilityPrior
from pointsman.domain.documents.ledger import audit_document
from pointsman.domain.errors import AlreadyGradedError, NotFoundError
from pointsman.domain.feedback import Feedback
from pointsman.domain.item_response import Item
from pointsman.domain.ledger import AuditRecord, Rejection, Subject
from pointsman.domain.model_card import ModelClass
from pointsman.domain.onboarding import PoolPrompt
from pointsman.domain.registry import Registry

from bench.decisions import decide_many, packed_registry
from tests.fakes import SHA, TODAY, InMemoryAuditLog, InMemoryRegistryStore, make_card, make_registry

pytestmark = pytest.mark.system


def make_record(identity: str) -> AuditRecord:
    subject = Subject(identity, datetime(2026, 11, 22, tzinfo=UTC), "/v1/route", "me", "auto", streamed=False)
    return AuditRecord(subject, "rejected", rejection=Rejection("RequestError", "no", "model"))


def test_grades_are_kept_one_by_one_in_the_fakes_and_the_tables_registry(client: Any, table: str) -> None:
    def grade_twice(store: RegistryStore) -> Registry | None:
        store.write(replace(make_registry([make_card("new"), make_card("other")]), version=0))
        items = AbilityItems(SHA, {}, dict.fromkeys(get_args(ModelClass), AbilityPrior((0.5,), (1.0,))))
        onboard = OnboardModel(store, items)
        for number, score_milli in enumerate((1000, 250)):
            prompt = PoolPrompt(f"p{number}", Item((1.234,), -0.5))
            assert onboard.grade("acme/new", prompt, score_milli=score_milli, as_of=TODAY) == number + 2
        return store.read()

    versions = DynamoDBRegistryVersions(client, table)
    kept = grade_twice(SignedRegistryStore(versions, "tester", "graded", lambda: datetime(2026, 11, 22, tzinfo=UTC)))
    assert kept == grade_twice(InMemoryRegistryStore())
    assert kept is not None
    graded = kept.cards[0].gradings[0].answers
    assert [(answer.prompt_id, answer.score_milli) for answer in graded] == [("p0", 1000), ("p1", 250)]
    assert (graded[0].discrimination_milli, graded[0].difficulty_milli) == ((1234,), -500)


def test_a_record_is_counted_once_by_the_audit(client: Any, table: str) -> None:
    lost: list[Mapping[str, Any]] = []
    log = DynamoDBAuditLog(BotoTables(client), table, keep_days=1, on_lost=lost.append)
    for _ in range(2):
        asyncio.run(log.write(make_record("gen-1")))
    found = asyncio.run(log.find("gen-1"))
    assert (found["outcome"], found["ledger"]["rejection"]["field"]) == ("rejected", "model")
    assert client.scan(TableName=table, Select="COUNT")["Count"] == 1
    assert lost == []
    with pytest.raises(NotFoundError):
        asyncio.run(log.find("gen-2"))


def test_half_a_character_is_kept_as_it_came_by_the_audit(client: Any, table: str) -> None:
    log = DynamoDBAuditLog(BotoTables(client), table, keep_days=1, on_lost=lambda _: pytest.fail("lost"))
    rejection = Rejection("RequestError", "no model is called '\ud83d'")
    asyncio.run(log.write(replace(make_record("gen-1"), rejection=rejection)))
    assert asyncio.run(log.find("gen-1"))["ledger"]["rejection"]["message"] == rejection.message


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

    real = DynamoDBAuditLog(BotoTables(client), table, keep_days=1, on_lost=lambda _: None)
    assert keep_and_find(InMemoryAuditLog()) == keep_and_find(real)


def test_what_no_table_took_is_replayed_into_the_audit(client: Any, table: str) -> None:
    lost: list[Mapping[str, Any]] = []
    asyncio.run(
        DynamoDBAuditLog(BotoTables(client), "no-such-table", keep_days=1, on_lost=lost.append).write(
            make_record("gen-3")
        )
    )
    lines = ["noise", *(f"ERROR {format_audit_line(record)}" for record in lost)]
    assert [put_document(client, table, record) for record in read_audit_lines(lines)] == [True]
    assert [put_document(client, table, record) for record in read_audit_lines(lines)] == [False]


def test_the_newest_decisions_are_found_in_the_audit(client: Any, table: str) -> None:
    kept = decide_many(5, [packed_registry(1)])
    for document in kept.documents:
        put_document(client, table, document)
    put_document(client, table, audit_document(make_record("gen-999999999999")))
    trail = DynamoDBAuditTrail(client, table)
    newest = trail.newest(3)
    assert [record["id"] for record in newest] == [document["id"] for document in kept.documents[:-4:-1]]
    assert [record["situation"] for record in newest] == [document["situation"] for document in kept.documents[:-4:-1]]
    assert len(trail.newest(99)) == 5


def test_a_record_has_one_grade_and_is_found_by_it_in_the_audit(client: Any, table: str) -> None:
    kept = decide_many(3, [packed_registry(1)])
    for document in kept.documents:
        put_document(client, table, document)
    first = kept.documents[0]
    log = DynamoDBAuditLog(BotoTables(client), table, keep_days=1, on_lost=lambda _: None)
    asyncio.run(log.grade(first["id"], Feedback(700, datetime(2026, 11, 27, tzinfo=UTC), "good")))
    with pytest.raises(AlreadyGradedError):
        asyncio.run(log.grade(first["id"], Feedback(1, datetime(2026, 11, 27, tzinfo=UTC))))
    # What has expired meanwhile does not come back as a grade alone.
    with pytest.raises(AlreadyGradedError):
        asyncio.run(log.grade("gen-none", Feedback(1, datetime(2026, 11, 27, tzinfo=UTC))))
    (graded,) = DynamoDBAuditTrail(client, table).graded()
    assert (graded["id"], graded["feedback"]["score_milli"], graded["feedback"]["category"]) == (
        first["id"],
        700,
        "good",
    )
    assert graded["situation"] == first["situation"]
