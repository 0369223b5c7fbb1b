"""What Cohere's error body says."""

from typing import Any

from pointsman.adapters.providers.dialects.dialect import ErrorReport
from pointsman.adapters.providers.dialects.json_reading import loose_object


def decode_error(body: Any) -> ErrorReport:
    """Never raises: of a body that is not of the dialect, the status alone has to tell."""
    error = loose_object(body)
    code = error.get("error_type")
    return ErrorReport(message=str(error.get("message") or ""), codes=() if code is None else (str(code),))
