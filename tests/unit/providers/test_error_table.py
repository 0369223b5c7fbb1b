"""What providers say when they fail, read by their own dialects: its kind, whether the same is asked again, who then.

Bodies are recorded ones, or, where none was to be had, those that SDKs and public issues show (gathered 2026-11-22).
"""

from typing import Any

import pytest
from pointsman.adapters.providers.dialects.table import DIALECTS
from pointsman.adapters.providers.provider_errors import read_error
from pointsman.adapters.providers.spec import load_catalog
from pointsman.domain.errors import ProviderErrorKind, ProviderFailure
from pointsman.domain.recovery import RECOVERIES, wait_before_retry

CATALOG = load_catalog()
Case = tuple[str, int, Any, ProviderErrorKind]


def openai(code: str, message: str = "no", kind: str = "error") -> Any:
    return {"error": {"message": message, "type": kind, "param": None, "code": code}}


def anthropic(kind: str, message: str = "no", **details: Any) -> Any:
    return {"type": "error", "error": {"type": kind, "message": message, **details}, "request_id": "req_1"}


def google(status: str, message: str = "no", *details: Any) -> Any:
    return {"error": {"code": 429, "message": message, "status": status, "details": list(details)}}


RETRY_SOON = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}
PER_DAY = {
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    "violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}],
}
SAME_AGAIN: list[Case] = [
    ("openai", 408, None, "timeout"),
    ("openai", 409, None, "unavailable"),
    ("openai", 429, openai("rate_limit_exceeded", "Please try again in 174ms.", "tokens"), "rate_limited"),
    ("openai", 429, openai("slow_down"), "rate_limited"),
    ("openai", 503, openai("server_is_overloaded"), "overloaded"),
    ("openai", 500, openai("server_error"), "unavailable"),
    *[("openai", status, None, "unavailable") for status in (502, 520, 521, 522, 523, 525, 526)],
    *[("openai", status, None, "timeout") for status in (504, 524)],
    ("anthropic", 529, anthropic("overloaded_error", "Overloaded"), "overloaded"),
    ("anthropic", 429, anthropic("rate_limit_error"), "rate_limited"),
    ("anthropic", 500, anthropic("api_error"), "unavailable"),
    ("bedrock", 424, "ModelErrorException", "unavailable"),
    ("bedrock", 424, "ModelStreamErrorException", "unavailable"),
    ("bedrock", 429, "ThrottlingException", "rate_limited"),
    ("bedrock", 429, "ModelNotReadyException", "overloaded"),
    ("bedrock", 400, "ServiceQuotaExceededException", "rate_limited"),
    ("groq", 498, None, "overloaded"),
    (
        "openrouter",
        402,
        {"error": {"code": 402, "message": "no", "metadata": {"limit_source": "openrouter_in_flight_budget"}}},
        "rate_limited",
    ),
    ("mistral", 503, {"object": "error", "message": "Service tier capacity exceeded for this model."}, "overloaded"),
    ("mistral", 429, {"message": "Requests rate limit exceeded"}, "rate_limited"),
    ("mistral", 429, {"object": "error", "type": "rate_limited", "code": "1300", "message": "no"}, "rate_limited"),
    ("google", 429, google("RESOURCE_EXHAUSTED", "no", RETRY_SOON), "rate_limited"),
    ("google", 503, google("UNAVAILABLE"), "overloaded"),
]
OPENAI_QUOTAS = (
    "insufficient_quota",
    "credit_balance_exhausted",
    "organization_spend_limit_exceeded",
    "project_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
    "billing_hard_limit_reached",
)
ANOTHER_PROVIDER: list[Case] = [
    *[("openai", 429, openai(code), "quota_exhausted") for code in OPENAI_QUOTAS],
    (
        "anthropic",
        429,
        anthropic("rate_limit_error", details={"error_code": "enforced_spend_limit_reached"}),
        "quota_exhausted",
    ),
    ("anthropic", 402, anthropic("billing_error"), "quota_exhausted"),
    ("anthropic", 400, anthropic("invalid_request_error", "Your credit balance is too low."), "quota_exhausted"),
    ("google", 429, google("RESOURCE_EXHAUSTED", "no", PER_DAY), "quota_exhausted"),
    ("deepseek", 402, openai("invalid_request_error", "Insufficient Balance"), "quota_exhausted"),
    ("openrouter", 402, {"error": {"code": 402, "message": "no"}}, "quota_exhausted"),
    *[("zai", 429, {"error": {"code": c, "message": "no"}}, "quota_exhausted") for c in ("1113", "1308", "1321")],
    ("moonshotai", 429, openai("", "no", "exceeded_current_quota_error"), "quota_exhausted"),
    ("mistral", 401, {"detail": "Invalid API Key"}, "authentication"),
    ("anthropic", 403, anthropic("permission_error"), "authentication"),
]
LARGER_CONTEXT: list[Case] = [
    ("openai", 400, openai("context_length_exceeded"), "context_length"),
    ("groq", 400, openai("", "maximum context length is 8192"), "context_length"),
    (
        "anthropic",
        400,
        anthropic("invalid_request_error", "prompt is too long: 9 tokens > 8 maximum"),
        "context_length",
    ),
    (
        "google",
        400,
        google("INVALID_ARGUMENT", "The input token count (9) exceeds the maximum number of tokens"),
        "context_length",
    ),
    ("bedrock", 400, {"message": "Input is too long for requested model."}, "context_length"),
    ("bedrock", 400, {"message": "Input Tokens Exceeded: the number of input tokens exceeds"}, "context_length"),
    ("cohere", 400, {"id": "1", "message": "too many tokens: total tokens in the prompt"}, "context_length"),
    ("ollama", 400, {"error": "exceeded max context length by 5 tokens"}, "context_length"),
    (
        "perplexity",
        400,
        {"error": {"message": "no", "type": "too_many_prompt_tokens", "code": 400}},
        "context_length",
    ),
]
NOBODY: list[Case] = [
    ("openai", 400, openai("invalid_value", "no", "invalid_request_error"), "invalid_request"),
    ("openai", 413, None, "invalid_request"),
    ("openai", 400, openai("content_policy_violation"), "content_policy"),
    ("azure", 400, openai("content_filter"), "content_policy"),
    ("mistral", 422, {"detail": [{"loc": ["body"], "msg": "no"}]}, "invalid_request"),
]


