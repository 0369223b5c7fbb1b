"""OpenAI's parameters in Google's `generationConfig`."""

from collections.abc import Mapping
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.adapters.providers.dialects.reasoning_effort import budget_of, effort_of
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send
from pointsman.domain.request import ChatRequest, ResponseFormat

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


def encode_settings(call: Call) -> JsonObject:
    request = call.request
    optional: dict[str, Any] = {
        **_encode_parameters(call),
        "maxOutputTokens": request.max_output_tokens,
        "responseModalities": _encode_modalities(request),
        "thinkingConfig": _encode_reasoning(call),
        **_encode_format(request.response_format),
    }
    return {name: value for name, value in optional.items() if value is not None}


def _encode_parameters(call: Call) -> dict[str, Any]:
    parameters, _ = parameters_to_send(call.request, call.card)
    unknown = sorted(parameters.keys() - NAMES.keys())
    if unknown:
        raise RequestError(f"{call.spec.display_name} has no {unknown[0]}", field=unknown[0])
    encoded = {NAMES[name]: value for name, value in parameters.items()}
    if isinstance(encoded.get("stopSequences"), str):
        encoded["stopSequences"] = [encoded["stopSequences"]]
    return encoded


def _encode_modalities(request: ChatRequest) -> list[str] | None:
    if request.output_modalities == ("text",):
        return None
    return [modality.upper() for modality in request.output_modalities]


def _encode_reasoning(call: Call) -> JsonObject | None:
    """By level where the card names efforts (Gemini 3 on), else by a budget (2.5)."""
    reasoning = call.request.reasoning
    if reasoning is None or (reasoning.effort is None and reasoning.max_tokens is None):
        return None
    shown = {"includeThoughts": not reasoning.exclude}
    if call.card.reasoning_efforts:
        return {**shown, "thinkingLevel": effort_of(reasoning, call.card)}
    return {**shown, "thinkingBudget": budget_of(reasoning)}


def _encode_format(wanted: ResponseFormat | None) -> dict[str, Any]:
    if wanted is None or wanted.kind == "text":
        return {}
    return {"responseMimeType": "application/json", "responseJsonSchema": wanted.schema}
