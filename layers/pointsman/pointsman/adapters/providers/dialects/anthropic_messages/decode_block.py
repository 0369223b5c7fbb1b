"""The content blocks of Anthropic's replies."""

import json
from collections.abc import Iterator

from pointsman.adapters.providers.dialects.anthropic_messages.encode_messages import THOUGHT_FORMAT
from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import AnnotationAdded, ReasoningDelta, ReplyEvent, TextDelta, ToolCallDelta

# Steps that Anthropic took by itself on the way; the text beside them tells what came of it.
SERVER_BLOCKS = frozenset(
    (
        "server_tool_use",
        "web_search_tool_result",
        "web_fetch_tool_result",
        "code_execution_tool_result",
        "bash_code_execution_tool_result",
        "text_editor_code_execution_tool_result",
        "tool_search_tool_result",
        "advisor_tool_result",
        "mcp_tool_use",
        "mcp_tool_result",
        "mcp_tool_listing",
        "container_upload",
        "fallback",
        "compaction",
    )
)


def decode_block(block: JsonObject, *, position: int, tool_calls: int) -> Iterator[ReplyEvent]:
    """A whole block, or a piece of one. `tool_calls` is the number of tool calls before it."""
    kind = as_text(block.get("type"), "type")
    if kind == "text":
        yield from _decode_text(block)
    elif kind == "tool_use":
        yield _decode_tool_use(block, tool_calls)
    elif kind in ("thinking", "redacted_thinking"):
        yield from _decode_thought(block, position)
    elif kind not in SERVER_BLOCKS:
        raise MalformedReplyError(f"unknown content block {kind!r}")


def _decode_text(block: JsonObject) -> Iterator[ReplyEvent]:
    text = as_text(block.get("text"), "text")
    if text:
        yield TextDelta(text)
    for citation in as_objects(block.get("citations"), "citations"):
        yield _decode_citation(citation)


def _decode_tool_use(block: JsonObject, index: int) -> ToolCallDelta:
    return ToolCallDelta(
        index=index,
        id=as_text(block.get("id"), "id"),
        name=as_text(block.get("name"), "name"),
        arguments=json.dumps(as_object(block.get("input"), "input"), ensure_ascii=False),
    )


def _decode_thought(block: JsonObject, position: int) -> Iterator[ReasoningDelta]:
    """A `thinking` or `redacted_thinking` block, or a piece of one."""
    text = as_text(block.get("thinking"), "thinking")
    signature, data = as_text(block.get("signature"), "signature"), as_text(block.get("data"), "data")
    place = {"format": THOUGHT_FORMAT, "index": position}
    if data:
        yield ReasoningDelta(detail={"type": "reasoning.encrypted", "data": data, **place})
    elif text or signature:
        signed = {"signature": signature} if signature else {}
        yield ReasoningDelta(text, {"type": "reasoning.text", "text": text, **signed, **place})


def _decode_citation(citation: JsonObject) -> AnnotationAdded:
    """Pages of the web in OpenAI's form; for places in a document OpenAI has none, so they keep Anthropic's."""
    kind = as_text(citation.get("type"), "type")
    if kind == "web_search_result_location":
        told = {name: citation[name] for name in ("url", "title") if citation.get(name)}
        return AnnotationAdded({"type": "url_citation", "url_citation": told})
    return AnnotationAdded({"type": kind, kind: {name: v for name, v in citation.items() if name != "type"}})
