"""The light client beside boto3's: the same answers and errors, on the emulator and from servers that do wrong."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError, ReadTimeoutError
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog
from pointsman.adapters.dynamodb.boto_tables import BotoTables, ReadingClient
from pointsman.adapters.dynamodb.hot_tables import HotTables, find_endpoint
from pointsman.adapters.dynamodb.registry import DynamoDBModelRegistry
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.tables import Operation, Tables, is_refused_by_condition, to_item
from pointsman.adapters.http_sessions import HttpSessions
from pointsman.domain.registry import Change

from tests.contract.test_dynamodb import make_record
from tests.fakes import make_card, make_registry
from tests.raw_server import RawServer, Told, whole

T = TypeVar("T")
NOW = datetime(2026, 11, 28, tzinfo=UTC)
KEYS = Credentials("AKIDEXAMPLE", "a-secret", "a-session")
THROTTLED = {"__type": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "message": "slow"}
FOUND = {"Item": {"id": {"S": "a"}, "packed": {"B": "AAH/"}}}


def run(
    url: str, use: Callable[[HotTables], Coroutine[Any, Any, T]], *, keys: Any = KEYS, region: str = "eu-west-1"
) -> T:
    async def with_tables() -> T:
        sessions = HttpSessions(connections=5)
        try:
            return await use(HotTables(sessions.current, lambda: keys, region, url.rstrip("/") + "/"))
        finally:
            await sessions.close()

    return asyncio.run(with_tables())


def run_on(env: Mapping[str, str], use: Callable[[HotTables], Coroutine[Any, Any, T]]) -> T:
    region, url = find_endpoint(env)
    return run(url, use, region=region)


def get(url: str, *, tries: int = 2, keys: Any = KEYS) -> Mapping[str, Any]:
    async def call(tables: HotTables) -> Mapping[str, Any]:
        return await replace(tables, tries=tries).call("GetItem", TableName="kept", Key={"id": {"S": "a"}})

    return run(url, call, keys=keys)


def answer(body: Any, status: str = "200 OK") -> Told:
    return Told(whole(json.dumps(body).encode()).replace(b"200 OK", status.encode()))


def perform_all(tables: Tables, table: str) -> Coroutine[Any, Any, list[Any]]:
    """What each operation answers or how it fails; all differ in nothing but what carries them."""
    key = to_item({"id": "a"})
    item = to_item({"id": "a", "n": 1.5, "text": "naïve \ud83d\ude42", "list": [None, True, {"B": "b"}]})
    adding: dict[str, Any] = {
        "Key": key,
        "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": to_item({":one": 1}),
        "ReturnValues": "UPDATED_NEW",
    }
    query = {"KeyConditionExpression": "id = :id", "ExpressionAttributeValues": to_item({":id": "a"})}
    steps: list[tuple[Operation, dict[str, Any]]] = [
        ("GetItem", {"Key": key}),
        ("PutItem", {"Item": item, "ConditionExpression": "attribute_not_exists(id)"}),
        ("PutItem", {"Item": item, "ConditionExpression": "attribute_not_exists(id)"}),
        ("GetItem", {"Key": key, "ConsistentRead": True}),
        ("UpdateItem", adding),
        ("UpdateItem", {**adding, "ConditionExpression": "attribute_exists(nothing)"}),
        ("Query", query),
        ("GetItem", {"Key": to_item({"id": "a", "more": "b"})}),
    ]

    async def perform() -> list[Any]:
        told = [await _perform(tables, operation, {"TableName": table, **wanted}) for operation, wanted in steps]
        lost = await _perform(tables, "GetItem", {"TableName": "no-such-table", "Key": key})
        return [*told, lost, await _perform(tables, "BatchGetItem", {"RequestItems": {table: {"Keys": [key]}}})]

    return perform()


async def _perform(tables: Tables, operation: Operation, wanted: Mapping[str, Any]) -> Any:
    try:
        found = dict(await tables.call(operation, **wanted))
    except ClientError as error:
        told: Any = error.response
        return error.operation_name, told["Error"]["Code"], is_refused_by_condition(error)
    return {name: value for name, value in found.items() if name != "ResponseMetadata"}


@pytest.mark.system
def test_each_operation_is_answered_as_boto3_does_in_the_audit(
    client: Any, emulator_env: Mapping[str, str], table: str
) -> None:
    theirs = asyncio.run(perform_all(BotoTables(client), table))
    client.delete_item(TableName=table, Key=to_item({"id": "a"}))
    assert run_on(emulator_env, lambda tables: perform_all(tables, table)) == theirs
    assert ("PutItem", "ConditionalCheckFailedException", True) in theirs


@pytest.mark.system
def test_a_record_is_written_once_and_found_again_in_the_audit(
    client: Any, emulator_env: Mapping[str, str], table: str
) -> None:
    lost = list[Mapping[str, Any]]()

    async def write_twice(tables: HotTables) -> Mapping[str, Any]:
        log = DynamoDBAuditLog(tables, table, keep_days=1, on_lost=lost.append)
        for _ in range(2):
            await log.write(make_record("gen-1"))
        return await log.find("gen-1")

    found = run_on(emulator_env, write_twice)
    assert (found["outcome"], lost) == ("rejected", [])
    assert client.scan(TableName=table, Select="COUNT")["Count"] == 1


@pytest.mark.system
def test_a_thread_reads_the_whole_registry_by_it_from_the_registry(
    client: Any, emulator_env: Mapping[str, str], table: str
) -> None:
    cards = [make_card(f"model-{number}") for number in range(120)]
    DynamoDBRegistryVersions(client, table).commit(
        replace(make_registry(cards), version=0), Change("seeder", NOW, "seeded")
    )

    async def read(tables: HotTables) -> Any:
        registry = DynamoDBModelRegistry(lambda: ReadingClient(tables), table, on_stale=pytest.fail)
        return await registry.current()

    assert run_on(emulator_env, read).cards == tuple(sorted(cards, key=lambda card: card.id))


def test_a_request_is_signed_for_the_region_with_all_that_it_says() -> None:
    with RawServer([answer(FOUND)]) as server:
        assert get(server.url) == {"Item": {"id": {"S": "a"}, "packed": {"B": b"\x00\x01\xff"}}}
    head, _, body = server.requests[0].decode().partition("\r\n\r\n")
    assert json.loads(body) == {"TableName": "kept", "Key": {"id": {"S": "a"}}}
    assert re.search(
        r"Credential=AKIDEXAMPLE/\d{8}/eu-west-1/dynamodb/aws4_request, "
        r"SignedHeaders=content-type;host;x-amz-date;x-amz-security-token;x-amz-target, ",
        head,
    )
    assert "x-amz-target: dynamodb_20120810.getitem" in head.lower()
    assert "x-amz-security-token: a-session" in head.lower()


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(answer(THROTTLED, "400 Bad Request"), id="throttled"),
        pytest.param(answer({"__type": "#InternalServerError"}, "500 Oops"), id="its own fault"),
        pytest.param(Told(whole(b"<html>").replace(b"200 OK", b"503 Busy")), id="a page"),
        pytest.param(Told(whole(b"{")), id="no JSON"),
        pytest.param(Told(b"", "close"), id="hung up"),
        pytest.param(Told(b"", "reset"), id="reset"),
        pytest.param(Told(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", "close"), id="broken off"),
    ],
)
def test_what_may_pass_is_tried_once_more_where_that_is_allowed(first: Told) -> None:
    with RawServer([first, answer({})]) as server:
        assert get(server.url) == {}
    assert len(server.requests) == 2
    with RawServer([first, answer({})]) as server, pytest.raises((BotoCoreError, ClientError)):
        get(server.url, tries=1)
    assert len(server.requests) == 1
    with RawServer([first, first]) as server, pytest.raises((BotoCoreError, ClientError)):
        get(server.url)
    assert len(server.requests) == 2


def test_what_does_not_pass_is_told_at_once() -> None:
    refused = {"__type": "com.amazon.coral.service#AccessDeniedException", "Message": "no"}
    with RawServer([answer(refused, "400 Bad Request")]) as server, pytest.raises(ClientError) as caught:
        get(server.url)
    error: Any = caught.value
    assert (error.response["Error"], len(server.requests)) == ({"Code": "AccessDeniedException", "Message": "no"}, 1)


def test_silence_ends_after_a_second_as_a_timeout() -> None:
    with RawServer([Told(b"", "hang")]) as server, pytest.raises(ReadTimeoutError):
        get(server.url, tries=1)


def test_nobody_there_is_an_error_of_botocore() -> None:
    with RawServer([]) as server:
        gone = server.url
    with pytest.raises(BotoCoreError):
        get(gone)


def test_without_credentials_nothing_is_sent() -> None:
    with RawServer([answer({})]) as server, pytest.raises(NoCredentialsError):
        get(server.url, keys=None)
    assert server.requests == []


def test_credentials_that_are_due_are_renewed_off_the_loop() -> None:
    class Due:
        renewed_on = ""

        def refresh_needed(self) -> bool:
            return True

        def get_frozen_credentials(self) -> Any:
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                self.renewed_on = "a thread"
            return KEYS.get_frozen_credentials()

    due = Due()
    with RawServer([answer({})]) as server:
        get(server.url, keys=due)
    assert due.renewed_on == "a thread"


@pytest.mark.parametrize(
    ("environment", "endpoint"),
    [
        ({"AWS_REGION": "eu-west-1"}, ("eu-west-1", "https://dynamodb.eu-west-1.amazonaws.com/")),
        ({"AWS_DEFAULT_REGION": "cn-north-1"}, ("cn-north-1", "https://dynamodb.cn-north-1.amazonaws.com.cn/")),
        ({"AWS_REGION": "r", "AWS_ENDPOINT_URL": "http://here:1"}, ("r", "http://here:1/")),
        (
            {"AWS_REGION": "r", "AWS_ENDPOINT_URL": "http://here:1", "AWS_ENDPOINT_URL_DYNAMODB": "http://there:2/"},
            ("r", "http://there:2/"),
        ),
    ],
)
def test_the_environment_names_the_endpoint(environment: Mapping[str, str], endpoint: tuple[str, str]) -> None:
    assert find_endpoint(environment) == endpoint


def test_no_region_is_an_error() -> None:
    with pytest.raises(NoRegionError):
        find_endpoint({})
