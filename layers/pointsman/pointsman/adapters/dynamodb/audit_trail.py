"""Reads many records of the audit table at once."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pointsman.adapters.dynamodb.audit import read_record

# For each record wanted, this many are read at most. A scan's order is that of the ids' hashes, so of a larger table
# what was read is a sample of all times alike.
READ_PER_WANTED: Final = 20
LEAST_READ: Final = 5_000


class DynamoDBAuditTrail:
    """Implements AuditTrail: the newest decisions of a small table, of a large one the newest of a random sample."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def newest(self, most: int) -> Sequence[Mapping[str, Any]]:
        limit, found, start = max(LEAST_READ, most * READ_PER_WANTED), list[dict[str, Any]](), None
        read = 0
        while read < limit and (read == 0 or start is not None):
            page = self._client.scan(
                TableName=self._table,
                FilterExpression="attribute_exists(situation)",
                **({"ExclusiveStartKey": start} if start else {}),
            )
            found += page["Items"]
            read, start = read + page["ScannedCount"], page.get("LastEvaluatedKey")
            if not page["ScannedCount"]:
                break
        # An id begins with its moment.
        newest = sorted(found, key=lambda item: item["id"]["S"], reverse=True)[:most]
        return [read_record(item) for item in newest]

    def graded(self) -> Sequence[Mapping[str, Any]]:
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            FilterExpression="attribute_exists(feedback) AND attribute_exists(situation)",
            ProjectionExpression="id, model, feedback, situation",
        )
        return [read_record(item) for page in pages for item in page["Items"]]
