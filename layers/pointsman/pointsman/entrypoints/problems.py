"""The one map from domain errors to HTTP: a status, a type and a text. Each wire family writes its own body from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, Final

from pointsman.domain.errors import (
    AccessUnavailableError,
    AlreadyGradedError,
    AuthenticationError,
    BudgetExhaustedError,
    CandidatesExhaustedError,
    LiveConflictError,
    MetaModelError,
    NoCandidateError,
    NotFoundError,
    OutOfScopeError,
    PayloadTooLargeError,
    PointsmanError,
    PriceListError,
    ProviderError,
    ProviderErrorKind,
    ProviderFailure,
    RateLimitedError,
    RegistryConflictError,
    RegistryError,
    RequestError,
    SpendConflictError,
    UnknownModelError,
)
from pointsman.domain.recovery import RECOVERIES


@dataclass(frozen=True, slots=True)
class Problem:
    """An answer that is an error. `param` is the JSON path of the field at fault, `details` what more is known."""

    status: int
    type: str
    message: str
    param: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict[str, Any])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


STATUS_AND_TYPE: Final[Mapping[type[PointsmanError], tuple[int, str]]] = {
    RequestError: (400, "invalid_request"),
    UnknownModelError: (400, "model_not_found"),
    PayloadTooLargeError: (413, "payload_too_large"),
    OutOfScopeError: (403, "permission_denied"),
    AlreadyGradedError: (409, "conflict"),
    BudgetExhaustedError: (402, "payment_required"),
    NoCandidateError: (404, "constraint_filtered"),
    AuthenticationError: (401, "authentication"),
    RateLimitedError: (429, "rate_limit_exceeded"),
    AccessUnavailableError: (503, "access_unavailable"),
    NotFoundError: (404, "not_found"),
    RegistryError: (503, "registry_unavailable"),
    RegistryConflictError: (409, "conflict"),
    PriceListError: (503, "registry_unavailable"),
    SpendConflictError: (503, "spend_unavailable"),
    LiveConflictError: (503, "live_unavailable"),
    MetaModelError: (503, "meta_model_unavailable"),
    # These two are answered by their failure's kind, in STATUS_BY_KIND.
    ProviderError: (502, "provider_unavailable"),
    CandidatesExhaustedError: (502, "provider_unavailable"),
    PointsmanError: (500, "server"),
}
STATUS_BY_KIND: Final[Mapping[ProviderErrorKind, tuple[int, str]]] = {
    "rate_limited": (429, "rate_limit_exceeded"),
    "overloaded": (503, "provider_overloaded"),
    "unavailable": (502, "provider_unavailable"),
    "timeout": (504, "timeout"),
    "quota_exhausted": (503, "provider_unavailable"),
    "authentication": (502, "provider_unavailable"),
    "model_not_found": (502, "provider_unavailable"),
    "context_length": (400, "context_length_exceeded"),
    "content_policy": (400, "content_policy_violation"),
    "invalid_request": (400, "invalid_request"),
    "malformed_reply": (502, "provider_unavailable"),
}
# A funnel step whose emptying is better told by another type than constraint_filtered.
TYPE_BY_STEP: Final[Mapping[str, tuple[int, str]]] = {
    "context_window": (400, "context_length_exceeded"),
    "budget": (402, "payment_required"),
    "health": (503, "temporarily_unavailable"),
    "data_policy": (404, "privacy_restricted"),
}
# The caller's own clients retry 429 and 5xx; we have tried every candidate by then, so a retry only costs again.
FINAL_HEADERS: Final = {"x-should-retry": "false"}


def to_problem(error: PointsmanError) -> Problem:
    if isinstance(error, CandidatesExhaustedError):
        return _exhausted(error)
    if isinstance(error, ProviderError):
        return replace(failure_problem(error.failure), headers=_retry_after((error.failure,)))
    status, kind = STATUS_AND_TYPE[type(error)]
    if isinstance(error, NoCandidateError):
        status, kind = TYPE_BY_STEP.get(error.step, (status, kind))
        return Problem(status, kind, error.message, error.field, _constraint(error))
    headers = {"retry-after": str(error.retry_after_s)} if isinstance(error, RateLimitedError) else {}
    return Problem(status, kind, str(error), error.field if isinstance(error, RequestError) else None, headers=headers)


def unexpected_problem() -> Problem:
    """For what nobody foresaw. Tells nothing of it: the log has it."""
    return Problem(500, "server", "The router failed unexpectedly; the failure is logged.")


def failure_problem(failure: ProviderFailure) -> Problem:
    """For an answer that broke off, or a question about a job."""
    status, kind = STATUS_BY_KIND[failure.kind]
    details = {"provider_code": failure.code, "provider": failure.provider}
    return Problem(status, kind, failure.message, details=details)


def _exhausted(error: CandidatesExhaustedError) -> Problem:
    status, kind = STATUS_BY_KIND[error.last.kind]
    previous = [{"provider": f.provider, "code": f.code or f.kind, "status": f.status} for f in error.failures]
    message = f"{error.last.provider}: {error.last.message}"
    if len(error.failures) > 1:
        message = f"All {len(error.failures)} attempts failed; the last: {message}"
    headers = {**FINAL_HEADERS, **_retry_after(error.failures)}
    return Problem(status, kind, message, details={"previous_errors": previous}, headers=headers)


def _retry_after(failures: Sequence[ProviderFailure]) -> Mapping[str, str]:
    """Whole seconds until the first of them takes requests again, where one has said so and time would help."""
    told = [failure.retry_after_s for failure in failures if failure.retry_after_s is not None]
    passes = RECOVERIES[failures[-1].kind].retries > 0
    return {"retry-after": str(max(1, ceil(min(told))))} if told and passes else {}


def _constraint(error: NoCandidateError) -> dict[str, Any]:
    return {
        "constraint": {"step": error.step, "field": error.field, "candidates_before": error.before},
        "funnel": [{"step": step.step, "before": step.before, "after": step.after} for step in error.funnel],
    }
