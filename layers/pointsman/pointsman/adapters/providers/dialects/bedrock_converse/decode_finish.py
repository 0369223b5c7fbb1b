"""Why a model at Bedrock stopped, in our words."""

from collections.abc import Mapping

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.dialects.json_reading import as_text
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import Finished, FinishReason

FINISH_REASONS: Mapping[str, FinishReason] = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "guardrail_intervened": "content_filter",
    "content_filtered": "content_filter",
    "refusal": "content_filter",
    "malformed_model_output": "error",
    "malformed_tool_use": "error",
}


def decode_finish(holder: JsonObject) -> Finished:
    """From a whole reply or a stream's `messageStop`."""
    reason = as_text(holder.get("stopReason"), "stopReason")
    if reason not in FINISH_REASONS:
        raise MalformedReplyError(f"unknown stopReason {reason!r}")
    if FINISH_REASONS[reason] == "error":
        raise MalformedReplyError(f"the model broke off with {reason}")
    return Finished(FINISH_REASONS[reason], reason)
