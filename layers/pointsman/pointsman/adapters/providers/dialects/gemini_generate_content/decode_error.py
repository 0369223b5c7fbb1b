"""What Google's error body says."""

from collections.abc import Iterator
from typing import Any

from pointsman.adapters.providers.dialects.dialect import ErrorReport
from pointsman.adapters.providers.dialects.json_reading import loose_list, loose_object
from pointsman.domain.json_types import JsonObject


def decode_error(body: Any) -> ErrorReport:
    """Never raises: of a body that is not of the dialect, the status alone has to tell."""
    # Errors of streams may come in a list of one.
    first = loose_list(body)[0] if loose_list(body) else body
    error = loose_object(loose_object(first).get("error"))
    details = [loose_object(detail) for detail in loose_list(error.get("details"))]
    code = error.get("code")
    return ErrorReport(
        message=str(error.get("message") or ""),
        codes=(*_codes_of(details), *([str(error["status"])] if error.get("status") else [])),
        status=code if isinstance(code, int) else None,
        retry_after_s=_retry_after(details),
    )


def _codes_of(details: list[JsonObject]) -> Iterator[str]:
    for detail in details:
        if detail.get("reason"):
            yield str(detail["reason"])
        quotas = [str(loose_object(violation).get("quotaId")) for violation in loose_list(detail.get("violations"))]
        # Quotas by the minute pass while one waits, those by the day do not.
        if any("PerDay" in quota for quota in quotas):
            yield "quota_per_day"


def _retry_after(details: list[JsonObject]) -> float | None:
    """Seconds of a RetryInfo, which it writes as "34.5s"."""
    delays = [str(detail["retryDelay"]) for detail in details if detail.get("retryDelay")]
    try:
        return float(delays[0].removesuffix("s")) if delays else None
    except ValueError:
        return None
