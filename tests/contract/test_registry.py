"""The registry's store, rows and reader: what the ports promise, the embedded DynamoDB and the fakes keep."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pointsman.adapters.dynamodb.registry import DynamoDBModelRegistry
from pointsman.adapters.dynamodb.registry_items import row_key
from pointsman.adapters.dynamodb.registry_rows import DynamoDBRegistryRows
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.tables import create_table, from_item, to_item
from pointsman.adapters.seed_registry import read_seed_registry
from pointsman.application.adopt_edits import AdoptEdits
from pointsman.application.ports import HandEdit, RegistryRows, RegistryVersions
from pointsman.domain.documents.registry import encode_card
from pointsman.domain.errors import RegistryConflictError, RegistryError
from pointsman.domain.registry import Change, Registry

from tests.fakes import make_card, make_registry
from tests.registry_fakes import InMemoryRegistryVersions

pytestmark = pytest.mark.system
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CHANGE = Change("tester", NOW, "to see")


@dataclass(frozen=True, slots=True)
class Shelf:
    """One store behind its ports, and how a person edits a row of it: None deletes."""

    store: RegistryVersions
    rows: RegistryRows
    edit: Callable[[str, Mapping[str, Any] | None], None]
    reason_on: Callable[[str], str | None]


def shelf_in_memory() -> Shelf:
    store = InMemoryRegistryVersions()

    def edit(name: str, document: Mapping[str, Any] | None) -> None:
        store.rows.pop(name, None)
        store.rows |= {} if document is None else {name: document}

    return Shelf(store, store, edit, lambda name: store.rejected[name][1] if name in store.rejected else None)


def shelf_in(client: Any, table: str) -> Shelf:
    def edit(name: str, document: Mapping[str, Any] | None) -> None:
        key = to_item(row_key(name))
        if document is None:
            client.delete_item(TableName=table, Key=key)
            return
        client.update_item(
            TableName=table,
            Key=key,
            UpdateExpression="SET #document = :document",
            ExpressionAttributeNames={"#document": "document"},
            ExpressionAttributeValues=to_item({":document": document}),
        )

    def reason_on(name: str) -> str | None:
        return from_item(client.get_item(TableName=table, Key=to_item(row_key(name)))["Item"]).get("rejected")

    return Shelf(DynamoDBRegistryVersions(client, table), DynamoDBRegistryRows(client, table), edit, reason_on)


@pytest.fixture(params=["memory", "dynamodb"])
def shelf(request: pytest.FixtureRequest) -> Shelf:
    if request.param == "memory":
        return shelf_in_memory()
    client = request.getfixturevalue("client")
    name = "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    create_table(client, name, "registry")
    return shelf_in(client, name)


def two_cards() -> Registry:
    return replace(make_registry([make_card("one"), make_card("two")]), version=0)


def commit(store: RegistryVersions, registry: Registry) -> Registry:
    number = store.commit(registry, CHANGE)
    return stored(store, number)


def stored(store: RegistryVersions, number: int | None = None) -> Registry:
    found = store.read(number)
    assert found is not None
    return found


def adopt(shelf: Shelf) -> Any:
    return AdoptEdits(shelf.store, shelf.rows, lambda: NOW).adopt()


def test_every_version_comes_back_as_it_was_committed(shelf: Shelf) -> None:
    assert shelf.store.read() is None
    first = commit(shelf.store, replace(read_seed_registry(), version=0))
    assert list(first.cards) == sorted(read_seed_registry().cards, key=lambda card: card.id)
    second = commit(shelf.store, replace(first, cards=first.cards[1:]))
    assert (second.version, second.cards) == (2, first.cards[1:])
    assert stored(shelf.store, 1) == first
    assert shelf.store.read(3) is None


def test_history_tells_who_when_why_and_what(shelf: Shelf) -> None:
    first = commit(shelf.store, two_cards())
    commit(shelf.store, replace(first, cards=(make_card("one", usd="2"), first.cards[1])))
    newest, oldest = shelf.store.history(10)
    assert (newest.number, newest.change, newest.changed, newest.changed_count) == (2, CHANGE, ("acme/one",), 1)
    assert (oldest.number, oldest.changed_count) == (1, 3)
    assert [version.number for version in shelf.store.history(1)] == [2]


def test_an_edit_of_an_older_version_is_refused(shelf: Shelf) -> None:
    first = commit(shelf.store, two_cards())
    commit(shelf.store, replace(first, cards=first.cards[:1]))
    with pytest.raises(RegistryConflictError):
        shelf.store.commit(replace(first, cards=first.cards[1:]), CHANGE)
    assert stored(shelf.store).cards == first.cards[:1]


def test_a_direct_edit_becomes_a_version(shelf: Shelf) -> None:
    first = commit(shelf.store, two_cards())
    shelf.edit("acme/one", encode_card(replace(first.cards[0], enabled=True, weight_milli=500)))
    assert shelf.rows.hand_edits().edits[0].item == "acme/one"
    adoption = adopt(shelf)
    assert (adoption.version, adoption.adopted, adoption.rejected) == (2, ("acme/one",), {})
    assert stored(shelf.store).cards[0].weight_milli == 500
    assert shelf.store.history(1)[0].change.author == "direct edit"
    assert shelf.rows.hand_edits().edits == ()


def test_a_broken_direct_edit_is_rejected_once_and_the_last_good_version_stays(shelf: Shelf) -> None:
    first = commit(shelf.store, two_cards())
    shelf.edit("acme/two", encode_card(first.cards[1]) | {"weight_milli": "much"})
    adoption = adopt(shelf)
    assert (adoption.version, list(adoption.rejected)) == (None, ["acme/two"])
    assert "weight_milli: must be a whole number" in adoption.rejected["acme/two"]
    assert stored(shelf.store) == first
    assert shelf.reason_on("acme/two") == adoption.rejected["acme/two"]
    assert adopt(shelf).rejected == {}
    shelf.edit("acme/two", encode_card(replace(first.cards[1], weight_milli=10)))
    assert adopt(shelf).version == 2


def test_one_broken_edit_does_not_hold_up_another(shelf: Shelf) -> None:
    first = commit(shelf.store, two_cards())
    shelf.edit("acme/one", {"id": "acme/one"})
    shelf.edit("acme/two", encode_card(replace(first.cards[1], weight_milli=10)))
    adoption = adopt(shelf)
    assert (adoption.adopted, list(adoption.rejected)) == (("acme/two",), ["acme/one"])
    assert [card.weight_milli for card in stored(shelf.store).cards] == [1000, 10]


def test_rows_come_and_go_by_hand_unless_they_are_needed(shelf: Shelf) -> None:
    commit(shelf.store, two_cards())
    shelf.edit("acme/two", None)
    shelf.edit("acme/new", encode_card(make_card("new")))
    assert adopt(shelf).version == 2
    assert [card.id for card in stored(shelf.store).cards] == ["acme/new", "acme/one"]
    shelf.edit("acme/one", None)
    assert "safe_default" in adopt(shelf).rejected["acme/one"]
    assert [card.id for card in stored(shelf.store).cards] == ["acme/new", "acme/one"]
    assert shelf.rows.hand_edits().edits == ()


def test_a_commit_does_not_overwrite_a_direct_edit_that_it_does_not_know(shelf: Shelf) -> None:
    first = commit(shelf.store, two_cards())
    edited = encode_card(replace(first.cards[0], weight_milli=1))
    shelf.edit("acme/one", edited)
    with pytest.raises(RegistryConflictError):
        shelf.store.commit(replace(first, cards=(replace(first.cards[0], notes="x"), first.cards[1])), CHANGE)
    # What changes another card goes through.
    commit(shelf.store, replace(first, cards=(first.cards[0], replace(first.cards[1], notes="x"))))
    assert shelf.rows.hand_edits().edits == (HandEdit("acme/one", edited),)


def test_of_two_writers_at_once_one_is_told_by_the_registry(client: Any, table: str) -> None:
    store = DynamoDBRegistryVersions(client, table)
    first = commit(store, two_cards())

    class Overtaken:
        """The client of a writer before whose transaction another one commits."""

        def __getattr__(self, name: str) -> Any:
            return getattr(client, name)

        def transact_write_items(self, **wanted: Any) -> Any:
            store.commit(replace(first, cards=first.cards[:1]), CHANGE)
            return client.transact_write_items(**wanted)

    with pytest.raises(RegistryConflictError, match="somebody else"):
        DynamoDBRegistryVersions(Overtaken(), table).commit(replace(first, cards=first.cards[1:]), CHANGE)


def test_a_registry_may_hold_more_cards_than_a_transaction_takes_in_the_registry(client: Any, table: str) -> None:
    cards = [make_card(f"m{place:04d}") for place in range(250)]
    store = DynamoDBRegistryVersions(client, table)
    first = commit(store, replace(make_registry(cards), version=0))
    assert len(first.cards) == 250
    dearer = tuple(replace(card, weight_milli=500) for card in first.cards)

    class DiesAfterTheFlip:
        """The client of a writer that ends right after its transaction."""

        def __getattr__(self, name: str) -> Any:
            return getattr(client, name)

        def get_paginator(self, _name: str) -> Any:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        DynamoDBRegistryVersions(DiesAfterTheFlip(), table).commit(replace(first, cards=dearer), CHANGE)
    assert stored(store).cards == dearer
    rows = DynamoDBRegistryRows(client, table)
    assert rows.hand_edits().edits == ()
    row = client.get_item(TableName=table, Key=to_item(row_key("acme/m0007")))["Item"]
    assert from_item(row)["document"]["weight_milli"] == 500


def test_the_last_snapshot_outlives_the_registry(client: Any, table: str) -> None:
    told: list[str] = []
    times = iter((0.0, 1_000.0, 1_000.0, 1_000.0))
    commit(DynamoDBRegistryVersions(client, table), two_cards())
    reader = DynamoDBModelRegistry(lambda: client, table, on_stale=told.append, clock=lambda: next(times))
    first = asyncio.run(reader.current())
    client.delete_table(TableName=table)
    assert asyncio.run(reader.current()) == first
    assert len(told) == 1


def test_age_counts_from_the_last_time_that_a_snapshot_agreed_with_the_registry(client: Any, table: str) -> None:
    moments = iter((10.0, 15.0, 1_000.0, 1_000.0, 1_000.0, 1_015.0))
    commit(DynamoDBRegistryVersions(client, table), two_cards())
    reader = DynamoDBModelRegistry(lambda: client, table, on_stale=lambda _: None, clock=lambda: next(moments))
    assert reader.age_s() == 0
    asyncio.run(reader.current())
    assert reader.age_s() == 5
    client.delete_table(TableName=table)
    asyncio.run(reader.current())
    assert reader.age_s() == 1_005


def test_a_document_that_was_tampered_with_is_not_served_from_the_registry(client: Any, table: str) -> None:
    told: list[str] = []
    store, clock = DynamoDBRegistryVersions(client, table), iter(range(0, 100_000, 100))
    first = commit(store, two_cards())
    reader = DynamoDBModelRegistry(lambda: client, table, on_stale=told.append, clock=lambda: float(next(clock)))
    assert asyncio.run(reader.current()) == first
    commit(store, replace(first, cards=(replace(first.cards[0], notes="new"), first.cards[1])))
    for item in client.scan(TableName=table)["Items"]:
        if "new" in item.get("text", {}).get("S", ""):
            client.put_item(TableName=table, Item=item | {"text": {"S": "{}"}})
    assert asyncio.run(reader.current()) == first
    assert "missing or was changed" in told[0]


def test_a_reader_fetches_only_what_changed_in_the_registry(client: Any, table: str) -> None:
    store, clock, read = DynamoDBRegistryVersions(client, table), iter(range(0, 100_000, 100)), list[int]()

    class Counting:
        def __getattr__(self, name: str) -> Any:
            return getattr(client, name)

        def batch_get_item(self, **wanted: Any) -> Any:
            read.append(len(wanted["RequestItems"][table]["Keys"]))
            return client.batch_get_item(**wanted)

    first = commit(store, two_cards())
    reader = DynamoDBModelRegistry(Counting, table, on_stale=print, clock=lambda: float(next(clock)))
    asyncio.run(reader.current())
    second = commit(store, replace(first, cards=(replace(first.cards[0], notes="new"), first.cards[1])))
    assert asyncio.run(reader.current()) == second
    assert read == [3, 1]


def test_a_seed_serves_where_there_is_no_table_of_the_registry(client: Any) -> None:
    seed = Registry(0, (make_card("one"),), make_registry([make_card("one")]).policy)
    reader = DynamoDBModelRegistry(lambda: client, "no-such-table", on_stale=lambda _: None, seed=lambda: seed)
    assert asyncio.run(reader.current()) == seed
    with pytest.raises(RegistryError):
        asyncio.run(DynamoDBModelRegistry(lambda: client, "no-such-table", on_stale=lambda _: None).current())
