"""What Anthropic's error body says."""

from typing import Any, cast

from pointsman.adapters.providers.dialects.dialect import ErrorReport
from pointsman.domain.json_types import JsonObject


def decode_error(body: Any) -> ErrorReport:
    """Never raises: of a body that is not of the dialect, the status alone has to tell."""
    error = _as_object(_as_object(body).get("error"))
    codes = (_as_object(error.get("details")).get("error_code"), error.get("type"))
    return ErrorReport(
        message=str(error.get("message") or ""), codes=tuple(str(code) for code in codes if code is not None)
    )


def _as_object(value: Any) -> JsonObject:
    return cast(JsonObject, value) if isinstance(value, dict) else {}
