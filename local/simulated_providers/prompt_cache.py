"""Remembers which beginnings of conversations a model has read, as providers' prompt caches do."""

import hashlib
from collections import OrderedDict

from local.simulated_providers import tokens
from local.simulated_providers.exchange import Ask, Turn

_LEAST_TOKENS = 1024
_CAPACITY = 10_000
_TOKENS_PER_TURN = 3
_TOKENS_PER_MEDIA = 256


class PromptCache:
    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, None] = OrderedDict()

    def read(self, ask: Ask, *, provider: str) -> tuple[int, int, int]:
        """Tokens of the whole prompt, of them read from the cache, of them newly written to it."""
        total, cached = sum(tokens.count_json(tool.parameters) for tool in ask.tools), 0
        digest = hashlib.sha256(f"{provider}/{ask.model}/{ask.tools}".encode())
        for turn in ask.turns:
            digest.update(repr(turn).encode())
            total += _count(turn)
            cached = total if self._has_seen(digest.digest()) else cached
        cached = cached if ask.caches_prompt and cached >= _LEAST_TOKENS else 0
        return total, cached, total - cached if ask.caches_prompt and total >= _LEAST_TOKENS else 0

    def _has_seen(self, key: bytes) -> bool:
        if key in self._seen:
            self._seen.move_to_end(key)
            return True
        self._seen[key] = None
        if len(self._seen) > _CAPACITY:
            self._seen.popitem(last=False)
        return False


def _count(turn: Turn) -> int:
    text = tokens.count(turn.text) + sum(tokens.count(result) for result in turn.tool_results)
    return text + _TOKENS_PER_TURN + _TOKENS_PER_MEDIA * len(turn.media)
