"""Google's thought signatures, carried between turns as encrypted `reasoning_details`."""

from collections.abc import Mapping

from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import Message

THOUGHT_FORMAT = "google-gemini-v1"


def as_detail(signature: str, *, call_id: str | None, index: int) -> JsonObject:
    """`call_id` is None where the signature is that of a text."""
    place = {"format": THOUGHT_FORMAT, "index": index}
    named = {} if call_id is None else {"id": call_id}
    return {"type": "reasoning.encrypted", "data": signature, **named, **place}


def signatures_of_calls(message: Message) -> Mapping[str, str]:
    return {str(detail["id"]): str(detail["data"]) for detail in _signatures(message) if detail.get("id")}


def signature_of_text(message: Message) -> str | None:
    """The last one, which stands for all the text before it."""
    signatures = [str(detail["data"]) for detail in _signatures(message) if not detail.get("id")]
    return signatures[-1] if signatures else None


def _signatures(message: Message) -> list[JsonObject]:
    return [
        detail
        for detail in message.reasoning_details
        if detail.get("type") == "reasoning.encrypted" and detail.get("format") == THOUGHT_FORMAT and detail.get("data")
    ]
