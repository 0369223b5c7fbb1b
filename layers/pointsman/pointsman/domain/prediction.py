"""What is foreseen of each candidate: quality, cost and latency. What they have in common is worked out once."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pointsman.domain.candidate import Candidate, Prediction, Situation, is_probe
from pointsman.domain.cost import charge, pick_price, usd_of_tokens
from pointsman.domain.expected_usage import cached_tokens, expected_prompt, output_class, units_expected
from pointsman.domain.latency import QUIET, Latency, predict_latency
from pointsman.domain.model_card import ModelCard
from pointsman.domain.quality import Quality, predict_quality
from pointsman.domain.reply import PricedUnit, TokenClass

UNKNOWN_QUALITY: Final = Quality(mean_milli=500, low_milli=0, high_milli=1000)


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of a request before any candidate is looked at.

    `lengths` are the output tokens of a model of average verbosity, at the median and at the 90th percentile; `prompt`
    counts the tokens that go in where none of them is cached, `units` what is not sold by the token.
    """

    situation: Situation
    lengths: tuple[int, int]
    prompt: Mapping[TokenClass, int]
    units: Mapping[PricedUnit, Decimal]
    output_class: TokenClass


def predict_all(candidates: Iterable[Candidate], situation: Situation) -> tuple[Prediction, ...]:
    """RegistryError where a card cannot price the call."""
    outlook = look_out(situation)
    return tuple(predict(candidate, outlook) for candidate in candidates)


def look_out(situation: Situation) -> Outlook:
    features = situation.features
    _, median, high = features.reading.log_length_milli
    return Outlook(
        situation,
        lengths=(round(math.exp(median / 1000)), round(math.exp(high / 1000))),
        prompt=expected_prompt(features),
        units=units_expected(features),
        output_class=output_class(features.kind),
    )


def predict(candidate: Candidate, outlook: Outlook) -> Prediction:
    usual, long = _output_tokens(candidate.card, outlook)
    usd_p50, usd_p95 = _cost(candidate, outlook, (usual, long))
    quality = _quality(candidate.card, outlook)
    latency = _latency(candidate, outlook.situation, (usual, long))
    return Prediction(candidate, quality, usd_p50, usd_p95, latency, usual, long)


def _output_tokens(card: ModelCard, outlook: Outlook) -> tuple[int, int]:
    """Never above what the caller or the model allows."""
    features, (usual, long) = outlook.situation.features, outlook.lengths
    if features.kind != "chat":
        return features.media_output_tokens, features.media_output_tokens
    cap = min(features.max_output_tokens or card.max_output_tokens, card.max_output_tokens)
    usual, long = usual * card.verbosity_milli // 1000, long * card.verbosity_milli // 1000
    return max(1, min(cap, usual)), max(1, min(cap, long))


def _quality(card: ModelCard, outlook: Outlook) -> Quality:
    """Nothing is known of a model whose ability was fitted for another meta-model, or not at all."""
    ability, features = card.ability, outlook.situation.features
    if ability is None or ability.meta_model_sha256 != features.meta_model_sha256:
        return UNKNOWN_QUALITY
    return predict_quality(features.reading, ability)


def _cost(candidate: Candidate, outlook: Outlook, output_tokens: tuple[int, int]) -> tuple[Decimal, Decimal]:
    """What a call of this size will cost: leaving the session's model costs what its cache would have saved."""
    card, situation, kind, (usual, long) = candidate.card, outlook.situation, outlook.output_class, output_tokens
    price = pick_price(candidate.prices, situation.features.prompt_tokens)
    assert price is not None, "the funnel lets nobody pass who is not sold"
    cached = cached_tokens(candidate, situation)
    prompt = expected_prompt(situation.features, cached_tokens=cached) if cached else outlook.prompt
    usd_p50 = sum(charge(card, price, {**prompt, kind: usual}, outlook.units).values(), Decimal(0))
    if long == usual or not price.usd_per_mtok:
        return usd_p50, usd_p50
    return usd_p50, usd_p50 + usd_of_tokens(card, price, kind, long - usual)


def _latency(candidate: Candidate, situation: Situation, output_tokens: tuple[int, int]) -> Latency:
    speed, live = candidate.card.speed, situation.live.get(candidate.key)
    as_carded = predict_latency(speed, QUIET, output_tokens=output_tokens)
    if live is None:
        return as_carded
    seen = predict_latency(speed, live, output_tokens=output_tokens)
    return min(seen, as_carded, key=lambda latency: latency.p95_ms) if is_probe(candidate, situation) else seen
