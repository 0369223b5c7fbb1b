"""Puts a registry of files into the store, abilities fitted on the way."""

from dataclasses import dataclass, replace

from pointsman.application.fit_abilities import fit_abilities
from pointsman.application.ports import RegistryStore
from pointsman.domain.ability import AbilityItems
from pointsman.domain.registry import Registry


@dataclass(frozen=True, slots=True)
class SeedRegistry:
    store: RegistryStore
    items: AbilityItems

    def fit(self, registry: Registry) -> Registry:
        """The same registry with abilities for this meta-model."""
        return replace(registry, cards=fit_abilities(registry.cards, self.items))

    def seed(self, registry: Registry, *, only_if_empty: bool) -> int | None:
        """Write it as the next version and return that; None where a version is there already and shall stay."""
        if only_if_empty and self.store.version() > 0:
            return None
        return self.store.write(self.fit(registry))
