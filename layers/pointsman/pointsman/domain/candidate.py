"""What can be chosen, and what is foreseen of each choice."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pointsman.domain.budget import Budget
from pointsman.domain.cost import cost_of_usage
from pointsman.domain.features import RequestFeatures
from pointsman.domain.latency import Latency, LiveFigures, predict_latency
from pointsman.domain.lot import draw_milli
from pointsman.domain.media_use import INPUT_CLASS, OUTPUT_CLASS
from pointsman.domain.model_card import Endpoint, ModelCard
from pointsman.domain.preferences import Caller, Preferences
from pointsman.domain.quality import Quality, predict_quality
from pointsman.domain.registry import Registry
from pointsman.domain.reply import PricedUnit, TokenClass, Usage
from pointsman.domain.session import Session

# Of a thousand requests so many try an endpoint as if it were what its card says.
PROBES_MILLI = 20
UNKNOWN_QUALITY = Quality(mean_milli=500, low_milli=0, high_milli=1000)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model at one of its endpoints, with the service tier and the reasoning effort it would run at."""

    card: ModelCard
    endpoint: Endpoint
    service_tier: str = "default"
    reasoning_effort: str | None = None

    @property
    def id(self) -> str:
        return self.card.id

    @property
    def key(self) -> str:
        """Unique among candidates, such as `google/gemini-4-argon@vertex`."""
        return f"{self.card.id}@{self.endpoint.provider}"

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


@dataclass(frozen=True, slots=True)
class Prediction:
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
    return tuple(_candidates(situation))


def _candidates(situation: Situation) -> Iterator[Candidate]:
    for card in situation.registry.cards:
        for endpoint in card.endpoints:
            yield Candidate(card, endpoint, situation.preferences.service_tier, _effort(card, situation))


def _effort(card: ModelCard, situation: Situation) -> str | None:
    """The caller's wish. A model that takes tools only without thinking does not think where nobody asked it to."""
    features = situation.features
    has_wish = "reasoning_effort" in features.requested_parameters
    if not has_wish and "tools" in features.required_features and "tools_without_reasoning" in card.features:
        return "none"
    return situation.preferences.reasoning_effort


def predict_output_tokens(candidate: Candidate, features: RequestFeatures) -> tuple[int, int]:
    """Tokens at the median and the 90th percentile; never above what the caller or the model allows."""
    if features.kind != "chat":
        return features.media_output_tokens, features.media_output_tokens
    _, median, high = features.reading.log_length_milli
    verbosity = candidate.card.verbosity_milli
    cap = min(features.max_output_tokens or candidate.card.max_output_tokens, candidate.card.max_output_tokens)
    usual, long = (min(cap, round(math.exp(log / 1000)) * verbosity // 1000) for log in (median, high))
    return max(1, usual), max(1, long)


def predict(candidate: Candidate, situation: Situation) -> Prediction:
    features = situation.features
    usual, long = predict_output_tokens(candidate, features)
    return Prediction(
        candidate=candidate,
        quality=_quality(candidate.card, features),
        cost_usd_p50=_cost(candidate, situation, usual),
        cost_usd_p95=_cost(candidate, situation, long),
        latency=_latency(candidate, situation, (usual, long)),
        output_tokens_p50=usual,
        output_tokens_p95=long,
    )


def is_probe(candidate: Candidate, situation: Situation) -> bool:
    """Whether this request finds out if an endpoint has recovered: without any, what is left would never be seen again.

    Never at the cost of a caller's own limit.
    """
    if situation.preferences.max_latency_ms is not None:
        return False
    return draw_milli(f"probe {candidate.key}", situation.lot) < PROBES_MILLI


def _latency(candidate: Candidate, situation: Situation, output_tokens: tuple[int, int]) -> Latency:
    speed, live = candidate.card.speed, situation.live.get(candidate.key, LiveFigures())
    seen = predict_latency(speed, live, output_tokens=output_tokens)
    if not is_probe(candidate, situation):
        return seen
    as_carded = predict_latency(speed, LiveFigures(), output_tokens=output_tokens)
    return min(seen, as_carded, key=lambda latency: latency.p95_ms)


def _quality(card: ModelCard, features: RequestFeatures) -> Quality:
    """Nothing is known of a model whose ability was fitted for another meta-model, or not at all."""
    ability = card.ability
    if ability is None or ability.meta_model_sha256 != features.meta_model_sha256:
        return UNKNOWN_QUALITY
    return predict_quality(features.reading, ability)


def _cost(candidate: Candidate, situation: Situation, output_tokens: int) -> Decimal:
    """What a call of this size will cost: leaving the session's model costs what its cache would have saved."""
    usage = expected_usage(situation.features, output_tokens, cached_tokens=cached_tokens(candidate, situation))
    return cost_of_usage(candidate.card, usage, on=situation.today, service_tier=candidate.service_tier).total_usd


def cached_tokens(candidate: Candidate, situation: Situation) -> int:
    """Tokens of the prompt's text that the candidate's provider still holds from the session's last turn."""
    features, session = situation.features, situation.session
    if session is None or features.kind != "chat" or "prompt_caching" not in candidate.card.features:
        return 0
    return session.cached_tokens(candidate.key, features.prompt_tokens - features.media_tokens)


def expected_usage(features: RequestFeatures, output_tokens: int, *, cached_tokens: int = 0) -> Usage:
    media_class = INPUT_CLASS.get(features.kind, "input")
    told = features.prompt_tokens - features.media_tokens
    tokens: dict[TokenClass, int] = {
        "input": told - cached_tokens,
        OUTPUT_CLASS.get(features.kind, "output"): output_tokens,
    }
    tokens[media_class] = tokens.get(media_class, 0) + features.media_tokens
    if cached_tokens:
        tokens["cache_read"] = cached_tokens
    return Usage(tokens, units=units_expected(features))


def units_expected(features: RequestFeatures) -> Mapping[PricedUnit, Decimal]:
    return {unit: Decimal(count) / 1000 for unit, count in features.units_milli.items()}
