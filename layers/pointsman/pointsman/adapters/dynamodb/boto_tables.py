"""Between boto3's client and the light one: each as the other, and a client that is made late. Knows no table."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from pointsman.adapters.dynamodb.tables import Operation, Tables, connect

METHODS: Final[Mapping[Operation, str]] = {
    "BatchGetItem": "batch_get_item",
    "GetItem": "get_item",
    "PutItem": "put_item",
    "Query": "query",
    "UpdateItem": "update_item",
}


@dataclass(frozen=True, slots=True)
class BotoTables:
    """Implements Tables where nobody waits: with boto3's client, in threads."""

    client: Any

    async def call(self, operation: Operation, **parameters: Any) -> Mapping[str, Any]:
        return await asyncio.to_thread(getattr(self.client, METHODS[operation]), **parameters)


@dataclass(frozen=True, slots=True)
class ReadingClient:
    """What reads as boto3's client does, for a thread, while the loop runs on which this is made."""

    tables: Tables
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)

    def get_item(self, **parameters: Any) -> Mapping[str, Any]:
        return self._call("GetItem", parameters)

    def batch_get_item(self, **parameters: Any) -> Mapping[str, Any]:
        return self._call("BatchGetItem", parameters)

    def _call(self, operation: Operation, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return asyncio.run_coroutine_threadsafe(self._on_loop(operation, parameters), self.loop).result()

    async def _on_loop(self, operation: Operation, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return await self.tables.call(operation, **parameters)


class LateClient:
    """boto3's client, made when it is first used: that costs more than all that is imported for it."""

    def __init__(self) -> None:
        self._making, self._client = Lock(), None

    def __getattr__(self, name: str) -> Any:
        with self._making:
            self._client = self._client or connect()
        return getattr(self._client, name)
