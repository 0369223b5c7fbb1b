"""What kind of failure an upstream's answer is. Tables of what providers say; knows no dialect's JSON.

Sources: the providers' published error pages and recorded errors, as gathered on 2026-11-22.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from pointsman.adapters.providers.dialects.dialect import ErrorReport
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.domain.errors import ProviderErrorKind, ProviderFailure

KIND_OF_CODE: Mapping[str, ProviderErrorKind] = {
    "insufficient_quota": "quota_exhausted",
    "credit_balance_exhausted": "quota_exhausted",
    "organization_spend_limit_exceeded": "quota_exhausted",
    "project_spend_limit_exceeded": "quota_exhausted",
    "organization_usage_limit_exceeded": "quota_exhausted",
    "billing_hard_limit_reached": "quota_exhausted",
    "billing_error": "quota_exhausted",
    "enforced_spend_limit_reached": "quota_exhausted",
    "contract_spend_limit_reached": "quota_exhausted",
    "exceeded_current_quota_error": "quota_exhausted",
    "quota_per_day": "quota_exhausted",
    "openrouter_in_flight_budget": "rate_limited",
    "rate_limit_exceeded": "rate_limited",
    "rate_limit_error": "rate_limited",
    "rate_limited": "rate_limited",
    "slow_down": "rate_limited",
    "RESOURCE_EXHAUSTED": "rate_limited",
    "overloaded_error": "overloaded",
    "server_is_overloaded": "overloaded",
    "UNAVAILABLE": "overloaded",
    "api_error": "unavailable",
    "server_error": "unavailable",
    "INTERNAL": "unavailable",
    "timeout_error": "timeout",
    "DEADLINE_EXCEEDED": "timeout",
    "authentication_error": "authentication",
    "permission_error": "authentication",
    "invalid_api_key": "authentication",
    "API_KEY_INVALID": "authentication",
    "UNAUTHENTICATED": "authentication",
    "PERMISSION_DENIED": "authentication",
    "model_not_found": "model_not_found",
    "not_found_error": "model_not_found",
    "invalid_model": "model_not_found",
    "NOT_FOUND": "model_not_found",
    "context_length_exceeded": "context_length",
    "too_many_prompt_tokens": "context_length",
    "content_filter": "content_policy",
    "content_policy_violation": "content_policy",
    # The model wrote a call that does not fit its tool: another model may do better.
    "tool_use_failed": "malformed_reply",
}
# Looked for in the message, in lower case, where no code tells.
KIND_OF_PHRASE: tuple[tuple[str, ProviderErrorKind], ...] = (
    ("maximum context length", "context_length"),
    ("prompt is too long", "context_length"),
    ("prompt too long", "context_length"),
    ("input token count", "context_length"),
    ("input is too long", "context_length"),
    ("input tokens exceeded", "context_length"),
    ("too many tokens", "context_length"),
    ("max context length", "context_length"),
    ("credit balance is too low", "quota_exhausted"),
    ("insufficient balance", "quota_exhausted"),
    ("incorrect api key", "authentication"),
    ("api key not valid", "authentication"),
    ("user location is not supported", "authentication"),
    ("input was flagged", "content_policy"),
    ("invalid model", "model_not_found"),
)
KIND_OF_STATUS: Mapping[int, ProviderErrorKind] = {
    401: "authentication",
    402: "quota_exhausted",
    403: "authentication",
    404: "model_not_found",
    408: "timeout",
    409: "unavailable",
    424: "unavailable",
    429: "rate_limited",
    498: "overloaded",
    503: "overloaded",
    504: "timeout",
    524: "timeout",
    529: "overloaded",
}
# OpenAI's and Anthropic's own clients go by it before all else.
MAY_RETRY: Mapping[str, bool] = {"true": True, "false": False}
# Only of these does the caller learn the provider's own words: the others may tell of our account.
TELLING_KINDS = frozenset[ProviderErrorKind](("invalid_request", "context_length", "content_policy"))
LONGEST_MESSAGE = 500
SECRETS = re.compile(r"\b(?:sk|gsk|xai|pplx|org|proj|hf|AIza)[-_]?[A-Za-z0-9*_-]{12,}")


def describe_failure(
    spec: ProviderSpec, report: ErrorReport, *, status: int, headers: Mapping[str, str], now: datetime
) -> ProviderFailure:
    """`status` is that of the HTTP answer, 200 where the error came inside a reply; `headers` in lower case."""
    told_status = status if status >= 400 else report.status
    kind = _classify(spec, report, told_status)
    told_wait = read_retry_after(headers, now)
    return ProviderFailure(
        provider=spec.name,
        kind=kind,
        message=_describe(spec, report, kind=kind, status=told_status),
        status=told_status,
        code=report.codes[0] if report.codes else None,
        retry_after_s=report.retry_after_s if told_wait is None else told_wait,
        may_retry=MAY_RETRY.get(headers.get("x-should-retry", "")),
    )


def read_retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, from `retry-after-ms` or `retry-after` (seconds or an HTTP date); None where neither says."""
    try:
        if "retry-after-ms" in headers:
            return float(headers["retry-after-ms"]) / 1000
        return _read_delay(headers["retry-after"], now) if "retry-after" in headers else None
    except (ValueError, TypeError):
        return None


def _read_delay(text: str, now: datetime) -> float:
    if text.strip()[:1].isdigit():
        return float(text)
    return max((parsedate_to_datetime(text) - now).total_seconds(), 0.0)


def _classify(spec: ProviderSpec, report: ErrorReport, status: int | None) -> ProviderErrorKind:
    known: Mapping[str, ProviderErrorKind] = {**KIND_OF_CODE, **spec.error_codes}
    for code in report.codes:
        if code in known:
            return known[code]
    message = report.message.lower()
    for phrase, kind in KIND_OF_PHRASE:
        if phrase in message:
            return kind
    return _classify_status(status)


def _classify_status(status: int | None) -> ProviderErrorKind:
    if status is not None and status in KIND_OF_STATUS:
        return KIND_OF_STATUS[status]
    return "invalid_request" if status and 400 <= status < 500 else "unavailable"


def _describe(spec: ProviderSpec, report: ErrorReport, *, kind: ProviderErrorKind, status: int | None) -> str:
    plain = f"{spec.display_name}: {kind.replace('_', ' ')}" + (f" (HTTP {status})" if status else "")
    if kind not in TELLING_KINDS or not report.message:
        return plain
    told = SECRETS.sub("[masked]", report.message)
    return f"{plain}: {told if len(told) <= LONGEST_MESSAGE else told[:LONGEST_MESSAGE] + '…'}"
