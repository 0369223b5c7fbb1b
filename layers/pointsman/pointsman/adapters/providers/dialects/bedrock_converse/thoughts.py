"""Thoughts of Bedrock's models, carried between turns as `reasoning_details`."""

from collections.abc import Iterator

from pointsman.adapters.providers.dialects.json_reading import as_object, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reasoning_details import ENCRYPTED, join_details
from pointsman.domain.reply import ReasoningDelta
from pointsman.domain.request import Message

# Of the many vendors' own there is no name among the formats that clients know; the named ones are other providers'.
THOUGHT_FORMAT = "unknown"


def decode_thought(content: JsonObject, *, index: int) -> Iterator[ReasoningDelta]:
    """`reasoningContent`: a whole one, or a piece of one, which has its fields one level higher."""
    told = as_object(content.get("reasoningText"), "reasoningText") or content
    text, signature = as_text(told.get("text"), "text"), as_text(told.get("signature"), "signature")
    secret = as_text(content.get("redactedContent"), "redactedContent")
    place = {"format": THOUGHT_FORMAT, "index": index}
    if secret:
        yield ReasoningDelta(detail={"type": ENCRYPTED, "data": secret, **place})
    elif text or signature:
        signed = {"signature": signature} if signature else {}
        yield ReasoningDelta(text, {"type": "reasoning.text", "text": text, **signed, **place})


def encode_thoughts(message: Message) -> Iterator[JsonObject]:
    """Only what its model can verify: models that sign their thoughts refuse unsigned ones, others need none."""
    for detail in join_details(message.reasoning_details):
        if detail.get("format") != THOUGHT_FORMAT:
            continue
        if detail.get("type") == ENCRYPTED:
            yield {"reasoningContent": {"redactedContent": detail.get("data")}}
        elif detail.get("signature"):
            thought = {"text": detail.get("text") or "", "signature": detail["signature"]}
            yield {"reasoningContent": {"reasoningText": thought}}
