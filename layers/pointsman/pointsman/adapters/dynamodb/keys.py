"""API keys in a DynamoDB table, as HMACs. Knows nothing of what a key's holder asks."""

import asyncio
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any

from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.domain.errors import AuthenticationError
from pointsman.domain.preferences import Caller

PREFIX_LENGTH = 12
# A revoked key stops working within this time.
REMEMBERED_S = 60


class DynamoDBApiKeys:
    """Implements ApiKeys. `pepper` is the secret that the stored HMACs are made with."""

    def __init__(self, client: Any, table: str, *, pepper: bytes) -> None:
        self._client, self._table, self._pepper = client, table, pepper
        self._remembered: dict[str, tuple[float, Caller]] = {}

    async def caller(self, key: str) -> Caller:
        digest = digest_key(key, self._pepper)
        until, caller = self._remembered.get(digest, (0.0, None))
        if caller is None or time.monotonic() >= until:
            caller = await asyncio.to_thread(self._look_up, key[:PREFIX_LENGTH], digest)
            self._remembered[digest] = (time.monotonic() + REMEMBERED_S, caller)
        return caller

    def _look_up(self, prefix: str, digest: str) -> Caller:
        found = self._client.get_item(TableName=self._table, Key=to_item({"prefix": prefix})).get("Item")
        item = from_item(found) if found else {}
        # Compared also where there is no such key, so that the time taken tells nothing.
        is_right = hmac.compare_digest(str(item.get("digest", "")), digest)
        if not is_right or item.get("revoked"):
            raise AuthenticationError("The API key is not valid.")
        return Caller(key_id=str(item["key_id"]), allowed_models=tuple(item.get("allowed_models", ())))


class SingleApiKey:
    """Implements ApiKeys for a local run: one fixed key and no table."""

    def __init__(self, key: str) -> None:
        self._key = key

    async def caller(self, key: str) -> Caller:
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            raise AuthenticationError("The API key is not valid.")
        return Caller(key_id="local")


def create_key(client: Any, table: str, *, pepper: bytes, name: str, allowed_models: tuple[str, ...] = ()) -> str:
    """Make a key of 256 random bits and store its HMAC. The key itself is returned once and kept nowhere."""
    key = f"pm-{secrets.token_urlsafe(32)}"
    item: Mapping[str, Any] = {
        "prefix": key[:PREFIX_LENGTH],
        "digest": digest_key(key, pepper),
        "key_id": f"{name}-{key[3:9]}",
        "allowed_models": list(allowed_models),
    }
    client.put_item(TableName=table, Item=to_item(item), ConditionExpression="attribute_not_exists(prefix)")
    return key


def digest_key(key: str, pepper: bytes) -> str:
    return hmac.new(pepper, key.encode(), hashlib.sha256).hexdigest()
