"""What to expect of a model before any evidence: mean and spread of its class in the seed registry."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import get_args

import numpy as np
from pointsman.domain.ability import AbilityItem, AbilityPrior, fit_ability
from pointsman.domain.model_card import ModelCard, ModelClass

from training.arrays import Floats

FEWEST_ITEMS = 5
# A new model may differ from its class more than its members differ from each other.
WIDENING = 1.5
LEAST_SD = 0.3


def fit_class_priors(
    cards: Sequence[ModelCard], items: Mapping[str, AbilityItem], wide: AbilityPrior
) -> dict[ModelClass, AbilityPrior]:
    """Members are fitted under the `wide` prior; a class without members keeps it."""
    priors: dict[ModelClass, AbilityPrior] = {}
    for name in get_args(ModelClass):
        members = [_ability(card, items, wide) for card in cards if card.model_class == name and _is_known(card, items)]
        priors[name] = _summarise(np.array(members), wide) if members else replace(wide)
    return priors


def _is_known(card: ModelCard, items: Mapping[str, AbilityItem]) -> bool:
    return card.kind == "chat" and sum(found.benchmark in items for found in card.evidence) >= FEWEST_ITEMS


def _ability(card: ModelCard, items: Mapping[str, AbilityItem], prior: AbilityPrior) -> tuple[float, ...]:
    ability = fit_ability(card.evidence, items, prior, meta_model_sha256="")
    return tuple(value / 1000 for value in ability.mean_milli)


def _summarise(members: Floats, wide: AbilityPrior) -> AbilityPrior:
    spread = np.maximum(members.std(axis=0) * WIDENING, LEAST_SD)
    # The members' skills were held near the average by the wide prior, so they say little of their own spread.
    sds = (float(spread[0]), *wide.sd[1:])
    return AbilityPrior(mean=tuple(map(float, members.mean(axis=0))), sd=sds)
