"""A request in Bedrock's words."""

import json
from typing import Any
from urllib.parse import quote

from pointsman.adapters.providers.dialects.bedrock_converse.encode_messages import encode_messages, encode_system
from pointsman.adapters.providers.dialects.bedrock_converse.encode_parameters import (
    encode_inference,
    encode_service_tier,
)
from pointsman.adapters.providers.dialects.bedrock_converse.encode_tools import encode_tools
from pointsman.adapters.providers.dialects.bedrock_converse.families import encode_family_fields
from pointsman.adapters.providers.dialects.dialect import Call, UpstreamRequest
from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ResponseFormat

PATH = "/model/{model}/{method}"
METHODS = {False: "converse", True: "converse-stream"}


def encode(call: Call) -> UpstreamRequest:
    request = call.request
    if request.output_modalities != ("text",):
        raise RequestError(f"{call.spec.display_name} answers in text only", field="modalities")
    optional: dict[str, Any] = {
        "system": encode_system(call),
        "inferenceConfig": encode_inference(call),
        "toolConfig": encode_tools(call),
        "outputConfig": _encode_format(request.response_format),
        "additionalModelRequestFields": encode_family_fields(call),
        "serviceTier": encode_service_tier(call),
    }
    body = {
        **call.spec.body,
        "messages": encode_messages(call),
        **{name: value for name, value in optional.items() if value},
    }
    path = PATH.format(model=quote(call.upstream_model, safe=""), method=METHODS[request.stream])
    return UpstreamRequest(path, body)


def _encode_format(wanted: ResponseFormat | None) -> JsonObject:
    if wanted is None or wanted.kind == "text":
        return {}
    if wanted.kind == "json_object":
        raise RequestError("this model takes JSON only by a schema", field="response_format.type")
    described = {"description": wanted.description} if wanted.description else {}
    schema = {"name": wanted.name, "schema": json.dumps(wanted.schema), **described}
    return {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": schema}}}
