"""Streams and clients as they behave in time: silences are filled, and a client that goes ends the work."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import pytest
from pointsman.domain.errors import PointsmanError, RequestError
from pointsman.domain.reply import ReplyStarted, TextDelta, Usage, UsageReported
from pointsman.entrypoints.http.app import create_app
from pointsman.entrypoints.http.event_stream import EventStream

from tests.fakes import Pause, Script, Stage, failure, make_card, make_stage

COMMENT = b": still here\n\n"
STARTED = UsageReported(Usage({"input": 11}))


def explain(error: PointsmanError) -> Iterable[bytes]:
    yield str(error).encode()


@dataclass(slots=True)
class Client:
    """Sends one body, takes what comes, and leaves when told to."""

    body: bytes = b""
    sent: list[Any] = field(default_factory=list[Any])
    has_left: asyncio.Event = field(default_factory=asyncio.Event)
    _has_asked: bool = False

    async def receive(self) -> Any:
        if not self._has_asked:
            self._has_asked = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await self.has_left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def statuses(self) -> list[int]:
        return [message["status"] for message in self.sent if message["type"] == "http.response.start"]

    @property
    def pieces(self) -> list[bytes]:
        return [message["body"] for message in self.sent if message.get("body")]


def run_stream(frames: AsyncGenerator[bytes, None], client: Client) -> None:
    stream = EventStream(frames, explain=explain, keep_alive=COMMENT)
    stream.pause_s = 0.08
    asyncio.run(stream({}, client.receive, client.send))


async def speak(*script: bytes | float | Exception) -> AsyncGenerator[bytes, None]:
    for step in script:
        if isinstance(step, Exception):
            raise step
        if isinstance(step, int | float):
            await asyncio.sleep(step)
        else:
            yield step


@pytest.mark.parametrize(
    ("script", "pieces"),
    [
        ((b"one", 0.2, b"two"), [b"one", COMMENT, b"two"]),
        ((0.2, b"one"), [COMMENT, b"one"]),
        ((b"one", b"two", 0.01, b"three"), [b"onetwo", b"three"]),
        ((0.2, RequestError("too late")), [COMMENT, b"too late"]),
    ],
)
def test_a_silence_is_filled_before_the_first_frame_too(script: Any, pieces: list[bytes]) -> None:
    client = Client()
    run_stream(speak(*script), client)
    # How many there are in one silence is a matter of time.
    assert (client.statuses, [piece for piece, _ in groupby(client.pieces)]) == ([200], pieces)


def test_frames_that_never_wait_are_not_held_without_bound() -> None:
    client = Client()
    run_stream(speak(*[b"x" * 10_000] * 10), client)
    assert [len(piece) for piece in client.pieces] == [40_000, 40_000, 20_000]
    assert client.sent[-1]["more_body"] is False


def test_an_error_before_the_first_byte_keeps_its_own_status() -> None:
    client = Client()
    with pytest.raises(RequestError):
        run_stream(speak(0.02, RequestError("in time")), client)
    assert client.sent == []


def leave(stage: Stage, *, stream: bool, after_s: float = 0.1) -> Client:
    """A client that goes `after_s` the provider was called; returns once the app is done with it."""
    client = Client(
        json.dumps({"model": "auto", "stream": stream, "messages": [{"role": "user", "content": "Hi"}]}).encode()
    )
    scope = {"type": "http", "method": "POST", "path": "/v1/chat/completions", "query_string": b"", "root_path": ""}
    scope |= {"headers": [(b"authorization", b"Bearer dev")], "http_version": "1.1", "scheme": "http"}

    async def ask_and_leave() -> None:
        asking = asyncio.create_task(create_app(stage.router)(scope, client.receive, client.send))
        while not stage.providers.called:
            await asyncio.sleep(0.005)
        await asyncio.sleep(after_s)
        client.has_left.set()
        await asyncio.wait_for(asking, timeout=5)
        await stage.router.accountant.drain()

    asyncio.run(ask_and_leave())
    return client


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("script", "tokens"),
    [
        ((Pause(60),), None),
        ((ReplyStarted("up-1"), STARTED, Pause(60)), {"input": 11}),
        ((TextDelta("Once upon a time"), Pause(60)), None),
        ((STARTED, TextDelta("Once"), Pause(60)), {"input": 11}),
    ],
)
def test_a_client_that_leaves_ends_the_call_and_is_recorded_and_priced_once(
    script: Script, tokens: Any, stream: bool
) -> None:
    stage = make_stage([make_card("one")], {"acme/one": script})
    leave(stage, stream=stream)
    assert stage.providers.closed == ["acme/one"]
    (record,) = stage.audit.records
    assert record.outcome == "cancelled"
    assert record.served is not None
    assert record.served.usage_estimated == (tokens is None)
    assert tokens is None or record.served.usage.tokens == tokens
    assert record.cost_usd > 0
    assert stage.meter.records == [record]


def test_of_a_client_that_leaves_between_two_candidates_the_failed_one_is_told() -> None:
    cards = [make_card("first", ability=3000), make_card("second", ability=1000)]
    stage = make_stage(
        cards, {"acme/first": [failure("malformed_reply")], "acme/second": [Pause(60)]}, objective="quality"
    )
    leave(stage, stream=True)
    (record,) = stage.audit.records
    assert [attempt.error for attempt in record.attempts] == ["malformed_reply"]
    assert record.served is not None
    assert record.served.candidate.id == "acme/second"
