"""Reads versions and documents of the registry's table, and puts documents there. Neither changes once written."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pointsman.adapters.dynamodb.registry_items import (
    POINTER,
    POLICY_ITEM,
    Manifest,
    decode_document,
    read_manifest,
    version_key,
)
from pointsman.adapters.dynamodb.tables import from_item, to_item
from pointsman.domain.documents.canonical import digest_of
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.registry import Policy, Registry

T = TypeVar("T")
ITEMS_A_READ = 100
ITEMS_A_WRITE = 25
# An overloaded table hands keys back; so many rounds without any progress are an outage.
IDLE_ROUNDS = 5

# Digest -> what it decodes to.
Decoded = Mapping[str, ModelCard | Policy]


def read_pointer(client: Any, table: str) -> Mapping[str, Any] | None:
    """None where no registry of this layout was written yet."""
    found = client.get_item(TableName=table, Key=to_item(POINTER), ConsistentRead=True).get("Item")
    pointer = from_item(found) if found else {}
    return pointer if "shown_in_rows" in pointer else None


def read_manifest_of(client: Any, table: str, number: int) -> dict[str, str] | None:
    """None where there is no such version."""
    found = client.get_item(TableName=table, Key=to_item(version_key(number)), ConsistentRead=True).get("Item")
    return read_manifest(from_item(found)) if found else None


def load_registry(client: Any, table: str, number: int, known: Decoded) -> tuple[Registry, Decoded] | None:
    """One version, reading only the documents that are not `known`; with all of its documents by digest.

    None where there is no such version. RegistryError where a document is missing or was tampered with.
    """
    manifest = read_manifest_of(client, table, number)
    if manifest is None:
        return None
    names = {digest: name for name, digest in manifest.items()}
    texts = read_documents(client, table, [digest for digest in names if digest not in known])
    decoded = {digest: known.get(digest) or _decode(name, digest, texts) for digest, name in names.items()}
    return _assemble(number, manifest, decoded), decoded


def read_documents(client: Any, table: str, digests: Sequence[str]) -> dict[str, str]:
    """Digest -> text, of those that are there."""
    items = read_rows(client, table, [{"kind": "document", "id": digest} for digest in digests])
    return {str(item["id"]): str(item["text"]) for item in items}


def read_rows(client: Any, table: str, keys: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """The items of these keys that are there."""
    return [
        item
        for chunk in chunks(keys, ITEMS_A_READ)
        for item in _batch_get(client, table, [to_item(key) for key in chunk])
    ]


def put_documents(client: Any, table: str, texts: Sequence[str]) -> None:
    """Putting a document twice changes nothing: its key is its content's digest."""
    for chunk in chunks(texts, ITEMS_A_WRITE):
        puts = [{"PutRequest": {"Item": to_item(_document(text))}} for text in chunk]
        left, idle = puts, 0
        while left:
            before = len(left)
            left = client.batch_write_item(RequestItems={table: left}).get("UnprocessedItems", {}).get(table, [])
            idle = _count_idle(idle, before, len(left))


def chunks(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))


def _document(text: str) -> dict[str, str]:
    return {"kind": "document", "id": digest_of(text), "text": text}


def _decode(name: str, digest: str, texts: Mapping[str, str]) -> ModelCard | Policy:
    text = texts.get(digest, "")
    if digest_of(text) != digest:
        raise RegistryError(f"{name}: its document {digest} is missing or was changed", item=name)
    return decode_document(name, text)


def _assemble(number: int, manifest: Manifest, decoded: Decoded) -> Registry:
    cards = [card for digest in manifest.values() if isinstance(card := decoded[digest], ModelCard)]
    policy = decoded[manifest[POLICY_ITEM]]
    if not isinstance(policy, Policy):
        raise RegistryError(f"version {number}: holds no policy")
    return Registry(number, tuple(sorted(cards, key=lambda card: card.id)), policy)


def _batch_get(client: Any, table: str, keys: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    idle = 0
    while keys:
        before = len(keys)
        answer = client.batch_get_item(RequestItems={table: {"Keys": keys, "ConsistentRead": True}})
        yield from map(from_item, answer["Responses"].get(table, []))
        keys = answer.get("UnprocessedKeys", {}).get(table, {}).get("Keys", [])
        idle = _count_idle(idle, before, len(keys))


def _count_idle(idle: int, before: int, after: int) -> int:
    idle = idle + 1 if after == before else 0
    if idle == IDLE_ROUNDS:
        raise RegistryError("The registry's table takes no more requests for now.")
    return idle
