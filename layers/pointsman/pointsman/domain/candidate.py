"""What can be chosen, the situation it is chosen in, and the form of what is foreseen of each choice."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from pointsman.domain.budget import Budget
from pointsman.domain.features import RequestFeatures
from pointsman.domain.latency import Latency, LiveFigures, Tempo
from pointsman.domain.lot import draw_milli
from pointsman.domain.model_card import Endpoint, ModelCard, Price
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.quality import Quality, Skill
from pointsman.domain.registry import Registry
from pointsman.domain.session import Session

# Of a thousand requests so many try an endpoint as if it were what its card says.
PROBES_MILLI = 20


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model at one of its endpoints, with the service tier and the reasoning effort it would run at.

    `key` is unique among candidates, such as `google/gemini-4-argon@vertex`. `prices` are the card's rows for the day
    and the tier, spelt out, the highest threshold first. `tempo` is that of an endpoint that did nothing lately;
    equal abilities are one `skill`.
    """

    card: ModelCard
    endpoint: Endpoint
    service_tier: str
    reasoning_effort: str | None
    key: str
    prices: tuple[Price, ...]
    tempo: Tempo
    skill: Skill | None = field(compare=False)

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


def is_probe(candidate: Candidate, situation: Situation) -> bool:
    """Whether this request finds out if an endpoint has recovered: without any, what is left would never be seen again.

    Never at the cost of a caller's own limit.
    """
    if situation.preferences.max_latency_ms is not None:
        return False
    return draw_milli(f"probe {candidate.key}", situation.lot) < PROBES_MILLI
