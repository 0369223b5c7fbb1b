"""What is foreseen of each candidate: quality, cost and latency. What they have in common is worked out once."""

from collections.abc import Sequence
from math import exp
from typing import Final

from pointsman.domain.candidate import Candidate, Prediction, Situation, is_probe
from pointsman.domain.expected_cost import Lengths, expected_costs
from pointsman.domain.features import RequestFeatures
from pointsman.domain.latency import Latency, tempo_of
from pointsman.domain.model_card import ModelCard
from pointsman.domain.quality import Quality, Skill, demand_of, predict_quality

UNKNOWN_QUALITY: Final = Quality(mean_milli=500, low_milli=0, high_milli=1000)


def predict_all(candidates: Sequence[Candidate], situation: Situation) -> tuple[Prediction, ...]:
    """RegistryError where a card cannot price the call."""
    qualities = _qualities(candidates, situation.features)
    lengths = _lengths(candidates, situation.features)
    costs = expected_costs(candidates, lengths, situation)
    latencies = _latencies(candidates, lengths, situation)
    return tuple(
        Prediction(candidate, quality, usd_p50, usd_p95, latency, usual, long)
        for candidate, quality, (usd_p50, usd_p95), latency, (usual, long) in zip(
            candidates, qualities, costs, latencies, lengths, strict=True
        )
    )


def _qualities(candidates: Sequence[Candidate], features: RequestFeatures) -> Sequence[Quality]:
    """Nothing is known of a model whose ability was fitted for another meta-model, or not at all."""
    demand, sha256 = demand_of(features.reading), features.meta_model_sha256

    def quality(skill: Skill | None) -> Quality:
        if skill is None or skill.meta_model_sha256 != sha256:
            return UNKNOWN_QUALITY
        return predict_quality(demand, skill)

    by_skill = {skill: quality(skill) for skill in {candidate.skill for candidate in candidates}}
    return [by_skill[candidate.skill] for candidate in candidates]


def _lengths(candidates: Sequence[Candidate], features: RequestFeatures) -> Sequence[Lengths]:
    """Never above what the caller or the model allows."""
    if features.kind != "chat":
        return [(features.media_output_tokens, features.media_output_tokens)] * len(candidates)
    _, median, high = features.reading.log_length_milli
    average, asked = (round(exp(median / 1000)), round(exp(high / 1000))), features.max_output_tokens
    return [_lengths_of(candidate.card, average, asked) for candidate in candidates]


def _lengths_of(card: ModelCard, average: Lengths, asked: int | None) -> Lengths:
    """`average` is that of a model of average verbosity."""
    (usual, long), cap = average, min(asked or card.max_output_tokens, card.max_output_tokens)
    return min(cap, usual * card.verbosity_milli // 1000) or 1, min(cap, long * card.verbosity_milli // 1000) or 1


def _latencies(candidates: Sequence[Candidate], lengths: Sequence[Lengths], situation: Situation) -> Sequence[Latency]:
    as_carded = [c.tempo.latency(*length) for c, length in zip(candidates, lengths, strict=True)]
    if not situation.live:
        return as_carded

    def latency(candidate: Candidate, carded: Latency, length: Lengths) -> Latency:
        live = situation.live.get(candidate.key)
        if live is None:
            return carded
        seen = tempo_of(candidate.card.speed, live).latency(*length)
        return carded if carded.p95_ms < seen.p95_ms and is_probe(candidate, situation) else seen

    return list(map(latency, candidates, as_carded, lengths))
