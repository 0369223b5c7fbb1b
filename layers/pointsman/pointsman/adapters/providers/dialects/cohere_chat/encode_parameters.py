"""OpenAI's sampling parameters in Cohere's words. Cohere's ranges are narrower, and are not stretched in silence."""

from collections.abc import Callable, Mapping
from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send

NAMES: Mapping[str, str] = {
    "temperature": "temperature",
    "top_p": "p",
    "top_k": "k",
    "seed": "seed",
    "stop": "stop_sequences",
    "frequency_penalty": "frequency_penalty",
    "presence_penalty": "presence_penalty",
}
# Cohere's SDK 7.3.1.
RANGES: Mapping[str, tuple[float, float]] = {
    "top_p": (0.01, 0.99),
    "top_k": (0, 500),
    "frequency_penalty": (0, 1),
    "presence_penalty": (0, 1),
}


def encode_parameters(call: Call) -> JsonObject:
    parameters = parameters_to_send(call.request, call.card)
    encoded: dict[str, Any] = {}
    for name, value in parameters.items():
        _check(name, value, provider=call.spec.display_name)
        if name in NAMES and value is not None:
            encoded[NAMES[name]] = _CONVERTERS.get(name, _keep)(value)
    return encoded


def _check(name: str, value: Any, *, provider: str) -> None:
    if name == "n" and value in (None, 1):
        return
    if name not in NAMES:
        raise RequestError(f"{provider} has no {name}", field=name)
    least, most = RANGES.get(name, (float("-inf"), float("inf")))
    if name in RANGES and value is not None and not least <= value <= most:
        raise RequestError(f"{provider} takes {least:g} to {most:g}", field=name)


def _keep(value: Any) -> Any:
    return value


def _as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


_CONVERTERS: Mapping[str, Callable[[Any], Any]] = {"stop": _as_list}
