"""The numbers from which abilities are fitted: benchmarks as items and class priors, for a finished meta-model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pointsman.domain.ability import AbilityItem, AbilityPrior
from pointsman.domain.model_card import ModelCard

from training.abilities.anchors import build_anchors, mean_directions
from training.abilities.board_items import FREE_ABILITY_SD, FREE_SKILL_SD, Anchor, fit_board_items
from training.abilities.class_priors import ClassPriors, fit_class_priors
from training.abilities.outcome_items import OutcomeItems
from training.arrays import Floats
from training.data.boards import BoardScore


@dataclass(frozen=True, slots=True)
class Scale:
    """What holds the benchmarks' scale in place: models known from outcomes, and directions of prompt families."""

    anchors: Mapping[str, Anchor]
    directions: Mapping[str, Floats]

    @property
    def wide_prior(self) -> AbilityPrior:
        """A model known only to be a language model of these years."""
        centre = np.mean([anchor.mean for anchor in self.anchors.values()], axis=0)
        return AbilityPrior(tuple(map(float, centre)), (FREE_ABILITY_SD, *[FREE_SKILL_SD] * (len(centre) - 1)))


@dataclass(frozen=True, slots=True)
class AbilityNumbers:
    items: Mapping[str, AbilityItem]
    classes: ClassPriors


def fit_scale(outcomes: OutcomeItems, scores: Sequence[BoardScore]) -> Scale:
    known = {score.model for score in scores}
    anchors = {name: anchor for name, anchor in build_anchors(outcomes).items() if name in known}
    return Scale(anchors, mean_directions(outcomes))


def fit_ability_numbers(scale: Scale, scores: Sequence[BoardScore], cards: Sequence[ModelCard]) -> AbilityNumbers:
    items = fit_board_items(scores, scale.anchors, scale.directions).items
    return AbilityNumbers(items, fit_class_priors(cards, items, scale.wide_prior))
