"""AWS's event stream, however its bytes are cut; and that damage is noticed."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pointsman.adapters.providers.aws_event_stream import read_aws_events
from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.server_sent_events import ServerSentEvent

from local.simulated_providers.aws_event_stream import write_event

STREAM = write_event("messageStart", {"a": "é"}) + write_event("throttlingException", {"message": "slow"})
EVENTS = [ServerSentEvent('{"a":"é"}', "messageStart"), ServerSentEvent('{"message":"slow"}', "throttlingException")]


def read(*chunks: bytes) -> list[ServerSentEvent]:
    async def feed() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def collect() -> list[ServerSentEvent]:
        return [event async for event in read_aws_events(feed())]

    return asyncio.run(collect())


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_events_do_not_depend_on_where_the_bytes_are_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    assert read(*(STREAM[a:b] for a, b in itertools.pairwise(edges))) == EVENTS


@given(st.integers(0, len(STREAM) - 1))
def test_a_changed_byte_is_noticed_or_leaves_the_stream_unfinished(place: int) -> None:
    damaged = STREAM[:place] + bytes([STREAM[place] ^ 0xFF]) + STREAM[place + 1 :]
    with contextlib.suppress(MalformedReplyError):
        assert read(damaged) != EVENTS


def test_damage_is_the_provider_s_failure() -> None:
    with pytest.raises(MalformedReplyError):
        read(STREAM[:-1] + b"\x00")
