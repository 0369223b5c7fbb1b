"""The output items of OpenAI's Responses."""

from collections.abc import Iterator

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_objects, as_text
from pointsman.adapters.providers.dialects.openai_responses.thoughts import decode_reasoning
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import (
    AnnotationAdded,
    LogprobsDelta,
    MediaProduced,
    RefusalDelta,
    ReplyEvent,
    TextDelta,
    ToolCallDelta,
)
from pointsman.domain.request import MediaPart

NO_ARGUMENTS = "{}"
FUNCTION_CALL = "function_call"
PICTURE = "image_generation_call"
# Steps of built-in tools, which Pointsman never asks for; the text beside them tells what came of them.
STEPS = ("compaction", "program", "mcp_list_tools", "mcp_approval_request")
STEP_ENDINGS = ("_call", "_output")


def decode_item(item: JsonObject, *, tool_calls: int) -> Iterator[ReplyEvent]:
    """A whole item. `tool_calls` is the number of tool calls before it."""
    kind = as_text(item.get("type"), "type")
    if kind == FUNCTION_CALL:
        yield decode_call(item, tool_calls)
    elif kind == "message":
        for part in as_objects(item.get("content"), "content"):
            yield from _decode_part(part)
    elif kind == "reasoning":
        yield from decode_reasoning(item)
    elif kind == PICTURE:
        yield from decode_picture(item)
    elif not is_step(kind):
        raise MalformedReplyError(f"unknown output item {kind!r}")


def is_step(kind: str) -> bool:
    return kind in STEPS or kind.endswith(STEP_ENDINGS)


def decode_call(item: JsonObject, index: int) -> ToolCallDelta:
    return ToolCallDelta(
        index=index,
        id=as_text(item.get("call_id"), "call_id") or as_text(item.get("id"), "id"),
        name=as_text(item.get("name"), "name"),
        arguments=as_text(item.get("arguments"), "arguments") or NO_ARGUMENTS,
    )


def decode_picture(item: JsonObject) -> Iterator[MediaProduced]:
    data = as_text(item.get("result"), "result")
    if data:
        mime_type = f"image/{as_text(item.get('output_format'), 'output_format') or 'png'}"
        yield MediaProduced(MediaPart("image", mime_type, base64_data=data))


def decode_annotation(annotation: JsonObject) -> AnnotationAdded:
    """Chat completions nest what stands flat here."""
    kind = as_text(annotation.get("type"), "type")
    return AnnotationAdded({"type": kind, kind: {name: v for name, v in annotation.items() if name != "type"}})


def decode_logprobs(holder: JsonObject) -> Iterator[LogprobsDelta]:
    content = as_objects(holder.get("logprobs"), "logprobs")
    if content:
        yield LogprobsDelta({"content": list(content), "refusal": None})


def _decode_part(part: JsonObject) -> Iterator[ReplyEvent]:
    kind = as_text(part.get("type"), "type")
    if kind == "refusal":
        yield RefusalDelta(as_text(part.get("refusal"), "refusal"))
        return
    if kind != "output_text":
        raise MalformedReplyError(f"unknown content part {kind!r}")
    text = as_text(part.get("text"), "text")
    if text:
        yield TextDelta(text)
    yield from decode_logprobs(part)
    for annotation in as_objects(part.get("annotations"), "annotations"):
        yield decode_annotation(annotation)
