"""A whole reply in the words of OpenAI's Responses as reply events."""

from collections.abc import Iterable

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_objects, as_text
from pointsman.adapters.providers.dialects.openai_responses.decode_finish import decode_finish, raise_reported_error
from pointsman.adapters.providers.dialects.openai_responses.decode_item import decode_item
from pointsman.adapters.providers.dialects.openai_responses.decode_usage import decode_usage
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import ReplyEvent, ReplyStarted, ToolCallDelta


def decode(body: JsonObject) -> Iterable[ReplyEvent]:
    raise_reported_error(body)
    if "output" not in body:
        raise MalformedReplyError("the reply has no output")
    yield decode_start(body)
    tool_calls = 0
    for item in as_objects(body.get("output"), "output"):
        for event in decode_item(item, tool_calls=tool_calls):
            tool_calls += isinstance(event, ToolCallDelta)
            yield event
    yield decode_finish(body, has_tool_calls=tool_calls > 0)
    yield from decode_usage(body)


def decode_start(response: JsonObject) -> ReplyStarted:
    return ReplyStarted(as_text(response.get("id"), "id") or None, as_text(response.get("model"), "model") or None)
