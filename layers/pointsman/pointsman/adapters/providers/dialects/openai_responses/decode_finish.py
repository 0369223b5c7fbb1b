"""How a response ended, in our words. It has no reason of its own for tool calls."""

from collections.abc import Mapping

from pointsman.adapters.providers.dialects.dialect import InStreamError, MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_object, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, FinishReason

INCOMPLETE_REASONS: Mapping[str, FinishReason] = {
    "max_output_tokens": "length",
    "max_tokens": "length",
    "content_filter": "content_filter",
}
# Recordings of whole responses at times leave it out.
UNSAID = ""


def raise_reported_error(response: JsonObject) -> None:
    if response.get("error") or response.get("status") in ("failed", "cancelled"):
        raise InStreamError(response)


def decode_finish(response: JsonObject, *, has_tool_calls: bool) -> Finished:
    status = as_text(response.get("status"), "status")
    if status == "incomplete":
        details = as_object(response.get("incomplete_details"), "incomplete_details")
        reason = as_text(details.get("reason"), "reason")
        if reason not in INCOMPLETE_REASONS:
            raise MalformedReplyError(f"unknown reason {reason!r} of an incomplete response")
        return Finished(INCOMPLETE_REASONS[reason], reason)
    if status not in ("completed", UNSAID):
        raise MalformedReplyError(f"unknown status {status!r}")
    return Finished("tool_calls" if has_tool_calls else "stop", status or None)
