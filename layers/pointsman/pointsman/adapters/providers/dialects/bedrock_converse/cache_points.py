"""Anthropic's cache hints as Bedrock's cache points, which stand behind what is to be kept."""

from collections.abc import Iterator

from pointsman.adapters.providers.dialects.dialect import Call
from pointsman.domain.json_types import JsonObject

CACHE_POINT = "cachePoint"
CACHES = "prompt_caching"


def encode_cache_point(hint: JsonObject | None, call: Call) -> Iterator[JsonObject]:
    # A hint changes the bill, never the answer: models that keep no cache do without it.
    if hint is not None and CACHES in call.card.features:
        ttl = {"ttl": hint["ttl"]} if hint.get("ttl") else {}
        yield {CACHE_POINT: {"type": "default", **ttl}}
