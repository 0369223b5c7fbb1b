"""The routing decision: one pure function from the situation to a chosen model, with everything that led to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pointsman.domain.budget import pace_milli
from pointsman.domain.candidate import Prediction, Situation
from pointsman.domain.eligibility import find_eligible
from pointsman.domain.funnel import StepResult, sieve
from pointsman.domain.limits import predicted_steps
from pointsman.domain.lot import draw_milli
from pointsman.domain.objectives import Aim, rank, settle_aim
from pointsman.domain.prediction import predict_all

# Why the first of the order is first.
Reason = Literal["objective", "callers_order", "explored", "safe_default_out_of_distribution", "safe_default_uncertain"]
Confidence = Literal["high", "low"]


@dataclass(frozen=True, slots=True)
class Decision:
    """`order` is the chosen prediction followed by its fallbacks, best first; never empty."""

    situation: Situation
    aim: Aim
    funnel: tuple[StepResult, ...]
    order: tuple[Prediction, ...]
    reason: Reason
    confidence: Confidence

    @property
    def chosen(self) -> Prediction:
        return self.order[0]

    @property
    def is_abstention(self) -> bool:
        """The safe default serves because nothing better founded could be said."""
        return self.reason in {"safe_default_out_of_distribution", "safe_default_uncertain"}


def decide(situation: Situation) -> Decision:
    """Choose a model. Equal situations give equal decisions.

    Raises NoCandidateError, naming the constraint that left no model.
    """
    eligible, early = find_eligible(situation)
    foreseen = predict_all(eligible, situation)
    survivors, late = sieve(foreseen, predicted_steps(situation), name_of=lambda p: p.candidate.key)
    aim = settle_aim(situation.preferences, situation.registry.policy, pace_milli=pace_milli(situation.budget))
    order, reason = _order(survivors, situation, aim)
    is_sure = reason in {"objective", "callers_order"} and _is_known(order[0], situation)
    return Decision(situation, aim, early + late, order, reason, "high" if is_sure else "low")


def _order(survivors: Sequence[Prediction], situation: Situation, aim: Aim) -> tuple[tuple[Prediction, ...], Reason]:
    if not situation.preferences.is_auto:
        return _by_callers_order(survivors, situation), "callers_order"
    certain, doubtful = list[Prediction](), list[Prediction]()
    for prediction in survivors:
        (certain if _is_certain(prediction, situation) else doubtful).append(prediction)
    ranked = (*_rank(certain, situation, aim), *_rank(doubtful, situation, aim))
    if _is_out_of_distribution(situation):
        return _with_safe_default_first(ranked, situation, "safe_default_out_of_distribution")
    if not certain:
        return _with_safe_default_first(ranked, situation, "safe_default_uncertain")
    return _with_explored_first(ranked, situation)


def _with_explored_first(ranked: tuple[Prediction, ...], situation: Situation) -> tuple[tuple[Prediction, ...], Reason]:
    """A model on trial gets its share of the requests that it may serve, though others are known to be worth more."""
    drawn = next((prediction for prediction in ranked if _is_in_its_share(prediction, situation)), ranked[0])
    if drawn is ranked[0]:
        return ranked, "objective"
    return (drawn, *(prediction for prediction in ranked if prediction is not drawn)), "explored"


def _is_in_its_share(prediction: Prediction, situation: Situation) -> bool:
    card = prediction.candidate.card
    return card.exploration_milli > 0 and card.exploration_milli > draw_milli(f"explore {card.id}", situation.lot)


def _rank(predictions: Sequence[Prediction], situation: Situation, aim: Aim) -> tuple[Prediction, ...]:
    if not predictions:
        return ()
    ranked, wanted = rank(predictions, aim), situation.preferences.provider_order
    if not wanted:
        return ranked
    place = {provider: index for index, provider in enumerate(wanted)}
    return tuple(sorted(ranked, key=lambda p: place.get(p.candidate.endpoint.provider, len(wanted))))


def _by_callers_order(survivors: Sequence[Prediction], situation: Situation) -> tuple[Prediction, ...]:
    models, providers = situation.preferences.models, situation.preferences.provider_order
    place = {provider: index for index, provider in enumerate(providers)}

    def position(prediction: Prediction) -> tuple[int, int]:
        candidate = prediction.candidate
        return models.index(candidate.id), place.get(candidate.endpoint.provider, len(providers))

    return tuple(sorted(survivors, key=position))


def _with_safe_default_first(
    ranked: tuple[Prediction, ...], situation: Situation, reason: Reason
) -> tuple[tuple[Prediction, ...], Reason]:
    safe_id = situation.registry.policy.safe_default
    safe = tuple(prediction for prediction in ranked if prediction.candidate.id == safe_id)
    if not safe:
        return ranked, "objective"
    return (*safe, *(prediction for prediction in ranked if prediction.candidate.id != safe_id)), reason


def _is_out_of_distribution(situation: Situation) -> bool:
    return situation.features.reading.ood_milli > situation.registry.policy.ood_threshold_milli


def _is_certain(prediction: Prediction, situation: Situation) -> bool:
    return prediction.quality.width_milli <= situation.registry.policy.widest_interval_milli


def _is_known(prediction: Prediction, situation: Situation) -> bool:
    return (
        _is_certain(prediction, situation)
        and not _is_out_of_distribution(situation)
        and not situation.features.degraded
    )
