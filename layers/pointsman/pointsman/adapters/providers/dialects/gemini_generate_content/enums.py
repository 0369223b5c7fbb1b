"""Google's enumerations, which Vertex writes as numbers where a caller's own address asks it to."""

from collections.abc import Sequence
from typing import Any

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_count, as_text

# In the order of their numbers; after Vertex's service description v1beta1.
FINISH_REASONS = (
    "FINISH_REASON_UNSPECIFIED",
    "STOP",
    "MAX_TOKENS",
    "SAFETY",
    "RECITATION",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
    "MODEL_ARMOR",
    "IMAGE_SAFETY",
    "IMAGE_PROHIBITED_CONTENT",
    "IMAGE_RECITATION",
    "IMAGE_OTHER",
    "UNEXPECTED_TOOL_CALL",
    "NO_IMAGE",
)
MODALITIES = ("MODALITY_UNSPECIFIED", "TEXT", "IMAGE", "VIDEO", "AUDIO", "DOCUMENT")
BLOCK_REASONS = (
    "BLOCKED_REASON_UNSPECIFIED",
    "SAFETY",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "MODEL_ARMOR",
    "IMAGE_SAFETY",
    "JAILBREAK",
)


def name_of(value: Any, names: Sequence[str], field: str) -> str:
    """The name, also of a number; empty where there is none."""
    if value is None or isinstance(value, str):
        return as_text(value, field)
    number = as_count(value, field)
    if number >= len(names):
        raise MalformedReplyError(f"unknown {field} {number}")
    return names[number]
