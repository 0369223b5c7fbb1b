"""What runs in processes of its own while others edit: editors, and a router whose table fails now and then."""

import asyncio
import itertools
import json
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError
from pointsman.adapters.audit_lines import format_audit_line
from pointsman.adapters.dynamodb import registry as registry_reader
from pointsman.adapters.dynamodb.audit import DynamoDBAuditLog
from pointsman.adapters.dynamodb.boto_tables import BotoTables
from pointsman.adapters.dynamodb.registry import DynamoDBModelRegistry
from pointsman.adapters.dynamodb.registry_versions import DynamoDBRegistryVersions
from pointsman.adapters.dynamodb.tables import connect
from pointsman.application.edit_registry import EditRegistry
from pointsman.domain.documents.registry_change import apply_change
from pointsman.domain.errors import RegistryConflictError
from pointsman.domain.registry import Registry

from bench.decisions import route_many

TRIES = 50


def edit_often(env: Mapping[str, str], table: str, model: str, times: int) -> None:
    """Raise one model's weight and the willingness to pay by one each time; both must be there in the end."""
    os.environ.update(env)
    editor = EditRegistry(DynamoDBRegistryVersions(connect(), table), lambda card: card, lambda: datetime.now(UTC))

    def edit(registry: Registry) -> Registry:
        card = next(card for card in registry.cards if card.id == model)
        policy = {"max_attempts": registry.policy.max_attempts + 1}
        return apply_change(
            registry, {"models": [{"id": model, "weight_milli": card.weight_milli + 1}], "policy": policy}
        )

    for _ in range(times):
        for _ in range(TRIES):
            try:
                editor.apply(edit, author=model, reason="one more")
                break
            except RegistryConflictError:
                continue


def watch_versions(env: Mapping[str, str], table: str, last: int) -> list[tuple[int, int, float]]:
    """Version, slack and moment of each version that comes into force here, up to the last."""
    os.environ.update(env)
    registry_reader.CHECK_EVERY_S = (0.5, 1.0)
    client = connect()
    registry = DynamoDBModelRegistry(lambda: client, table, on_stale=print)

    async def watch() -> list[tuple[int, int, float]]:
        seen = list[tuple[int, int, float]]()
        while not seen or seen[-1][0] < last:
            current = await registry.current()
            if not seen or current.version != seen[-1][0]:
                seen.append((current.version, current.policy.quality_slack_milli, time.time()))
            await asyncio.sleep(0.05)
        return seen

    return asyncio.run(watch())


def route_while_edited(env: Mapping[str, str], tables: Mapping[str, str], count: int, log: Path) -> None:
    """Decide `count` times; of the audit's writes every third is throttled, and then goes to `log`."""
    os.environ.update(env)
    # The real interval is tested by the clock; here each decision looks.
    registry_reader.CHECK_EVERY_S = (0.0, 0.0)
    client = connect()
    registry = DynamoDBModelRegistry(lambda: client, tables["registry"], on_stale=print)

    def lose(document: Mapping[str, Any]) -> None:
        with log.open("a", encoding="utf-8") as lines:
            lines.write(f"ERROR {format_audit_line(json.loads(json.dumps(document)))}\n")

    audit = DynamoDBAuditLog(BotoTables(Throttled(client)), tables["audit"], keep_days=1, on_lost=lose)
    asyncio.run(route_many(registry, audit, count))


class Throttled:
    """A client that refuses every third write, as a table at its limit does."""

    def __init__(self, client: Any) -> None:
        self._client, self._calls = client, itertools.count(1)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def put_item(self, **wanted: Any) -> Any:
        if next(self._calls) % 3 == 0:
            raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "PutItem")
        return self._client.put_item(**wanted)
