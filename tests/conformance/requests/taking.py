"""Reads JSON by taking it apart, so that what nobody took is left over and can be named."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from pointsman.domain.model_card import ModelCard
from pointsman.domain.request import ChatRequest


class NoEquivalentError(Exception):
    """No request to Pointsman means the same; the text says what stands against it."""


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """`left_over` has the form of the recorded body, and holds of it what a request to Pointsman has no place for."""

    request: ChatRequest
    card: ModelCard
    model: str
    left_over: Any


def take(holder: dict[str, Any], name: str, default: Any = None) -> Any:
    """A value as a whole; what is in it counts as read."""
    value = holder.pop(name, default)
    return default if value is None else value


def enter(holder: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside, to be taken apart further; an empty one where there is none."""
    value: Any = holder.get(name)
    if value is not None and not isinstance(value, dict):
        raise NoEquivalentError(f"{name} is no object")
    return cast(dict[str, Any], value) if value else {}


def enter_all(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects of a list inside."""
    value: Any = holder.get(name)
    items = cast(list[Any], value) if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(item, dict) for item in items):
        raise NoEquivalentError(f"{name} holds something else than objects")
    return cast(list[dict[str, Any]], items)


def apart(body: Any) -> dict[str, Any]:
    """A copy to be taken apart."""
    if not isinstance(body, dict):
        raise NoEquivalentError("the body is no object")
    return copy.deepcopy(cast(dict[str, Any], body))


def without(body: Any, left_over: Any) -> Any:
    """The body without what is left over of it."""
    if isinstance(body, dict) and isinstance(left_over, dict):
        whole, rest = cast(dict[str, Any], body), cast(dict[str, Any], left_over)
        kept = {name: without(value, rest[name]) if name in rest else value for name, value in whole.items()}
        return {name: value for name, value in kept.items() if not _is_untouched(whole[name], rest.get(name))}
    if isinstance(body, list) and isinstance(left_over, list):
        pairs = zip(cast(list[Any], body), cast(list[Any], left_over), strict=True)
        return [without(item, rest) for item, rest in pairs if not _is_untouched(item, rest)]
    return cast(Any, body)


def _is_untouched(value: Any, rest: Any) -> bool:
    return rest not in (None, {}, []) and rest == value


def name_left_over(left_over: Any, path: str = "") -> Iterator[str]:
    """The paths of what is left over, without places in lists."""
    if isinstance(left_over, dict):
        for name, value in cast(dict[str, Any], left_over).items():
            yield from name_left_over(value, f"{path}.{name}".removeprefix("."))
    elif isinstance(left_over, list):
        for item in cast(list[Any], left_over):
            yield from name_left_over(item, f"{path}[]")
    elif left_over is not None:
        yield path
