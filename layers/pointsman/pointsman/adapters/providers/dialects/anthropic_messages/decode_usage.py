"""Anthropic's usage object in classes that do not overlap: its input excludes what the cache read and wrote."""

from collections.abc import Mapping

from pointsman.adapters.providers.dialects.json_reading import as_count, as_object, as_objects
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import TokenClass, Usage, UsageReported

COUNTERS: Mapping[TokenClass, str] = {
    "input": "input_tokens",
    "cache_read": "cache_read_input_tokens",
    "cache_write": "cache_creation_input_tokens",
    "output": "output_tokens",
}


def decode_usage(usage: JsonObject) -> UsageReported:
    # The top counts only the last pass over the conversation, while all passes are billed.
    passes = as_objects(usage.get("iterations"), "iterations") or [usage]
    tokens: dict[TokenClass, int] = {
        kind: sum(as_count(counted.get(name), name) for counted in passes) for kind, name in COUNTERS.items()
    }
    details = as_object(usage.get("output_tokens_details"), "output_tokens_details")
    thoughts = min(as_count(details.get("thinking_tokens"), "thinking_tokens"), tokens["output"])
    return UsageReported(Usage({**tokens, "output": tokens["output"] - thoughts, "reasoning": thoughts}))
