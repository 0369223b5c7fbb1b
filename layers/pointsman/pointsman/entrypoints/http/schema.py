"""The OpenAPI document: FastAPI's own, with the body that the chat routes read by themselves."""

from typing import Any

from fastapi import FastAPI

from pointsman.entrypoints.wire.chat.body import ChatBody

REFERENCES = "#/components/schemas/{model}"
ROUTES_WITH_CHAT_BODY = ("/v1/chat/completions", "/v1/route")


def describe_api(app: FastAPI) -> dict[str, Any]:
    """The whole document; the same for equal code, so that a committed copy can be compared."""
    document = app.openapi()
    schema = ChatBody.model_json_schema(ref_template=REFERENCES)
    components = document.setdefault("components", {}).setdefault("schemas", {})
    components |= schema.pop("$defs") | {"ChatBody": schema}
    document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"key": []}]
    for path in ROUTES_WITH_CHAT_BODY:
        content = {"application/json": {"schema": {"$ref": REFERENCES.format(model="ChatBody")}}}
        document["paths"][path]["post"]["requestBody"] = {"required": True, "content": content}
    return document
