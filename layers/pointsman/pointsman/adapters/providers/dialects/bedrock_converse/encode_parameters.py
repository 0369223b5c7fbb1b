"""OpenAI's sampling and service parameters in Bedrock's words."""

from collections.abc import Mapping
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send

NAMES: Mapping[str, str] = {"temperature": "temperature", "top_p": "topP", "stop": "stopSequences"}
SERVICE_TIER = "service_tier"
# Where the caller leaves it to the provider, so do we.
SERVICE_TIERS: Mapping[str, str | None] = {"auto": None, "default": "default", "flex": "flex", "priority": "priority"}
HOTTEST = 1


def encode_inference(call: Call) -> JsonObject:
    parameters = {
        name: value for name, value in parameters_to_send(call.request, call.card).items() if value is not None
    }
    for name, value in parameters.items():
        _check(name, value, provider=call.spec.display_name)
    encoded: dict[str, Any] = {NAMES[name]: value for name, value in parameters.items() if name in NAMES}
    if isinstance(encoded.get("stopSequences"), str):
        encoded["stopSequences"] = [encoded["stopSequences"]]
    limit = call.request.max_output_tokens
    return encoded if limit is None else {"maxTokens": limit, **encoded}


def encode_service_tier(call: Call) -> JsonObject | None:
    wanted = parameters_to_send(call.request, call.card).get(SERVICE_TIER)
    if wanted is not None and wanted not in SERVICE_TIERS:
        raise RequestError(f"{call.spec.display_name} has no service tier {wanted!r}", field=SERVICE_TIER)
    tier = SERVICE_TIERS[wanted] if wanted else None
    return None if tier is None else {"type": tier}


def _check(name: str, value: Any, *, provider: str) -> None:
    if name == "n" and value == 1:
        return
    if name not in NAMES and name != SERVICE_TIER:
        raise RequestError(f"{provider} has no {name}", field=name)
    if name == "temperature" and value > HOTTEST:
        raise RequestError(f"{provider} takes at most {HOTTEST}", field=name)
