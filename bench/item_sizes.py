"""How large the items are that our adapters write, from the adapters themselves: a client keeps what it is given."""

import asyncio
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

from pointsman.adapters.dynamodb.audit import put_document
from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.dynamodb.budgets import DynamoDBBudgetBook
from pointsman.adapters.dynamodb.keys import encode_caller
from pointsman.adapters.dynamodb.registry_items import documents_of
from pointsman.adapters.dynamodb.sessions import DynamoDBSessionBook
from pointsman.adapters.dynamodb.spend import DynamoDBSpendBook
from pointsman.adapters.dynamodb.tables import to_item
from pointsman.domain.documents.spend import read_entry
from pointsman.domain.preferences import Caller
from pointsman.domain.spend import Numbered

from bench.decisions import NOW, answer_many, packed_registry
from bench.preview import Simulated

WRITE_UNIT_BYTES: Final = 1024
READ_UNIT_BYTES: Final = 4096
SHARD: Final = "shardId-00000001795780000000-0a1b2c3d"


class _ConditionFailedError(Exception):
    """Never raised here; adapters catch it by this name."""


class _Exceptions:
    ConditionalCheckFailedException = _ConditionFailedError


@dataclass(slots=True)
class KeepingClient:
    """What was put last, and nothing to get but that."""

    last: Mapping[str, Any] = field(default_factory=dict[str, Any])
    exceptions: Any = _Exceptions

    def put_item(self, **wanted: Any) -> None:
        self.last = wanted["Item"]

    def get_item(self, **_wanted: Any) -> Mapping[str, Any]:
        return {"Item": self.last} if self.last else {}

    def update_item(self, **wanted: Any) -> Mapping[str, Any]:
        self.last = {**wanted["Key"], "committed_usd": {"N": "123.456789012"}}
        return {"Attributes": {"committed_usd": self.last["committed_usd"]}}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of an item. `registry` is that of each document that a process reads when it starts."""

    audit: int
    session: int
    counter: int
    key: int
    spend_page: int
    registry: Sequence[int]


def measure_items(records: int) -> Sizes:
    documents = asyncio.run(_answered(records))
    audit = [_put_size(partial(_put, document)) for document in documents]
    return Sizes(
        audit=sum(audit) // len(audit),
        session=_put_size(lambda client: asyncio.run(_keep_session(client))),
        counter=_put_size(lambda client: asyncio.run(_reserve(client))),
        key=item_bytes(to_item({**encode_caller(Caller("team-a1b2c3")), "prefix": "pm-a1b2c3d4e", "digest": "0" * 64})),
        spend_page=_put_size(lambda client: _count(client, documents)),
        registry=[len(text.encode()) + 40 for text in documents_of(packed_registry(1)).values()],
    )


def write_units(size: int) -> int:
    return math.ceil(size / WRITE_UNIT_BYTES)


def read_units(size: int, *, is_consistent: bool) -> float:
    return math.ceil(size / READ_UNIT_BYTES) * (1 if is_consistent else 0.5)


def item_bytes(item: Mapping[str, Any]) -> int:
    """As DynamoDB counts: text in UTF-8, two digits of a number a byte, 3 bytes a list or map and 1 an element."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Mapping[str, Any]) -> int:
    ((kind, inner),) = value.items()
    if kind == "S":
        return len(inner.encode())
    if kind == "N":
        return math.ceil(len(inner.replace(".", "").strip("-0")) / 2) + 1
    if kind == "M":
        return 3 + len(inner) + item_bytes(inner)
    return 3 + sum(1 + _value_bytes(one) for one in inner) if kind == "L" else 1


def _put(document: Mapping[str, Any], client: Any) -> None:
    put_document(client, "audit", document)


async def _answered(count: int) -> list[Mapping[str, Any]]:
    registry = packed_registry(1)
    kept = await answer_many(count, registry, Simulated(registry))
    return [document for document in kept.documents if document["model"]]


def _put_size(write: Callable[[Any], object]) -> int:
    client = KeepingClient()
    write(client)
    return item_bytes(client.last)


async def _keep_session(client: Any) -> None:
    book = DynamoDBSessionBook(BotoTables(client), "sessions", on_blind=print)
    await book.keep("team-a1b2c3/begins-0123456789abcdef0123456789abcdef", "google/gemini-3.8-flash@google", 2048)


async def _reserve(client: Any) -> None:
    book = DynamoDBBudgetBook(BotoTables(client), "spend", on_blind=print, now=lambda: datetime.now(UTC))
    await book.reserve("gen-1", Caller("team-a1b2c3", budget_usd=Decimal(500)), Decimal("0.01"))


def _count(client: Any, documents: Sequence[Mapping[str, Any]]) -> None:
    entries = [entry for document in documents if (entry := read_entry(document))]
    numbered = [Numbered(10**24 + place, entry) for place, entry in enumerate(entries)]
    DynamoDBSpendBook(client, "spend").count("team-a1b2c3", NOW.date(), SHARD, numbered)
