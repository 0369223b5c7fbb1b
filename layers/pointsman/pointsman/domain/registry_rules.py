"""What must hold of a whole registry, and of a change from one to the next. Single fields are checked in documents."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import ModelCard, Price
from pointsman.domain.registry import Registry

MOST_EXPLORED_MILLI: Final = 250


def check_registry(registry: Registry) -> None:
    """Raises RegistryError for a registry that could not serve."""
    _refuse_twins(registry.cards)
    _refuse_wide_exploration(registry.cards)
    for field in ("safe_default", "reference_model"):
        wanted: str = getattr(registry.policy, field)
        if registry.card(wanted) is None:
            raise RegistryError(f"policy: {field}: there is no model '{wanted}'", item="policy", path=field)
    safe = registry.card(registry.policy.safe_default)
    if safe is not None and (not safe.enabled or safe.weight_milli == 0 or safe.kind != "chat"):
        raise RegistryError(
            f"policy: safe_default: '{safe.id}' must be an enabled chat model", item="policy", path="safe_default"
        )


def check_prices_kept(before: Registry, after: Registry, *, today: date) -> None:
    """A price that has begun to hold is never changed or removed, only ended: what was charged stays derivable."""
    kept = {card.id: card for card in after.cards}
    for card in before.cards:
        if card.id in kept:
            _check_prices_of(card, kept[card.id], today)


def _check_prices_of(before: ModelCard, after: ModelCard, today: date) -> None:
    for index, price in enumerate(before.prices):
        if price.valid_from <= today and not any(_continues(price, other) for other in after.prices):
            raise RegistryError(
                f"{before.id}: prices[{index}]: the row from {price.valid_from.isoformat()} has begun to hold: "
                "end it with `until` and add another, or correct it explicitly",
                item=before.id,
                path="prices",
            )


def _continues(old: Price, new: Price) -> bool:
    """The same price, perhaps read again or ended."""
    is_end_kept = old.valid_until is None or old.valid_until == new.valid_until
    return is_end_kept and replace(new, valid_until=old.valid_until, checked=old.checked, source=old.source) == old


def _refuse_wide_exploration(cards: Iterable[ModelCard]) -> None:
    explored = [card for card in cards if card.exploration_milli]
    if sum(card.exploration_milli for card in explored) > MOST_EXPLORED_MILLI:
        name = explored[-1].id
        reason = f"models on trial may get {MOST_EXPLORED_MILLI} thousandths of requests together"
        raise RegistryError(f"{name}: exploration_milli: {reason}", item=name, path="exploration_milli")


def _refuse_twins(cards: Iterable[ModelCard]) -> None:
    for name in _twins(cards):
        raise RegistryError(f"{name}: id: stands in the registry twice", item=name, path="id")


def _twins(cards: Iterable[ModelCard]) -> Iterator[str]:
    seen: set[str] = set()
    for card in cards:
        if card.id in seen:
            yield card.id
        seen.add(card.id)
