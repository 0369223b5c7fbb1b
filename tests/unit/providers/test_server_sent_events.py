"""Server-sent events, however their bytes are cut."""

import asyncio
import itertools
from collections.abc import AsyncIterator

from hypothesis import given
from hypothesis import strategies as st
from pointsman.adapters.providers.server_sent_events import ServerSentEvent, read_events

STREAM = ': hello\r\n\r\nevent: error\r\ndata: {"a": "é"}\r\n\r\ndata: one\ndata: two\n\nid: 7\ndata: last'.encode()
EVENTS = [ServerSentEvent('{"a": "é"}', "error"), ServerSentEvent("one\ntwo"), ServerSentEvent("last")]


def read(*chunks: bytes) -> list[ServerSentEvent]:
    async def feed() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    async def collect() -> list[ServerSentEvent]:
        return [event async for event in read_events(feed())]

    return asyncio.run(collect())


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_events_do_not_depend_on_where_the_bytes_are_cut(cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), len(STREAM)]
    assert read(*(STREAM[a:b] for a, b in itertools.pairwise(edges))) == EVENTS


def test_lines_end_at_line_feeds_alone_and_not_at_other_separators_of_unicode() -> None:
    assert read("data: a\u2028b\x0cc\n\n".encode()) == [ServerSentEvent("a\u2028b\x0cc")]


def test_carriage_returns_alone_end_lines_too() -> None:
    assert read(b"data: one\r\rdata: two\r\r") == [ServerSentEvent("one"), ServerSentEvent("two")]


def test_a_byte_order_mark_is_not_part_of_the_first_field() -> None:
    assert read("\ufeffdata: one\n\n".encode()) == [ServerSentEvent("one")]


def test_blank_lines_and_comments_give_no_event() -> None:
    assert read(b"\n\n: OPENROUTER PROCESSING\n\nevent: ping\n\n") == []
