"""Reasoning state in Anthropic's thinking blocks. Their signature is opaque to clients, so it can carry any provider's.

A block that Anthropic itself signed is taken as Claude's own.
"""

import base64
import binascii
import json
from typing import Final, cast

from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject

CARRIED: Final = "pointsman1."
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
    return CARRIED + base64.urlsafe_b64encode(json.dumps(kept, separators=(",", ":")).encode()).decode()


def decode_thinking(text: str, signature: str, *, position: int, field: str) -> JsonObject:
    """The detail that a `thinking` block stands for. RequestError where one of our signatures was altered."""
    carried = _unpack(signature, field=f"{field}.signature")
    if carried is None:
        signed = {"signature": signature, "format": CLAUDE} if signature else {"format": "unknown"}
        return {"type": "reasoning.text", "text": text, **signed, "index": position}
    name = "summary" if carried.get("type") == "reasoning.summary" else "text"
    return {name: text, **carried}


def decode_redacted(data: str, *, position: int, field: str) -> JsonObject:
    carried = _unpack(data, field=f"{field}.data")
    return carried or {"type": ENCRYPTED, "data": data, "format": CLAUDE, "index": position}


def _unpack(text: str, *, field: str) -> JsonObject | None:
    if not text.startswith(CARRIED):
        return None
    try:
        carried = json.loads(base64.urlsafe_b64decode(text.removeprefix(CARRIED)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise RequestError("This was altered on its way: send it back as it came.", field=field) from error
    if not isinstance(carried, dict):
        raise RequestError("This was altered on its way: send it back as it came.", field=field)
    return cast(JsonObject, carried)
