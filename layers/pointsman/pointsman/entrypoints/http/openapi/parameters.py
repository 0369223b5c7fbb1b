"""What the OpenAPI document says of paths, queries and headers; the routes read them by themselves."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pointsman.entrypoints.http.answering import METADATA_HEADERS
from pointsman.entrypoints.http.openapi.shapes import TEXT, Schema
from pointsman.entrypoints.wire.messages.versions import FIRST, HEADER, SECOND

Parameter = Mapping[str, Any]


def _parameter(where: str, name: str, schema: Schema, description: str, *, required: bool = False) -> Parameter:
    return {"name": name, "in": where, "schema": schema, "description": description, "required": required}


VERSION: Final = _parameter("header", HEADER, {"enum": [FIRST, SECOND]}, "The version of Anthropic's API")
SESSION: Final = _parameter("header", "x-session-id", TEXT, "The conversation, where the body does not name it")
METADATA: Final = _parameter("header", METADATA_HEADERS[0], TEXT, "`enabled` for OpenRouter's account of the choice")
VIDEO: Final = _parameter("path", "video_id", TEXT, "The id that the order was answered with", required=True)
LIMIT: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 1000}

PARAMETERS: Final[Mapping[str, Sequence[Parameter]]] = {
    "/v1/chat/completions": (SESSION, METADATA),
    "/v1/route": (SESSION,),
    "/v1/messages": (VERSION, SESSION, METADATA),
    "/v1/messages/count_tokens": (VERSION,),
    "/v1/responses": (SESSION, METADATA),
    "/v1/models": (
        _parameter("query", "limit", LIMIT, "Models on a page"),
        _parameter("query", "after_id", TEXT, "The page begins after this model"),
        _parameter("query", "before_id", TEXT, "The page ends before this model"),
    ),
    "/v1/models/{model_id}": (_parameter("path", "model_id", TEXT, "As in the list of models", required=True),),
    "/v1/videos/{video_id}": (VIDEO,),
    "/v1/videos/{video_id}/content": (VIDEO,),
    "/v1/generation": (_parameter("query", "id", TEXT, "The id of an earlier answer", required=True),),
}
