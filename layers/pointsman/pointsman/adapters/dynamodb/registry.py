"""The registry as functions read it: one snapshot in memory, looked at now and then. Knows nothing of editing."""

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.registry_documents import Decoded, load_registry, read_pointer
from pointsman.domain.errors import RegistryError
from pointsman.domain.registry import Registry

# An edit is in force everywhere within 30 seconds, one look that fails and the time to read included.
CHECK_EVERY_S = (15.0, 22.0)
CHECK_AGAIN_S = (2.0, 3.0)


class DynamoDBModelRegistry:
    """Implements ModelRegistry. A version never changes, so a snapshot is always whole.

    `open_client` is asked on the loop for what then reads in a thread, for a registry takes long to decode.
    On error the last good snapshot stays, for ever. `seed` serves until the table has been read once, so that a cold
    start works with DynamoDB down. `on_stale` is told why a read failed.
    """

    def __init__(
        self,
        open_client: Callable[[], Any],
        table: str,
        *,
        on_stale: Callable[[str], None],
        seed: Callable[[], Registry] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_client, self._table, self._clock = open_client, table, clock
        self._on_stale, self._seed = on_stale, seed
        self._registry: Registry | None = None
        self._decoded: Decoded = {}
        self._check_at = 0.0
        self._agreed_at: float | None = None
        self._failed_before = False
        self._checking = asyncio.Lock()

    async def current(self) -> Registry:
        if self._registry is None or self._clock() >= self._check_at:
            async with self._checking:
                await self._check()
        if self._registry is None:
            raise RegistryError("The registry cannot be read and there is no seed.")
        return self._registry

    def age_s(self) -> float:
        """How long ago the snapshot last agreed with the table, or that was first tried where it never did."""
        return 0.0 if self._agreed_at is None else self._clock() - self._agreed_at

    async def _check(self) -> None:
        if self._registry is not None and self._clock() < self._check_at:
            return
        agreed = True
        try:
            await asyncio.to_thread(self._refresh, self._open_client())
        except (BotoCoreError, ClientError, RegistryError) as error:
            agreed = False
            self._on_stale(f"{type(error).__name__}: {error}")
            if self._registry is None and self._seed is not None:
                self._registry = self._seed()
        now = self._clock()
        # A second failure in a row is an outage, in which each look lets a request wait.
        is_first_failure = not agreed and not self._failed_before
        self._check_at = now + random.uniform(*(CHECK_AGAIN_S if is_first_failure else CHECK_EVERY_S))
        self._failed_before = not agreed
        if agreed or self._agreed_at is None:
            self._agreed_at = now

    def _refresh(self, client: Any) -> None:
        pointer = read_pointer(client, self._table)
        if pointer is None:
            raise RegistryError("The registry is empty: run `pointsman registry seed`.")
        number = int(pointer["number"])
        if self._registry is None or number != self._registry.version:
            loaded = load_registry(client, self._table, number, self._decoded)
            if loaded is None:
                raise RegistryError(f"There is no version {number} of the registry.")
            self._registry, self._decoded = loaded
