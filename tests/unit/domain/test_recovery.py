"""The one table of what follows a failure, row by row."""

from typing import Any, get_args

import pytest
from pointsman.domain.errors import ProviderErrorKind, ProviderFailure
from pointsman.domain.recovery import (
    FIRST_WAIT_S,
    LONGEST_WAIT_S,
    RECOVERIES,
    bars,
    is_about_the_request,
    wait_before_retry,
)

KINDS: tuple[ProviderErrorKind, ...] = get_args(ProviderErrorKind)
# By kind: whether the same is asked again, and whether the same provider's other model, and another provider's.
EXPECTED: dict[ProviderErrorKind, tuple[bool, bool, bool]] = {
    "rate_limited": (True, True, True),
    "overloaded": (True, True, True),
    "unavailable": (True, True, True),
    "timeout": (True, True, True),
    "malformed_reply": (False, True, True),
    "model_not_found": (False, True, True),
    "quota_exhausted": (False, False, True),
    "authentication": (False, False, True),
    "context_length": (False, False, False),
    "content_policy": (False, False, False),
    "invalid_request": (False, False, False),
}


def failed(kind: ProviderErrorKind, **told: Any) -> ProviderFailure:
    fields: dict[str, Any] = {"status": 418, **told}
    return ProviderFailure("acme", kind, "it broke", **fields)


def wait(failure: ProviderFailure, retries: int = 0, lot: float = 0.0) -> float | None:
    return wait_before_retry(failure, retries=retries, lot=lot)


def test_every_kind_of_failure_has_its_row() -> None:
    assert RECOVERIES.keys() == EXPECTED.keys() == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_who_is_asked_after_a_failure(kind: ProviderErrorKind) -> None:
    again, same_provider, another = EXPECTED[kind]
    assert (wait(failed(kind)) is not None) == again
    assert bars(failed(kind), same_provider=True, larger_context=False) != same_provider
    assert bars(failed(kind), same_provider=False, larger_context=False) != another


@pytest.mark.parametrize("kind", KINDS)
def test_only_too_long_a_prompt_is_mended_by_a_larger_context(kind: ProviderErrorKind) -> None:
    barred = [bars(failed(kind), same_provider=True, larger_context=larger) for larger in (False, True)]
    assert (barred == [True, False]) == (kind == "context_length")


def test_the_same_is_asked_again_once() -> None:
    assert wait(failed("overloaded"), retries=1) is None


def test_a_wait_that_is_told_is_kept_and_a_long_one_not_begun() -> None:
    assert wait(failed("rate_limited", retry_after_s=LONGEST_WAIT_S), lot=0.9) == LONGEST_WAIT_S
    assert wait(failed("rate_limited", retry_after_s=LONGEST_WAIT_S + 0.1)) is None


def test_those_who_fail_together_do_not_come_back_together() -> None:
    assert wait(failed("overloaded"), lot=0) == FIRST_WAIT_S
    assert wait(failed("overloaded"), lot=0.5) == pytest.approx(FIRST_WAIT_S * 0.875)


def test_a_lost_connection_is_made_anew_at_once() -> None:
    assert wait(failed("unavailable", status=None)) == 0


def test_our_own_patience_ends_but_once() -> None:
    assert wait(failed("timeout", status=None)) is None
    assert wait(failed("timeout", status=504)) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_the_provider_s_own_word_comes_first(kind: ProviderErrorKind) -> None:
    assert wait(failed(kind, may_retry=False)) is None
    assert wait(failed(kind, may_retry=True)) is not None
    assert wait(failed(kind, may_retry=True), retries=1) is None


def test_only_these_say_nothing_of_an_endpoint_s_health() -> None:
    assert {kind for kind in KINDS if is_about_the_request(kind)} == {
        "context_length",
        "content_policy",
        "invalid_request",
    }
