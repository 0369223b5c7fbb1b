"""Reasoning items of OpenAI's Responses, carried between turns as `reasoning_details` that share the item's id."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from pointsman.adapters.providers.dialects.json_reading import as_objects, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reasoning_details import ENCRYPTED, join_details
from pointsman.domain.reply import ReasoningDelta
from pointsman.domain.request import Message

THOUGHT_FORMAT = "openai-responses-v1"
SUMMARY, TEXT = "reasoning.summary", "reasoning.text"


def decode_reasoning(item: JsonObject) -> Iterator[ReasoningDelta]:
    """All of a whole item."""
    item_id = as_text(item.get("id"), "id")
    for index, part in enumerate(as_objects(item.get("summary"), "summary")):
        yield from as_summary(as_text(part.get("text"), "text"), item_id=item_id, index=index)
    for index, part in enumerate(as_objects(item.get("content"), "content")):
        yield from as_thought(as_text(part.get("text"), "text"), item_id=item_id, index=index)
    yield from decode_secret(item)


def decode_secret(item: JsonObject) -> Iterator[ReasoningDelta]:
    secret = as_text(item.get("encrypted_content"), "encrypted_content")
    if secret:
        place = {"id": as_text(item.get("id"), "id"), "format": THOUGHT_FORMAT, "index": 0}
        yield ReasoningDelta(detail={"type": ENCRYPTED, "data": secret, **place})


def as_summary(text: str, *, item_id: str, index: int) -> Iterator[ReasoningDelta]:
    if text:
        place = {"id": item_id, "format": THOUGHT_FORMAT, "index": index}
        yield ReasoningDelta(text, {"type": SUMMARY, "summary": text, **place})


def as_thought(text: str, *, item_id: str, index: int) -> Iterator[ReasoningDelta]:
    if text:
        place = {"id": item_id, "format": THOUGHT_FORMAT, "index": index}
        yield ReasoningDelta(text, {"type": TEXT, "text": text, **place})


def encode_thoughts(message: Message) -> Iterator[JsonObject]:
    """Only items with their secret: nothing is stored that an id alone could refer to."""
    own = [detail for detail in join_details(message.reasoning_details) if detail.get("format") == THOUGHT_FORMAT]
    for item_id, group in groupby(own, key=lambda detail: detail.get("id")):
        details = list(group)
        secrets: list[Any] = [detail.get("data") for detail in details if detail.get("type") == ENCRYPTED]
        if secrets:
            summaries = [detail.get("summary") for detail in details if detail.get("type") == SUMMARY]
            summary = [{"type": "summary_text", "text": text} for text in summaries]
            named = {"id": item_id} if item_id else {}
            yield {"type": "reasoning", **named, "summary": summary, "encrypted_content": secrets[-1]}
