"""Plain values to and from DynamoDB's, as boto3's types tell them. Knows no table.

Ours, for boto3's come with the whole of boto3, which nothing else at a start needs. Tests hold the two together.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Clamped, Context, Decimal, Inexact, Overflow, Rounded, Underflow
from types import NoneType
from typing import Any, Final

# What does not fit into DynamoDB's 38 digits is refused and not rounded.
NUMBERS: Final = Context(prec=38, Emin=-128, Emax=126, traps=[Clamped, Overflow, Inexact, Rounded, Underflow])


def serialize(value: Any) -> dict[str, Any]:
    """TypeError for what DynamoDB has no type for; a decimal signal for a number that does not fit."""
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write(value)
    raise TypeError(f"DynamoDB has no type for {type(value).__name__}")


def deserialize(value: Mapping[str, Any]) -> Any:
    """Sets too, which we never store but an operator may."""
    ((kind, content),) = value.items()
    return _READERS[kind](content)


def _write_number(value: int | Decimal) -> str:
    number = NUMBERS.create_decimal(value)
    if not number.is_finite():
        raise TypeError("DynamoDB has no infinity and no NaN")
    return str(number)


def _same(content: Any) -> Any:
    return content


_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "NULL": lambda _: None,
    "BOOL": _same,
    "N": NUMBERS.create_decimal,
    "S": _same,
    "B": _same,
    "SS": set,
    "NS": lambda content: {NUMBERS.create_decimal(number) for number in content},
    "BS": set,
    "M": lambda content: {name: deserialize(inner) for name, inner in content.items()},
    "L": lambda content: [deserialize(inner) for inner in content],
}

# A truth is a number too: it stands before them.
_WRITERS: Final[Sequence[tuple[tuple[type, ...], Callable[[Any], dict[str, Any]]]]] = (
    ((str,), lambda value: {"S": value}),
    ((bool,), lambda value: {"BOOL": value}),
    ((int, Decimal), lambda value: {"N": _write_number(value)}),
    # repr is the shortest text that reads back as the same float.
    ((float,), lambda value: {"N": _write_number(Decimal(repr(value)))}),
    ((Mapping,), lambda value: {"M": {name: serialize(inner) for name, inner in value.items()}}),
    ((list, tuple), lambda value: {"L": [serialize(inner) for inner in value]}),
    ((NoneType,), lambda _: {"NULL": True}),
    ((bytes,), lambda value: {"B": value}),
)
