"""What the dialects of embeddings share: the texts that go in, the vectors that come out."""

from math import isfinite
from typing import Any, cast

from pointsman.adapters.providers.dialects.dialect import Call, MalformedReplyError
from pointsman.domain.request import TextPart


def embedded_texts(call: Call) -> list[str]:
    return [part.text for part in call.request.last_user_message.parts if isinstance(part, TextPart)]


def read_vector(value: Any) -> tuple[float, ...]:
    numbers = cast(list[Any], value) if isinstance(value, list) else []
    if not numbers or not all(_is_finite(number) for number in numbers):
        raise MalformedReplyError("an embedding is no list of numbers")
    return tuple(float(number) for number in numbers)


def _is_finite(number: Any) -> bool:
    try:
        return isinstance(number, int | float) and not isinstance(number, bool) and isfinite(number)
    except OverflowError:
        return False
