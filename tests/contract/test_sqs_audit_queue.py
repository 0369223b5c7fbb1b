"""Audit records that a table did not take, on an embedded emulator's queue: none is lost, none is counted twice."""

import asyncio
from collections.abc import Generator, Mapping
from typing import Any, cast

import boto3
import pytest
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog
from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.sqs_audit_queue import SqsAuditQueue
from pointsman.entrypoints.cli.program import main
from typer.testing import CliRunner

from local import ministack
from tests.contract.test_dynamodb import make_record

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
]


@pytest.fixture(autouse=True)
def environment(emulator_env: Mapping[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in emulator_env.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def queue(environment: None) -> Generator[SqsAuditQueue]:
    sqs: Any = cast(Any, boto3).client("sqs")
    url = sqs.create_queue(QueueName="audit-fallback")["QueueUrl"]
    yield SqsAuditQueue(url)
    sqs.delete_queue(QueueUrl=url)


def lose(client: Any, queue: SqsAuditQueue, *ids: str) -> list[Mapping[str, Any]]:
    """Records that a missing table does not take; returns what the queue did not take either."""
    lost: list[Mapping[str, Any]] = []
    log = DynamoDBAuditLog(
        BotoTables(client),
        "no-such-table",
        keep_days=1,
        on_lost=lambda document: queue.put(document, on_lost=lost.append),
    )
    for identity in ids:
        asyncio.run(log.write(make_record(identity)))
    return lost


def test_what_no_table_took_waits_in_the_queue_and_is_written_once_to_the_audit(
    client: Any, queue: SqsAuditQueue, table: str
) -> None:
    env = {"POINTSMAN_AUDIT_TABLE": table, "POINTSMAN_AUDIT_FALLBACK_QUEUE": queue.url}
    assert lose(client, queue, *(f"gen-{n}" for n in range(12)), "gen-0") == []
    ended = CliRunner().invoke(main, ["audit", "replay", "--queue"], env=env)
    assert ended.output.strip() == "audit: 12 written, 1 there already"
    assert client.scan(TableName=table, Select="COUNT")["Count"] == 12
    assert list(queue.take()) == []


def test_a_record_stays_in_the_queue_until_the_one_after_it_is_asked_for(client: Any, queue: SqsAuditQueue) -> None:
    lose(client, queue, "gen-1")
    records = queue.take()
    assert next(iter(records))["id"] == "gen-1"
    attributes = cast(Any, boto3).client("sqs").get_queue_attributes(QueueUrl=queue.url, AttributeNames=["All"])
    assert attributes["Attributes"]["ApproximateNumberOfMessagesNotVisible"] == "1"


def test_what_the_queue_does_not_take_goes_on(client: Any) -> None:
    (lost,) = lose(client, SqsAuditQueue("http://127.0.0.1:1/no-such-queue"), "gen-1")
    assert lost["id"] == "gen-1"


@pytest.mark.parametrize("arguments", [[], ["--queue", __file__]])
def test_a_log_or_the_queue_must_be_chosen(arguments: list[str]) -> None:
    ended = CliRunner().invoke(main, ["audit", "replay", *arguments])
    assert (ended.exit_code, "either a log or --queue" in ended.output) == (2, True)


def test_without_a_queue_the_command_says_so() -> None:
    ended = CliRunner().invoke(main, ["audit", "replay", "--queue"], env={"POINTSMAN_AUDIT_FALLBACK_QUEUE": ""})
    assert (ended.exit_code, "POINTSMAN_AUDIT_FALLBACK_QUEUE" in ended.output) == (1, True)
