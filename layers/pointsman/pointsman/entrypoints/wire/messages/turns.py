"""Anthropic's messages as the domain's: results of tools become messages of their own, in the order they stand."""

import base64
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import MediaPart, Message, Part, TextPart, ToolCall
from pointsman.entrypoints.wire.media import decode_inline, decode_media
from pointsman.entrypoints.wire.messages.body import (
    Base64Source,
    Block,
    ContentSource,
    ConversationBody,
    DocumentBlock,
    ImageBlock,
    MessageBody,
    RedactedThinkingBlock,
    TextBlock,
    TextSource,
    ThinkingBlock,
    ToolResultBlock,
    ToolUseBlock,
)
from pointsman.entrypoints.wire.messages.thoughts import decode_redacted, decode_thinking

Shown = TextBlock | ImageBlock | DocumentBlock


def decode_turns(body: ConversationBody) -> Iterator[Message]:
    if body.system:
        yield Message("system", tuple(_decode_shown(body.system, "system")))
    for place, message in enumerate(body.messages):
        yield from _decode_message(message, f"messages[{place}].content")


def _decode_message(message: MessageBody, field: str) -> Iterator[Message]:
    content = message.content
    blocks: list[Block] = [TextBlock(type="text", text=content)] if isinstance(content, str) else content
    if message.role == "user":
        yield from _decode_user(blocks, field)
    elif message.role == "assistant":
        yield _decode_assistant(blocks, field)
    else:
        yield Message("system", tuple(_decode_shown(_only_shown(blocks, field), field)))


def _decode_user(blocks: list[Block], field: str) -> Iterator[Message]:
    said: list[Part] = []
    for index, block in enumerate(blocks):
        where = f"{field}[{index}]"
        if not isinstance(block, ToolResultBlock):
            said += _decode_block(block, where)
            continue
        if said:
            yield Message("user", tuple(said))
            said = []
        parts = tuple(_decode_shown(block.content or "", f"{where}.content"))
        yield Message(
            "tool",
            parts,
            tool_call_id=block.tool_use_id,
            is_error=block.is_error,
            cache_control=block.cache_control,
        )
    if said:
        yield Message("user", tuple(said))
    if not blocks or blocks == [TextBlock(type="text", text="")]:
        raise RequestError("A user message needs content.", field=field)


def _decode_assistant(blocks: list[Block], field: str) -> Message:
    parts, calls, details = list[Part](), list[ToolCall](), list[JsonObject]()
    for index, block in enumerate(blocks):
        where = f"{field}[{index}]"
        if isinstance(block, ToolUseBlock):
            calls.append(ToolCall(block.id, block.name, json.dumps(block.input, ensure_ascii=False)))
        elif isinstance(block, ThinkingBlock):
            details.append(decode_thinking(block.thinking, block.signature, position=index, field=where))
        elif isinstance(block, RedactedThinkingBlock):
            details.append(decode_redacted(block.data, position=index, field=where))
        else:
            parts += _decode_block(block, where)
    return Message("assistant", tuple(parts), tuple(calls), reasoning_details=tuple(details))


def _only_shown(blocks: Iterable[Block], field: str) -> list[Shown]:
    shown: list[Shown] = []
    for index, block in enumerate(blocks):
        if not isinstance(block, Shown):
            raise RequestError(f"A '{block.type}' block cannot stand here.", field=f"{field}[{index}].type")
        shown.append(block)
    return shown


def _decode_shown(content: str | Iterable[Shown], field: str) -> Iterator[Part]:
    if isinstance(content, str):
        yield from ([TextPart(content)] if content else [])
        return
    for index, block in enumerate(content):
        yield from _decode_block(block, f"{field}[{index}]")


def _decode_block(block: Block, field: str) -> list[Part]:
    if isinstance(block, TextBlock):
        return [TextPart(block.text, block.cache_control)]
    if isinstance(block, ImageBlock):
        return [replace(_decode_image(block, f"{field}.source"), cache_control=block.cache_control)]
    if isinstance(block, DocumentBlock):
        return _decode_document(block, f"{field}.source")
    raise RequestError(f"A '{block.type}' block cannot stand here.", field=f"{field}.type")


def _decode_image(block: ImageBlock, field: str) -> MediaPart:
    source = block.source
    if isinstance(source, Base64Source):
        return decode_inline("image", source.data, mime=source.media_type, field=f"{field}.data")
    return decode_media("image", source.url, field=f"{field}.url", default_mime="image/*")


def _decode_document(block: DocumentBlock, field: str) -> list[Part]:
    """The document, and what is said about it as text before it."""
    source, about = block.source, [TextPart(block.context)] if block.context else []
    if isinstance(source, ContentSource):
        title = [TextPart(block.title)] if block.title else []
        return [*about, *title, *_decode_shown(source.content, f"{field}.content")]
    cites = block.citations is not None and block.citations.enabled
    file = _decode_file(source, field, name=block.title)
    return [*about, replace(file, cache_control=block.cache_control, wants_citations=cites)]


def _decode_file(source: Any, field: str, *, name: str | None) -> MediaPart:
    if isinstance(source, Base64Source):
        return decode_inline("file", source.data, mime=source.media_type, field=f"{field}.data", filename=name)
    if isinstance(source, TextSource):
        data = base64.b64encode(source.data.encode()).decode()
        return decode_inline("file", data, mime=source.media_type, field=f"{field}.data", filename=name)
    return decode_media("file", source.url, field=f"{field}.url", default_mime="application/pdf", filename=name)
