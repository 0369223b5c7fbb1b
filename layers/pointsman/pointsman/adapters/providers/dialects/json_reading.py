"""Takes values out of a provider's JSON and says which field is wrong. Knows no dialect."""

import json
from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from typing import Any, cast

from pydantic_core import from_json

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.domain.json_types import JsonObject


def as_object(value: Any, name: str) -> JsonObject:
    """An absent object is an empty one."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise MalformedReplyError(f"{name} is not an object")
    return cast(JsonObject, value)


def as_objects(value: Any, name: str) -> Sequence[JsonObject]:
    """An absent list is an empty one."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise MalformedReplyError(f"{name} is not a list")
    return [as_object(item, f"{name}[]") for item in cast(list[Any], value)]


def as_texts(value: Any, name: str) -> Sequence[str]:
    """An absent list is an empty one."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise MalformedReplyError(f"{name} is not a list")
    return [as_text(item, f"{name}[]") for item in cast(list[Any], value)]


def as_text(value: Any, name: str) -> str:
    """An absent text is an empty one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise MalformedReplyError(f"{name} is not text")
    return value


def as_count(value: Any, name: str) -> int:
    """An absent count is 0."""
    if value is None:
        return 0
    if not _is_number(value) or value < 0 or (isinstance(value, float) and not value.is_integer()):
        raise MalformedReplyError(f"{name} is not a count")
    return int(value)


def as_amount(value: Any, name: str) -> Decimal:
    """Money, exactly as it was written."""
    if not _is_number(value) or (isinstance(value, float) and not isfinite(value)):
        raise MalformedReplyError(f"{name} is not an amount")
    return Decimal(str(value))


def load_object(text: str | bytes, name: str) -> JsonObject:
    try:
        return as_object(_load(text), name)
    except (ValueError, RecursionError) as error:
        raise MalformedReplyError(f"{name} is not JSON") from error


def _load(text: str | bytes) -> Any:
    try:
        # Half of the standard library's time, for each event of each stream.
        return from_json(text)
    except ValueError:
        # It may still be JSON: half of a character, say, whose other half comes with the next event.
        return json.loads(text)


def loose_object(value: Any) -> JsonObject:
    """An empty one for anything else: of errors one takes what there is."""
    return cast(JsonObject, value) if isinstance(value, dict) else {}


def loose_list(value: Any) -> list[Any]:
    """An empty one for anything else."""
    return cast(list[Any], value) if isinstance(value, list) else []


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
