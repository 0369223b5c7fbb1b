"""Which model served a session last, in a DynamoDB table whose items live for minutes. Knows no prompt."""

import time
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.tables import Tables, from_item, to_item
from pointsman.domain.session import CACHE_LIFE_S, Session


class DynamoDBSessionBook:
    """Implements SessionBook. Out of reach, it knows no session, says so and lets the request go on."""

    def __init__(
        self, tables: Tables, table: str, *, on_blind: Callable[[str], None], now: Callable[[], float] = time.time
    ) -> None:
        self._tables, self._table, self._on_blind, self._now = tables, table, on_blind, now

    async def find(self, key: str) -> Session | None:
        try:
            found = await self._tables.call("GetItem", TableName=self._table, Key=to_item({"id": key}))
        except (BotoCoreError, ClientError) as error:
            self._on_blind(f"{type(error).__name__}: {error}")
            return None
        if "Item" not in found:
            return None
        item = from_item(found["Item"])
        rested_s = max(0, int(self._now()) - int(item["served_at"]))
        return Session(str(item["served_by"]), int(item["prompt_tokens"]), rested_s)

    async def keep(self, key: str, served_by: str, prompt_tokens: int) -> None:
        served_at = int(self._now())
        item = {"id": key, "served_by": served_by, "prompt_tokens": prompt_tokens, "served_at": served_at}
        expiring = to_item(item | {"expires_at": served_at + CACHE_LIFE_S})
        try:
            await self._tables.call("PutItem", TableName=self._table, Item=expiring)
        except (BotoCoreError, ClientError) as error:
            self._on_blind(f"{type(error).__name__}: {error}")
