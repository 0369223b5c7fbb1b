"""A whole reply in Bedrock's words as reply events."""

from collections.abc import Iterable

from pointsman.adapters.providers.dialects.bedrock_converse.decode_block import decode_block
from pointsman.adapters.providers.dialects.bedrock_converse.decode_finish import decode_finish
from pointsman.adapters.providers.dialects.bedrock_converse.decode_usage import decode_usage
from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import ReplyEvent, ReplyStarted, ToolCallDelta


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    # Bedrock names neither the answer nor the model that gave it.
    yield ReplyStarted()
    message = as_object(as_object(body.get("output"), "output").get("message"), "message")
    tool_calls = 0
    for position, block in enumerate(as_objects(message.get("content"), "content")):
        for event in decode_block(block, position=position, tool_calls=tool_calls):
            tool_calls += isinstance(event, ToolCallDelta)
            yield event
    yield decode_finish(body)
    yield decode_usage(as_object(body.get("usage"), "usage"))
