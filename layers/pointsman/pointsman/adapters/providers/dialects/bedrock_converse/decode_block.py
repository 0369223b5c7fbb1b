"""The content blocks of Bedrock's replies."""

import json
from collections.abc import Callable, Iterator, Mapping

from pointsman.adapters.providers.dialects.bedrock_converse.thoughts import decode_thought
from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import AnnotationAdded, MediaProduced, ReplyEvent, TextDelta, ToolCallDelta
from pointsman.domain.request import MediaPart

# A tool that Bedrock runs by itself; the text beside it tells what came of it.
SERVER_TOOL = "server_tool_use"


def decode_block(block: JsonObject, *, position: int, tool_calls: int) -> Iterator[ReplyEvent]:
    """A whole block. `tool_calls` is the number of tool calls before it."""
    if "toolUse" in block:
        use = as_object(block["toolUse"], "toolUse")
        if not is_of_server(use):
            arguments = json.dumps(as_object(use.get("input"), "input"), ensure_ascii=False)
            yield decode_tool_use(use, tool_calls, arguments=arguments)
        return
    known = next((name for name in _DECODERS if name in block), None)
    if known is None:
        raise MalformedReplyError(f"unknown content block with {', '.join(sorted(block)) or 'nothing'}")
    yield from _DECODERS[known](block, position)


def is_of_server(use: JsonObject) -> bool:
    return as_text(use.get("type"), "type") == SERVER_TOOL


def decode_tool_use(use: JsonObject, index: int, *, arguments: str = "") -> ToolCallDelta:
    return ToolCallDelta(index, as_text(use.get("toolUseId"), "toolUseId"), as_text(use.get("name"), "name"), arguments)


def decode_citation(citation: JsonObject) -> AnnotationAdded:
    """Pages of the web in OpenAI's form; for places in a document OpenAI has none, so they keep Bedrock's."""
    page = as_object(as_object(citation.get("location"), "location").get("web"), "web")
    if page.get("url"):
        told = {"url": page["url"], "title": citation.get("title") or ""}
        return AnnotationAdded({"type": "url_citation", "url_citation": told})
    return AnnotationAdded({"type": "citation", "citation": citation})


def decode_image(image: JsonObject) -> Iterator[MediaProduced]:
    data = as_text(as_object(image.get("source"), "source").get("bytes"), "bytes")
    if data:
        mime_type = f"image/{as_text(image.get('format'), 'format') or '*'}"
        yield MediaProduced(MediaPart("image", mime_type, base64_data=data))


def _decode_text(block: JsonObject, _: int) -> Iterator[ReplyEvent]:
    text = as_text(block.get("text"), "text")
    if text:
        yield TextDelta(text)


def _decode_thought(block: JsonObject, position: int) -> Iterator[ReplyEvent]:
    yield from decode_thought(as_object(block.get("reasoningContent"), "reasoningContent"), index=position)


def _decode_cited(block: JsonObject, position: int) -> Iterator[ReplyEvent]:
    cited = as_object(block.get("citationsContent"), "citationsContent")
    for piece in as_objects(cited.get("content"), "content"):
        yield from _decode_text(piece, position)
    for citation in as_objects(cited.get("citations"), "citations"):
        yield decode_citation(citation)


def _decode_image(block: JsonObject, _: int) -> Iterator[ReplyEvent]:
    yield from decode_image(as_object(block.get("image"), "image"))


def _pass_over(_: JsonObject, __: int) -> Iterator[ReplyEvent]:
    return iter(())


_DECODERS: Mapping[str, Callable[[JsonObject, int], Iterator[ReplyEvent]]] = {
    "text": _decode_text,
    "reasoningContent": _decode_thought,
    "citationsContent": _decode_cited,
    "image": _decode_image,
    "toolResult": _pass_over,
}
