"""The one error tree. Its texts may reach callers, so they hold no secret, key or prompt.

PointsmanError
├── RequestError                what the caller sent cannot be served as it stands
│   ├── UnknownModelError       no such model
│   ├── PayloadTooLargeError    more bytes than the endpoint takes
│   ├── OutOfScopeError         the key does not allow it
│   ├── AlreadyGradedError      an answer has one grade
│   ├── BudgetExhaustedError    others spend what is left of the key's budget
│   └── NoCandidateError        the funnel is empty; names the constraint that emptied it
├── AuthenticationError         no key, or an unknown one
├── RateLimitedError            the key has used up its requests of this minute
├── AccessUnavailableError      keys or secrets cannot be read now
├── NotFoundError               no such record
├── ProviderError               one attempt failed at a provider
├── CandidatesExhaustedError    every attempt failed
├── RegistryError               the registry holds something that cannot be served
│   └── RegistryConflictError   somebody else edited it meanwhile
├── SpendConflictError          too many count one key's spend at once; told again, it is counted
└── MetaModelError              the model's files cannot be loaded
"""

from dataclasses import dataclass
from typing import Any, Literal

ProviderErrorKind = Literal[
    "rate_limited",
    "overloaded",
    "unavailable",
    "timeout",
    "quota_exhausted",
    "authentication",
    "model_not_found",
    "context_length",
    "content_policy",
    "invalid_request",
    "malformed_reply",
]


class PointsmanError(Exception):
    """Root of all errors that Pointsman raises on purpose."""


class RequestError(PointsmanError):
    """The request is wrong; `field` is the JSON path of what is wrong, such as `messages[0].role`."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class UnknownModelError(RequestError):
    """The model asked for is not in the registry."""


class PayloadTooLargeError(RequestError):
    """The body has more bytes than the endpoint takes."""


class OutOfScopeError(RequestError):
    """The key does not allow what the request asks for."""


class AlreadyGradedError(RequestError):
    """The answer has its grade, which stays."""


class BudgetExhaustedError(RequestError):
    """Requests at once spend what is left of the key's budget."""


class NoCandidateError(RequestError):
    """No model is left; `step` is the funnel step that removed the last, `before` how many stood before it.

    `funnel` holds the results of all steps up to there, for the audit.
    """

    def __init__(
        self, message: str, *, step: str, before: int, field: str | None, funnel: tuple[Any, ...] = ()
    ) -> None:
        super().__init__(message, field=field)
        self.step = step
        self.before = before
        self.funnel = funnel


class AuthenticationError(PointsmanError):
    """No key, or one that is not valid."""


class RateLimitedError(PointsmanError):
    """The key's limit of requests is reached; more are taken in `retry_after_s`."""

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class AccessUnavailableError(PointsmanError):
    """Where keys or secrets are kept cannot be reached, and what is asked for is not remembered."""


class NotFoundError(PointsmanError):
    """There is no such record."""


class RegistryError(PointsmanError):
    """The registry's content is not servable; the text names the item and field.

    `item` is a model's id or `policy`, `path` leads to the field inside it, such as `prices[2].from`.
    """

    def __init__(self, message: str, *, item: str | None = None, path: str | None = None) -> None:
        super().__init__(message)
        self.item = item
        self.path = path


class RegistryConflictError(RegistryError):
    """Somebody else edited the registry since it was read; read it again and repeat the edit."""


class PriceListError(RegistryError):
    """The price list cannot be read, or is not the one that the registry's models are in."""


class SpendConflictError(PointsmanError):
    """Others wrote the same page of the spend again and again; nothing of this batch's page was counted."""


class LiveConflictError(PointsmanError):
    """Too many merge into one endpoint's sketch at once."""


class MetaModelError(PointsmanError):
    """The meta-model's files are absent, damaged or of another release."""


@dataclass(frozen=True, slots=True)
class ProviderFailure:
    """What one provider answered instead of a reply. `status` is None where no HTTP answer came.

    `may_retry` is the provider's own word on whether the same request may be sent again; None where it says nothing.
    """

    provider: str
    kind: ProviderErrorKind
    message: str
    status: int | None = None
    code: str | None = None
    retry_after_s: float | None = None
    may_retry: bool | None = None


class ProviderError(PointsmanError):
    """One attempt at one provider failed."""

    def __init__(self, failure: ProviderFailure) -> None:
        super().__init__(failure.message)
        self.failure = failure


class CandidatesExhaustedError(PointsmanError):
    """No candidate answered; the last failure decides the status. `attempts` holds the ledger's entries of them."""

    def __init__(self, failures: tuple[ProviderFailure, ...], *, attempts: tuple[Any, ...] = ()) -> None:
        super().__init__(f"{len(failures)} attempts failed")
        self.failures = failures
        self.attempts = attempts

    @property
    def last(self) -> ProviderFailure:
        return self.failures[-1]
