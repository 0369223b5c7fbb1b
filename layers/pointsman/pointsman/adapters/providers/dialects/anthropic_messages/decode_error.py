"""What Anthropic's error body says."""

from typing import Any

from pointsman.adapters.providers.dialects.dialect import ErrorReport
from pointsman.adapters.providers.dialects.json_reading import loose_object


def decode_error(body: Any) -> ErrorReport:
    """Never raises: of a body that is not of the dialect, the status alone has to tell."""
    error = loose_object(loose_object(body).get("error"))
    codes = (loose_object(error.get("details")).get("error_code"), error.get("type"))
    return ErrorReport(
        message=str(error.get("message") or ""), codes=tuple(str(code) for code in codes if code is not None)
    )
