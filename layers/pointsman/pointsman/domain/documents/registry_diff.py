"""What differs between two registries, field by field. Knows nothing of who changed it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from pointsman.domain.documents.registry import encode_card, encode_policy
from pointsman.domain.registry import Registry

# Rows of a list are told apart by these of their fields rather than by their place, so that one more moves no other.
ROW_KEYS: Mapping[str, tuple[str, ...]] = {
    "prices": ("from", "service_tier", "above_input_tokens"),
    "endpoints": ("provider", "region"),
    "evidence": ("benchmark", "as_of", "source"),
    "gradings": ("meta_model_sha256", "as_of"),
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """`item` is a model's id or `policy`; `path` is empty where the whole item came or went (`before` or `after` None).

    A field that is at its default is None.
    """

    item: str
    path: str
    before: Any
    after: Any


def diff_registries(before: Registry, after: Registry) -> tuple[FieldChange, ...]:
    """In the order of the items' names, the policy first."""
    old, new = _documents(before), _documents(after)
    names = ["policy", *sorted((old.keys() | new.keys()) - {"policy"})]
    return tuple(change for name in names for change in _diff_items(name, old.get(name), new.get(name)))


def _documents(registry: Registry) -> dict[str, dict[str, Any]]:
    return {"policy": encode_policy(registry.policy)} | {card.id: encode_card(card) for card in registry.cards}


def _diff_items(item: str, before: dict[str, Any] | None, after: dict[str, Any] | None) -> Iterator[FieldChange]:
    if before is None or after is None:
        yield FieldChange(item, "", before, after)
        return
    for path, old, new in _diff("", before, after):
        yield FieldChange(item, path, old, new)


def _diff(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    if before == after:
        return
    old, new = _keyed(path, before), _keyed(path, after)
    if old is None or new is None:
        yield path, before, after
        return
    for key in [*old, *(key for key in new if key not in old)]:
        yield from _diff(f"{path}.{key}" if path else key, old.get(key), new.get(key))


def _keyed(path: str, value: Any) -> dict[str, Any] | None:
    """Maps as they are, lists of known rows by what tells them apart; None for what is compared whole."""
    if isinstance(value, Mapping):
        return dict(cast("Mapping[str, Any]", value))
    keys = ROW_KEYS.get(path)
    if keys is None or not isinstance(value, list):
        return None
    rows = cast("list[dict[str, Any]]", value)
    named = {_row_name(row, keys): row for row in rows}
    return named if len(named) == len(rows) else None


def _row_name(row: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    return " ".join(str(row[key]) for key in keys if key in row)
