"""A change of the registry as a document, such as an operator's `change.yaml`. Says only what is to be different.

    models:            by id; a field given replaces the stored one, null makes it the default, a new id is a whole card
    remove_models:     ids
    policy:            fields, as for models

Prices are added to: a row given for a day that has none yet ends the row that held until then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from pointsman.domain.documents.registry import check_price, decode_card, decode_policy, encode_card, encode_policy
from pointsman.domain.errors import NotFoundError, RegistryError
from pointsman.domain.model_card import ModelCard
from pointsman.domain.registry import Registry

FIELDS: Final = frozenset({"models", "remove_models", "policy"})

Document = Mapping[str, Any]


def apply_change(registry: Registry, change: Document) -> Registry:
    """Raises RegistryError, which names item and field."""
    for name in sorted(change.keys() - FIELDS):
        raise RegistryError(f"{name}: no such field of a change; there are {', '.join(sorted(FIELDS))}", path=name)
    cards = {card.id: card for card in registry.cards}
    for row in _rows(change, "models"):
        card = _change_card(row, cards)
        cards[card.id] = card
    for name in _names(change, "remove_models"):
        if cards.pop(name, None) is None:
            raise RegistryError(f"remove_models: there is no model '{name}'", path="remove_models")
    policy = decode_policy(_merge(encode_policy(registry.policy), _object(change, "policy")))
    return replace(registry, cards=tuple(cards.values()), policy=policy)


def replace_item(registry: Registry, item: str, document: Document) -> Registry:
    """One card, or `policy`, written anew as a whole."""
    if item == "policy":
        return replace(registry, policy=decode_policy(document))
    card = decode_card(document)
    if card.id != item:
        raise RegistryError(f"{item}: id: cannot be changed, here to '{card.id}'", item=item, path="id")
    return replace(registry, cards=(*(card for card in registry.cards if card.id != item), card))


def item_document(registry: Registry, item: str) -> dict[str, Any]:
    """One card, or `policy`. Raises NotFoundError."""
    if item == "policy":
        return encode_policy(registry.policy)
    card = registry.card(item)
    if card is None:
        raise NotFoundError(f"{item}: there is no such model")
    return encode_card(card)


def _change_card(row: Document, cards: Mapping[str, ModelCard]) -> ModelCard:
    name = row.get("id")
    if not isinstance(name, str):
        raise RegistryError("models: every row needs the id of its model", path="models")
    known = cards.get(name)
    if known is None:
        return decode_card(row)
    stored = encode_card(known)
    prices: Any = row.get("prices")
    merged = _merge(stored, row)
    if isinstance(prices, list):
        merged["prices"] = _add_prices(name, stored["prices"], cast("list[Any]", prices))
    return decode_card(merged)


def _merge(stored: Document, given: Document) -> dict[str, Any]:
    """Fields given win, null leaves none; inside nested objects likewise; lists are replaced."""
    merged = dict(stored)
    for key, value in given.items():
        inner = merged.get(key)
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(inner, Mapping):
            merged[key] = _merge(cast("Document", inner), cast("Document", value))
        else:
            merged[key] = value
    return merged


def _add_prices(item: str, stored: Sequence[dict[str, Any]], given: Sequence[Any]) -> list[dict[str, Any]]:
    rows = list(stored)
    for index, row in enumerate(given):
        check_price(item, index, row)
        rows = _add_price(rows, row)
    return rows


def _add_price(rows: Sequence[dict[str, Any]], new: dict[str, Any]) -> list[dict[str, Any]]:
    same_day = [row for row in rows if _case(row) == _case(new) and row["from"] == new["from"]]
    if same_day:
        return [new if row is same_day[0] else row for row in rows]
    return [_ended(row, new) for row in rows] + [new]


def _ended(row: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    is_followed = _case(row) == _case(new) and row["from"] < new["from"] < (row.get("until") or "9999")
    return {**row, "until": new["from"]} if is_followed else row


def _case(row: Document) -> tuple[Any, ...]:
    return row.get("service_tier", "default"), row.get("above_input_tokens", 0)


def _rows(change: Document, field: str) -> list[Document]:
    rows: Any = change.get(field) or []
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in cast("list[Any]", rows)):
        raise RegistryError(f"{field}: must be a list of objects", path=field)
    return cast("list[Document]", rows)


def _names(change: Document, field: str) -> list[str]:
    names: Any = change.get(field) or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in cast("list[Any]", names)):
        raise RegistryError(f"{field}: must be a list of ids", path=field)
    return cast("list[str]", names)


def _object(change: Document, field: str) -> Document:
    value: Any = change.get(field) or {}
    if not isinstance(value, Mapping):
        raise RegistryError(f"{field}: must be an object", path=field)
    return cast("Document", value)
