"""The OpenAPI document: FastAPI's own, with the bodies that the routes read and the answers that they make."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from pointsman.entrypoints.http.answer_schemas import ANSWERS, describe_answers
from pointsman.entrypoints.wire.chat.body import ChatBody
from pointsman.entrypoints.wire.messages.body import ConversationBody, MessagesBody
from pointsman.entrypoints.wire.responses.body import ResponsesBody

BODIES: Final[Mapping[str, type[BaseModel]]] = {
    "/v1/chat/completions": ChatBody,
    "/v1/route": ChatBody,
    "/v1/messages": MessagesBody,
    "/v1/messages/count_tokens": ConversationBody,
    "/v1/responses": ResponsesBody,
}


def describe_api(app: FastAPI) -> dict[str, Any]:
    """The whole document; the same for equal code, so that a committed copy can be compared."""
    document = app.openapi()
    components: dict[str, Any] = document.setdefault("components", {})
    components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"key": []}]
    references, definitions = models_json_schema(
        [(body, "validation") for body in dict.fromkeys(BODIES.values())], ref_template="#/components/schemas/{model}"
    )
    components["schemas"] = components.get("schemas", {}) | definitions["$defs"]
    for path, body in BODIES.items():
        content = {"application/json": {"schema": references[(body, "validation")]}}
        document["paths"][path]["post"]["requestBody"] = {"required": True, "content": content}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            if path in ANSWERS:
                operation["responses"] = describe_answers(path)
    return document
