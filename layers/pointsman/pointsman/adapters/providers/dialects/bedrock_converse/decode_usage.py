"""Bedrock's usage in classes that do not overlap: its input excludes what the cache read and wrote."""

from collections.abc import Mapping

from pointsman.adapters.providers.dialects.json_reading import as_count
from pointsman.domain.json_types import JsonObject
from pointsman.domain.reply import TokenClass, Usage, UsageReported

COUNTERS: Mapping[TokenClass, str] = {
    "input": "inputTokens",
    "cache_read": "cacheReadInputTokens",
    "cache_write": "cacheWriteInputTokens",
    "output": "outputTokens",
}


def decode_usage(usage: JsonObject) -> UsageReported:
    return UsageReported(Usage({kind: as_count(usage.get(name), name) for kind, name in COUNTERS.items()}))
