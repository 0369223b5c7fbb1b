"""A finished answer as Anthropic's message object."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, cast

from pointsman.domain.json_types import JsonObject
from pointsman.domain.ledger import AuditRecord
from pointsman.domain.reply import Choice, Reply
from pointsman.domain.request import MediaPart, ToolCall
from pointsman.entrypoints.wire.messages.ending import encode_bill, encode_stop
from pointsman.entrypoints.wire.messages.thoughts import encode_thought
from pointsman.entrypoints.wire.telling import Telling


def encode_message(_body: object, telling: Telling, reply: Reply, record: AuditRecord) -> dict[str, Any]:
    choice = reply.choices[0]
    stop = encode_stop(
        choice.finish_reason,
        choice.native_finish_reason,
        refusal=choice.refusal,
        has_calls=bool(choice.tool_calls),
    )
    return {
        **message_head(telling),
        "content": list(_encode_content(choice, hides_thoughts=telling.hides_reasoning)),
        **stop,
        "usage": encode_bill(record.served),
        **telling.extras(record),
    }


def message_head(telling: Telling) -> dict[str, Any]:
    return {
        "id": telling.subject.id,
        "type": "message",
        "role": "assistant",
        "model": telling.model,
        "provider": telling.provider,
    }


def _encode_content(choice: Choice, *, hides_thoughts: bool) -> Iterator[JsonObject]:
    details: Sequence[JsonObject] = choice.reasoning_details
    if not details and choice.reasoning:
        details = ({"type": "reasoning.text", "text": choice.reasoning},)
    yield from (encode_thought(detail, hides_text=hides_thoughts) for detail in details)
    if choice.text or choice.annotations:
        citations = [encode_citation(annotation) for annotation in choice.annotations]
        yield {"type": "text", "text": choice.text, "citations": citations or None}
    yield from (encode_media(media) for media in choice.media)
    yield from (_encode_tool_use(call) for call in choice.tool_calls)


def encode_media(media: MediaPart) -> JsonObject:
    """Anthropic's models draw nothing; what others do comes in the form of what one sends."""
    source = (
        {"type": "url", "url": media.url}
        if media.url
        else {"type": "base64", "media_type": media.mime_type, "data": media.base64_data}
    )
    return {"type": media.kind, "source": source}


def encode_citation(annotation: JsonObject) -> JsonObject:
    """Anthropic's own as they came; a page of the web without the secrets that only Anthropic's search gives."""
    kind = str(annotation.get("type"))
    inner: JsonObject = annotation.get(kind) or {}
    if kind != "url_citation":
        return {"type": kind, **inner}
    place = {"url": inner.get("url") or "", "title": inner.get("title")}
    return {"type": "web_search_result_location", **place, "cited_text": "", "encrypted_index": ""}


def _encode_tool_use(call: ToolCall) -> JsonObject:
    return {"type": "tool_use", "id": call.id, "name": call.name, "input": _arguments(call.arguments)}


def _arguments(text: str) -> JsonObject:
    """An object, as Anthropic has it. What is no JSON object is passed on under a name that says so."""
    try:
        arguments: Any = json.loads(text or "{}")
    except (ValueError, RecursionError):
        arguments = None
    return cast(JsonObject, arguments) if isinstance(arguments, dict) else {"unparsed_arguments": text}
