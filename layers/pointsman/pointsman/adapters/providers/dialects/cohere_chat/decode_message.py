"""The pieces of Cohere's answers: texts, thoughts, tool calls and citations."""

from collections.abc import Iterator

from pointsman.adapters.providers.dialects.cohere_chat.thoughts import as_thought
from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_object, as_objects, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import AnnotationAdded, ReplyEvent, TextDelta, ToolCallDelta

# Where a source of each type says what it is.
SOURCES = {"document": "document", "tool": "tool_output"}


def decode_content(part: JsonObject) -> Iterator[ReplyEvent]:
    """A whole part, or a piece of one; pieces do not say of what kind they are."""
    kind = as_text(part.get("type"), "type")
    if kind not in ("", "text", "thinking"):
        raise MalformedReplyError(f"unknown content part {kind!r}")
    text, thought = as_text(part.get("text"), "text"), as_text(part.get("thinking"), "thinking")
    if thought:
        yield as_thought(thought)
    if text:
        yield TextDelta(text)


def decode_tool_call(call: JsonObject, index: int) -> ToolCallDelta:
    """A whole call, or the first piece of one."""
    if call.get("type") not in (None, "function"):
        raise MalformedReplyError(f"unknown tool call type {call['type']!r}")
    function = as_object(call.get("function"), "function")
    return ToolCallDelta(
        index=index,
        id=as_text(call.get("id"), "id"),
        name=as_text(function.get("name"), "name"),
        arguments=as_text(function.get("arguments"), "arguments"),
    )


def decode_citation(citation: JsonObject) -> Iterator[AnnotationAdded]:
    """Sources with an address in OpenAI's form; for the others OpenAI has none, so they keep Cohere's."""
    pages = [page for source in as_objects(citation.get("sources"), "sources") if (page := _page_of(source))]
    place = {"start_index": citation.get("start"), "end_index": citation.get("end")}
    for page in pages:
        yield AnnotationAdded({"type": "url_citation", "url_citation": {**page, **place}})
    if not pages:
        yield AnnotationAdded({"type": "citation", "citation": citation})


def _page_of(source: JsonObject) -> JsonObject | None:
    told = as_object(source.get(SOURCES.get(as_text(source.get("type"), "type"), "")), "source")
    return {"url": told["url"], "title": told.get("title", "")} if told.get("url") else None
