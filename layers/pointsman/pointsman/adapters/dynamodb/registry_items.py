"""The items of the registry's table.

- kind `document`, id a digest: one card or policy as JSON text. Never changed: the digest is that of the text.
- kind `version`, id a number: one version for ever: who, when, why, and its manifest (item -> digest), compressed.
- kind `version`, id `current`: the number that holds now. Flipping it is what makes an edit.
- kinds `model` and `policy`: one row for each item, its `document` as a map: what people edit in the console. A row is
  as we wrote it where `digest` is its document's.
"""

import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pointsman.adapters.dynamodb.tables import to_item
from pointsman.domain.documents.canonical import canonical_text, digest_of, plain
from pointsman.domain.documents.registry import decode_card, decode_policy, encode_card, encode_policy
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.registry import Change, Policy, Registry, Version

POINTER: Final = {"kind": "version", "id": "current"}
POLICY_ITEM: Final = "policy"
# DynamoDB takes 400 KB an item.
LARGEST_TEXT_BYTES: Final = 390_000
NAMED_CHANGES: Final = 20

# Item's name (a model's id or `policy`) -> digest of its document.
Manifest = Mapping[str, str]
Row = Mapping[str, Any]
_DOCUMENT: Final = {"#document": "document"}


def documents_of(registry: Registry) -> dict[str, str]:
    """Item's name -> canonical text. RegistryError for a card too large to be stored."""
    texts = {card.id: canonical_text(encode_card(card)) for card in registry.cards}
    texts[POLICY_ITEM] = canonical_text(encode_policy(registry.policy))
    for name, text in texts.items():
        if len(text.encode()) > LARGEST_TEXT_BYTES:
            raise RegistryError(f"{name}: is larger than the {LARGEST_TEXT_BYTES} bytes that can be stored", item=name)
    return texts


def manifest_of(texts: Mapping[str, str]) -> dict[str, str]:
    return {name: digest_of(text) for name, text in sorted(texts.items())}


def decode_document(name: str, text: str) -> ModelCard | Policy:
    document = json.loads(text)
    return decode_policy(document) if name == POLICY_ITEM else decode_card(document)


def version_key(number: int) -> dict[str, str]:
    return {"kind": "version", "id": f"{number:010d}"}


def row_key(name: str) -> dict[str, str]:
    return {"kind": "policy", "id": "current"} if name == POLICY_ITEM else {"kind": "model", "id": name}


def row_name(row: Row) -> str:
    return POLICY_ITEM if row["kind"] == "policy" else str(row["id"])


def row_item(name: str, text: str) -> dict[str, Any]:
    return to_item({**row_key(name), "document": json.loads(text), "digest": digest_of(text)})


def is_as_written(row: Row) -> bool:
    """Whether nobody has touched the row since we wrote it."""
    return row.get("digest") == digest_of(canonical_text(document_in(row)))


def was_judged(row: Row) -> bool:
    """Whether the row still holds what was rejected."""
    return row.get("rejected_digest") == digest_of(canonical_text(document_in(row)))


def document_in(row: Row) -> dict[str, Any]:
    """Empty where somebody removed it or put something else in its place."""
    document: Any = plain(row.get("document"))
    return document if isinstance(document, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def if_still(row: Row | None) -> dict[str, Any]:
    """The condition that a row is as it was seen; None where it was not there."""
    if row is None:
        return {"ConditionExpression": "attribute_not_exists(id)"}
    if "document" not in row:
        return {"ConditionExpression": "attribute_not_exists(#document)", "ExpressionAttributeNames": _DOCUMENT}
    return {
        "ConditionExpression": "#document = :seen",
        "ExpressionAttributeNames": _DOCUMENT,
        "ExpressionAttributeValues": to_item({":seen": row["document"]}),
    }


def version_item(version: Version, manifest: Manifest) -> dict[str, Any]:
    return to_item({**version_key(version.number), **_told(version), "manifest": _pack(manifest)})


def pointer_item(version: Version, *, shown_in_rows: int) -> dict[str, Any]:
    """`shown_in_rows` is the last version that all rows show; it lags while a large edit is copied into them."""
    return to_item({**POINTER, **_told(version), "shown_in_rows": shown_in_rows})


def read_version_item(item: Mapping[str, Any]) -> Version:
    change = Change(str(item["author"]), datetime.fromisoformat(item["at"]), str(item["reason"]))
    return Version(int(item["number"]), change, tuple(item["changed"]), int(item["changed_count"]))


def read_manifest(item: Mapping[str, Any]) -> dict[str, str]:
    packed: Any = item["manifest"]
    try:
        return json.loads(zlib.decompress(bytes(packed)))
    except (ValueError, zlib.error) as error:
        raise RegistryError(f"version {item['number']}: its manifest cannot be read") from error


def changed_names(before: Manifest, after: Manifest) -> tuple[str, ...]:
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def _told(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "author": version.change.author,
        "at": version.change.at.isoformat(),
        "reason": version.change.reason,
        "changed": list(version.changed),
        "changed_count": version.changed_count,
    }


def _pack(manifest: Manifest) -> bytes:
    packed = zlib.compress(json.dumps(manifest, separators=(",", ":")).encode(), 9)
    if len(packed) > LARGEST_TEXT_BYTES:
        raise RegistryError(f"{len(manifest)} items are more than one version can hold")
    return packed
