"""Turns whatever goes wrong at one provider into the one ProviderError that the application knows."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientError
from aiohttp.http_exceptions import ContentEncodingError

from pointsman.adapters.providers.dialects.dialect import Dialect, ErrorReport, InStreamError, MalformedReplyError
from pointsman.adapters.providers.spec import ProviderSpec
from pointsman.adapters.providers.upstream_errors import describe_failure
from pointsman.domain.errors import ProviderError, ProviderErrorKind, ProviderFailure

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
    except (ClientError, TimeoutError) as error:
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
    kind = _kind_of_exception(error)
    # The exception's own text may hold addresses of a private network.
    return ProviderFailure(spec.name, kind, f"{spec.display_name}: {kind.replace('_', ' ')} ({type(error).__name__})")


def _kind_of_exception(error: Exception) -> ProviderErrorKind:
    # aiohttp's own time-outs are both.
    if isinstance(error, TimeoutError):
        return "timeout"
    return "malformed_reply" if isinstance(error.__cause__, ContentEncodingError) else "unavailable"
