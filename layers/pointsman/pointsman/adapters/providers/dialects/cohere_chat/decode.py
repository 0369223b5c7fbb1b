"""A whole reply in Cohere's words as reply events."""

from collections.abc import Iterable
from dataclasses import replace

from pointsman.adapters.providers.dialects.cohere_chat.decode_finish import decode_finish
from pointsman.adapters.providers.dialects.cohere_chat.decode_message import (
    decode_citation,
    decode_content,
    decode_tool_call,
)
from pointsman.adapters.providers.dialects.cohere_chat.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.cohere_chat.thoughts import as_plan
from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import ReplyEvent, ReplyStarted

NO_ARGUMENTS = "{}"


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    yield ReplyStarted(as_text(body.get("id"), "id") or None)
    message = as_object(body.get("message"), "message")
    for part in as_objects(message.get("content"), "content"):
        yield from decode_content(part)
    plan = as_text(message.get("tool_plan"), "tool_plan")
    if plan:
        yield as_plan(plan)
    for index, item in enumerate(as_objects(message.get("tool_calls"), "tool_calls")):
        call = decode_tool_call(item, index)
        yield replace(call, arguments=call.arguments or NO_ARGUMENTS)
    for citation in as_objects(message.get("citations"), "citations"):
        yield from decode_citation(citation)
    yield decode_finish(body)
    yield decode_usage(as_object(body.get("usage"), "usage"))
