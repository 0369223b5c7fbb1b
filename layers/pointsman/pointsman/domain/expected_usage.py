"""How much a request is expected to take before anybody has answered it: tokens by class, and units."""

from collections.abc import Mapping
from decimal import Decimal

from pointsman.domain.candidate import Candidate, Situation
from pointsman.domain.features import RequestFeatures
from pointsman.domain.media_use import INPUT_CLASS, OUTPUT_CLASS
from pointsman.domain.reply import PricedUnit, TokenClass, Usage
from pointsman.domain.request import ModelKind


def expected_usage(features: RequestFeatures, output_tokens: int) -> Usage:
    tokens: dict[TokenClass, int] = {**expected_prompt(features), output_class(features.kind): output_tokens}
    return Usage(tokens, units=units_expected(features))


def expected_prompt(features: RequestFeatures, *, cached_tokens: int = 0) -> Mapping[TokenClass, int]:
    told = features.prompt_tokens - features.media_tokens
    tokens: dict[TokenClass, int] = {"input": told - cached_tokens}
    media_class = INPUT_CLASS.get(features.kind, "input")
    tokens[media_class] = tokens.get(media_class, 0) + features.media_tokens
    if cached_tokens:
        tokens["cache_read"] = cached_tokens
    return tokens


def output_class(kind: ModelKind) -> TokenClass:
    return OUTPUT_CLASS.get(kind, "output")


def units_expected(features: RequestFeatures) -> Mapping[PricedUnit, Decimal]:
    return {unit: Decimal(count) / 1000 for unit, count in features.units_milli.items()}


def cached_tokens(candidate: Candidate, situation: Situation) -> int:
    """Tokens of the prompt's text that the candidate's provider still holds from the session's last turn."""
    features, session = situation.features, situation.session
    if session is None or features.kind != "chat" or "prompt_caching" not in candidate.card.features:
        return 0
    return session.cached_tokens(candidate.key, features.prompt_tokens - features.media_tokens)
