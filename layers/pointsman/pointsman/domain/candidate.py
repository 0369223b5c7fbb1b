"""What can be chosen, the situation it is chosen in, and the form of what is foreseen of each choice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from pointsman.domain.budget import Budget
from pointsman.domain.cost import prices_of
from pointsman.domain.features import RequestFeatures
from pointsman.domain.latency import Latency, LiveFigures
from pointsman.domain.lot import draw_milli
from pointsman.domain.model_card import Endpoint, ModelCard, Price
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.quality import Quality
from pointsman.domain.registry import Registry
from pointsman.domain.session import Session

# Of a thousand requests so many try an endpoint as if it were what its card says.
PROBES_MILLI = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model at one of its endpoints, with the service tier and the reasoning effort it would run at.

    `key` is unique among candidates, such as `google/gemini-4-argon@vertex`. `prices` are the card's rows for the day
    and the tier, the highest threshold first.
    """

    card: ModelCard
    endpoint: Endpoint
    service_tier: str
    reasoning_effort: str | None
    key: str
    prices: tuple[Price, ...]

    @property
    def id(self) -> str:
        return self.card.id

    @property
    def origin(self) -> str:
        """Whose thoughts its thoughts are: model, provider and endpoint."""
        return f"{self.key}/{self.endpoint.region}" if self.endpoint.region else self.key


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision depends on.

    `live` is keyed as `Candidate.key`, `today` picks the prices, `accounts` names the providers that can be called.
    `session` is what the conversation's last turn left behind; `lot` tells requests apart where a model is to get a
    share of them, and is the same for all turns of a session. `budget` is what the key's stood at, where it has one.
    """

    features: RequestFeatures
    preferences: Preferences
    caller: Caller
    registry: Registry
    live: Mapping[str, LiveFigures]
    today: date
    accounts: frozenset[str]
    session: Session | None = None
    lot: str = ""
    budget: Budget | None = None


class Prediction(NamedTuple):
    """What one candidate is expected to do: money in US dollars, at the median and the 90th percentile of length."""

    candidate: Candidate
    quality: Quality
    cost_usd_p50: Decimal
    cost_usd_p95: Decimal
    latency: Latency
    output_tokens_p50: int
    output_tokens_p95: int


def enumerate_candidates(situation: Situation) -> tuple[Candidate, ...]:
    """Every model at every endpoint, in the registry's order."""
    features, wanted = situation.features, situation.preferences
    has_wish = "reasoning_effort" in features.requested_parameters
    return _line_up(
        _Same(situation.registry),
        situation.today,
        wanted.service_tier,
        wanted.reasoning_effort,
        gives_up_thinking=not has_wish and "tools" in features.required_features,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A registry by which object it is: to compare what it holds takes longer than what is kept by it."""

    registry: Registry

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.registry is self.registry

    def __hash__(self) -> int:
        return id(self.registry)


# A registry never changes; few days, tiers and efforts are asked for at a time.
@lru_cache(maxsize=16)
def _line_up(
    same: _Same, day: date, service_tier: str, effort: str | None, *, gives_up_thinking: bool
) -> tuple[Candidate, ...]:
    """The effort is the caller's wish. A model that takes tools only without thinking does without it for them."""

    def effort_of(card: ModelCard) -> str | None:
        return "none" if gives_up_thinking and "tools_without_reasoning" in card.features else effort

    return tuple(
        Candidate(
            card=card,
            endpoint=endpoint,
            service_tier=service_tier,
            reasoning_effort=effort_of(card),
            key=f"{card.id}@{endpoint.provider}",
            prices=prices_of(card, on=day, service_tier=service_tier),
        )
        for card in same.registry.cards
        for endpoint in card.endpoints
    )


def is_probe(candidate: Candidate, situation: Situation) -> bool:
    """Whether this request finds out if an endpoint has recovered: without any, what is left would never be seen again.

    Never at the cost of a caller's own limit.
    """
    if situation.preferences.max_latency_ms is not None:
        return False
    return draw_milli(f"probe {candidate.key}", situation.lot) < PROBES_MILLI
