"""Frozen dataclasses as plain JSON values and back, by their own types: a field added later cannot be forgotten.

Knows the types that decisions are made of and refuses others.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")
UNCHANGED = (str, bool, int, float, NoneType)


def encode_typed(value: Any) -> Any:
    """Fields at their default are left out."""
    if isinstance(value, UNCHANGED):
        return value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(encode_typed(inner) for inner in cast("frozenset[Any]", value))
    if isinstance(value, tuple):
        return [encode_typed(inner) for inner in cast("tuple[Any, ...]", value)]
    if isinstance(value, Mapping):
        return {key: encode_typed(inner) for key, inner in cast("Mapping[str, Any]", value).items()}
    defaults = _defaults(cast("type[Any]", type(value)))
    told = ((name, getattr(value, name), default) for name, default in defaults)
    return {name: encode_typed(inner) for name, inner, default in told if inner != default}


def decode_typed(cls: type[T], document: Mapping[str, Any], **given: Any) -> T:
    """The inverse, with some fields `given` as they are.

    Raises KeyError, TypeError or ValueError for what `encode_typed` cannot have written.
    """
    hints = _hints(cls)
    return cls(**{name: _decode(hints[name], value) for name, value in document.items()}, **given)


def _decode(hint: Any, value: Any) -> Any:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return None if value is None else _decode(next(kind for kind in inner if kind is not NoneType), value)
    if origin in DECODERS:
        return DECODERS[origin](inner, value)
    if is_dataclass(hint):
        return decode_typed(cast("type[Any]", hint), value)
    return _decode_plain(hint, value)


def _decode_plain(hint: Any, value: Any) -> Any:
    if hint is Decimal:
        return Decimal(value)
    if hint is date:
        return date.fromisoformat(value)
    if hint not in UNCHANGED:
        raise TypeError(f"no way to read a {hint}")
    return value


def _decode_tuple(inner: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    hints = [inner[0]] * len(value) if inner[-1] is Ellipsis else inner
    return tuple(_decode(hint, item) for hint, item in zip(hints, value, strict=True))


def _decode_mapping(inner: tuple[Any, ...], value: Any) -> dict[Any, Any]:
    return {_decode(inner[0], key): _decode(inner[1], item) for key, item in value.items()}


DECODERS: Mapping[Any, Callable[[tuple[Any, ...], Any], Any]] = {
    Literal: lambda _, value: value,
    tuple: _decode_tuple,
    frozenset: lambda inner, value: frozenset(_decode(inner[0], item) for item in value),
    dict: _decode_mapping,
    Mapping: _decode_mapping,
}


@cache
def _hints(cls: type[Any]) -> dict[str, Any]:
    return get_type_hints(cls)


@cache
def _defaults(cls: type[Any]) -> tuple[tuple[str, Any], ...]:
    """By field; MISSING, which equals nothing, where there is none."""
    return tuple((field.name, _default(field)) for field in fields(cls))


def _default(field: Field[Any]) -> Any:
    return field.default_factory() if field.default_factory is not MISSING else field.default
