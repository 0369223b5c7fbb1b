"""Reads fields of a JSON body and refuses it where a mandatory one is missing."""

from collections.abc import Iterable
from typing import Any, cast

from pointsman.domain.json_types import JsonObject

from local.simulated_providers.exchange import Refusal


def require(body: JsonObject, name: str, *, refusal: Refusal) -> Any:
    if body.get(name) in (None, "", [], {}):
        raise refusal
    return body[name]


def objects(value: Any) -> tuple[dict[str, Any], ...]:
    """The JSON objects in a list; nothing where there is no list."""
    items = cast(Iterable[Any], value) if isinstance(value, list) else ()
    return tuple(cast(dict[str, Any], item) for item in items if isinstance(item, dict))


def child(body: JsonObject, *names: str) -> JsonObject:
    """The object at that path; empty where there is none."""
    for name in names:
        found = body.get(name)
        body = cast(JsonObject, found) if isinstance(found, dict) else {}
    return body


def words(value: Any) -> tuple[str, ...]:
    """A string or a list of strings as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(str(item) for item in cast(Iterable[Any], value))


def text_of(content: Any) -> str:
    """The text of a string or of a list of parts that carry `text`."""
    if isinstance(content, str):
        return content
    return "\n".join(str(part["text"]) for part in objects(content) if "text" in part)
