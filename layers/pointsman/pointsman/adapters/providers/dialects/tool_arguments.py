"""Tool arguments as an object, for APIs that take no JSON text. Knows no tool."""

import json
from typing import Any, cast

from pointsman.domain.errors import RequestError
from pointsman.domain.json_types import JsonObject
from pointsman.domain.request import ToolCall


def arguments_object(call: ToolCall, *, field: str) -> JsonObject:
    """Empty arguments are none. Raises RequestError for text that is not a JSON object."""
    if not call.arguments.strip():
        return {}
    try:
        arguments: Any = json.loads(call.arguments)
    except ValueError as error:
        raise RequestError("the arguments of this tool call are not JSON", field=field) from error
    if not isinstance(arguments, dict):
        raise RequestError("the arguments of this tool call are not a JSON object", field=field)
    return cast(JsonObject, arguments)