def read(row: str, status: int, body: Any) -> ProviderFailure:
    """A text is the name that AWS gives an error in a header, with an address after it."""
    spec, headers = CATALOG[row], dict[str, str]()
    if isinstance(body, str):
        headers, body = {"x-amzn-errortype": f"{body}:http://internal.amazon.com/"}, {"message": "no"}
    return read_error(spec, DIALECTS[spec.dialect], body, status=status, headers=headers).failure


@pytest.mark.parametrize(("row", "status", "body", "kind"), SAME_AGAIN)
def test_what_may_soon_be_better_is_asked_again(row: str, status: int, body: Any, kind: ProviderErrorKind) -> None:
    told = read(row, status, body)
    assert (told.kind, RECOVERIES[told.kind].then) == (kind, "anyone")
    assert wait_before_retry(told, retries=0, lot=0.5) is not None


@pytest.mark.parametrize(
    ("row", "status", "body", "kind", "then"),
    [
        *[(*case, "another_provider") for case in ANOTHER_PROVIDER],
        *[(*case, "a_larger_context") for case in LARGER_CONTEXT],
        *[(*case, "nobody") for case in NOBODY],
        ("openai", 404, openai("model_not_found"), "model_not_found", "anyone"),
        ("anthropic", 404, anthropic("not_found_error"), "model_not_found", "anyone"),
    ],
)
def test_what_stays_as_it_is_is_not_asked_again(
    row: str, status: int, body: Any, kind: ProviderErrorKind, then: str
) -> None:
    told = read(row, status, body)
    assert (told.kind, RECOVERIES[told.kind].then) == (kind, then)
    assert wait_before_retry(told, retries=0, lot=0.5) is None
