"""The rows that people edit in the console or with the AWS CLI: shows versions in them, and finds what was edited."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from pointsman.adapters.dynamodb.registry_documents import read_documents, read_manifest_of, read_pointer, read_rows
from pointsman.adapters.dynamodb.registry_items import (
    POINTER,
    POLICY_ITEM,
    Manifest,
    Row,
    document_in,
    if_still,
    is_as_written,
    row_item,
    row_key,
    row_name,
    was_judged,
)
from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.application.ports import HandEdit, HandEdits
from pointsman.domain.documents.canonical import canonical_text, digest_of


class DynamoDBRegistryRows:
    """Implements RegistryRows."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def hand_edits(self) -> HandEdits:
        pointer = read_pointer(self._client, self._table)
        if pointer is None:
            return HandEdits(0, ())
        number = int(pointer["number"])
        if pointer["shown_in_rows"] != number:
            show_in_rows(self._client, self._table, number)
        manifest = read_manifest_of(self._client, self._table, number) or {}
        return HandEdits(number, tuple(_find_edits(manifest, _read_all_rows(self._client, self._table))))

    def reject(self, edit: HandEdit, reason: str) -> None:
        if edit.document is None:
            pointer = read_pointer(self._client, self._table) or {}
            show_in_rows(self._client, self._table, int(pointer["number"]))
            return
        judged = digest_of(canonical_text(edit.document))
        self._client.update_item(
            TableName=self._table,
            Key=to_item(row_key(edit.item)),
            UpdateExpression="SET rejected = :reason, rejected_digest = :digest",
            ConditionExpression="attribute_exists(id)",
            ExpressionAttributeValues=to_item({":reason": reason, ":digest": judged}),
        )


def show_in_rows(client: Any, table: str, number: int) -> None:
    """Make untouched rows those of a version, and say in the pointer that they are. Rows edited by hand stay."""
    manifest = read_manifest_of(client, table, number) or {}
    rows = {row_name(row): row for row in _read_all_rows(client, table)}
    behind = [name for name, digest in manifest.items() if name not in rows or _is_behind(rows[name], digest)]
    texts = read_documents(client, table, [manifest[name] for name in behind])
    for name in behind:
        item = row_item(name, texts[manifest[name]])
        _unless_touched(client, client.put_item, TableName=table, Item=item, **if_still(rows.get(name)))
    for name, row in rows.items():
        if name not in manifest and is_as_written(row):
            _unless_touched(client, client.delete_item, TableName=table, Key=to_item(row_key(name)), **if_still(row))
    _unless_touched(client, client.update_item, TableName=table, Key=to_item(POINTER), **_mark_as_shown(number))


def _find_edits(manifest: Manifest, rows: Sequence[Row]) -> Iterator[HandEdit]:
    seen = {row_name(row) for row in rows}
    for row in rows:
        if not is_as_written(row) and not was_judged(row):
            yield HandEdit(row_name(row), document_in(row))
    for name in manifest:
        if name not in seen:
            yield HandEdit(name, None)


def _is_behind(row: Row, digest: str) -> bool:
    return row.get("digest") != digest and is_as_written(row)


def _mark_as_shown(number: int) -> dict[str, Any]:
    return {
        "UpdateExpression": "SET shown_in_rows = :number",
        "ConditionExpression": "#number = :number",
        "ExpressionAttributeNames": {"#number": "number"},
        "ExpressionAttributeValues": to_item({":number": number}),
    }


def _unless_touched(client: Any, write: Callable[..., Any], **what: Any) -> None:
    """Where somebody touched the item this very moment, theirs is newer and stays."""
    with suppress(client.exceptions.ConditionalCheckFailedException):
        write(**what)


def _read_all_rows(client: Any, table: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("query").paginate(
        TableName=table,
        KeyConditionExpression="kind = :kind",
        ExpressionAttributeValues=to_item({":kind": "model"}),
        ConsistentRead=True,
    )
    policy = read_rows(client, table, [row_key(POLICY_ITEM)])
    return [*(from_item(item) for page in pages for item in page["Items"]), *policy]
