"""The audit log in a DynamoDB table: one item per request id. Knows nothing of decisions beyond their documents."""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.tables import Tables, from_item, is_refused_by_condition, to_item
from pointsman.domain.documents.ledger import audit_document
from pointsman.domain.errors import AlreadyGradedError, NotFoundError
from pointsman.domain.feedback import Feedback
from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord

# Parts that are read whole or not at all: text is smaller than DynamoDB's maps, and exact.
AS_TEXT: Final = ("ledger", "situation")


class DynamoDBAuditLog:
    """Implements AuditLog. A record that the table does not take goes whole to `on_lost`."""

    def __init__(
        self, tables: Tables, table: str, *, keep_days: int, on_lost: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self._tables, self._table = tables, table
        self._keep, self._on_lost = timedelta(days=keep_days), on_lost

    async def write(self, record: AuditRecord) -> None:
        expires_at = int((record.subject.created_at + self._keep).timestamp())
        document = {**audit_document(record), "expires_at": expires_at}
        try:
            await self._tables.call("PutItem", **_put_request(self._table, document))
        except (BotoCoreError, ClientError) as error:
            if isinstance(error, ClientError) and is_refused_by_condition(error):
                return
            # In a thread of its own, for it may have to reach another store.
            await asyncio.to_thread(self._on_lost, document)

    async def find(self, record_id: str) -> Mapping[str, Any]:
        found = await self._tables.call("GetItem", TableName=self._table, Key=to_item({"id": record_id}))
        if "Item" not in found:
            raise NotFoundError(f"There is no generation '{record_id}'.")
        return read_record(found["Item"])

    async def grade(self, record_id: str, feedback: Feedback) -> None:
        told = {"score_milli": feedback.score_milli, "at": feedback.at.isoformat(), "category": feedback.category}
        known = {name: value for name, value in told.items() if value is not None}
        try:
            await self._tables.call(
                "UpdateItem",
                TableName=self._table,
                Key=to_item({"id": record_id}),
                UpdateExpression="SET feedback = :feedback",
                # Without the first a grade would bring back what has just expired.
                ConditionExpression="attribute_exists(id) AND attribute_not_exists(feedback)",
                ExpressionAttributeValues=to_item({":feedback": known}),
            )
        except ClientError as error:
            if not is_refused_by_condition(error):
                raise
            raise AlreadyGradedError(f"'{record_id}' has its grade.", field="generation_id") from error


def put_document(client: Any, table: str, document: Mapping[str, Any]) -> bool:
    """Write one record once. False where the id is there already: a request is counted once, however often written."""
    try:
        client.put_item(**_put_request(table, document))
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def _put_request(table: str, document: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: _write_text(document[name]) for name in AS_TEXT if document.get(name)}
    item = to_item({**document, **texts})
    return {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(id)"}


def _write_text(part: JsonObject) -> str:
    # Whoever only reads records starts without it.
    from pydantic_core import PydanticSerializationError, to_json

    try:
        # A third of the standard library's time.
        return to_json(part).decode()
    except PydanticSerializationError:
        # A caller may have named a model by half of a character: it can be written as an escape alone.
        return json.dumps(part, separators=(",", ":"))


def read_record(item: Mapping[str, Any]) -> dict[str, Any]:
    document = from_item(item)
    return document | {name: json.loads(document[name]) for name in AS_TEXT if name in document}
