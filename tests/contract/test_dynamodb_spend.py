"""Spend from the audit table's stream, by several processes at once: all of it is counted, and nothing twice."""

import multiprocessing
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pointsman.adapters.audit_lines import read_audit_lines
from pointsman.adapters.dynamodb.audit import put_document
from pointsman.adapters.dynamodb.spend import PAGES_A_DAY, DynamoDBSpendBook, page_of
from pointsman.adapters.dynamodb.tables import create_table
from pointsman.application.ports import SpendBook
from pointsman.domain.documents.spend import read_entry
from pointsman.domain.spend import Entry, Numbered, Spent, sum_by_key, sum_by_model, sum_by_task, sum_up

from bench.decisions import NOW
from tests.contract.spend_crowd import answered, count_again_and_again, write_twice
from tests.fakes import InMemorySpendBook

pytestmark = pytest.mark.system
TODAY = NOW.date()
REQUESTS, WRITERS, COUNTERS = 40, 2, 2


def told(entries: Iterable[Entry]) -> tuple[Any, ...]:
    listed = list(entries)
    return sum_up(listed), sum_by_key(listed), sum_by_model(listed), sum_by_task(listed)


def test_each_request_counts_once_under_throttling_retries_replays_and_redelivery(
    client: Any, emulator_env: Mapping[str, str], tmp_path: Path
) -> None:
    tables, log = {"audit": "spend-crowd-audit", "spend": "spend-crowd"}, tmp_path / "router.log"
    for kind, name in tables.items():
        create_table(client, name, kind)
    documents = answered(REQUESTS, seed=1)
    spawn = multiprocessing.get_context("spawn")
    # Every writer has half of the requests and shares some with the other.
    parts = [documents[:25], documents[15:]]
    crowd = [spawn.Process(target=write_twice, args=(emulator_env, tables["audit"], part, log)) for part in parts]
    crowd += [spawn.Process(target=count_again_and_again, args=(emulator_env, tables, 4)) for _ in range(COUNTERS)]
    for process in crowd:
        process.start()
    for process in crowd:
        process.join()
    assert [process.exitcode for process in crowd] == [0] * len(crowd)
    with log.open(encoding="utf-8") as lines:
        lost = list(read_audit_lines(lines))
    assert lost
    for document in [*lost, *lost]:
        put_document(client, tables["audit"], document)
    count_again_and_again(emulator_env, tables, 2)

    book = DynamoDBSpendBook(client, tables["spend"])
    entries = [entry for document in documents if (entry := read_entry(document))]
    assert len(entries) >= REQUESTS // 2
    assert told(book.entries(TODAY, TODAY)) == told(entries)
    assert sum_up(entries).usd == sum(Decimal(document["cost_usd"]) for document in documents) > 0


def test_the_fake_counts_and_tells_as_the_spend(client: Any, table: str) -> None:
    def count(book: SpendBook) -> list[Any]:
        days = [date(2026, 11, day) for day in (25, 26, 26, 27)]
        for place, (day, key_id) in enumerate(zip(days, ("web", "web", "batch", "web"), strict=True)):
            entry = Entry(key_id, day, "acme/a", "math", Spent(1, Decimal("0.25"), Decimal("-0.1")))
            for _ in range(2):
                book.count(key_id, day, "shard-1", [Numbered(place, entry)])
            book.count(key_id, day, "shard-2", [Numbered(place, entry)])
        asked = (
            book.entries(days[1], days[2]),
            book.entries(days[0], days[3], key_id="web"),
            book.entries(days[3], days[3], key_id="batch"),
        )
        return [told(entries) for entries in asked]

    assert page_of("shard-1") != page_of("shard-2")
    assert count(InMemorySpendBook()) == count(DynamoDBSpendBook(client, table))


def test_sequences_are_spread_over_all_pages_of_a_day() -> None:
    assert {page_of(f"shardId-{number:020d}-abcdef01") for number in range(200)} == set(range(PAGES_A_DAY))
