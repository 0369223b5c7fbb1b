"""OpenAI's parameters in Google's `generationConfig`."""

from collections.abc import Mapping
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.gemini_generate_content.encode_media_settings import (
    MEDIA_PARAMETERS,
    encode_media_settings,
)
from pointsman.adapters.providers.dialects.reasoning_wish import BY_BUDGET, budget_of, effort_of, wish_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.request import ChatRequest, ResponseFormat

SERVICE_TIER = "service_tier"
NAMES: Mapping[str, str] = {
    "temperature": "temperature",
    "top_p": "topP",
    "top_k": "topK",
    "seed": "seed",
    "n": "candidateCount",
    "stop": "stopSequences",
    "presence_penalty": "presencePenalty",
    "frequency_penalty": "frequencyPenalty",
    "logprobs": "responseLogprobs",
    "top_logprobs": "logprobs",
}


# Google's names of OpenAI's tiers; where the caller leaves it to the provider, so do we.
SERVICE_TIERS: Mapping[str, str | None] = {"auto": None, "default": "standard", "flex": "flex", "priority": "priority"}


def encode_service_tier(call: Call) -> str | None:
    parameters = parameters_to_send(call.request, call.card)
    tier = parameters.get(SERVICE_TIER)
    if tier is not None and tier not in SERVICE_TIERS:
        raise RequestError(f"{call.spec.display_name} has no service tier {tier!r}", field=SERVICE_TIER)
    return SERVICE_TIERS[tier] if tier else None


def encode_settings(call: Call) -> JsonObject:
    request = call.request
    optional: dict[str, Any] = {
        **_encode_parameters(call),
        "maxOutputTokens": request.max_output_tokens,
        "responseModalities": _encode_modalities(request),
        **encode_media_settings(call),
        "thinkingConfig": _encode_reasoning(call),
        **_encode_format(request.response_format),
    }
    return {name: value for name, value in optional.items() if value is not None}


def _encode_parameters(call: Call) -> dict[str, Any]:
    parameters = parameters_to_send(call.request, call.card)
    unknown = sorted(parameters.keys() - NAMES.keys() - {SERVICE_TIER} - MEDIA_PARAMETERS)
    if unknown:
        raise RequestError(f"{call.spec.display_name} has no {unknown[0]}", field=unknown[0])
    encoded = {NAMES[name]: value for name, value in parameters.items() if name in NAMES}
    if isinstance(encoded.get("stopSequences"), str):
        encoded["stopSequences"] = [encoded["stopSequences"]]
    return encoded


def _encode_modalities(request: ChatRequest) -> list[str] | None:
    if request.output_modalities == ("text",):
        return None
    return [modality.upper() for modality in request.output_modalities]


def _encode_reasoning(call: Call) -> JsonObject | None:
    """By level from Gemini 3 on, by a budget before."""
    wish = wish_of(call)
    if wish is None:
        return None
    shown = {"includeThoughts": not wish.exclude}
    if BY_BUDGET in call.card.features:
        return {**shown, "thinkingBudget": budget_of(wish, call.card)}
    return {**shown, "thinkingLevel": effort_of(wish, call.card)}


def _encode_format(wanted: ResponseFormat | None) -> dict[str, Any]:
    if wanted is None or wanted.kind == "text":
        return {}
    return {"responseMimeType": "application/json", "responseJsonSchema": wanted.schema}
