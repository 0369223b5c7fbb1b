"""Recorded streams of real providers as our clients get them: piece by piece, with one end and one bill."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import replace

import pytest
from pointsman.adapters.providers.dialects.dialect import Dialect
from pointsman.adapters.providers.dialects.table import DIALECTS
from pointsman.adapters.providers.server_sent_events import ServerSentEvent, read_events
from pointsman.domain.errors import ProviderError
from pointsman.domain.reply import Finished, ReplyEvent, TextDelta, ToolCallDelta
from pointsman.domain.request import ChatRequest

from tests.conformance.cards import card_with
from tests.conformance.exchanges import ABSENT, FOLDER, Exchange, read_folder
from tests.conformance.judging import QUESTION
from tests.conformance.replaying import CATALOG, Wire, replay
from tests.conformance.surfaces import row_of, surface_of
from tests.conformance.unasked_forms import why_unasked
from tests.unit.entrypoints.test_chat_chunks import stream

Streams = Sequence[tuple[Exchange, Sequence[ReplyEvent]]]


def _events_of(exchange: Exchange) -> Sequence[ReplyEvent]:
    """None where the stream ends in an error, which has tests of its own."""
    surface = surface_of(exchange)
    if surface is None or not exchange.streamed or exchange.is_error or why_unasked(exchange):
        return ()
    wire = Wire(exchange.content, status=exchange.status, headers=exchange.headers)
    try:
        request, row = ChatRequest((QUESTION,), stream=True), row_of(exchange, surface)
        return replay(wire, request, card_with(), row=row, mode=surface.mode)
    except ProviderError:
        return ()


STREAMS: Streams = [(e, events) for e in read_folder(FOLDER) if isinstance(e, Exchange) and (events := _events_of(e))]
needs_recordings = pytest.mark.skipif(not FOLDER.is_dir(), reason=ABSENT)


@needs_recordings
@pytest.mark.parametrize(("exchange", "events"), STREAMS, ids=[exchange.file for exchange, _ in STREAMS])
def test_a_stream_reaches_the_client_piece_by_piece(exchange: Exchange, events: Sequence[ReplyEvent]) -> None:
    chunks = stream(*events)
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    texts = [event.text for event in events if isinstance(event, TextDelta)]
    calls = [event.arguments for event in events if isinstance(event, ToolCallDelta)]
    sent_calls = [call["function"]["arguments"] for delta in deltas for call in delta.get("tool_calls", ())]
    assert [delta["content"] for delta in deltas if delta.get("content")] == [text for text in texts if text]
    assert sent_calls == calls


@needs_recordings
@pytest.mark.parametrize(("exchange", "events"), STREAMS, ids=[exchange.file for exchange, _ in STREAMS])
def test_a_stream_has_one_role_one_end_and_one_bill(exchange: Exchange, events: Sequence[ReplyEvent]) -> None:
    chunks = stream(*events)
    choices = [choice for chunk in chunks for choice in chunk["choices"]]
    ended = Counter(choice["index"] for choice in choices if choice["finish_reason"])
    assert ended == Counter({event.choice for event in events if isinstance(event, Finished)})
    assert Counter(c["index"] for c in choices if "role" in c["delta"]) == Counter({c["index"] for c in choices})
    assert [chunk["choices"] for chunk in chunks if chunk.get("usage")] == [[]]
    assert chunks[-1]["usage"]["total_tokens"] >= 0


@needs_recordings
@pytest.mark.parametrize("exchange", [exchange for exchange, _ in STREAMS if b"data:" in exchange.content][::3])
def test_no_text_waits_for_what_comes_after_it(exchange: Exchange) -> None:
    surface = surface_of(exchange)
    assert surface is not None
    dialect = DIALECTS[CATALOG[row_of(exchange, surface)].dialect_for("chat", surface.mode)]
    progress = asyncio.run(_decode_step_by_step(exchange, dialect))
    read = 0
    for number, text in enumerate(progress, start=1):
        # A plain reading takes whole tool arguments only.
        with suppress(ValueError):
            assert text == surface.read(replace(exchange, pieces=exchange.pieces[:number])).text
            read += 1
    assert read


async def _decode_step_by_step(exchange: Exchange, dialect: Dialect) -> list[str]:
    """The text that had come out by the time each next event was taken in."""
    written, progress = list[str](), list[str]()

    async def content() -> AsyncIterator[bytes]:
        yield exchange.content

    async def feed() -> AsyncIterator[ServerSentEvent]:
        async for event in read_events(content()):
            yield event
            progress.append("".join(written))

    async for event in dialect.decode_stream(feed()):
        written.extend([event.text] if isinstance(event, TextDelta) and event.choice == 0 else [])
    return progress[: len(exchange.pieces)]
