"""The funnel's constraints, in their order: each says why a candidate may not serve this request."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase

from pointsman.domain.candidate import Candidate, Prediction, Situation, is_probe
from pointsman.domain.cost import find_price
from pointsman.domain.errors import RegistryError
from pointsman.domain.funnel import FunnelStep
from pointsman.domain.latency import LiveFigures
from pointsman.domain.lot import draw_milli
from pointsman.domain.model_card import ModelCard, Price
from pointsman.domain.preferences import Preferences
from pointsman.domain.reply import TokenClass
from pointsman.domain.structured_output import SCHEMA, lacks_schemas_only

# A prompt estimate may be this much too low before the context check lets a call fail at the provider.
CONTEXT_MARGIN_MILLI = 1_100
TOOL_FEATURES = frozenset({"tools", "forced_tool_choice"})
SituatedCheck = Callable[[Candidate, Situation], str | None]
PredictedCheck = Callable[[Prediction, Situation], str | None]


def structural_steps(situation: Situation) -> tuple[FunnelStep[Candidate], ...]:
    """What can be checked before anything is predicted."""

    def step(name: str, field: str | None, check: SituatedCheck) -> FunnelStep[Candidate]:
        return FunnelStep(name, field, lambda candidate: check(candidate, situation))

    return (
        step("enabled", None, _enabled),
        step("account", None, _has_account),
        step("key", None, _allowed_for_key),
        step("allow_list", _list_field(situation.preferences), _allowed_by_lists),
        step("input_modality", "messages", _takes_input),
        step("output_modality", "modalities", _gives_output),
        step("tools", "tools", _takes_tools),
        step("response_format", "response_format", _keeps_response_format),
        *(step("parameter", name, _takes(name)) for name in sorted(situation.features.required_parameters)),
        step("parameters", "provider.require_parameters", _takes_all_parameters),
        step("reasoning_effort", "reasoning.effort", _knows_effort),
        step("context_window", "messages", _fits_context),
        step("data_policy", "provider", _keeps_data_policy),
        step("health", None, _is_healthy),
        step("service_tier", "service_tier", _is_sold),
    )


def predicted_steps(situation: Situation) -> tuple[FunnelStep[Prediction], ...]:
    """What needs the predictions."""

    def step(name: str, field: str | None, check: PredictedCheck) -> FunnelStep[Prediction]:
        return FunnelStep(name, field, lambda prediction: check(prediction, situation))

    return (
        step("price_per_token", "provider.max_price", _within_token_prices),
        step("price_per_request", "routing.max_cost_usd", _within_request_price),
        step("budget", None, _within_budget),
        step("latency", "routing.max_latency_ms", _within_latency),
        step("quality_floor", "routing.min_quality", _above_floor),
    )


def _list_field(wanted: Preferences) -> str:
    """The narrowest of the caller's lists: what to look at first when nothing is left."""
    if wanted.allowed_models is not None:
        return "plugins.allowed_models"
    return "provider.only" if wanted.only_providers else "model"


def matches(model_id: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(model_id, pattern) for pattern in patterns)


def is_retired(card: ModelCard, today: date) -> bool:
    return card.retires_on is not None and card.retires_on <= today


def _enabled(candidate: Candidate, situation: Situation) -> str | None:
    card = candidate.card
    if not card.enabled:
        return "disabled by the operator"
    if card.weight_milli == 0:
        return "weight 0"
    is_shared = card.weight_milli < 1000 and situation.preferences.is_auto
    if is_shared and draw_milli(card.id, situation.lot) >= card.weight_milli:
        return f"weight {card.weight_milli / 1000:g}, and this request is not in its share"
    if card.released > situation.today:
        return f"not released before {card.released.isoformat()}"
    return f"retired on {card.retires_on}" if is_retired(card, situation.today) else None


def _has_account(candidate: Candidate, situation: Situation) -> str | None:
    provider = candidate.endpoint.provider
    return None if provider in situation.accounts else f"no key for provider {provider}"


def _allowed_for_key(candidate: Candidate, situation: Situation) -> str | None:
    patterns = situation.caller.allowed_models
    return None if not patterns or matches(candidate.id, patterns) else "not allowed for this key"


def _allowed_by_lists(candidate: Candidate, situation: Situation) -> str | None:
    wanted, provider = situation.preferences, candidate.endpoint.provider
    if wanted.models and candidate.id not in wanted.models:
        return "not the model asked for"
    if wanted.allowed_models is not None and not matches(candidate.id, wanted.allowed_models):
        return "not in allowed_models"
    if matches(candidate.id, wanted.excluded_models):
        return "in excluded_models"
    if wanted.only_providers and provider not in wanted.only_providers:
        return f"provider {provider} not in provider.only"
    return f"provider {provider} in provider.ignore" if provider in wanted.ignored_providers else None


def _takes_input(candidate: Candidate, situation: Situation) -> str | None:
    return _missing("does not take", situation.features.input_modalities - candidate.card.input_modalities)


