"""API keys in a DynamoDB table, as HMACs. Knows nothing of what a key's holder asks."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from pointsman.adapters.dynamodb.tables import Tables, from_item, to_item
from pointsman.domain.errors import AccessUnavailableError, AuthenticationError
from pointsman.domain.preferences import Caller

PREFIX_LENGTH = 12
# A revoked key stops working within this time.
REMEMBERED_S = 60
# While the table is out of reach, a key that was good stays so for this long: nobody can revoke it meanwhile either.
KEPT_IN_AN_OUTAGE_S = 900
MOST_REMEMBERED = 4096


class DynamoDBApiKeys:
    """Implements ApiKeys. `pepper` gives the secret that the stored HMACs are made with."""

    def __init__(
        self, tables: Tables, table: str, *, pepper: Callable[[], bytes], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._tables, self._table, self._pepper, self._clock = tables, table, pepper, clock
        self._remembered: dict[str, tuple[float, Caller]] = {}
        self._has_pepper = False

    async def caller(self, key: str) -> Caller:
        digest = digest_key(key, await self._read_pepper())
        seen_at, caller = self._remembered.get(digest, (0.0, None))
        asked_at = self._clock()
        if caller is not None and asked_at < seen_at + REMEMBERED_S:
            return caller
        try:
            found = await self._look_up(key[:PREFIX_LENGTH], digest)
        except (BotoCoreError, ClientError) as error:
            if caller is not None and self._clock() < seen_at + KEPT_IN_AN_OUTAGE_S:
                return caller
            raise AccessUnavailableError("The API key cannot be checked now.") from error
        except AuthenticationError:
            self._remembered.pop(digest, None)
            raise
        self._remember(digest, found, asked_at)
        return found

    async def _read_pepper(self) -> bytes:
        """Aside at first, for the store of the secrets may be slow or out of reach, and others' answers go on."""
        if self._has_pepper:
            return self._pepper()
        pepper = await asyncio.to_thread(self._pepper)
        self._has_pepper = True
        return pepper

    async def _look_up(self, prefix: str, digest: str) -> Caller:
        wanted = to_item({"prefix": prefix})
        # Of an older copy a key that has just been revoked would be remembered anew.
        answer = await self._tables.call("GetItem", TableName=self._table, Key=wanted, ConsistentRead=True)
        item = from_item(answer.get("Item", {}))
        # Compared also where there is no such key, so that the time taken tells nothing.
        is_right = hmac.compare_digest(str(item.get("digest", "")), digest)
        if not is_right or "revoked_at" in item:
            raise AuthenticationError("The API key is not valid.")
        return decode_caller(item)

    def _remember(self, digest: str, caller: Caller, asked_at: float) -> None:
        if len(self._remembered) >= MOST_REMEMBERED:
            self._remembered.clear()
        self._remembered[digest] = (asked_at, caller)


class SingleApiKey:
    """Implements ApiKeys for a local run: one fixed key and no table."""

    def __init__(self, key: str) -> None:
        self._key = key

    async def caller(self, key: str) -> Caller:
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            raise AuthenticationError("The API key is not valid.")
        return Caller(key_id="local", role="operator")


def digest_key(key: str, pepper: bytes) -> str:
    return hmac.new(pepper, key.encode(), hashlib.sha256).hexdigest()


def encode_caller(caller: Caller) -> dict[str, Any]:
    """As stored: limits that are not set are left out."""
    return {
        "key_id": caller.key_id,
        "role": caller.role,
        "allowed_models": list(caller.allowed_models),
        "objectives": list(caller.objectives),
        "zero_retention": caller.zero_retention,
        "no_training": caller.no_training,
        "requests_per_minute": caller.requests_per_minute,
        "budget_usd": caller.budget_usd,
        "budget_period": caller.budget_period,
    }


def decode_caller(item: Mapping[str, Any]) -> Caller:
    per_minute = item.get("requests_per_minute")
    return Caller(
        key_id=str(item["key_id"]),
        allowed_models=tuple(item.get("allowed_models", ())),
        role=item.get("role", "app"),
        objectives=tuple(item.get("objectives", ())),
        zero_retention=bool(item.get("zero_retention", False)),
        no_training=bool(item.get("no_training", False)),
        requests_per_minute=None if per_minute is None else int(per_minute),
        budget_usd=item.get("budget_usd"),
        budget_period=item.get("budget_period", "month"),
    )
