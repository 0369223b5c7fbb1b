"""The audit log in a DynamoDB table: one item per request id. Knows nothing of decisions beyond their documents."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.domain.documents.ledger import audit_document
from pointsman.domain.errors import AlreadyGradedError, NotFoundError
from pointsman.domain.feedback import Feedback
from pointsman.domain.ledger import AuditRecord

# Parts that are read whole or not at all: text is smaller than DynamoDB's maps, and exact.
AS_TEXT: Final = ("ledger", "situation")


class DynamoDBAuditLog:
    """Implements AuditLog. A record that the table does not take goes whole to `on_lost`."""

    def __init__(
        self, client: Any, table: str, *, keep_days: int, on_lost: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self._client, self._table = client, table
        self._keep, self._on_lost = timedelta(days=keep_days), on_lost

    async def write(self, record: AuditRecord) -> None:
        expires_at = int((record.subject.created_at + self._keep).timestamp())
        document = {**audit_document(record), "expires_at": expires_at}
        try:
            await asyncio.to_thread(put_document, self._client, self._table, document)
        except (BotoCoreError, ClientError):
            # In a thread of its own, for it may have to reach another store.
            await asyncio.to_thread(self._on_lost, document)

    async def find(self, record_id: str) -> Mapping[str, Any]:
        found = await asyncio.to_thread(self._client.get_item, TableName=self._table, Key=to_item({"id": record_id}))
        if "Item" not in found:
            raise NotFoundError(f"There is no generation '{record_id}'.")
        return read_record(found["Item"])

    async def grade(self, record_id: str, feedback: Feedback) -> None:
        await asyncio.to_thread(self._grade, record_id, feedback)

    def _grade(self, record_id: str, feedback: Feedback) -> None:
        told = {"score_milli": feedback.score_milli, "at": feedback.at.isoformat(), "category": feedback.category}
        known = {name: value for name, value in told.items() if value is not None}
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"id": record_id}),
                UpdateExpression="SET feedback = :feedback",
                # Without the first a grade would bring back what has just expired.
                ConditionExpression="attribute_exists(id) AND attribute_not_exists(feedback)",
                ExpressionAttributeValues=to_item({":feedback": known}),
            )
        except self._client.exceptions.ConditionalCheckFailedException as error:
            raise AlreadyGradedError(f"'{record_id}' has its grade.", field="generation_id") from error


def put_document(client: Any, table: str, document: Mapping[str, Any]) -> bool:
    """Write one record once. False where the id is there already: a request is counted once, however often written."""
    texts = {name: json.dumps(document[name], separators=(",", ":")) for name in AS_TEXT if document.get(name)}
    try:
        client.put_item(
            TableName=table, Item=to_item({**document, **texts}), ConditionExpression="attribute_not_exists(id)"
        )
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def read_record(item: Mapping[str, Any]) -> dict[str, Any]:
    document = from_item(item)
    return document | {name: json.loads(document[name]) for name in AS_TEXT if name in document}
