"""What to expect of a model before any evidence: mean and spread of its class in the seed registry.

The spread is as wide as it must be for a class's other members to foretell each member nine times in ten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from pointsman.domain.ability import AbilityItem, AbilityPrior, fit_ability, usable_evidence
from pointsman.domain.model_card import ModelCard, ModelClass
from pointsman.domain.quality import SDS_OF_90_PERCENT

FEWEST_ITEMS = 5
# So many members' worth of the spread within all classes stands beside a class's own.
SHARED_MEMBERS = 4.0


@dataclass(frozen=True, slots=True)
class ClassPriors:
    """`coverage` is the share of members within the 90 % interval that the others of their class give."""

    priors: Mapping[ModelClass, AbilityPrior]
    coverage: float
    members: int


@dataclass(frozen=True, slots=True)
class _Members:
    """Ability means [n, d] of the models with evidence, and the class of each."""

    abilities: NDArray[np.float64]
    classes: NDArray[np.str_]


def fit_class_priors(cards: Sequence[ModelCard], items: Mapping[str, AbilityItem], wide: AbilityPrior) -> ClassPriors:
    """Members are fitted under the `wide` prior; a class without members keeps it."""
    members = _members(cards, items, wide)
    misses = np.array([_miss(members, row) for row in range(len(members.classes))])
    reach = float(np.quantile(misses, 0.9, method="higher")) / SDS_OF_90_PERCENT
    return ClassPriors(
        priors={name: _prior(members, name, wide, reach=reach) for name in get_args(ModelClass)},
        coverage=float(np.mean(misses <= reach * SDS_OF_90_PERCENT)),
        members=len(misses),
    )


def _members(cards: Sequence[ModelCard], items: Mapping[str, AbilityItem], wide: AbilityPrior) -> _Members:
    """A model that several providers sell stands there once."""
    known = [
        card for card in cards if card.kind == "chat" and len(usable_evidence(card.evidence, items)) >= FEWEST_ITEMS
    ]
    distinct = list({card.evidence: card for card in known}.values())
    fitted = [fit_ability(card.evidence, items, wide, meta_model_sha256="").mean_milli for card in distinct]
    return _Members(np.array(fitted) / 1000, np.array([card.model_class for card in distinct]))


def _miss(members: _Members, row: int) -> float:
    """How many of its class's spreads a member's general ability lies from what the others foretell."""
    others = np.arange(len(members.classes)) != row
    rest = _Members(members.abilities[others], members.classes[others])
    own = rest.classes == members.classes[row]
    if not own.any():
        return 0.0
    foretold = rest.abilities[own, 0].mean()
    return abs(float(members.abilities[row, 0] - foretold)) / _spread(rest, str(members.classes[row]))


def _spread(members: _Members, name: str) -> float:
    """The class's own spread of general ability, drawn toward that within all classes, for one member more."""
    own = members.abilities[members.classes == name, 0]
    within = [members.abilities[members.classes == other, 0] for other in np.unique(members.classes)]
    shared = float(np.concatenate([group - group.mean() for group in within]).var())
    variance = (len(own) * float(own.var()) + SHARED_MEMBERS * shared) / (len(own) + SHARED_MEMBERS)
    return float(np.sqrt(variance * (1 + 1 / len(own))))


def _prior(members: _Members, name: ModelClass, wide: AbilityPrior, *, reach: float) -> AbilityPrior:
    own = members.abilities[members.classes == name]
    if not len(own):
        return wide
    # The members' skills were held near the average by the wide prior, so they say little of their own spread.
    sds = (reach * _spread(members, name), *wide.sd[1:])
    return AbilityPrior(mean=tuple(map(float, own.mean(axis=0))), sd=sds)
