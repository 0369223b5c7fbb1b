"""AWS's binary event stream as the same events that server-sent ones are. Knows nothing of what they carry."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from typing import Any

from pointsman.adapters.providers.dialects.dialect import MalformedReplyError
from pointsman.adapters.providers.server_sent_events import ServerSentEvent

CONTENT_TYPE = "application/vnd.amazon.eventstream"


async def read_aws_events(chunks: AsyncIterator[bytes]) -> AsyncGenerator[ServerSentEvent]:
    """An event's name is its kind, that of an exception included. MalformedReplyError where a checksum is wrong."""
    from botocore.eventstream import EventStreamBuffer, ParserError

    buffer: Any = EventStreamBuffer()
    async for chunk in chunks:
        buffer.add_data(chunk)
        try:
            messages = list[Any](buffer)
        except (ParserError, ValueError, LookupError) as error:
            raise MalformedReplyError(f"the event stream is damaged: {type(error).__name__}") from error
        for event in _read_messages(messages):
            yield event


def _read_messages(messages: list[Any]) -> Iterator[ServerSentEvent]:
    for message in messages:
        names: dict[str, Any] = message.headers
        name = names.get(":event-type") or names.get(":exception-type") or names.get(":error-code") or "message"
        yield ServerSentEvent(bytes(message.payload).decode("utf-8", "replace"), str(name))
