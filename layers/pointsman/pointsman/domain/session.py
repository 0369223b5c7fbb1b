"""What a conversation left at a provider: the beginning of its prompt, in the cache of the model that served last."""

from collections.abc import Iterable
from dataclasses import dataclass

from pointsman.domain.request import Message, TextPart

# Anthropic keeps a prefix for 5 minutes, OpenAI for 5 to 10 of rest; no provider caches less than 1,024 tokens.
CACHE_LIFE_S = 300
LEAST_CACHED_TOKENS = 1_024


@dataclass(frozen=True, slots=True)
class Session:
    """`served_by` is the candidate's key of the last answer, `prompt_tokens` how long its prompt was estimated to be,
    `rested_s` the seconds since.
    """

    served_by: str
    prompt_tokens: int
    rested_s: int

    def cached_tokens(self, candidate_key: str, prompt_tokens: int) -> int:
        """Tokens of a new prompt that a candidate would find in its cache."""
        is_warm = self.served_by == candidate_key and self.rested_s < CACHE_LIFE_S
        cached = min(self.prompt_tokens, prompt_tokens)
        return cached if is_warm and cached >= LEAST_CACHED_TOKENS else 0


def is_continued(messages: Iterable[Message]) -> bool:
    """Whether somebody answered before: only then can anything lie in a cache."""
    return any(message.role == "assistant" for message in messages)


def beginning_of(messages: Iterable[Message]) -> str:
    """What stays the same from turn to turn: everything up to and with the first word of the user."""
    texts = list[str]()
    for message in messages:
        texts += [part.text for part in message.parts if isinstance(part, TextPart)]
        if message.role == "user":
            break
    return "\n".join(texts)
