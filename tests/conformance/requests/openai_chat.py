"""Recorded chat completions, read by Pointsman's own endpoint once the provider's names are OpenAI's again."""

import json
from collections.abc import Sequence
from typing import Any, cast

from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.errors import RequestError
from pointsman.entrypoints.wire.chat.request import PARAMETERS, decode_chat_request, parse_chat_body
from pydantic import BaseModel

from tests.conformance.cards import card_with
from tests.conformance.plain.said import objects
from tests.conformance.requests.taking import NoEquivalentError, ReadRequest, apart, enter_all

# Read by Pointsman, and said to a provider in its own way or not at all.
OURS = frozenset(("models", "provider", "plugins", "session_id", "routing", "usage", "stream_options"))


def read(body: Any, spec: ProviderSpec) -> ReadRequest:
    told = _as_openai(apart(body), spec)
    try:
        parsed = parse_chat_body(json.dumps({"model": "a-model", **told}).encode())
        request = decode_chat_request(parsed)
    except RequestError as error:
        raise NoEquivalentError(str(error) if error.field is None else f"{error.field}: {error}") from error
    card = card_with(parameters=(*PARAMETERS, "reasoning_effort"))
    left_over = _extras(parsed) | {name: told[name] for name in OURS if name in told}
    return ReadRequest(request, card, parsed.model, left_over)


def _as_openai(body: dict[str, Any], spec: ProviderSpec) -> dict[str, Any]:
    """Mistral's names and forms, which OpenAI has under others."""
    for ours, theirs in spec.renames.items():
        if theirs in body and ours not in body:
            body[ours] = body.pop(theirs)
    for message in enter_all(body, "messages"):
        _lift_thoughts(message)
        if isinstance(message.get("content"), list):
            message["content"] = [_part_as_openai(part) for part in message["content"]]
    for tool in enter_all(body, "tools"):
        tool.setdefault("type", "function" if "function" in tool else None)
    if isinstance(body.get("tool_choice"), dict) and "function" in body["tool_choice"]:
        body["tool_choice"].setdefault("type", "function")
    return body


def _lift_thoughts(message: dict[str, Any]) -> None:
    """Mistral has thoughts within the content."""
    parts: Any = message.get("content")
    thinking = [part for part in objects(parts) if part.get("type") == "thinking"]
    if thinking:
        texts = (piece.get("text", "") for part in thinking for piece in objects(part.get("thinking")))
        message["reasoning"] = "".join(texts)
        message["content"] = [part for part in parts if part not in thinking]


def _part_as_openai(part: Any) -> Any:
    if not isinstance(part, dict):
        return part
    told = cast(dict[str, Any], part)
    if told.get("type") == "document_url":
        return {"type": "file", "file": {"file_data": told["document_url"], "filename": told.get("document_name")}}
    if told.get("type") == "image_url" and isinstance(told.get("image_url"), str):
        return {**told, "image_url": {"url": told["image_url"]}}
    return told


def _extras(model: BaseModel) -> dict[str, Any]:
    """What the endpoint's form does not know, in the place where it stood."""
    found: dict[str, Any] = dict(model.model_extra or {})
    for name in type(model).model_fields:
        inner = _extras_of(getattr(model, name))
        if inner:
            found[name] = inner
    return found


def _extras_of(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return _extras(value)
    if isinstance(value, list | tuple):
        inner: list[Any] = [_extras_of(item) or {} for item in cast(Sequence[Any], value)]
        return inner if any(inner) else None
    return None
