"""The frontier of cost and quality: what a policy would cost and reach over given situations."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from pointsman.domain.candidate import Situation
from pointsman.domain.decision import Decision, decide
from pointsman.domain.errors import RequestError
from pointsman.domain.registry import Registry

Swept = Literal["today", "willingness_to_pay", "floor", "pool"]


@dataclass(frozen=True, slots=True)
class Setting:
    """One policy to try: what the callers of `auto` would have got, had this held for all of them.

    `slack_milli` is how far below the best the cheapest may be: a floor for each request, so that all are served.
    """

    swept: Swept
    label: str
    willingness_to_pay_usd: Decimal | None = None
    slack_milli: int | None = None
    pool: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """Means over the situations that had a model left; `on_frontier` where none is both cheaper and better."""

    setting: Setting
    usd_each: float
    quality: float
    served: int
    on_frontier: bool = False


def price_setting(setting: Setting, situations: Sequence[Situation], registry: Registry) -> Point:
    chosen = [
        decision.chosen
        for situation in situations
        if (decision := _decide(_under(setting, situation, registry))) is not None
    ]
    count = max(1, len(chosen))
    usd = float(sum((prediction.cost_usd_p50 for prediction in chosen), Decimal(0))) / count
    quality = sum(prediction.quality.mean_milli for prediction in chosen) / 1000 / count
    return Point(setting, usd, quality, len(chosen))


def mark_frontier(points: Sequence[Point]) -> tuple[Point, ...]:
    """Settings that leave requests without a model do not beat those that serve all."""
    most = max((point.served for point in points), default=0)
    whole = [point for point in points if point.served == most]
    return tuple(replace(point, on_frontier=point in whole and not _is_beaten(point, whole)) for point in points)


def _is_beaten(point: Point, others: Sequence[Point]) -> bool:
    return any(
        other.usd_each <= point.usd_each
        and other.quality >= point.quality
        and (other.usd_each, other.quality) != (point.usd_each, point.quality)
        for other in others
    )


def _under(setting: Setting, situation: Situation, registry: Registry) -> Situation:
    preferences = situation.preferences
    if setting.willingness_to_pay_usd is not None:
        preferences = replace(preferences, objective="balanced", willingness_to_pay_usd=setting.willingness_to_pay_usd)
    if setting.slack_milli is not None:
        registry = replace(registry, policy=replace(registry.policy, quality_slack_milli=setting.slack_milli))
        preferences = replace(preferences, objective="cost", min_quality_milli=None)
    if setting.pool is not None:
        preferences = replace(preferences, allowed_models=setting.pool)
    return replace(situation, registry=registry, preferences=preferences)


def _decide(situation: Situation) -> Decision | None:
    try:
        return decide(situation)
    except RequestError:
        return None
