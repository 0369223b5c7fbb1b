"""Derives every model's ability from its evidence, for one meta-model. Evidence is the truth; abilities follow."""

from collections.abc import Iterable
from dataclasses import replace

from pointsman.domain.ability import AbilityItems, fit_ability
from pointsman.domain.model_card import ModelCard


def fit_abilities(cards: Iterable[ModelCard], items: AbilityItems) -> tuple[ModelCard, ...]:
    """The same cards with abilities fitted anew; a card without usable evidence gets the prior of its class."""
    return tuple(_fit(card, items) for card in cards)


def _fit(card: ModelCard, items: AbilityItems) -> ModelCard:
    prior, sha256 = items.priors[card.model_class], items.meta_model_sha256
    return replace(card, ability=fit_ability(card.evidence, items.items, prior, meta_model_sha256=sha256))
