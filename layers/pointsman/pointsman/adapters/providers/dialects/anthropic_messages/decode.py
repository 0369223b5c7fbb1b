"""A whole reply in Anthropic's words as reply events."""

from collections.abc import Iterable

from pointsman.adapters.providers.dialects.anthropic_messages.decode_block import decode_block
from pointsman.adapters.providers.dialects.anthropic_messages.decode_finish import decode_finish
from pointsman.adapters.providers.dialects.anthropic_messages.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, ReplyEvent, ReplyStarted, ToolCallDelta


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    if body.get("type") == "error":
        raise InStreamError(body)
    yield decode_start(body)
    tool_calls = 0
    for position, block in enumerate(as_objects(body.get("content"), "content")):
        for event in decode_block(block, position=position, tool_calls=tool_calls):
            tool_calls += isinstance(event, ToolCallDelta)
            yield event
    ending = list(decode_finish(body))
    if not any(isinstance(event, Finished) for event in ending):
        raise MalformedReplyError("the reply has no stop_reason")
    yield from ending
    yield decode_usage(as_object(body.get("usage"), "usage"))


def decode_start(message: JsonObject) -> ReplyStarted:
    return ReplyStarted(as_text(message.get("id"), "id") or None, as_text(message.get("model"), "model") or None)
