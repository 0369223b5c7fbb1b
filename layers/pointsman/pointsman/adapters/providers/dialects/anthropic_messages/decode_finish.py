"""Why Claude stopped, in our words."""

from collections.abc import Iterator, Mapping

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_object, as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, FinishReason, RefusalDelta

FINISH_REASONS: Mapping[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "pause_turn": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "compaction": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}


def decode_finish(message: JsonObject) -> Iterator[RefusalDelta | Finished]:
    """From a whole message or a message_delta's delta; nothing where it has not stopped."""
    reason = as_text(message.get("stop_reason"), "stop_reason")
    if not reason:
        return
    if reason not in FINISH_REASONS:
        raise MalformedReplyError(f"unknown stop_reason {reason!r}")
    explanation = as_text(as_object(message.get("stop_details"), "stop_details").get("explanation"), "explanation")
    if explanation:
        yield RefusalDelta(explanation)
    yield Finished(FINISH_REASONS[reason], reason)
