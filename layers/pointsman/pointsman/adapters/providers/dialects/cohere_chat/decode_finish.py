"""Why Command stopped, in our words."""

from collections.abc import Mapping

from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, FinishReason

FINISH_REASONS: Mapping[str, FinishReason] = {
    "COMPLETE": "stop",
    "STOP_SEQUENCE": "stop",
    "MAX_TOKENS": "length",
    "TOOL_CALL": "tool_calls",
    "ERROR_TOXIC": "content_filter",
    "ERROR": "error",
    "TIMEOUT": "error",
}


def decode_finish(holder: JsonObject) -> Finished:
    """From a whole reply, or the delta of a stream's last event."""
    reason = as_text(holder.get("finish_reason"), "finish_reason")
    if reason not in FINISH_REASONS:
        raise MalformedReplyError(f"unknown finish_reason {reason!r}")
    known = FINISH_REASONS[reason]
    if known == "error":
        raise InStreamError({"message": holder.get("error"), "error_type": reason})
    return Finished(known, reason)
