"""What was spent, in a DynamoDB table: for each key and day a few pages, each an item. Knows not who spends, or why.

A key's day is spread over pages by the sequence that entries come in (a shard of the audit table's stream), so that
many sequences seldom meet at one item; where they do, the slower one tries again on what the faster one wrote.
"""

import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.domain.documents.spend import decode_page, encode_page
from pointsman.domain.errors import SpendConflictError
from pointsman.domain.spend import Entry, Numbered, Page, count_entries

PAGES_A_DAY: Final = 16
TRIES: Final = 20


@dataclass(frozen=True, slots=True)
class DynamoDBSpendBook:
    """Implements SpendBook."""

    client: Any
    table: str

    def count(self, key_id: str, day: date, sequence: str, entries: Sequence[Numbered]) -> None:
        key = {"key_id": key_id, "page": f"{day.isoformat()}#{page_of(sequence):02d}"}
        for _ in range(TRIES):
            page, revision = self._read(key)
            counted = count_entries(page, sequence, entries)
            if counted is page or self._write(key, counted, revision):
                return
        raise SpendConflictError(f"{key_id}: its spend of {day.isoformat()} is being written by too many at once")

    def entries(self, since: date, until: date, *, key_id: str | None = None) -> Sequence[Entry]:
        """Sums of the days from `since` to `until`, both included; without a key those of all."""
        first, last = since.isoformat(), f"{until.isoformat()}#~"
        found = self._query(key_id, first, last) if key_id else self._scan(first, last)
        return [entry for item in found for entry in _entries(from_item(item))]

    def _read(self, key: Mapping[str, str]) -> tuple[Page, int]:
        found = self.client.get_item(TableName=self.table, Key=to_item(key), ConsistentRead=True).get("Item")
        if found is None:
            return Page(), 0
        item = from_item(found)
        return _page(item), int(item["revision"])

    def _write(self, key: Mapping[str, str], page: Page, revision: int) -> bool:
        item = {**key, **_encode(page), "revision": revision + 1}
        condition = "revision = :revision" if revision else "attribute_not_exists(revision)"
        values = {"ExpressionAttributeValues": to_item({":revision": revision})} if revision else {}
        try:
            self.client.put_item(TableName=self.table, Item=to_item(item), ConditionExpression=condition, **values)
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _query(self, key_id: str, first: str, last: str) -> Iterator[Mapping[str, Any]]:
        pages = self.client.get_paginator("query").paginate(
            TableName=self.table,
            KeyConditionExpression="key_id = :key AND page BETWEEN :first AND :last",
            ExpressionAttributeValues=to_item({":key": key_id, ":first": first, ":last": last}),
        )
        return (item for page in pages for item in page["Items"])

    def _scan(self, first: str, last: str) -> Iterator[Mapping[str, Any]]:
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.table,
            FilterExpression="page BETWEEN :first AND :last",
            ExpressionAttributeValues=to_item({":first": first, ":last": last}),
        )
        return (item for page in pages for item in page["Items"])


def page_of(sequence: str) -> int:
    """The same for a sequence everywhere and always."""
    return zlib.crc32(sequence.encode()) % PAGES_A_DAY


def _encode(page: Page) -> dict[str, Any]:
    document = encode_page(page)
    return {**document, "lines": json.dumps(document["lines"], separators=(",", ":"))}


def _page(item: Mapping[str, Any]) -> Page:
    return decode_page({**item, "lines": json.loads(item["lines"])})


def _entries(item: Mapping[str, Any]) -> Iterator[Entry]:
    day = date.fromisoformat(item["page"].partition("#")[0])
    for (model, task), spent in _page(item).lines.items():
        yield Entry(item["key_id"], day, model, task, spent)
