"""Reasoning state in Anthropic's thinking blocks. Their signature is opaque to clients, so it can carry any provider's.

A block that Anthropic itself signed is taken as Claude's own.
"""

from typing import Final

from pointsman.domain.json_types import JsonObject
from pointsman.entrypoints.wire.carrier import pack, unpack

CLAUDE: Final = "anthropic-claude-v1"
ENCRYPTED: Final = "reasoning.encrypted"


def encode_thought(detail: JsonObject, *, hides_text: bool = False) -> JsonObject:
    """A whole block from one of `reasoning_details`."""
    if detail.get("type") == ENCRYPTED:
        return {"type": "redacted_thinking", "data": carry(detail)}
    text = "" if hides_text else text_of(detail)
    return {"type": "thinking", "thinking": text, "signature": carry(detail, without_text=not hides_text)}


def text_of(detail: JsonObject) -> str:
    return str(detail.get("text") or detail.get("summary") or "")


def carry(detail: JsonObject, *, without_text: bool = False) -> str:
    left_out = ("text", "summary") if without_text else ()
    kept = {name: value for name, value in detail.items() if name not in left_out}
    return pack(kept)


def decode_thinking(text: str, signature: str, *, position: int, field: str) -> JsonObject:
    """The detail that a `thinking` block stands for. RequestError where one of our signatures was altered."""
    carried = unpack(signature, dict, field=f"{field}.signature")
    if carried is None:
        signed = {"signature": signature, "format": CLAUDE} if signature else {"format": "unknown"}
        return {"type": "reasoning.text", "text": text, **signed, "index": position}
    name = "summary" if carried.get("type") == "reasoning.summary" else "text"
    return {name: text, **carried}


def decode_redacted(data: str, *, position: int, field: str) -> JsonObject:
    carried = unpack(data, dict, field=f"{field}.data")
    return carried or {"type": ENCRYPTED, "data": data, "format": CLAUDE, "index": position}
