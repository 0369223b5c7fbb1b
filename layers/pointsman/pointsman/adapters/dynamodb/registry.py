"""The registry in a DynamoDB table, read as one snapshot and kept in memory.

Items: kind `model`, id the model's, `document` the card as a map; kind `policy` and kind `version`, id `current`. The
version's number rises with every edit, in the same transaction.
"""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.tables import from_item, to_item, to_plain
from pointsman.domain.documents.registry import decode_card, decode_policy, encode_card, encode_policy
from pointsman.domain.errors import RegistryError
from pointsman.domain.registry import Registry

CURRENT = {"kind": "version", "id": "current"}
CHECK_EVERY_S = (15.0, 30.0)
READ_ATTEMPTS = 3


class DynamoDBModelRegistry:
    """Implements ModelRegistry. Looks at the version now and then; on error the last good snapshot stays, for ever.

    `seed` serves until the table has been read once, so that a cold start works with DynamoDB down. `on_stale` is
    told why a read failed.
    """

    def __init__(
        self,
        client: Any,
        table: str,
        *,
        on_stale: Callable[[str], None],
        seed: Callable[[], Registry] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._table, self._clock = client, table, clock
        self._on_stale, self._seed = on_stale, seed
        self._registry: Registry | None = None
        self._check_at = 0.0
        self._checking = asyncio.Lock()

    async def current(self) -> Registry:
        if self._registry is None or self._clock() >= self._check_at:
            async with self._checking:
                await self._check()
        if self._registry is None:
            raise RegistryError("The registry cannot be read and there is no seed.")
        return self._registry

    async def _check(self) -> None:
        if self._registry is not None and self._clock() < self._check_at:
            return
        try:
            await asyncio.to_thread(self._refresh)
        except (BotoCoreError, ClientError, RegistryError) as error:
            self._on_stale(f"{type(error).__name__}: {error}")
            if self._registry is None and self._seed is not None:
                self._registry = self._seed()
        self._check_at = self._clock() + random.uniform(*CHECK_EVERY_S)

    def _refresh(self) -> None:
        version = read_version(self._client, self._table)
        if self._registry is None or version != self._registry.version:
            self._registry = read_registry(self._client, self._table)


class DynamoDBRegistryStore:
    """Implements RegistryStore on the same table."""

    def __init__(self, client: Any, table: str) -> None:
        self._client, self._table = client, table

    def read(self) -> Registry | None:
        has_version = read_version(self._client, self._table) > 0
        return read_registry(self._client, self._table) if has_version else None

    def write(self, registry: Registry) -> int:
        return write_registry(self._client, self._table, registry)


def read_version(client: Any, table: str) -> int:
    """The registry's version; 0 where nothing has been written yet."""
    found = client.get_item(TableName=table, Key=to_item(CURRENT), ConsistentRead=True).get("Item")
    return int(from_item(found)["number"]) if found else 0


def read_registry(client: Any, table: str) -> Registry:
    """The whole registry at one version. RegistryError where it is empty, broken, or edited faster than it is read."""
    for _ in range(READ_ATTEMPTS):
        version = read_version(client, table)
        documents = list(_scan(client, table))
        if version == read_version(client, table):
            return _assemble(version, documents)
    raise RegistryError("The registry changed while it was being read.")


def write_registry(client: Any, table: str, registry: Registry) -> int:
    """Make the table hold this registry and no other card, and raise the version, all in one transaction.

    Returns the new version. RegistryError where somebody else edited meanwhile.
    """
    version = read_version(client, table)
    kept = {card.id for card in registry.cards}
    gone = [item["id"] for item in _scan(client, table) if item["kind"] == "model" and item["id"] not in kept]
    documents = [("model", card.id, encode_card(card)) for card in registry.cards]
    documents.append(("policy", "current", encode_policy(registry.policy)))
    puts = [
        {"Put": {"TableName": table, "Item": to_item({"kind": kind, "id": name, "document": document})}}
        for kind, name, document in documents
    ]
    deletes = [{"Delete": {"TableName": table, "Key": to_item({"kind": "model", "id": name})}} for name in gone]
    try:
        client.transact_write_items(TransactItems=[*puts, *deletes, _raise_version(table, version)])
    except client.exceptions.TransactionCanceledException as error:
        raise RegistryError(f"The registry was edited by somebody else at version {version}.") from error
    return version + 1


def _raise_version(table: str, seen: int) -> dict[str, Any]:
    return {
        "Put": {
            "TableName": table,
            "Item": to_item({**CURRENT, "number": seen + 1}),
            "ConditionExpression": "attribute_not_exists(#number) OR #number = :seen",
            "ExpressionAttributeNames": {"#number": "number"},
            "ExpressionAttributeValues": to_item({":seen": seen}),
        }
    }


def _scan(client: Any, table: str) -> list[dict[str, Any]]:
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [from_item(item) for page in pages for item in page["Items"]]


def _assemble(version: int, items: list[dict[str, Any]]) -> Registry:
    by_kind = {
        kind: [to_plain(item["document"]) for item in items if item["kind"] == kind] for kind in ("model", "policy")
    }
    if not by_kind["model"] or not by_kind["policy"]:
        raise RegistryError("The registry is empty: run `pointsman registry seed`.")
    cards = tuple(sorted(map(decode_card, by_kind["model"]), key=lambda card: card.id))
    return Registry(version, cards, decode_policy(by_kind["policy"][0]))
