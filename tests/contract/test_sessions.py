"""Sessions in the embedded DynamoDB: found by the next turn, forgotten with the cache, and never in the way."""

import asyncio
from typing import Any

import pytest
from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.dynamodb.sessions import DynamoDBSessionBook
from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.domain.session import Session

pytestmark = pytest.mark.system


def test_a_session_is_found_with_the_time_it_rested_in_the_sessions(client: Any, table: str) -> None:
    times, told = iter((1_000.0, 1_040.9)), list[str]()
    book = DynamoDBSessionBook(BotoTables(client), table, on_blind=told.append, now=lambda: next(times))
    assert asyncio.run(book.find("me/s1")) is None
    asyncio.run(book.keep("me/s1", "acme/one@acme", 5_000))
    assert asyncio.run(book.find("me/s1")) == Session("acme/one@acme", 5_000, 40)
    item = from_item(client.get_item(TableName=table, Key=to_item({"id": "me/s1"}))["Item"])
    assert (item["expires_at"], told) == (1_300, [])


def test_without_the_table_there_is_no_session_and_no_error(client: Any) -> None:
    told = list[str]()
    book = DynamoDBSessionBook(BotoTables(client), "no-such-table", on_blind=told.append)
    asyncio.run(book.keep("me/s1", "acme/one@acme", 5_000))
    assert asyncio.run(book.find("me/s1")) is None
    assert len(told) == 2
