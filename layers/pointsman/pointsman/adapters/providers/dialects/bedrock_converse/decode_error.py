"""What Bedrock's error body says. The kind of an error stands in a header, save in streams, where it is an event."""

from typing import Any

from pointsman.adapters.providers.dialects.dialect import ErrorReport
from pointsman.adapters.providers.dialects.json_reading import loose_object


def decode_error(body: Any) -> ErrorReport:
    """Never raises: of a body that is not of the dialect, the status alone has to tell."""
    error = loose_object(body)
    kind, status = error.get("type"), error.get("originalStatusCode")
    return ErrorReport(
        message=str(error.get("message") or error.get("Message") or ""),
        codes=() if kind is None else (str(kind),),
        status=status if isinstance(status, int) else None,
    )
