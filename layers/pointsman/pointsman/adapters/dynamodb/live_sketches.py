"""Keeps each endpoint's sketch in DynamoDB, and beside it what it says. Knows nothing of how sketches are made."""

from typing import Any

from pointsman.adapters.dynamodb.live_items import figures_item, read_sketch, sketch_item, sketch_key
from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.domain.latency import LiveFigures
from pointsman.domain.sketch import Sketch

# Somebody else put the next revision, or is just about to.
LOST = {"None", "ConditionalCheckFailed", "TransactionConflict"}


class DynamoDBLiveSketches:
    """Implements LiveSketches. One transaction puts sketch and figures, which so are never older than their sketch."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def read(self, key: str) -> tuple[Sketch, int]:
        found = self._client.get_item(TableName=self._table, Key=sketch_key(key), ConsistentRead=True).get("Item")
        item = from_item(found) if found else None
        return (read_sketch(item), int(item["revision"])) if item else ((), 0)

    def replace(self, key: str, sketch: Sketch, figures: LiveFigures, *, revision: int, at: float) -> bool:
        is_next = {
            "ConditionExpression": "revision = :seen" if revision else "attribute_not_exists(id)",
            **({"ExpressionAttributeValues": to_item({":seen": revision})} if revision else {}),
        }
        puts = [
            {"Item": sketch_item(key, sketch, revision=revision + 1, at=at), **is_next},
            {"Item": figures_item(key, figures, at=at)},
        ]
        try:
            self._client.transact_write_items(
                TransactItems=[{"Put": {"TableName": self._table, **put}} for put in puts]
            )
        except self._client.exceptions.TransactionCanceledException as error:
            if {reason["Code"] for reason in error.response.get("CancellationReasons", [])} <= LOST:
                return False
            raise
        return True
