"""The four objectives, as a table: each orders the eligible predictions, best first.

Each order of eligible candidates is fixed before any floor applies, so that raising a floor only ever removes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pointsman.domain.candidate import Prediction
from pointsman.domain.preferences import Preferences
from pointsman.domain.registry import Objective, Policy


@dataclass(frozen=True, slots=True)
class Aim:
    """The objective with every parameter settled: the caller's where given, else the policy's."""

    objective: Objective
    min_quality_milli: int | None
    quality_slack_milli: int
    quality_dead_band_milli: int
    willingness_to_pay_usd: Decimal
    time_value_usd_per_s: Decimal


def settle_aim(preferences: Preferences, policy: Policy, *, pace_milli: int = 1000) -> Aim:
    """`pace_milli` is what a short budget leaves of the willingness to pay; the other objectives give way in quality by
    as much. A floor that the caller named stays."""
    given = preferences.willingness_to_pay_usd
    willing = policy.willingness_to_pay_usd if given is None else given
    return Aim(
        objective=preferences.objective or policy.objective,
        min_quality_milli=preferences.min_quality_milli,
        quality_slack_milli=policy.quality_slack_milli * 1000 // pace_milli,
        quality_dead_band_milli=policy.quality_dead_band_milli * 1000 // pace_milli,
        willingness_to_pay_usd=willing if pace_milli == 1000 else willing * pace_milli / 1000,
        time_value_usd_per_s=policy.time_value_usd_per_s,
    )


def rank(predictions: Sequence[Prediction], aim: Aim) -> tuple[Prediction, ...]:
    """All predictions, best first under the aim; those it would not choose at all come last, by quality."""
    return RANKINGS[aim.objective](predictions, aim)


def utility_milli_usd(prediction: Prediction, aim: Aim) -> Decimal:
    """What the answer is worth to the caller, less what it costs in money and time: in thousandths of a dollar."""
    worth = aim.willingness_to_pay_usd * prediction.quality.mean_milli
    waiting = aim.time_value_usd_per_s * prediction.latency.p50_ms
    return worth - 1000 * prediction.cost_usd_p50 - waiting


def floor_milli(predictions: Sequence[Prediction], aim: Aim) -> int:
    """The quality below which `cost` and `latency` do not go: the caller's, or just under the best."""
    if aim.min_quality_milli is not None:
        return aim.min_quality_milli
    return max(prediction.quality.mean_milli for prediction in predictions) - aim.quality_slack_milli


def _by_quality(prediction: Prediction) -> tuple[object, ...]:
    return (-prediction.quality.mean_milli, prediction.cost_usd_p50, prediction.candidate.key)


def _rank_above_floor(
    predictions: Sequence[Prediction], aim: Aim, *, key: Callable[[Prediction], tuple[object, ...]]
) -> tuple[Prediction, ...]:
    floor = floor_milli(predictions, aim)
    above = [prediction for prediction in predictions if prediction.quality.mean_milli >= floor]
    below = [prediction for prediction in predictions if prediction.quality.mean_milli < floor]
    return (*sorted(above, key=key), *sorted(below, key=_by_quality))


def _rank_by_cost(predictions: Sequence[Prediction], aim: Aim) -> tuple[Prediction, ...]:
    return _rank_above_floor(predictions, aim, key=lambda p: (p.cost_usd_p50, *_by_quality(p)))


def _rank_by_latency(predictions: Sequence[Prediction], aim: Aim) -> tuple[Prediction, ...]:
    return _rank_above_floor(predictions, aim, key=lambda p: (p.latency.p95_ms, *_by_quality(p)))


def _rank_by_quality(predictions: Sequence[Prediction], aim: Aim) -> tuple[Prediction, ...]:
    top = max(prediction.quality.mean_milli for prediction in predictions) - aim.quality_dead_band_milli
    near = [prediction for prediction in predictions if prediction.quality.mean_milli >= top]
    rest = [prediction for prediction in predictions if prediction.quality.mean_milli < top]
    cheapest_first = sorted(near, key=lambda p: (p.cost_usd_p50, *_by_quality(p)))
    return (*cheapest_first, *sorted(rest, key=_by_quality))


def _rank_by_balance(predictions: Sequence[Prediction], aim: Aim) -> tuple[Prediction, ...]:
    return tuple(sorted(predictions, key=lambda p: (-utility_milli_usd(p, aim), *_by_quality(p))))


RANKINGS: Mapping[Objective, Callable[[Sequence[Prediction], Aim], tuple[Prediction, ...]]] = {
    "cost": _rank_by_cost,
    "quality": _rank_by_quality,
    "latency": _rank_by_latency,
    "balanced": _rank_by_balance,
}
