"""How values of the domain are written as plain JSON values: one form says both ways. Knows no record of ours."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from math import isfinite
from typing import Any, NoReturn, TypeVar, cast, get_args

R = TypeVar("R")
NO_BLANKS: Mapping[str, Any] = {}


class FormError(ValueError):
    """A value is not of its form; `path` leads to it, such as `.prices[2].from`."""

    def __init__(self, reason: str, path: str = "") -> None:
        super().__init__(f"{path.removeprefix('.')}: {reason}")
        self.reason = reason
        self.path = path

    def within(self, step: str) -> "FormError":
        return FormError(self.reason, step + self.path)


@dataclass(frozen=True, slots=True)
class Form:
    """`decode` raises FormError for a value that is not of this form; `encode` is its inverse."""

    decode: Callable[[Any], Any]
    encode: Callable[[Any], Any]


def _unchanged(value: Any) -> Any:
    return value


def _decode_text(value: Any) -> str:
    return value if isinstance(value, str) else _refuse(value, "text")


def _decode_flag(value: Any) -> bool:
    return value if isinstance(value, bool) else _refuse(value, "true or false")


def _decode_integer(value: Any) -> int:
    # DynamoDB hands numbers back as Decimal; a bool is an int to Python only.
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        _refuse(value, "a whole number")
    return int(value)


def _decode_count(value: Any) -> int:
    number = _decode_integer(value)
    return number if number >= 0 else _refuse(value, "0 or more")


def _decode_thousandths(value: Any) -> int:
    number = _decode_count(value)
    return number if number <= 1000 else _refuse(value, "at most 1000")


def _decode_number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        _refuse(value, "a number")
    return float(value) if isfinite(value) else _refuse(value, "a finite number")


def _decode_money(value: Any) -> Decimal:
    try:
        amount = Decimal(_decode_text(value))
    except InvalidOperation:
        _refuse(value, "decimal text, such as '0.10'")
    return amount if amount.is_finite() and amount >= 0 else _refuse(value, "an amount of 0 or more")


def _decode_day(value: Any) -> date:
    try:
        return date.fromisoformat(_decode_text(value))
    except ValueError:
        _refuse(value, "a day, such as '2026-11-22'")


def _decode_texts(value: Any) -> tuple[str, ...]:
    return tuple(_decode_each(_decode_text, value))


def _refuse(value: Any, wanted: str) -> NoReturn:
    raise FormError(f"must be {wanted}, not {value!r:.60}")


TEXT = Form(_decode_text, _unchanged)
FLAG = Form(_decode_flag, _unchanged)
INTEGER = Form(_decode_integer, _unchanged)
COUNT = Form(_decode_count, _unchanged)
THOUSANDTHS = Form(_decode_thousandths, _unchanged)
NUMBER = Form(_decode_number, _unchanged)
MONEY = Form(_decode_money, lambda amount: format(amount, "f"))
DAY = Form(_decode_day, date.isoformat)
TEXTS = Form(_decode_texts, list)
TEXT_SET = Form(lambda value: frozenset(_decode_texts(value)), sorted)
INTEGERS = Form(lambda value: tuple(_decode_each(_decode_integer, value)), list)


def one_of(literal: object) -> Form:
    """Text that is one of the words of a `Literal`."""
    words = get_args(literal)
    return Form(lambda value: value if value in words else _refuse(value, f"one of {', '.join(words)}"), _unchanged)


def set_of(form: Form) -> Form:
    return Form(lambda value: frozenset(_decode_each(form.decode, value)), sorted)


def many(form: Form) -> Form:
    return Form(
        lambda value: tuple(_decode_each(form.decode, value)), lambda values: [form.encode(value) for value in values]
    )


def table(key: Form, value: Form) -> Form:
    """An object whose keys and values are each of one form."""

    def decode(rows: Any) -> dict[Any, Any]:
        return {
            _decode_at(f".{name}", key.decode, name): _decode_at(f".{name}", value.decode, row)
            for name, row in _object(rows)
        }

    return Form(decode, lambda rows: {key.encode(name): value.encode(row) for name, row in rows.items()})


def record(cls: type[R], forms: Mapping[str, tuple[str, Form]], *, blank: Mapping[str, Any] = NO_BLANKS) -> Form:
    """A dataclass as an object: `forms` maps each key to attribute and form.

    Null stands for absent; attributes at their default are not written; keys without a form are refused.
    `blank` adds defaults that hold in documents only.
    """
    defaults = {**_defaults(cls), **blank}

    def decode(value: Any) -> R:
        present = {name: inner for name, inner in _object(value) if inner is not None}
        for name in sorted(present.keys() - forms.keys()):
            raise FormError("no such field", f".{name}")
        for name, (attribute, _) in forms.items():
            if name not in present and attribute not in defaults:
                raise FormError("is missing", f".{name}")
        known = {
            forms[name][0]: _decode_at(f".{name}", forms[name][1].decode, inner) for name, inner in present.items()
        }
        return cls(**{**blank, **known})

    def encode(item: R) -> dict[str, Any]:
        pairs = [(name, getattr(item, attribute), attribute, form) for name, (attribute, form) in forms.items()]
        return {
            name: form.encode(value)
            for name, value, attribute, form in pairs
            if attribute not in defaults or value != defaults[attribute]
        }

    return Form(decode, encode)


def _defaults(cls: Any) -> dict[str, Any]:
    return {field.name: field.default for field in fields(cls) if field.default is not MISSING}


def _object(value: Any) -> Iterable[tuple[str, Any]]:
    return cast("Mapping[str, Any]", value).items() if isinstance(value, Mapping) else _refuse(value, "an object")


def _decode_each(decode: Callable[[Any], Any], value: Any) -> list[Any]:
    if not isinstance(value, list | tuple):
        _refuse(value, "a list")
    items = cast("list[Any]", value)
    return [_decode_at(f"[{index}]", decode, item) for index, item in enumerate(items)]


def _decode_at(step: str, decode: Callable[[Any], Any], value: Any) -> Any:
    try:
        return decode(value)
    except FormError as error:
        raise error.within(step) from None
