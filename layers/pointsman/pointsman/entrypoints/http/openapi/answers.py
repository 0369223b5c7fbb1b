"""What the OpenAPI document says of answers: the fields that clients count on. The bodies are made elsewhere."""

from collections.abc import Mapping
from typing import Final

from pointsman.entrypoints.http.openapi.shapes import (
    AMOUNT,
    AMOUNT_OR_NULL,
    ANY_OBJECT,
    BINARY,
    COUNT,
    TEXT,
    TEXT_OR_NULL,
    Schema,
    an_array,
    an_object,
    one_of,
)

USAGE: Final = an_object(input_tokens=COUNT, output_tokens=COUNT, total_tokens=COUNT)
COMPLETION: Final = an_object(
    id=TEXT,
    object={"const": "chat.completion"},
    created=COUNT,
    model=TEXT,
    provider=TEXT,
    choices=an_array(an_object(index=COUNT, finish_reason=TEXT, message=an_object(role={"const": "assistant"}))),
    usage=an_object(prompt_tokens=COUNT, completion_tokens=COUNT, total_tokens=COUNT, cost=AMOUNT),
)
MESSAGE: Final = an_object(
    id=TEXT,
    type={"const": "message"},
    role={"const": "assistant"},
    model=TEXT,
    content=an_array(an_object(type=TEXT)),
    stop_reason=TEXT,
    usage=an_object(input_tokens=COUNT, output_tokens=COUNT),
)
RESPONSE: Final = an_object(
    id=TEXT,
    object={"const": "response"},
    created_at=COUNT,
    model=TEXT,
    status=one_of("completed", "incomplete", "failed"),
    output=an_array(an_object(id=TEXT, type=TEXT)),
    usage=USAGE,
)
EMBEDDINGS: Final = an_object(
    object={"const": "list"},
    model=TEXT,
    provider=TEXT,
    data=an_array(
        an_object(
            object={"const": "embedding"},
            index=COUNT,
            embedding={"anyOf": [an_array({"type": "number"}), TEXT]},
        )
    ),
    usage=an_object(prompt_tokens=COUNT, total_tokens=COUNT, cost=AMOUNT),
)
PICTURE: Final[Schema] = {
    "type": "object",
    "properties": {"b64_json": TEXT, "url": TEXT, "revised_prompt": TEXT},
    "anyOf": [{"required": ["b64_json"]}, {"required": ["url"]}],
}
IMAGES: Final = an_object(created=COUNT, model=TEXT, provider=TEXT, data=an_array(PICTURE), usage=USAGE)
TRANSCRIPT: Final = an_object(text=TEXT, model=TEXT, provider=TEXT, usage=an_object(type=one_of("duration", "tokens")))
VIDEO: Final = an_object(
    id=TEXT,
    object={"const": "video"},
    created_at=COUNT,
    model=TEXT,
    status=one_of("queued", "in_progress", "completed", "failed"),
    progress=COUNT,
    seconds=TEXT,
    size=TEXT,
    error={"anyOf": [{"type": "null"}, an_object(code=TEXT, message=TEXT)]},
)
MODEL: Final = an_object(id=TEXT, object={"const": "model"}, created=COUNT, owned_by=TEXT, display_name=TEXT)
LISTING: Final = an_object(
    object={"const": "list"},
    data=an_array(MODEL),
    has_more={"type": "boolean"},
    first_id=TEXT_OR_NULL,
    last_id=TEXT_OR_NULL,
)


KEY: Final = an_object(
    label=TEXT,
    limit=AMOUNT_OR_NULL,
    limit_remaining=AMOUNT_OR_NULL,
    limit_reset=TEXT_OR_NULL,
    usage=AMOUNT,
    usage_daily=AMOUNT,
    usage_weekly=AMOUNT,
    usage_monthly=AMOUNT,
)
CREDITS: Final = an_object(total_credits=AMOUNT_OR_NULL, total_usage=AMOUNT)


def _json(schema: Schema) -> Mapping[str, Schema]:
    return {"application/json": schema}


ANSWERS: Final[Mapping[str, Mapping[str, Schema]]] = {
    "/v1/chat/completions": _json(COMPLETION),
    "/v1/route": _json(an_object(object={"const": "routing.decision"}, routing=ANY_OBJECT)),
    "/v1/messages": _json(MESSAGE),
    "/v1/messages/count_tokens": _json(an_object(input_tokens=COUNT)),
    "/v1/responses": _json(RESPONSE),
    "/v1/embeddings": _json(EMBEDDINGS),
    "/v1/images/generations": _json(IMAGES),
    "/v1/images/edits": _json(IMAGES),
    "/v1/audio/speech": {"audio/*": BINARY},
    "/v1/audio/transcriptions": {**_json(TRANSCRIPT), "text/plain": TEXT},
    "/v1/videos": _json(VIDEO),
    "/v1/videos/{video_id}": _json(VIDEO),
    "/v1/videos/{video_id}/content": {"video/mp4": BINARY},
    "/v1/models": _json(LISTING),
    "/v1/models/{model_id}": _json(MODEL),
    "/v1/generation": _json(an_object(data=an_object(id=TEXT, routing=ANY_OBJECT))),
    "/v1/generation/feedback": _json(an_object(data=an_object(success={"const": True}))),
    "/v1/key": _json(an_object(data=KEY)),
    "/v1/credits": _json(an_object(data=CREDITS)),
    "/healthz": _json(an_object(status=one_of("ok", "degraded"), models=COUNT)),
}
