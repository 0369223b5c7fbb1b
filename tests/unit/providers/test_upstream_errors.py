"""What kind of failure an upstream's answer is, when to come back, and what of it may be told."""

from datetime import UTC, datetime

import pytest
from pointsman.adapters.providers.dialects.dialect import ErrorReport
from pointsman.adapters.providers.spec import load_catalog
from pointsman.adapters.providers.upstream_errors import LONGEST_MESSAGE, describe_failure, read_retry_after
from pointsman.domain.errors import ProviderErrorKind, ProviderFailure

CATALOG = load_catalog()
NOW = datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def failure(report: ErrorReport, status: int, *, row: str = "openai") -> ProviderFailure:
    return describe_failure(CATALOG[row], report, status=status, headers={}, now=NOW)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request"),
        (401, "authentication"),
        (402, "quota_exhausted"),
        (403, "authentication"),
        (404, "model_not_found"),
        (408, "timeout"),
        (409, "unavailable"),
        (413, "invalid_request"),
        (418, "invalid_request"),
        (422, "invalid_request"),
        (424, "unavailable"),
        (429, "rate_limited"),
        (498, "overloaded"),
        (500, "unavailable"),
        (502, "unavailable"),
        (503, "overloaded"),
        (504, "timeout"),
        (520, "unavailable"),
        (529, "overloaded"),
        (302, "unavailable"),
    ],
)
def test_a_status_without_a_word_has_a_kind(status: int, kind: ProviderErrorKind) -> None:
    assert failure(ErrorReport(), status).kind == kind


def test_a_code_tells_more_than_a_phrase_and_a_phrase_more_than_the_status() -> None:
    too_long = "This model's maximum context length is 10 tokens"
    assert failure(ErrorReport(too_long, ("insufficient_quota",)), 429).kind == "quota_exhausted"
    assert failure(ErrorReport(too_long, ("invalid_request_error",)), 400).kind == "context_length"
    assert failure(ErrorReport("No", ("invalid_request_error",)), 400).kind == "invalid_request"


def test_a_provider_s_own_codes_hold_for_it_alone() -> None:
    assert failure(ErrorReport(codes=("1113",)), 429, row="zai").kind == "quota_exhausted"
    assert failure(ErrorReport(codes=("1113",)), 429, row="openai").kind == "rate_limited"


def test_an_error_inside_a_stream_has_the_status_that_its_body_names() -> None:
    told = failure(ErrorReport(status=502), 200)
    assert (told.kind, told.status) == ("unavailable", 502)


def test_what_tells_of_our_account_is_not_told_to_callers() -> None:
    report = ErrorReport("Rate limit reached in organization org-abcdefghijklmnop")
    assert failure(report, 429).message == "OpenAI: rate limited (HTTP 429)"


def test_a_wait_of_nothing_is_a_wait_that_was_told() -> None:
    report = ErrorReport(retry_after_s=30.0)
    told = describe_failure(CATALOG["openai"], report, status=429, headers={"retry-after": "0"}, now=NOW)
    assert told.retry_after_s == 0.0


@pytest.mark.parametrize(("word", "may_retry"), [("true", True), ("false", False), ("perhaps", None), (None, None)])
def test_the_provider_s_word_on_retries_is_read(word: str | None, may_retry: bool | None) -> None:
    headers = {} if word is None else {"x-should-retry": word}
    told = describe_failure(CATALOG["openai"], ErrorReport(), status=500, headers=headers, now=NOW)
    assert told.may_retry is may_retry


def test_a_key_in_a_message_is_masked() -> None:
    report = ErrorReport("The key sk-abcdefghijklmnopqrstuvwx may not do this")
    assert failure(report, 400).message == "OpenAI: invalid request (HTTP 400): The key [masked] may not do this"


def test_a_long_message_is_cut_and_says_so() -> None:
    told = failure(ErrorReport("x" * 2 * LONGEST_MESSAGE), 400).message
    assert told.endswith("x…")
    assert told.count("x") == LONGEST_MESSAGE


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "12"}, 12.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after-ms": "174", "retry-after": "1"}, 0.174),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 -0000"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "12 parsecs"}, None),
    ],
)
def test_the_time_to_come_back_is_read_where_it_is_told(headers: dict[str, str], seconds: float | None) -> None:
    assert read_retry_after(headers, NOW) == seconds
