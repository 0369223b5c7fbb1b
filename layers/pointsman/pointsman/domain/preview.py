"""What an edit of the registry would have done to decisions that were made: which change, and for what."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import sqrt
from statistics import fmean, stdev
from typing import Any

from pointsman.domain.candidate import Prediction
from pointsman.domain.cost import cost_of_usage
from pointsman.domain.decision import Decision
from pointsman.domain.errors import RegistryError
from pointsman.domain.quality import SDS_OF_90_PERCENT
from pointsman.domain.reply import TokenClass, Usage

WRITTEN: frozenset[TokenClass] = frozenset({"output", "reasoning"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """One stored decision before and after the edit; None where no model would be left.

    Money is what the answer's real tokens cost, where there was an answer, else what is predicted.
    """

    task: str
    key_id: str
    before: Prediction | None
    after: Prediction | None
    usd_before: Decimal
    usd_after: Decimal

    @property
    def is_changed(self) -> bool:
        return _name(self.before) != _name(self.after)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with the interval that holds it in 90 of 100 cases."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """`usd` is the sum over all decisions; `quality_gain` the mean change of the predicted quality over all.

    `moves` counts changed decisions by (from, to).
    """

    decisions: int
    changed: int
    unserved: int
    usd_before: Decimal
    usd_after: Decimal
    usd_gain_each: Estimate
    quality_gain: Estimate
    moves: Mapping[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])


def outcome_of(record: Mapping[str, Any], before: Decision | None, after: Decision | None) -> Outcome:
    """`record` is as the audit keeps it."""
    ledger: Mapping[str, Any] = record["ledger"]
    return Outcome(
        task=str(ledger["task"]),
        key_id=str(record["key_id"]),
        before=before.chosen if before else None,
        after=after.chosen if after else None,
        usd_before=_usd(ledger, before),
        usd_after=_usd(ledger, after),
    )


def summarise(outcomes: Sequence[Outcome]) -> Summary:
    both = [outcome for outcome in outcomes if outcome.before and outcome.after]
    usd = [float(outcome.usd_after - outcome.usd_before) for outcome in both]
    return Summary(
        decisions=len(outcomes),
        changed=sum(outcome.is_changed for outcome in outcomes),
        unserved=sum(outcome.before is not None and outcome.after is None for outcome in outcomes),
        usd_before=sum((outcome.usd_before for outcome in both), Decimal(0)),
        usd_after=sum((outcome.usd_after for outcome in both), Decimal(0)),
        usd_gain_each=_estimate(usd, 0),
        quality_gain=_estimate([_quality_gain(outcome) for outcome in both], _model_error(both)),
        moves=Counter((_name(o.before), _name(o.after)) for o in outcomes if o.is_changed),
    )


def group_by(outcomes: Iterable[Outcome], name: Callable[[Outcome], str]) -> dict[str, list[Outcome]]:
    groups = dict[str, list[Outcome]]()
    for outcome in outcomes:
        groups.setdefault(name(outcome), []).append(outcome)
    return dict(sorted(groups.items(), key=lambda pair: -len(pair[1])))


def _name(prediction: Prediction | None) -> str:
    return prediction.candidate.key if prediction else "none"


def _usd(ledger: Mapping[str, Any], decision: Decision | None) -> Decimal:
    if decision is None:
        return Decimal(0)
    tokens: Mapping[TokenClass, int] = ledger.get("tokens") or {}
    if not tokens or decision.situation.features.kind != "chat":
        return decision.chosen.cost_usd_p50
    return _usd_of_tokens(tokens, ledger, decision)


def _usd_of_tokens(tokens: Mapping[TokenClass, int], ledger: Mapping[str, Any], decision: Decision) -> Decimal:
    """The answer's tokens at the chosen model's prices; of what was written, as much more as the model is wordier."""
    card, situation = decision.chosen.candidate.card, decision.situation
    served = situation.registry.card(str(ledger.get("served")))
    verbosity = served.verbosity_milli if served else card.verbosity_milli
    scaled: dict[TokenClass, int] = {
        kind: count * card.verbosity_milli // verbosity if kind in WRITTEN else count for kind, count in tokens.items()
    }
    tier = decision.chosen.candidate.service_tier
    try:
        return cost_of_usage(card, Usage(scaled), on=situation.today, service_tier=tier).total_usd
    except RegistryError:
        return decision.chosen.cost_usd_p50


def _quality_gain(outcome: Outcome) -> float:
    assert outcome.before is not None
    assert outcome.after is not None
    return (outcome.after.quality.mean_milli - outcome.before.quality.mean_milli) / 1000


def _model_error(outcomes: Sequence[Outcome]) -> float:
    """How far the mean gain may be off because abilities are known only so well: alike within a model, not between."""
    shares = dict[str, float]()
    for outcome in outcomes:
        if outcome.is_changed:
            for sign, prediction in ((-1, outcome.before), (1, outcome.after)):
                assert prediction is not None
                error = sign * prediction.quality.width_milli / 2000 / len(outcomes)
                shares[prediction.candidate.id] = shares.get(prediction.candidate.id, 0.0) + error
    return sqrt(sum(share * share for share in shares.values()))


def _estimate(values: Sequence[float], error: float) -> Estimate:
    """`error` is half of a 90 % interval that does not shrink with more values."""
    if not values:
        return Estimate(0, 0, 0)
    sampling = SDS_OF_90_PERCENT * stdev(values) / sqrt(len(values)) if len(values) > 1 else 0.0
    mean, half = fmean(values), sqrt(sampling * sampling + error * error)
    return Estimate(mean, mean - half, mean + half)
