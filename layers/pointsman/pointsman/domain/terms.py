"""What the funnel's first constraints look at of a request: the same for many, so that what they leave can be kept."""

from datetime import date
from typing import NamedTuple

from pointsman.domain.candidate import Situation
from pointsman.domain.lineup import Lineup
from pointsman.domain.lot import draw_milli
from pointsman.domain.preferences import Preferences
from pointsman.domain.request import Modality, ModelKind


class Terms(NamedTuple):
    """`key_models` are the globs that the key allows, `undrawn` the ids of models in whose share the request is not."""

    today: date
    accounts: frozenset[str]
    key_models: tuple[str, ...]
    preferences: Preferences
    undrawn: frozenset[str]
    kind: ModelKind
    input_modalities: frozenset[Modality]
    output_modalities: frozenset[Modality]
    required_features: frozenset[str]
    required_parameters: frozenset[str]
    requested_parameters: frozenset[str]


def terms_of(situation: Situation, lineup: Lineup) -> Terms:
    features = situation.features
    return Terms(
        situation.today,
        situation.accounts,
        situation.caller.allowed_models,
        situation.preferences,
        _undrawn(situation, lineup),
        features.kind,
        features.input_modalities,
        features.output_modalities,
        features.required_features,
        features.required_parameters,
        features.requested_parameters,
    )


def _undrawn(situation: Situation, lineup: Lineup) -> frozenset[str]:
    if not situation.preferences.is_auto:
        return frozenset()
    return frozenset(card.id for card in lineup.shared if draw_milli(card.id, situation.lot) >= card.weight_milli)
