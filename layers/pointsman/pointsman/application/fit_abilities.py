"""Derives every model's ability from its evidence, for one meta-model. Evidence is the truth; abilities follow."""

from collections.abc import Iterable
from dataclasses import replace

from pointsman.domain.ability import AbilityItems, fit_ability, usable_answers
from pointsman.domain.errors import RegistryError
from pointsman.domain.model_card import Ability, ModelCard


def fit_abilities(cards: Iterable[ModelCard], items: AbilityItems) -> tuple[ModelCard, ...]:
    """The same cards with abilities fitted anew; a card without usable evidence gets the prior of its class.

    RegistryError where graded answers of this very meta-model have another number of dimensions.
    """
    return tuple(fit_card(card, items) for card in cards)


def fit_card(card: ModelCard, items: AbilityItems) -> ModelCard:
    return replace(card, ability=ability_of_card(card, items))


def ability_of_card(card: ModelCard, items: AbilityItems) -> Ability:
    _refuse_foreign_shapes(card, items)
    return fit_ability(
        card.evidence,
        items.items,
        items.priors[card.model_class],
        meta_model_sha256=items.meta_model_sha256,
        gradings=card.gradings,
    )


def _refuse_foreign_shapes(card: ModelCard, items: AbilityItems) -> None:
    wanted = len(items.priors[card.model_class].mean)
    for answer in usable_answers(card.gradings, items.meta_model_sha256):
        if len(answer.item.discrimination) != wanted:
            raise RegistryError(f"{card.id}: gradings: a_milli: must have {wanted} numbers for this meta-model")
