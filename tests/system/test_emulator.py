"""The embedded DynamoDB keeps its tables through every kind of end."""

import os
import signal
import time
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from pointsman.adapters.dynamodb.tables import create_table

from local import ministack, ports
from local.folders import Folders
from local.service import RunningService, Service

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(not ministack.PYTHON.exists(), reason=f"the emulator is not installed: {ministack.SETUP}"),
]
Start = Callable[[Service], RunningService]


def connect(port: int) -> Any:
    untyped: Any = boto3
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return untyped.client("dynamodb", endpoint_url=ministack.endpoint(port), region_name="us-east-1", **keys)


def write(client: Any, identity: str, *, filling: str = "-") -> None:
    client.put_item(TableName="an-audit", Item={"id": {"S": identity}, "filling": {"S": filling}})


def read(client: Any) -> set[str]:
    pages = client.get_paginator("scan").paginate(TableName="an-audit", ProjectionExpression="id")
    return {item["id"]["S"] for page in pages for item in page["Items"]}


def end(running: RunningService, *, by: signal.Signals) -> None:
    os.kill(running.pid, by)
    running.end()


def test_tables_outlive_an_orderly_end_and_a_kill(start: Start, folders: Folders) -> None:
    port = ports.pick_any()
    service = ministack.emulator(folders, port=port)
    running = start(service)
    create_table(connect(port), "an-audit", "audit")
    write(connect(port), "first")
    end(running, by=signal.SIGTERM)
    running = start(service)
    assert read(connect(port)) == {"first"}
    write(connect(port), "second")
    saved = folders.tables / "dynamodb.json"
    deadline = time.monotonic() + 10
    while "second" not in saved.read_text():
        assert time.monotonic() < deadline, "not saved while running"
        time.sleep(0.05)
    end(running, by=signal.SIGKILL)
    start(service)
    assert read(connect(port)) == {"first", "second"}


def test_an_orderly_end_amid_a_save_loses_no_write(start: Start, folders: Folders) -> None:
    port, written = ports.pick_any(), set[str]()
    service = ministack.emulator(folders, port=port)
    running = start(service)
    create_table(connect(port), "an-audit", "audit")
    under_way = folders.tables / "dynamodb.json.tmp"
    for _ in range(3):
        client, deadline = connect(port), time.monotonic() + 10
        while not under_way.exists():
            assert time.monotonic() < deadline, "not saved while running"
            written.add(identity := str(len(written)))
            write(client, identity, filling="x" * 100_000)
        end(running, by=signal.SIGTERM)
        running = start(service)
        assert read(connect(port)) == written
