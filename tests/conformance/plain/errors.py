"""What kind of failure a recorded error is, from its status and its words alone."""

import re
from collections.abc import Iterator, Mapping
from typing import get_args

from pointsman.domain.errors import ProviderErrorKind

from tests.conformance.exchanges import Exchange

NUMBER = re.compile(r"\d+(\.\d+)?")
# In lower case, looked for in the whole answer and in the name that AWS gives its errors, from the top; only where the
# status is one of those given.
WORDS: tuple[tuple[tuple[int, ...], str, ProviderErrorKind], ...] = (
    ((200, 400, 413, 422), "context_length_exceeded", "context_length"),
    ((200, 400, 413, 422), "maximum context length", "context_length"),
    ((200, 400, 413, 422), "max context length", "context_length"),
    ((200, 400, 413, 422), "prompt is too long", "context_length"),
    ((200, 400, 413, 422), "input is too long", "context_length"),
    ((200, 400, 413, 422), "input tokens exceed", "context_length"),
    ((200, 400, 413, 422), "input token count", "context_length"),
    ((200, 400, 413, 422), "too many tokens", "context_length"),
    ((200, 400, 413, 422), "too_many_prompt_tokens", "context_length"),
    ((400,), "credit balance is too low", "quota_exhausted"),
    ((200, 429), "insufficient_quota", "quota_exhausted"),
    ((429,), "insufficient balance", "quota_exhausted"),
    ((429,), "credit_balance", "quota_exhausted"),
    ((429,), "usage_limit_exceeded", "quota_exhausted"),
    ((429,), "exceeded_current_quota", "quota_exhausted"),
    ((429,), "spend_limit", "quota_exhausted"),
    ((429,), "billing_hard_limit", "quota_exhausted"),
    ((429,), "perday", "quota_exhausted"),
    ((402,), "openrouter_in_flight_budget", "rate_limited"),
    ((400,), "api key", "authentication"),
    ((400,), "servicequotaexceeded", "rate_limited"),
    ((429,), "modelnotready", "overloaded"),
    ((200, 400), "tool_use_failed", "malformed_reply"),
    ((400, 422), "content_filter", "content_policy"),
    ((400, 403, 422), "content_policy", "content_policy"),
)
OF_STATUS: Mapping[int, frozenset[ProviderErrorKind]] = {
    # What else a provider reports inside a good answer says nothing by its status.
    200: frozenset(get_args(ProviderErrorKind)),
    400: frozenset(("invalid_request", "content_policy", "model_not_found", "authentication")),
    401: frozenset(("authentication",)),
    402: frozenset(("quota_exhausted",)),
    403: frozenset(("authentication",)),
    404: frozenset(("model_not_found",)),
    408: frozenset(("timeout",)),
    409: frozenset(("unavailable",)),
    413: frozenset(("invalid_request", "context_length", "rate_limited")),
    422: frozenset(("invalid_request",)),
    424: frozenset(("unavailable",)),
    429: frozenset(("rate_limited",)),
    498: frozenset(("overloaded",)),
    503: frozenset(("overloaded", "unavailable")),
    504: frozenset(("timeout",)),
    524: frozenset(("timeout",)),
    529: frozenset(("overloaded",)),
}


def expected_kinds(exchange: Exchange) -> frozenset[ProviderErrorKind]:
    answer = exchange.content.decode("utf-8", "replace")
    words = f"{exchange.headers.get('x-amzn-errortype', '')} {answer}".lower()
    told = next(_told_by_words(exchange.status, words), None)
    if told is not None:
        return frozenset((told,))
    other: ProviderErrorKind = "unavailable" if exchange.status >= 500 else "invalid_request"
    return OF_STATUS.get(exchange.status, frozenset((other,)))


def _told_by_words(status: int, words: str) -> Iterator[ProviderErrorKind]:
    return (kind for statuses, phrase, kind in WORDS if status in statuses and phrase in words)


def expected_retry_after_s(exchange: Exchange) -> float | None:
    """Of headers in seconds or milliseconds; None where there are none, or a date or nonsense."""
    milliseconds, seconds = (_number(exchange.headers.get(name, "")) for name in ("retry-after-ms", "retry-after"))
    return milliseconds / 1000 if milliseconds is not None else seconds


def _number(told: str) -> float | None:
    return float(told) if NUMBER.fullmatch(told) else None
