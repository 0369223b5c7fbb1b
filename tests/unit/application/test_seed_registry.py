"""Abilities are fitted for the meta-model at hand, and an operator's edits are never overwritten by a seed."""

from dataclasses import replace
from datetime import date

import pytest
from pointsman.application.seed_registry import SeedRegistry
from pointsman.domain.ability import AbilityItem, AbilityItems, AbilityPrior
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import Evidence

from tests.fakes import InMemoryRegistryStore, make_card, make_registry

PRIOR = AbilityPrior(mean=(0.5,), sd=(1.0,))
TESTED = Evidence("exam", "accuracy", 0.95, date(2026, 1, 1), "test")
SEED = make_registry([make_card("tested", evidence=(TESTED,)), make_card("unknown")])


def seeder(store: InMemoryRegistryStore, sha256: str) -> SeedRegistry:
    exam = {"exam": AbilityItem((1.0,), 0.0, 0.5)}
    return SeedRegistry(store, AbilityItems(sha256, exam, dict.fromkeys(("flagship", "main", "mid", "mini"), PRIOR)))


def abilities(store: InMemoryRegistryStore) -> dict[str, tuple[str, str]]:
    assert store.registry is not None
    fitted = {card.name: card.ability for card in store.registry.cards}
    return {name: (ability.meta_model_sha256, ability.basis) for name, ability in fitted.items() if ability}


def test_an_empty_store_is_seeded_with_abilities_from_evidence_or_the_class() -> None:
    store = InMemoryRegistryStore()
    assert seeder(store, "new").seed_if_needed(SEED) == 1
    assert abilities(store) == {"tested": ("new", "evidence"), "unknown": ("new", "class_prior")}


def test_a_store_fitted_for_this_meta_model_is_left_alone() -> None:
    store = InMemoryRegistryStore()
    seeder(store, "new").seed(SEED)
    kept = store.registry
    assert seeder(store, "new").seed_if_needed(SEED) is None
    assert store.registry is kept


def test_another_meta_model_fits_abilities_anew_and_keeps_the_operators_edits() -> None:
    store = InMemoryRegistryStore()
    seeder(store, "old").seed(SEED)
    assert store.registry is not None
    edited = tuple(replace(card, enabled=False) for card in store.registry.cards)
    store.registry = replace(store.registry, cards=edited)
    assert seeder(store, "new").seed_if_needed(SEED) == 2
    assert {sha256 for sha256, _ in abilities(store).values()} == {"new"}
    assert [replace(card, ability=None) for card in store.registry.cards] == [
        replace(card, ability=None) for card in edited
    ]


def test_a_card_without_an_ability_is_fitted() -> None:
    store = InMemoryRegistryStore(replace(SEED, cards=tuple(replace(card, ability=None) for card in SEED.cards)))
    assert seeder(store, "new").seed_if_needed(SEED) == 2
    assert len(abilities(store)) == 2


def test_a_registry_that_could_not_serve_is_not_seeded() -> None:
    store, homeless = InMemoryRegistryStore(), make_registry([make_card("tested")], safe_default="acme/none")
    with pytest.raises(RegistryError, match=r"safe_default: there is no model 'acme/none'"):
        seeder(store, "new").seed(homeless)
    assert store.read() is None
