"""The spend function on an event of the audit table's stream."""

from datetime import date
from decimal import Decimal

import pytest
from pointsman.domain.spend import Entry, Spent
from pointsman.entrypoints.lambda_spend import handle_with

from tests.fakes import InMemorySpendBook
from tests.functions.fakes import load_event

DAY = date(2026, 11, 27)


def test_a_batch_told_twice_counts_what_was_served_once() -> None:
    book = InMemorySpendBook()
    handler = handle_with(book)
    for _ in range(2):
        assert handler(load_event("spend_batch"), object()) == {"state": {}}
    assert book.entries(DAY, DAY) == [Entry("web", DAY, "acme/a", "math", Spent(1, Decimal("0.25"), Decimal("0.5")))]


def test_a_batch_of_an_unnamed_shard_is_not_taken() -> None:
    event = load_event("spend_batch")
    event.pop("shardId")
    with pytest.raises(KeyError, match="shardId"):
        handle_with(InMemorySpendBook())(event, object())
