"""What the OpenAPI document says of answers: the fields that clients count on. The bodies are made elsewhere."""

from collections.abc import Mapping
from typing import Any, Final

Schema = Mapping[str, Any]


def _object(**required: Schema) -> Schema:
    return {"type": "object", "properties": required, "required": list(required)}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TEXT: Final[Schema] = {"type": "string"}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
ANY_OBJECT: Final[Schema] = {"type": "object"}
TEXT_OR_NULL: Final[Schema] = {"type": ["string", "null"]}

OPENAI_ERROR: Final = _object(
    error=_object(message=TEXT, type=TEXT, param=TEXT_OR_NULL, code={"type": "integer"}, metadata=ANY_OBJECT)
)
ANTHROPIC_ERROR: Final = _object(
    type={"const": "error"}, error=_object(type=TEXT, message=TEXT, details=ANY_OBJECT), request_id=TEXT
)
COMPLETION: Final = _object(
    id=TEXT,
    object={"const": "chat.completion"},
    created=COUNT,
    model=TEXT,
    provider=TEXT,
    choices=_array(_object(index=COUNT, finish_reason=TEXT, message=_object(role={"const": "assistant"}))),
    usage=_object(prompt_tokens=COUNT, completion_tokens=COUNT, total_tokens=COUNT, cost={"type": "number"}),
)
MESSAGE: Final = _object(
    id=TEXT,
    type={"const": "message"},
    role={"const": "assistant"},
    model=TEXT,
    content=_array(_object(type=TEXT)),
    stop_reason=TEXT,
    usage=_object(input_tokens=COUNT, output_tokens=COUNT),
)
RESPONSE: Final = _object(
    id=TEXT,
    object={"const": "response"},
    created_at=COUNT,
    model=TEXT,
    status={"enum": ["completed", "incomplete", "failed"]},
    output=_array(_object(id=TEXT, type=TEXT)),
    usage=_object(input_tokens=COUNT, output_tokens=COUNT, total_tokens=COUNT),
)
MODEL: Final = _object(id=TEXT, object={"const": "model"}, created=COUNT, owned_by=TEXT, display_name=TEXT)

# What is streamed instead where the body asks for a stream.
STREAMED: Final = frozenset({"/v1/chat/completions", "/v1/messages", "/v1/responses"})
ANSWERS: Final[Mapping[str, Schema]] = {
    "/v1/chat/completions": COMPLETION,
    "/v1/route": _object(object={"const": "routing.decision"}, routing=ANY_OBJECT),
    "/v1/messages": MESSAGE,
    "/v1/messages/count_tokens": _object(input_tokens=COUNT),
    "/v1/responses": RESPONSE,
    "/v1/models": _object(object={"const": "list"}, data=_array(MODEL)),
    "/v1/models/{model_id}": MODEL,
    "/v1/generation": _object(data=_object(id=TEXT)),
    "/healthz": _object(status={"enum": ["ok", "degraded"]}, models=COUNT),
}


def describe_answers(path: str) -> dict[str, Any]:
    """The `responses` of an operation, errors in the form of its family."""
    told: dict[str, Any] = {"application/json": {"schema": ANSWERS[path]}}
    if path in STREAMED:
        told["text/event-stream"] = {"schema": TEXT}
    error = ANTHROPIC_ERROR if "/messages" in path else OPENAI_ERROR
    return {
        "200": {"description": "The answer", "content": told},
        "default": {"description": "An error", "content": {"application/json": {"schema": error}}},
    }
