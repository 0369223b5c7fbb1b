"""OpenAI's own parameters where its Responses have them; it has fewer than its chat completions."""

from typing import Any

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.parameters import parameters_to_send

KEPT = frozenset(
    (
        "temperature",
        "top_p",
        "top_logprobs",
        "service_tier",
        "user",
        "metadata",
        "safety_identifier",
        "prompt_cache_key",
        "prompt_cache_options",
        "prompt_cache_retention",
    )
)
# These stand elsewhere in the request.
LOGPROBS, VERBOSITY = "logprobs", "verbosity"


def encode_parameters(call: Call) -> JsonObject:
    parameters = _parameters(call)
    for name, value in parameters.items():
        if name not in KEPT | {LOGPROBS, VERBOSITY} and (name, value) != ("n", 1):
            raise RequestError(f"{call.card.id} is called by an interface without {name}", field=name)
    return {name: value for name, value in parameters.items() if name in KEPT}


def encode_verbosity(call: Call) -> JsonObject:
    wanted = _parameters(call).get(VERBOSITY)
    return {} if wanted is None else {VERBOSITY: wanted}


def wants_logprobs(call: Call) -> bool:
    return bool(_parameters(call).get(LOGPROBS))


def _parameters(call: Call) -> dict[str, Any]:
    return {name: value for name, value in parameters_to_send(call.request, call.card).items() if value is not None}
