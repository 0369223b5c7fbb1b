"""OpenAI's sampling and service parameters in Anthropic's words."""

from collections.abc import Callable, Mapping
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send

# OpenAI's default tier is Anthropic's standard one; "auto" means the same to both.
SERVICE_TIERS = {"auto": "auto", "default": "standard_only"}


def encode_parameters(call: Call) -> JsonObject:
    parameters = parameters_to_send(call.request, call.card)
    encoded: dict[str, Any] = {}
    for name, value in parameters.items():
        if name not in _ENCODERS:
            raise RequestError(f"{call.spec.display_name} has no {name}", field=name)
        if value is not None:
            encoded |= _ENCODERS[name](value)
    return encoded


def _encode_n(value: Any) -> dict[str, Any]:
    if value != 1:
        raise RequestError("this model gives one answer at a time", field="n")
    return {}


def _encode_stop(value: Any) -> dict[str, Any]:
    return {"stop_sequences": [value] if isinstance(value, str) else list(value)}


def _encode_service_tier(value: Any) -> dict[str, Any]:
    if value not in SERVICE_TIERS:
        raise RequestError(f"this model has no service tier {value!r}", field="service_tier")
    return {"service_tier": SERVICE_TIERS[value]}


_ENCODERS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "temperature": lambda value: {"temperature": value},
    "top_p": lambda value: {"top_p": value},
    "top_k": lambda value: {"top_k": value},
    "user": lambda value: {"metadata": {"user_id": value}},
    "n": _encode_n,
    "stop": _encode_stop,
    "service_tier": _encode_service_tier,
}
