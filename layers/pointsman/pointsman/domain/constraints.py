"""The funnel's constraints before anything is predicted, in their order: why a candidate may not serve this request.

Each looks at the request once and gives the check of a candidate, or None where the request sets no such limit.
"""

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase

from pointsman.domain.candidate import Candidate, Situation, is_probe
from pointsman.domain.cost import pick_price
from pointsman.domain.funnel import Check, FunnelStep
from pointsman.domain.lot import draw_milli
from pointsman.domain.model_card import ModelCard
from pointsman.domain.preferences import Preferences
from pointsman.domain.structured_output import SCHEMA, lacks_schemas_only

# A prompt estimate may be this much too low before the context check lets a call fail at the provider.
CONTEXT_MARGIN_MILLI = 1_100
TOOL_FEATURES = frozenset({"tools", "forced_tool_choice"})
CandidateCheck = Check[Candidate]


def structural_steps(situation: Situation) -> tuple[FunnelStep[Candidate], ...]:
    return (
        FunnelStep("enabled", None, _enabled(situation)),
        FunnelStep("account", None, _has_account(situation)),
        FunnelStep("key", None, _allowed_for_key(situation)),
        FunnelStep("allow_list", _list_field(situation.preferences), _allowed_by_lists(situation.preferences)),
        FunnelStep("input_modality", "messages", _takes_input(situation)),
        FunnelStep("output_modality", "modalities", _gives_output(situation)),
        FunnelStep("tools", "tools", _takes_tools(situation)),
        FunnelStep("response_format", "response_format", _keeps_response_format(situation)),
        *(FunnelStep("parameter", name, _takes(name)) for name in sorted(situation.features.required_parameters)),
        FunnelStep("parameters", "provider.require_parameters", _takes_all_parameters(situation)),
        FunnelStep("reasoning_effort", "reasoning.effort", _knows_effort(situation.preferences.reasoning_effort)),
        FunnelStep("context_window", "messages", _fits_context(situation)),
        FunnelStep("data_policy", "provider", _keeps_data_policy(situation.preferences)),
        FunnelStep("health", None, _is_healthy(situation)),
        FunnelStep("service_tier", "service_tier", _is_sold(situation)),
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


def _enabled(situation: Situation) -> CandidateCheck:
    today, lot, is_auto = situation.today, situation.lot, situation.preferences.is_auto

    def check(candidate: Candidate) -> str | None:
        card = candidate.card
        if not card.enabled:
            return "disabled by the operator"
        if card.weight_milli == 0:
            return "weight 0"
        if card.weight_milli < 1000 and is_auto and draw_milli(card.id, lot) >= card.weight_milli:
            return f"weight {card.weight_milli / 1000:g}, and this request is not in its share"
        if card.released > today:
            return f"not released before {card.released.isoformat()}"
        return f"retired on {card.retires_on}" if is_retired(card, today) else None

    return check


def _has_account(situation: Situation) -> CandidateCheck:
    accounts = situation.accounts

    def check(candidate: Candidate) -> str | None:
        provider = candidate.endpoint.provider
        return None if provider in accounts else f"no key for provider {provider}"

    return check


def _allowed_for_key(situation: Situation) -> CandidateCheck | None:
    patterns = situation.caller.allowed_models
    if not patterns:
        return None
    return lambda candidate: None if matches(candidate.id, patterns) else "not allowed for this key"


def _allowed_by_lists(wanted: Preferences) -> CandidateCheck | None:
    def check(candidate: Candidate) -> str | None:
        provider = candidate.endpoint.provider
        if wanted.models and candidate.id not in wanted.models:
            return "not the model asked for"
        if wanted.allowed_models is not None and not matches(candidate.id, wanted.allowed_models):
            return "not in allowed_models"
        if matches(candidate.id, wanted.excluded_models):
            return "in excluded_models"
        if wanted.only_providers and provider not in wanted.only_providers:
            return f"provider {provider} not in provider.only"
        return f"provider {provider} in provider.ignore" if provider in wanted.ignored_providers else None

    lists = (wanted.models, wanted.excluded_models, wanted.only_providers, wanted.ignored_providers)
    return check if any(lists) or wanted.allowed_models is not None else None


def _takes_input(situation: Situation) -> CandidateCheck:
    wanted = situation.features.input_modalities
    return lambda candidate: _missing("does not take", wanted - candidate.card.input_modalities)


def _gives_output(situation: Situation) -> CandidateCheck:
    kind, wanted = situation.features.kind, situation.features.output_modalities

    def check(candidate: Candidate) -> str | None:
        card = candidate.card
        if card.kind != kind:
            return f"is a {card.kind} model"
        return _missing("does not give", wanted - card.output_modalities)

    return check


def _takes_tools(situation: Situation) -> CandidateCheck | None:
    wanted = situation.features.required_features & TOOL_FEATURES

    def check(candidate: Candidate) -> str | None:
        features = candidate.card.features
        if candidate.reasoning_effort == "none" and "tools_without_reasoning" in features:
            features |= {"tools"}
        return _missing("lacks", wanted - features)

    return check if wanted else None


def _keeps_response_format(situation: Situation) -> CandidateCheck | None:
    required = situation.features.required_features
    wanted, may_go_by_tool = required - TOOL_FEATURES, "tools" not in required

    def check(candidate: Candidate) -> str | None:
        features = candidate.card.features
        if may_go_by_tool and lacks_schemas_only(features):
            features |= {SCHEMA}
        return _missing("lacks", wanted - features)

    return check if wanted else None


def _takes(parameter: str) -> CandidateCheck:
    return lambda candidate: None if parameter in candidate.card.parameters else f"does not take {parameter}"


def _takes_all_parameters(situation: Situation) -> CandidateCheck | None:
    wanted = situation.features.requested_parameters
    if not situation.preferences.require_parameters:
        return None
    return lambda candidate: _missing("lacks", wanted - candidate.card.parameters)


def _knows_effort(effort: str | None) -> CandidateCheck | None:
    def check(candidate: Candidate) -> str | None:
        known = candidate.card.reasoning_efforts
        return f"takes no effort {effort}, only {', '.join(known)}" if known and effort not in known else None

    return None if effort is None else check


def _fits_context(situation: Situation) -> CandidateCheck:
    features = situation.features
    written = features.max_output_tokens or 0
    needed = features.prompt_tokens * CONTEXT_MARGIN_MILLI // 1000 + written

    def check(candidate: Candidate) -> str | None:
        card = candidate.card
        if written > card.max_output_tokens:
            return f"writes at most {card.max_output_tokens} tokens, {written} asked for"
        return f"holds {card.context_tokens} tokens, about {needed} needed" if needed > card.context_tokens else None

    def check_other_kind(candidate: Candidate) -> str | None:
        """They often state no limit in tokens, and the length of their answer is not in tokens."""
        limit = candidate.card.context_tokens
        return f"takes {limit} tokens, about {needed} sent" if 0 < limit < needed else None

    return check if features.kind == "chat" else check_other_kind


def _keeps_data_policy(wanted: Preferences) -> CandidateCheck | None:
    def check(candidate: Candidate) -> str | None:
        policy = candidate.card.data_policy
        if wanted.zero_retention and policy.zero_retention is not True:
            return "zero data retention not promised"
        if wanted.no_training and policy.trains_on_data is not False:
            return "does not promise not to train on data"
        return None

    return check if wanted.zero_retention or wanted.no_training else None


def _is_healthy(situation: Situation) -> CandidateCheck | None:
    ill = {key: live for key, live in situation.live.items() if live.is_open or live.is_failing}

    def check(candidate: Candidate) -> str | None:
        live = ill.get(candidate.key)
        if live is None:
            return None
        if live.is_open:
            return "breaker open"
        return None if is_probe(candidate, situation) else f"{live.failed_milli // 10} % of its last calls failed"

    return check if ill else None


def _is_sold(situation: Situation) -> CandidateCheck:
    tokens = situation.features.prompt_tokens

    def check(candidate: Candidate) -> str | None:
        if pick_price(candidate.prices, tokens) is None:
            return f"no price for service tier {candidate.service_tier} today"
        return None

    return check


def _missing(verb: str, absent: frozenset[str]) -> str | None:
    return f"{verb} {', '.join(sorted(absent))}" if absent else None
