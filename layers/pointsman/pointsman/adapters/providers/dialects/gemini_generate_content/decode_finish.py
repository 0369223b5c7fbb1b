"""Why Gemini stopped, in our words. It has no reason of its own for tool calls."""

from collections.abc import Mapping

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.domain.reply import Finished, FinishReason

FINISH_REASONS: Mapping[str, FinishReason] = {
    "STOP": "stop",
    "MAX_TOKENS": "length",
    "CONTINUATION": "length",
    "SAFETY": "content_filter",
    "RECITATION": "content_filter",
    "BLOCKLIST": "content_filter",
    "PROHIBITED_CONTENT": "content_filter",
    "SPII": "content_filter",
    "LANGUAGE": "content_filter",
    "IMAGE_SAFETY": "content_filter",
    "IMAGE_PROHIBITED_CONTENT": "content_filter",
    "IMAGE_RECITATION": "content_filter",
    "IMAGE_OTHER": "content_filter",
    "MODEL_ARMOR": "content_filter",
    "MALFORMED_FUNCTION_CALL": "error",
    "UNEXPECTED_TOOL_CALL": "error",
    "MALFORMED_RESPONSE": "error",
    "TOO_MANY_TOOL_CALLS": "error",
    "MISSING_THOUGHT_SIGNATURE": "error",
    "NO_IMAGE": "error",
    "OTHER": "error",
}


def decode_finish(reason: str, *, choice: int, has_tool_calls: bool) -> Finished:
    if reason not in FINISH_REASONS:
        raise MalformedReplyError(f"unknown finishReason {reason!r}")
    known = FINISH_REASONS[reason]
    if known == "error":
        # Passed on as an answer it would end a caller's loop in silence; as a failure another model can take over.
        raise MalformedReplyError(f"the model broke off with {reason}")
    return Finished("tool_calls" if known == "stop" and has_tool_calls else known, reason, choice)
