"""The funnel's first constraints, in their order: why a candidate may not serve requests on such terms.

Each looks at the terms once and gives the check of a candidate, or None where they set no such limit.
"""

from collections.abc import Iterable
from datetime import date
from fnmatch import fnmatchcase

from pointsman.domain.candidate import Candidate
from pointsman.domain.funnel import Check, FunnelStep
from pointsman.domain.model_card import ModelCard
from pointsman.domain.preferences import Preferences
from pointsman.domain.structured_output import SCHEMA, lacks_schemas_only
from pointsman.domain.terms import Terms

TOOL_FEATURES = frozenset({"tools", "forced_tool_choice"})
CandidateCheck = Check[Candidate]


def standing_steps(terms: Terms) -> tuple[FunnelStep[Candidate], ...]:
    return (
        FunnelStep("enabled", None, _enabled(terms)),
        FunnelStep("account", None, _has_account(terms)),
        FunnelStep("key", None, _allowed_for_key(terms)),
        FunnelStep("allow_list", _list_field(terms.preferences), _allowed_by_lists(terms.preferences)),
        FunnelStep("input_modality", "messages", _takes_input(terms)),
        FunnelStep("output_modality", "modalities", _gives_output(terms)),
        FunnelStep("tools", "tools", _takes_tools(terms)),
        FunnelStep("response_format", "response_format", _keeps_response_format(terms)),
        *(FunnelStep("parameter", name, _takes(name)) for name in sorted(terms.required_parameters)),
        FunnelStep("parameters", "provider.require_parameters", _takes_all_parameters(terms)),
        FunnelStep("reasoning_effort", "reasoning.effort", _knows_effort(terms.preferences.reasoning_effort)),
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


def _enabled(terms: Terms) -> CandidateCheck:
    today, undrawn = terms.today, terms.undrawn

    def check(candidate: Candidate) -> str | None:
        card = candidate.card
        if not card.enabled:
            return "disabled by the operator"
        if card.weight_milli == 0:
            return "weight 0"
        if card.id in undrawn:
            return f"weight {card.weight_milli / 1000:g}, and this request is not in its share"
        if card.released > today:
            return f"not released before {card.released.isoformat()}"
        return f"retired on {card.retires_on}" if is_retired(card, today) else None

    return check


def _has_account(terms: Terms) -> CandidateCheck:
    accounts = terms.accounts

    def check(candidate: Candidate) -> str | None:
        provider = candidate.endpoint.provider
        return None if provider in accounts else f"no key for provider {provider}"

    return check


def _allowed_for_key(terms: Terms) -> CandidateCheck | None:
    patterns = terms.key_models
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


def _takes_input(terms: Terms) -> CandidateCheck:
    wanted = terms.input_modalities
    return lambda candidate: _missing("does not take", wanted - candidate.card.input_modalities)


def _gives_output(terms: Terms) -> CandidateCheck:
    kind, wanted = terms.kind, terms.output_modalities

    def check(candidate: Candidate) -> str | None:
        card = candidate.card
        if card.kind != kind:
            return f"is a {card.kind} model"
        return _missing("does not give", wanted - card.output_modalities)

    return check


def _takes_tools(terms: Terms) -> CandidateCheck | None:
    wanted = terms.required_features & TOOL_FEATURES

    def check(candidate: Candidate) -> str | None:
        features = candidate.card.features
        if candidate.reasoning_effort == "none" and "tools_without_reasoning" in features:
            features |= {"tools"}
        return _missing("lacks", wanted - features)

    return check if wanted else None


def _keeps_response_format(terms: Terms) -> CandidateCheck | None:
    required = terms.required_features
    wanted, may_go_by_tool = required - TOOL_FEATURES, "tools" not in required

    def check(candidate: Candidate) -> str | None:
        features = candidate.card.features
        if may_go_by_tool and lacks_schemas_only(features):
            features |= {SCHEMA}
        return _missing("lacks", wanted - features)

    return check if wanted else None


def _takes(parameter: str) -> CandidateCheck:
    return lambda candidate: None if parameter in candidate.card.parameters else f"does not take {parameter}"


def _takes_all_parameters(terms: Terms) -> CandidateCheck | None:
    wanted = terms.requested_parameters
    if not terms.preferences.require_parameters:
        return None
    return lambda candidate: _missing("lacks", wanted - candidate.card.parameters)


def _knows_effort(effort: str | None) -> CandidateCheck | None:
    def check(candidate: Candidate) -> str | None:
        known = candidate.card.reasoning_efforts
        return f"takes no effort {effort}, only {', '.join(known)}" if known and effort not in known else None

    return None if effort is None else check


def _missing(verb: str, absent: frozenset[str]) -> str | None:
    return f"{verb} {', '.join(sorted(absent))}" if absent else None
