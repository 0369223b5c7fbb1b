"""Puts a registry of files into the store, abilities fitted on the way, and keeps abilities with their meta-model."""

from dataclasses import dataclass, replace

from pointsman.application.fit_abilities import fit_abilities
from pointsman.application.ports import RegistryStore
from pointsman.domain.ability import AbilityItems
from pointsman.domain.registry import Registry
from pointsman.domain.registry_rules import check_registry


@dataclass(frozen=True, slots=True)
class SeedRegistry:
    store: RegistryStore
    items: AbilityItems

    def fit(self, registry: Registry) -> Registry:
        """The same registry with abilities for this meta-model."""
        return replace(registry, cards=fit_abilities(registry.cards, self.items))

    def seed(self, registry: Registry) -> int:
        """Write it, whatever is there, as the next version; returns that."""
        check_registry(registry)
        stored = self.store.read()
        return self._write(replace(registry, version=stored.version if stored else 0))

    def seed_if_needed(self, registry: Registry) -> int | None:
        """Seed an empty store; in a full one only fit abilities anew that belong to another meta-model.

        Returns the version written, None where nothing was to do. An operator's edits stay.
        """
        stored = self.store.read()
        if stored is None:
            return self.seed(registry)
        return None if self._has_our_abilities(stored) else self._write(stored)

    def _write(self, registry: Registry) -> int:
        return self.store.write(self.fit(registry))

    def _has_our_abilities(self, registry: Registry) -> bool:
        ours = self.items.meta_model_sha256
        return all(card.ability is not None and card.ability.meta_model_sha256 == ours for card in registry.cards)