def _gives_output(candidate: Candidate, situation: Situation) -> str | None:
    if candidate.card.kind != situation.features.kind:
        return f"is a {candidate.card.kind} model"
    return _missing("does not give", situation.features.output_modalities - candidate.card.output_modalities)


def _takes_tools(candidate: Candidate, situation: Situation) -> str | None:
    features = candidate.card.features
    if candidate.reasoning_effort == "none" and "tools_without_reasoning" in features:
        features |= {"tools"}
    return _missing("lacks", (situation.features.required_features & TOOL_FEATURES) - features)


def _keeps_response_format(candidate: Candidate, situation: Situation) -> str | None:
    features, wanted = candidate.card.features, situation.features.required_features
    if "tools" not in wanted and lacks_schemas_only(features):
        features |= {SCHEMA}
    return _missing("lacks", (wanted - TOOL_FEATURES) - features)


def _takes(parameter: str) -> SituatedCheck:
    return lambda candidate, _: None if parameter in candidate.card.parameters else f"does not take {parameter}"


def _takes_all_parameters(candidate: Candidate, situation: Situation) -> str | None:
    if not situation.preferences.require_parameters:
        return None
    return _missing("lacks", situation.features.requested_parameters - candidate.card.parameters)


def _knows_effort(candidate: Candidate, situation: Situation) -> str | None:
    effort, known = situation.preferences.reasoning_effort, candidate.card.reasoning_efforts
    if effort is None or not known or effort in known:
        return None
    return f"takes no effort {effort}, only {', '.join(known)}"


def _fits_context(candidate: Candidate, situation: Situation) -> str | None:
    features, card = situation.features, candidate.card
    needed = features.prompt_tokens * CONTEXT_MARGIN_MILLI // 1000 + (features.max_output_tokens or 0)
    # Models of other kinds than chat often state no limit in tokens; the length of their answer is not in tokens.
    if features.kind != "chat":
        return f"takes {card.context_tokens} tokens, about {needed} sent" if 0 < card.context_tokens < needed else None
    if features.max_output_tokens and features.max_output_tokens > card.max_output_tokens:
        return f"writes at most {card.max_output_tokens} tokens, {features.max_output_tokens} asked for"
    return f"holds {card.context_tokens} tokens, about {needed} needed" if needed > card.context_tokens else None


def _keeps_data_policy(candidate: Candidate, situation: Situation) -> str | None:
    wanted, policy = situation.preferences, candidate.card.data_policy
    if wanted.zero_retention and policy.zero_retention is not True:
        return "zero data retention not promised"
    if wanted.no_training and policy.trains_on_data is not False:
        return "does not promise not to train on data"
    return None


def _is_healthy(candidate: Candidate, situation: Situation) -> str | None:
    live = situation.live.get(candidate.key, LiveFigures())
    if live.is_open:
        return "breaker open"
    if live.is_failing and not is_probe(candidate, situation):
        return f"{live.failed_milli // 10} % of its last calls failed"
    return None


def _is_sold(candidate: Candidate, situation: Situation) -> str | None:
    tokens = situation.features.prompt_tokens
    try:
        find_price(candidate.card, on=situation.today, service_tier=candidate.service_tier, input_tokens=tokens)
    except RegistryError:
        return f"no price for service tier {candidate.service_tier} today"
    return None


def _within_token_prices(prediction: Prediction, situation: Situation) -> str | None:
    wanted, candidate = situation.preferences, prediction.candidate
    price = find_price(candidate.card, on=situation.today, service_tier=candidate.service_tier)
    dear_input = _above_cap("input", price, wanted.max_usd_per_mtok_input)
    return dear_input or _above_cap("output", price, wanted.max_usd_per_mtok_output)


def _above_cap(kind: TokenClass, price: Price, cap: Decimal | None) -> str | None:
    usd = price.usd_per_mtok.get(kind, Decimal(0))
    return f"{kind} costs {usd} USD per million tokens, cap {cap}" if cap is not None and usd > cap else None


def _within_request_price(prediction: Prediction, situation: Situation) -> str | None:
    cap, cost = situation.preferences.max_cost_usd, prediction.cost_usd_p95
    return f"may cost {cost} USD, cap {cap}" if cap is not None and cost > cap else None


def _within_budget(prediction: Prediction, situation: Situation) -> str | None:
    budget, cost = situation.budget, prediction.cost_usd_p95
    if budget is None or cost <= budget.left_usd:
        return None
    return f"may cost {cost} USD, {budget.left_usd} of the key's budget left"


def _within_latency(prediction: Prediction, situation: Situation) -> str | None:
    cap, p95 = situation.preferences.max_latency_ms, prediction.latency.p95_ms
    return f"may take {p95} ms, cap {cap}" if cap is not None and p95 > cap else None


def _above_floor(prediction: Prediction, situation: Situation) -> str | None:
    floor, quality = situation.preferences.min_quality_milli, prediction.quality.mean_milli
    return f"predicted quality {quality / 1000}, floor {floor / 1000}" if floor and quality < floor else None


def _missing(verb: str, absent: frozenset[str]) -> str | None:
    return f"{verb} {', '.join(sorted(absent))}" if absent else None
