"""The registry as operators edit it: versions that are added and never changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from pointsman.adapters.dynamodb.registry_documents import (
    load_registry,
    put_documents,
    read_manifest_of,
    read_pointer,
    read_rows,
)
from pointsman.adapters.dynamodb.registry_items import (
    NAMED_CHANGES,
    Manifest,
    Row,
    changed_names,
    document_in,
    documents_of,
    if_still,
    is_as_written,
    manifest_of,
    pointer_item,
    read_version_item,
    row_item,
    row_key,
    row_name,
    version_item,
    was_judged,
)
from pointsman.adapters.dynamodb.registry_rows import show_in_rows
from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.application.ports import HandEdit
from pointsman.domain.errors import RegistryConflictError
from pointsman.domain.registry import Change, Registry, Version

# A transaction takes 100 items and 4 MB; the version and the pointer are two of them.
ROWS_A_TRANSACTION = 96
BYTES_A_TRANSACTION = 3_000_000


class DynamoDBRegistryVersions:
    """Implements RegistryVersions, for any number of cards.

    Documents are put first, where nobody looks at them yet; then one transaction adds the version, flips the pointer
    and shows the change in the rows. Where it changes more rows than a transaction takes, they follow after it.
    """

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def read(self, number: int | None = None) -> Registry | None:
        if number is None:
            pointer = read_pointer(self._client, self._table)
            number = int(pointer["number"]) if pointer else 0
        loaded = load_registry(self._client, self._table, number, {}) if number else None
        return loaded[0] if loaded else None

    def history(self, most: int) -> Sequence[Version]:
        answer = self._client.query(
            TableName=self._table,
            KeyConditionExpression="kind = :kind AND id BETWEEN :first AND :last",
            ExpressionAttributeValues=to_item({":kind": "version", ":first": "0", ":last": "9999999999"}),
            ScanIndexForward=False,
            Limit=most,
            ConsistentRead=True,
        )
        return [read_version_item(from_item(item)) for item in answer["Items"]]

    def commit(self, registry: Registry, change: Change, *, adopting: Sequence[HandEdit] = ()) -> int:
        base, texts = registry.version, documents_of(registry)
        before, manifest = self._read_base(base), manifest_of(texts)
        changed = changed_names(before, manifest)
        new = [texts[name] for name in changed if name in texts]
        put_documents(self._client, self._table, new)
        version = Version(base + 1, change, changed[:NAMED_CHANGES], len(changed))
        is_small = len(changed) <= ROWS_A_TRANSACTION and sum(map(len, new)) <= BYTES_A_TRANSACTION
        rows = self._row_writes(before, changed, texts, adopting) if is_small else []
        self._flip(version, manifest, rows, shown_in_rows=version.number if is_small else 0)
        if not is_small:
            show_in_rows(self._client, self._table, version.number)
        return version.number

    def _read_base(self, base: int) -> Manifest:
        pointer = read_pointer(self._client, self._table)
        if pointer is None and base == 0:
            return {}
        if pointer is None or pointer["number"] != base:
            raise RegistryConflictError(f"The registry was edited by somebody else since version {base} was read.")
        if pointer["shown_in_rows"] != base:
            show_in_rows(self._client, self._table, base)
        return read_manifest_of(self._client, self._table, base) or {}

    def _flip(self, version: Version, manifest: Manifest, rows: list[dict[str, Any]], *, shown_in_rows: int) -> None:
        added = {"Item": version_item(version, manifest), "ConditionExpression": "attribute_not_exists(id)"}
        pointer = {
            "Item": pointer_item(version, shown_in_rows=shown_in_rows),
            **_nobody_else_flipped(version.number - 1),
        }
        puts = [{"Put": {"TableName": self._table, **put}} for put in (added, pointer)]
        try:
            self._client.transact_write_items(TransactItems=[*puts, *rows])
        except self._client.exceptions.TransactionCanceledException as error:
            raise _conflict(error, version.number - 1) from error

    def _row_writes(
        self, before: Manifest, changed: Sequence[str], texts: Mapping[str, str], adopting: Sequence[HandEdit]
    ) -> list[dict[str, Any]]:
        rows = {row_name(row): row for row in read_rows(self._client, self._table, [row_key(name) for name in changed])}
        adopted = {edit.item: edit for edit in adopting}
        for name in changed:
            if _is_touched(name in before, rows.get(name), adopted.get(name)):
                raise RegistryConflictError(f"{name}: was just edited directly; that edit comes first", item=name)
        return [_row_write(self._table, name, texts.get(name), rows.get(name)) for name in changed]


def _is_touched(was_there: bool, row: Row | None, adopted: HandEdit | None) -> bool:
    """Whether the row holds an edit that this commit knows nothing of."""
    if adopted is not None:
        return (None if row is None else document_in(row)) != adopted.document
    if row is None:
        return was_there
    return not is_as_written(row) and not was_judged(row)


def _row_write(table: str, name: str, text: str | None, seen: Row | None) -> dict[str, Any]:
    """Change one row if nobody has touched it since it was seen."""
    where = {"TableName": table, **if_still(seen)}
    if text is None:
        return {"Delete": {"Key": to_item(row_key(name)), **where}}
    return {"Put": {"Item": row_item(name, text), **where}}


def _nobody_else_flipped(base: int) -> dict[str, Any]:
    # A pointer without an author is of an older layout, whose registry is not read any more.
    return {
        "ConditionExpression": "attribute_not_exists(author) OR #number = :base",
        "ExpressionAttributeNames": {"#number": "number"},
        "ExpressionAttributeValues": to_item({":base": base}),
    }


def _conflict(error: Any, base: int) -> RegistryConflictError:
    reasons = error.response.get("CancellationReasons", [])
    in_row = any(reason.get("Code", "None") != "None" for reason in reasons[2:])
    what = "A row of the registry was edited directly" if in_row else "The registry was edited by somebody else"
    return RegistryConflictError(f"{what} since version {base} was read.")
