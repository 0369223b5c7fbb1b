"""Turns whatever goes wrong at one provider into the one ProviderError that the application knows."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx

from pointsman.adapters.providers.dialects.dialect import Dialect, ErrorReport, InStreamError, MalformedReplyError
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.adapters.providers.upstream_errors import describe_failure
from pointsman.domain.errors import ProviderError, ProviderErrorKind, ProviderFailure

# Looked through from the top: httpx's time-outs are transport errors too.
KIND_OF_EXCEPTION: tuple[tuple[type[Exception], ProviderErrorKind], ...] = (
    (httpx.TimeoutException, "timeout"),
    (TimeoutError, "timeout"),
    (httpx.DecodingError, "malformed_reply"),
    (httpx.RequestError, "unavailable"),
    (httpx.InvalidURL, "unavailable"),
    (httpx.StreamError, "unavailable"),
)


AWS_ERROR_HEADER = "x-amzn-errortype"


@contextmanager
def provider_errors(spec: ProviderSpec, dialect: Dialect) -> Generator[None]:
    """Within it, transport and decoding errors become ProviderError."""
    try:
        yield
    except MalformedReplyError as error:
        message = f"{spec.display_name}: malformed reply: {error}"
        raise ProviderError(ProviderFailure(spec.name, "malformed_reply", message)) from error
    except InStreamError as error:
        raise read_error(spec, dialect, error.body) from error
    except tuple(kind for kind, _ in KIND_OF_EXCEPTION) as error:
        raise ProviderError(_describe_exception(spec, error)) from error


def read_error(
    spec: ProviderSpec, dialect: Dialect, body: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> ProviderError:
    report = _with_code_of_header(dialect.decode_error(body), headers or {})
    now = datetime.now(UTC)
    return ProviderError(describe_failure(spec, report, status=status, headers=headers or {}, now=now))


def _with_code_of_header(report: ErrorReport, headers: Mapping[str, str]) -> ErrorReport:
    """AWS names the kind of an error beside the body, with an address after a colon."""
    kind = headers.get(AWS_ERROR_HEADER, "").partition(":")[0]
    return replace(report, codes=(*report.codes, kind)) if kind else report


def _describe_exception(spec: ProviderSpec, error: Exception) -> ProviderFailure:
    kind: ProviderErrorKind = next(kind for known, kind in KIND_OF_EXCEPTION if isinstance(error, known))
    # The exception's own text may hold addresses of a private network.
    return ProviderFailure(spec.name, kind, f"{spec.display_name}: {kind.replace('_', ' ')} ({type(error).__name__})")
