"""An operator's hand on the keys table: make, list, revoke. The endpoint itself can do none of these."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pointsman.adapters.dynamodb.keys import PREFIX_LENGTH, decode_caller, digest_key, encode_caller
from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.domain.errors import NotFoundError
from pointsman.domain.preferences import Caller

# Of the key's random part, what its id tells: enough to tell keys of one name apart.
ID_SUFFIX = slice(3, 9)


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """A key as the table has it, without its HMAC. Moments are ISO 8601."""

    caller: Caller
    created_at: str
    revoked_at: str | None


@dataclass(frozen=True, slots=True)
class DynamoDBKeyStore:
    client: Any
    table: str

    def create(self, caller: Caller, *, pepper: bytes, now: datetime) -> str:
        """Make a key of 256 random bits and store its HMAC. The key itself is returned once and kept nowhere.

        `caller.key_id` is the key's name, which gets a suffix of the key's own.
        """
        key = f"pm-{secrets.token_urlsafe(32)}"
        item = {
            **encode_caller(replace(caller, key_id=f"{caller.key_id}-{key[ID_SUFFIX]}")),
            "prefix": key[:PREFIX_LENGTH],
            "digest": digest_key(key, pepper),
            "created_at": now.isoformat(timespec="seconds"),
        }
        self.client.put_item(
            TableName=self.table, Item=to_item(item), ConditionExpression="attribute_not_exists(prefix)"
        )
        return key

    def list(self) -> list[KeyEntry]:
        """All keys, by id."""
        entries = [
            KeyEntry(decode_caller(item), str(item.get("created_at", "")), item.get("revoked_at"))
            for item in self._scan()
        ]
        return sorted(entries, key=lambda entry: entry.caller.key_id)

    def revoke(self, key_id: str, *, now: datetime) -> None:
        """From here on it is refused, within a minute everywhere. NotFoundError for an unknown id.

        The item stays, so that the audit's key ids keep their meaning.
        """
        prefixes = [item["prefix"] for item in self._scan() if item["key_id"] == key_id]
        if not prefixes:
            raise NotFoundError(f"There is no key '{key_id}'.")
        for prefix in prefixes:
            self.client.update_item(
                TableName=self.table,
                Key=to_item({"prefix": prefix}),
                UpdateExpression="SET revoked_at = if_not_exists(revoked_at, :now)",
                ConditionExpression="attribute_exists(prefix)",
                ExpressionAttributeValues=to_item({":now": now.isoformat(timespec="seconds")}),
            )

    def _scan(self) -> Iterator[dict[str, Any]]:
        for page in self.client.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True):
            yield from (from_item(item) for item in page["Items"])
