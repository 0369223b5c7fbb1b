"""Data of ours in fields that clients keep unread and send back, such as a signature."""

import base64
import binascii
import json
from typing import Any, Final

from pointsman.domain.errors import RequestError

MARK: Final = "pointsman1."


def pack(data: Any) -> str:
    return MARK + base64.urlsafe_b64encode(json.dumps(data, separators=(",", ":")).encode()).decode()


def unpack(text: str, form: type[Any], *, field: str) -> Any:
    """What was packed; None for a text that is not of ours. RequestError where it was altered or is no `form`."""
    if not text.startswith(MARK):
        return None
    try:
        data = json.loads(base64.urlsafe_b64decode(text.removeprefix(MARK)))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise RequestError("This was altered on its way: send it back as it came.", field=field) from error
    if not isinstance(data, form):
        raise RequestError("This was altered on its way: send it back as it came.", field=field)
    return data
