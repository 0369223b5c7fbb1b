"""What to do after an attempt has failed: one table, by the kind of the failure.

Source: the providers' published error pages and their SDKs' own rules, as gathered on 2026-11-22.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from pointsman.domain.errors import ProviderErrorKind, ProviderFailure

Onward = Literal["anyone", "another_provider", "a_larger_context", "nobody"]
FIRST_WAIT_S: Final = 0.5
# Another model answers sooner than one that asks for more than this.
LONGEST_WAIT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class Recovery:
    """How often the same endpoint is asked again, and who may be asked then."""

    retries: int
    then: Onward


RECOVERIES: Final[Mapping[ProviderErrorKind, Recovery]] = {
    "rate_limited": Recovery(1, "anyone"),
    "overloaded": Recovery(1, "anyone"),
    "unavailable": Recovery(1, "anyone"),
    "timeout": Recovery(1, "anyone"),
    "malformed_reply": Recovery(0, "anyone"),
    "model_not_found": Recovery(0, "anyone"),
    # The provider's other models would fail the same way.
    "quota_exhausted": Recovery(0, "another_provider"),
    "authentication": Recovery(0, "another_provider"),
    "context_length": Recovery(0, "a_larger_context"),
    # The caller's own faults.
    "content_policy": Recovery(0, "nobody"),
    "invalid_request": Recovery(0, "nobody"),
}


def wait_before_retry(failure: ProviderFailure, *, retries: int, lot: float) -> float | None:
    """Seconds until the same endpoint may be asked again, after so many `retries`; None where it may not.

    `lot`, from 0 to 1, keeps those who fail together from coming back together.
    """
    if retries >= _retries_allowed(failure):
        return None
    wait_s = _told_wait_s(failure)
    if wait_s is None:
        wait_s = FIRST_WAIT_S * 2**retries * (1 - lot / 4)
    return wait_s if wait_s <= LONGEST_WAIT_S else None


def _retries_allowed(failure: ProviderFailure) -> int:
    if failure.may_retry is not None:
        return int(failure.may_retry)
    # Without a status it was our own patience that ended: it would again.
    is_ours = failure.kind == "timeout" and failure.status is None
    return 0 if is_ours else RECOVERIES[failure.kind].retries


def _told_wait_s(failure: ProviderFailure) -> float | None:
    """A lost connection is no sign of a crowd."""
    return 0.0 if failure.status is None and failure.retry_after_s is None else failure.retry_after_s


def bars(failure: ProviderFailure, *, same_provider: bool, larger_context: bool) -> bool:
    """Whether this failure of one candidate makes another not worth asking, which is like it in these respects."""
    match RECOVERIES[failure.kind].then:
        case "anyone":
            return False
        case "another_provider":
            return same_provider
        case "a_larger_context":
            return not larger_context
        case "nobody":
            return True


def is_about_the_request(kind: ProviderErrorKind) -> bool:
    """Whether it says nothing of the endpoint's health."""
    return RECOVERIES[kind].then in ("a_larger_context", "nobody")
