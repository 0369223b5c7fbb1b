"""Our values of DynamoDB mean what boto3's do."""

from decimal import Decimal, DecimalException
from typing import Any

import pytest
from boto3.dynamodb.types import Binary, TypeDeserializer, TypeSerializer
from hypothesis import given
from hypothesis import strategies as st
from pointsman.adapters.dynamodb.values import deserialize, serialize

numbers = st.integers(-(10**38) + 1, 10**38 - 1) | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=9
)
plain = st.none() | st.booleans() | numbers | st.text() | st.binary()
values = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)
BOTO_SERIALIZER: Any = TypeSerializer()
BOTO_DESERIALIZER: Any = TypeDeserializer()


def _as_bytes(value: Any) -> Any:
    if isinstance(value, Binary):
        return value.value  # pyright: ignore[reportUnknownMemberType]
    if isinstance(value, dict):
        return {name: _as_bytes(inner) for name, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_as_bytes(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
    return value


@given(values)
def test_values_are_written_and_read_as_by_boto3(value: Any) -> None:
    written = serialize(value)
    assert written == BOTO_SERIALIZER.serialize(value)
    assert deserialize(written) == _as_bytes(BOTO_DESERIALIZER.deserialize(written))


def test_a_float_is_stored_as_it_reads() -> None:
    assert serialize([0.1, 1e-7, (2.5,)]) == {"L": [{"N": "0.1"}, {"N": "1E-7"}, {"L": [{"N": "2.5"}]}]}


@pytest.mark.parametrize("value", [{"SS": ["a", "b"]}, {"NS": ["1", "2.50"]}])
def test_an_operator_s_sets_are_read(value: Any) -> None:
    assert deserialize(value) == BOTO_DESERIALIZER.deserialize(value)


@pytest.mark.parametrize("value", [Decimal("1." + "1" * 40), 10**38 + 1, float("nan"), float("-inf"), object()])
def test_what_dynamodb_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises((TypeError, DecimalException)):
        serialize(value)
